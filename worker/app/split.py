"""The split half: raw messages in, story, page and sighting records out.

In: `Incoming` from the raw topic. Out: what it came to, to `delivery`. It publishes nothing and keeps nothing between
messages.
"""

from collections.abc import Container

from worker import metrics, pipeline, records
from worker.app.work import Work, Worked
from worker.deadline import within
from worker.decode import Limits, RawMessage
from worker.incoming import Incoming
from worker.retraction import withhold
from worker.settings import Settings


class SplitHalf:
    """Processes raw messages."""

    def __init__(self, settings: Settings, refused: Container[str] = frozenset()) -> None:
        """Process within the limits of `settings`; withhold the stories whose ids are refused."""
        self._settings = settings
        self._refused = refused
        limits = Limits(settings.max_message_bytes, settings.max_lines, settings.max_depth)
        self._context = pipeline.Context(limits, within(settings.stage_deadline_seconds, metrics.time_stage))

    def begin(self) -> Work:
        """Return the work: no message depends on another."""
        return self._work

    def _work(self, message: Incoming) -> Worked:
        raw = RawMessage(message.value, message.header("content-type"), message.timestamp_ms)
        result = pipeline.process(raw, self._context)
        if isinstance(result, pipeline.Skipped):
            return Worked(result.outcome)
        result = withhold(result, self._refused)
        return Worked(
            result.outcome,
            records.of_page(result, message, self._settings),
            told={"page_id": result.page.page_id, "stories": len(result.stories)},
            unknown_fields=len(result.unknown_fields),
        )
