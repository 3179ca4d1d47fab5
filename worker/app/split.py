"""The split half: raw messages in, story, page and sighting records out.

In: batches of `Incoming` from the raw topic. Out: records and dead letters, all acknowledged when `handle` returns. It
keeps nothing between messages.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from worker import metrics, pipeline, records
from worker.deadletter import quarantine
from worker.decode import Limits, RawMessage
from worker.errors import Permanent
from worker.guard import Failure, attempt, failure_of
from worker.incoming import Incoming
from worker.ledger import Ledger
from worker.publish import Outgoing, Publisher
from worker.settings import Settings


@dataclass(frozen=True, slots=True)
class Worked:
    """What a message came to: its records, its outcome, and what the log says of it."""

    outcome: str
    records: Sequence[Outgoing] = ()
    page_id: str | None = None
    stories: int = 0
    unknown_fields: int = 0


class SplitHalf:
    """Processes and publishes batches of raw messages."""

    def __init__(self, settings: Settings, publisher: Publisher) -> None:
        """Process within the limits of `settings`."""
        self._settings = settings
        self._publisher = publisher
        self._ledger = Ledger("split")
        limits = Limits(settings.max_message_bytes, settings.max_lines, settings.max_depth)
        self._context = pipeline.Context(limits, metrics.time_stage)

    async def handle(self, messages: Sequence[Incoming]) -> None:
        """Process the messages one by one; each is published while the next is processed."""
        async with asyncio.TaskGroup() as deliveries:
            for message in messages:
                started = time.perf_counter()
                worked = attempt(partial(self._work, message))
                deliveries.create_task(self._deliver(message, worked, started))
                # Heartbeats, fetches and commits go on between two messages.
                await asyncio.sleep(0)

    def _work(self, message: Incoming) -> Worked:
        raw = RawMessage(message.value, message.header("content-type"), message.timestamp_ms)
        result = pipeline.process(raw, self._context)
        if isinstance(result, pipeline.Skipped):
            return Worked(result.outcome)
        encoded = records.of_page(result, message, self._settings)
        return Worked(result.outcome, encoded, result.page.page_id, len(result.stories), len(result.unknown_fields))

    async def _deliver(self, message: Incoming, worked: Worked | Failure, started: float) -> None:
        if isinstance(worked, Worked):
            worked = await self._publish(worked)
        if isinstance(worked, Failure):
            await quarantine(message, worked, self._settings.topics.deadletter, self._publisher)
            self._ledger.close_failed(message, worked, started)
        else:
            metrics.UNKNOWN_FIELDS.inc(worked.unknown_fields)
            self._ledger.close(message, worked.outcome, started, page_id=worked.page_id, stories=worked.stories)

    async def _publish(self, worked: Worked) -> Worked | Failure:
        if not worked.records:
            return worked
        try:
            with metrics.time_stage("publish"):
                await self._publisher.publish(worked.records)
        except Permanent as error:
            return failure_of(error)
        return worked
