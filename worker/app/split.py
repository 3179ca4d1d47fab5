"""The split half: raw messages in, story, page and sighting records out.

In: `Incoming` from the raw topic. Out: what it came to, to `delivery`. It publishes nothing and keeps nothing between
messages.
"""

from collections.abc import Container, Iterable
from dataclasses import replace
from functools import cache

from aiokafka.partitioner import DefaultPartitioner

from worker import metrics, pipeline, records
from worker.app.work import Work, Worked
from worker.deadline import within
from worker.decode import Limits, RawMessage
from worker.enrich import warm_up
from worker.enrich.model import Wanted
from worker.incoming import Incoming
from worker.publish import Outgoing
from worker.retraction import withhold
from worker.settings import Settings


class SplitHalf:
    """Processes raw messages."""

    def __init__(
        self, settings: Settings, refused: Container[str] = frozenset(), sighting_partitions: int | None = None
    ) -> None:
        """Process within the limits of `settings`.

        Args:
            settings: The options.
            refused: The ids of stories that are withheld.
            sighting_partitions: Over so many partitions sightings are spread by their keys, however many there may be
                later: what is known of a key stays in its partition. None: over those that there are.
        """
        self._settings = settings
        self._refused = refused
        self._partitions = range(sighting_partitions or 0)
        limits = Limits.of(settings)
        stage = within(settings.stage_deadline_seconds, metrics.time_stage)
        self._wanted = Wanted.of(settings)
        self._context = pipeline.Context(limits, stage, self._wanted)

    def begin(self) -> Work:
        """Return the work: no message depends on another."""
        _load(self._wanted)
        return self._work

    def _work(self, message: Incoming) -> Worked:
        result = pipeline.process(RawMessage.of(message), self._context)
        if isinstance(result, pipeline.Skipped):
            return Worked(result.outcome)
        result = withhold(result, self._refused)
        return Worked(
            result.outcome,
            [*self._placed(records.of_page(result, message, self._settings))],
            told={"page_id": result.page.page_id, "stories": len(result.stories)},
            unknown_fields=len(result.unknown_fields),
        )

    def _placed(self, encoded: Iterable[Outgoing]) -> Iterable[Outgoing]:
        for record in encoded:
            is_placed = record.kind == "sighting" and self._partitions
            yield replace(record, partition=partition_of(record.key, self._partitions)) if is_placed else record


def partition_of(key: bytes | None, partitions: range) -> int:
    """Return the partition of a key among so many, as Kafka's own clients choose it."""
    partition: int = DefaultPartitioner()(key, partitions, partitions)
    return partition


@cache
def _load(wanted: Wanted) -> None:
    """Load the word lists before the first page: in one of its stages they would take the time of its deadline."""
    warm_up(wanted)
