"""The consumer: where reading starts, and what may be committed.

In: Faust's calls around rebalances, and `finish` from the agents. Out: seeks and commits. It commits nothing but
what an agent has finished: Faust's own acknowledgements, which also come for messages it skipped or whose agent failed,
never move an offset (F3, F4, F5).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import aiokafka
from aiokafka import ConsumerRecord
from aiokafka.errors import IllegalStateError
from faust.transport.consumer import RecordMap
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from faust.types.tuples import Message

from worker import header_names, metrics

FETCH_WAIT_MS = 500
"""Kafka's default for an empty fetch. Faust's 1500 also delays each offset request, which waits behind the fetch on its
connection, and so every start."""


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """The thread in which aiokafka's consumer runs."""

    def _create_worker_consumer(self, transport: driver.Transport) -> aiokafka.AIOKafkaConsumer:
        header_names.accept_all()  # F15
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = FETCH_WAIT_MS
        # What a transaction has taken back was never there: in the changelogs it would be state.
        consumer._isolation_level = "read_committed"
        return consumer

    async def _fetch_records(
        self,
        consumer: aiokafka.AIOKafkaConsumer,
        active_partitions: set[TP],
        timeout: float | None = None,  # noqa: ASYNC109 - the driver's
        max_records: int | None = None,
    ) -> RecordMap:
        """Fetch, and put back what nobody would take (F11).

        The driver hands over its own set of active partitions, which changes while a fetch waits. When it has become
        empty aiokafka takes that for "all"; and records of a partition that is paused are dropped afterwards, although
        the position has moved on.
        """
        wanted = frozenset(active_partitions)
        if not wanted:
            return {}
        generation = self.app.consumer_generation_id
        records = dict(await super()._fetch_records(consumer, set(wanted), timeout, max_records))
        if generation != self.app.consumer_generation_id:
            wanted = frozenset()
        # Without an await: between here and the drop in the main thread only a rebalance can come, and it seeks.
        lost = [tp for tp in records if tp not in wanted or tp not in self.consumer._active_partitions]
        for tp in lost:
            _put_back(consumer, tp, records.pop(tp))
        return records

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Seek every source partition to its committed offset, or to its beginning where nothing is committed (F2).

        aiokafka leaves the position of a partition without a commit where it is, behind records that a rebalance has
        dropped.
        """
        seeks: Mapping[TP, int] = await self.call_thread(self._seek_to_committed)
        return seeks

    async def _seek_to_committed(self) -> Mapping[TP, int]:
        consumer = self._ensure_consumer()
        committed: dict[TP, int | None] = await consumer.seek_to_committed()
        fresh = [tp for tp, offset in committed.items() if not offset and not self.consumer._is_changelog_tp(tp)]
        beginnings: dict[TP, int] = await consumer.beginning_offsets(fresh) if fresh else {}
        for tp, offset in beginnings.items():
            consumer.seek(tp, offset)
        return {tp: offset for tp, offset in {**committed, **beginnings}.items() if offset is not None}


def _put_back(consumer: aiokafka.AIOKafkaConsumer, tp: TP, records: Sequence[ConsumerRecord[bytes, bytes]]) -> None:
    # A partition that is no longer ours has no position to restore.
    with suppress(IllegalStateError):
        consumer.seek(tp, records[0].offset)


class Consumer(driver.Consumer):
    """Commits what `finish` was told, and nothing else."""

    _next_offsets: dict[TP, int]
    _finished: dict[TP, int]

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on as they come
        super().__init__(*args, **kwargs)
        self._next_offsets = {}
        self._finished = {}

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    def finish(self, messages: Iterable[Message]) -> None:
        """Let the offsets after these messages be committed. Call it in order, when all is published and stored.

        Messages of an earlier generation are passed over: their partitions have been given away and are read again.
        """
        for message in messages:
            if self.is_current(message):
                self._finish(message.tp, message.offset)

    def is_current(self, message: Message) -> bool:
        """Tell whether no rebalance has come since the message was read."""
        return bool(message.generation_id == self.app.consumer_generation_id)

    def _finish(self, tp: TP, offset: int) -> None:
        skipped = offset - self._next_offsets.get(tp, offset)
        if skipped > 0:
            metrics.SKIPPED_OFFSETS.labels(tp.topic).inc(skipped)
        # After a seek back, messages that were already under way can come twice: the furthest counts.
        self._finished[tp] = max(offset + 1, self._finished.get(tp, 0))
        self._next_offsets[tp] = self._finished[tp]

    @property
    def next_offsets(self) -> Mapping[TP, int]:
        """The next offset to finish of each source partition."""
        return self._next_offsets

    async def perform_seek(self) -> None:
        """Seek to where reading goes on, and remember it."""
        await super().perform_seek()
        # A new mapping, because the driver may still answer for partitions that are gone.
        self._next_offsets = {
            tp: self._committed_offset[tp] or self._read_offset[tp] or 0
            for tp in self.assignment()
            if not self._is_changelog_tp(tp)
        }

    def pause_again(self, partitions: set[TP]) -> None:
        """Pause partitions that a queue, running empty, may have made active in the middle of a rebalance."""
        self._buffered_partitions.clear()
        self.pause_partitions(partitions)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Wait for what is under way and commit it; then forget the partitions."""
        await super().on_partitions_revoked(revoked)
        for tp in revoked:
            self._finished.pop(tp, None)

    def ack(self, message: Message) -> bool:
        """Take note that Faust is done with a message: for waiting until all are done, never for committing."""
        is_first = not message.acked
        message.acked = True
        self._unacked_messages.discard(message)
        if self._waiting_for_ack is not None and not self._waiting_for_ack.done():
            self._waiting_for_ack.set_result(None)
        return is_first

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Iterator[TP]:  # noqa: ANN401 - Faust's
        return (tp for tp in tuple(self._finished) if topics is None or tp in topics or tp.topic in topics)

    def _new_offset(self, tp: TP) -> int | None:
        return self._finished.get(tp)

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Keep no record of gaps: the next offset to commit follows the last finished one."""

    def has_coordinator(self) -> bool:
        """Tell whether the group's coordinator is known: it is not while the broker is away."""
        consumer = self._thread._consumer
        return consumer is not None and consumer._coordinator.coordinator_id is not None
