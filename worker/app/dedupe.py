"""The dedupe half: sightings in, headline, mention and copy records out, over the state of the whole stream.

In: `Incoming` from the sighting topic, and the tables. Out: what it came to, to `delivery`: records, and the state to
keep. It publishes and stores nothing itself.
"""

from collections.abc import Container
from functools import partial

from worker import metrics, records
from worker.app.tables import Entry, Tables
from worker.app.work import Work, Worked
from worker.deadline import within
from worker.dedup import sighting as sightings
from worker.dedup.stream import decide
from worker.incoming import Incoming
from worker.retraction import withhold_copies
from worker.settings import Settings

Key = tuple[str, int, bytes]


class DedupeHalf:
    """Decides on sightings."""

    def __init__(self, settings: Settings, tables: Tables, refused: Container[str] = frozenset()) -> None:
        """Decide over `tables`; withhold the copies whose stories are refused, which an earlier state still knows."""
        self._settings = settings
        self._refused = refused
        self._tables = tables
        self._stage = within(settings.stage_deadline_seconds, metrics.time_stage)

    def begin(self) -> Work:
        """Return the work of a batch: a decision sees those before it, which the tables do not hold yet."""
        overlay: dict[Key, Entry] = {}
        return partial(self._work, overlay)

    def _work(self, overlay: dict[Key, Entry], message: Incoming) -> Worked:
        if message.value is None:
            return Worked("tombstone")
        sighting = sightings.decode(message.value)
        key = sightings.key_of(sighting).encode()
        with self._stage("decide"):
            decision = decide(sighting, self._state((sighting.kind, message.partition, key), overlay))
        encoded = records.of_decision(withhold_copies(decision, self._refused), sighting, message, self._settings)
        entry = Entry(sighting.kind, message.partition, key, decision.state)
        records.refuse_too_large([self._tables.changelog(entry)])
        overlay[entry.table, entry.partition, key] = entry
        verdict = decision.mention.verdict if decision.mention else None
        told = {"kind": sighting.kind, "verdict": verdict}
        return Worked("decided", encoded, entry, told, verdict)

    def _state(self, key: Key, overlay: dict[Key, Entry]) -> bytes | None:
        entry = overlay.get(key)
        return entry.value if entry else self._tables.get(*key)
