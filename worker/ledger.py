"""The books: exactly one outcome and one line for each message, written after its acknowledgements.

In: a finished message and what became of it, from the halves. Out: counters and a log line of slugs, ids, counts and
seconds. It never holds the text of an article.
"""

import time
from collections.abc import Mapping

from worker import log, metrics
from worker.guard import Failure
from worker.incoming import Incoming
from worker.settings import Role
from worker.trace import Spans

OUTCOMES: Mapping[Role, tuple[str, ...]] = {
    "split": ("published", "no_story", "tombstone", "dead_letter"),
    "dedupe": ("decided", "tombstone", "dead_letter"),
}
"""What may become of a message of each half."""


class Ledger:
    """Closes the books of messages for one role."""

    def __init__(self, role: Role, spans: Spans | None = None) -> None:
        """Count under a role's label; send spans where there is somebody who collects them."""
        self._role = role
        self._consumed = metrics.CONSUMED.labels(role)
        for outcome in OUTCOMES[role]:  # a series that appears with its first count has no rise that an alert could see
            metrics.series(metrics.OUTCOMES, role, outcome)
        self._end_to_end = metrics.END_TO_END_SECONDS.labels(role)
        self._logger = log.get()
        self._spans = spans

    def close(self, message: Incoming, outcome: str, started: float, /, **fields: object) -> None:
        """Count and log a message whose every record is acknowledged.

        Args:
            message: The message.
            outcome: What became of it, as a slug.
            started: When its processing began, by `time.perf_counter`.
            fields: Ids, counts and slugs for the log line.
        """
        self._consumed.inc()
        metrics.series(metrics.OUTCOMES, self._role, outcome).inc()
        if message.timestamp_ms >= 0 and not message.is_again:
            self._end_to_end.observe(max(time.time() - message.timestamp_ms / 1000, 0))
        seconds = time.perf_counter() - started
        if self._spans is not None:
            self._spans.close(message, outcome, seconds)
        self._logger.info(
            "message",
            outcome=outcome,
            topic=message.topic,
            partition=message.partition,
            offset=message.offset,
            seconds=round(seconds, 6),
            **fields,
        )

    def close_failed(self, message: Incoming, failure: Failure, started: float) -> None:
        """Count and log a message that is now a dead letter."""
        metrics.DEAD_LETTERS.labels(failure.stage, failure.reason).inc()
        fields = {"reason": failure.reason, "stage": failure.stage, "message": failure.message}
        self.close(message, "dead_letter", started, **fields)
