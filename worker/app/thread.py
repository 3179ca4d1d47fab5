"""The thread in which aiokafka's consumer runs: where reading starts, what is fetched, and the marks of the group.

In: calls of the consumer, from the main thread. Out: records, positions, committed offsets and their metadata. What it
is asked while the group is being rebalanced is answered for the assignment in which it was asked, or not at all.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Protocol, cast

import aiokafka
from aiokafka import ConsumerRecord
from aiokafka.consumer.fetcher import Fetcher
from aiokafka.consumer.subscription_state import Assignment
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError, KafkaTimeoutError
from aiokafka.structs import OffsetAndMetadata, TopicPartition
from faust.transport.consumer import RecordMap
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from worker import header_names, log, metrics
from worker.app import lookup
from worker.app.flight import size_of
from worker.app.membership import NamedMember, heed_group_errors
from worker.app.vitals import heed_coordination, watch
from worker.settings import MIB

if TYPE_CHECKING:
    from worker.app.consumer import Consumer

FETCH_WAIT_MS = 500
"""Kafka's default for an empty fetch. Faust's 1500 also delays each offset request, which waits behind the fetch on its
connection, and so every start."""

FETCH_BYTES = 16 * MIB
"""An answer of the broker, if one message is not larger; Kafka's 50 MiB would be nearly as much again as may be in
flight."""

STEP_BYTES = MIB
"""Records are taken from an answer in steps of about so much: how large they are is known when they are unpacked."""


IDLE_SECONDS = 0.1
"""Between two looks for partitions to read, where none may be read."""

CONFIRM_SECONDS = 5.0
"""Longest wait for the group's answer in the middle of a rebalance."""


class _RackedApp(Protocol):
    """What our app tells besides: where this worker runs."""

    rack: str | None


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """The thread in which aiokafka's consumer runs."""

    consumer: "Consumer"

    _handed_over: dict[TP, int]
    _empty_from: dict[tuple[TP, int], int]
    _deleted_to: dict[TP, int]
    _seeks: Counter[TP]
    _member: NamedMember | None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._handed_over = {}
        self._empty_from = {}
        self._deleted_to = {}
        self._seeks = Counter()
        self._member = None

    async def on_start(self) -> None:
        """Start the consumer, which joins the group a little later."""
        await super().on_start()
        consumer = self._ensure_consumer()
        coordinator = consumer._coordinator
        heed_group_errors(coordinator)  # F21
        heed_coordination(coordinator)  # F25
        watch(consumer._client._sync_task, "metadata")  # F24
        watch(consumer._fetcher._fetch_task, "fetching")
        fetcher = consumer._fetcher
        fetcher._update_fetch_positions = partial(self._update_positions, fetcher._update_fetch_positions)  # F32
        fetcher.close = partial(_end_fetching, fetcher, fetcher.close)  # F36
        watch(coordinator._coordination_task, "coordination")
        if self.app.conf.consumer_group_instance_id is not None:
            self._member = NamedMember(coordinator)  # F17

    async def _update_positions(
        self,
        update: Callable[..., Awaitable[bool]],
        assignment: Assignment,
        node_id: int,
        tps: Sequence[TopicPartition],
    ) -> bool:
        """Find positions, and tell what was deleted before it was read: aiokafka goes on behind it in silence (F32)."""
        reading, seeks = self.consumer.reading, self._seeks.copy()
        lost = [TP(*tp) for tp in tps if assignment.state_value(tp).awaiting_reset] if reading is not None else []
        answer = await update(assignment, node_id, tps)
        for tp in lost:
            state = assignment.state_value(TopicPartition(*tp))
            is_reset = state.has_valid_position and seeks[tp] == self._seeks[tp] and reading is self.consumer.reading
            if is_reset and tp in self._handed_over and not self.consumer._is_changelog_tp(tp):
                self._tell_deleted(tp, state.position)
        return answer

    def _tell_deleted(self, tp: TP, beginning: int) -> None:
        following = max(self._handed_over[tp], self._deleted_to.get(tp, 0))
        if beginning > following:
            self._deleted_to[tp] = beginning
            _note_deleted(tp, beginning - following)

    async def confirm_membership(self) -> None:
        """End the process if this member's name is another one's by now."""
        if self._member is not None:
            with suppress(KafkaError, TimeoutError):  # then the group, or the thread, does not answer
                await asyncio.wait_for(self.call_thread(self._member.confirm), CONFIRM_SECONDS)

    def _create_worker_consumer(self, transport: driver.Transport) -> aiokafka.AIOKafkaConsumer:
        header_names.accept_all()  # F15
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = FETCH_WAIT_MS
        consumer._fetch_max_bytes = FETCH_BYTES
        # What a transaction has taken back was never there: in the changelogs it would be state.
        consumer._isolation_level = "read_committed"
        consumer._client_rack = cast("_RackedApp", self.app).rack
        lookup.repeat(consumer._client)  # F29
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
        the position has moved on. Sources are read only between their seek and the end of their assignment (F26).
        """
        reading, generation = self.consumer.fetched_in, self.app.consumer_generation_id
        wanted = frozenset(active_partitions)
        if reading is None:
            wanted = self._changelogs(wanted)
        if not wanted:
            await asyncio.sleep(IDLE_SECONDS)  # else it is asked again at once
            return {}
        records = await self._take(consumer, set(wanted), timeout, max_records)
        if generation != self.app.consumer_generation_id:
            wanted = frozenset()
        elif reading is not self.consumer.reading:
            wanted = self._changelogs(wanted)
        # Without an await: between here and the drop in the main thread only a rebalance can come, and it seeks.
        lost = [tp for tp in records if tp not in wanted or tp not in self.consumer._active_partitions]
        for tp in lost:
            _seek(consumer, tp, records.pop(tp)[0].offset)
        return records

    def _changelogs(self, partitions: Iterable[TP]) -> frozenset[TP]:
        return frozenset(tp for tp in partitions if self.consumer._is_changelog_tp(tp))

    async def _take(
        self,
        consumer: aiokafka.AIOKafkaConsumer,
        wanted: set[TP],
        timeout: float | None,  # noqa: ASYNC109 - the driver's
        max_records: int | None,
    ) -> dict[TP, list[ConsumerRecord[bytes, bytes]]]:
        """Take records as long as there is room, the first of them however large; only the first step waits.

        What was taken before a seek does not count: it is read again.
        """
        taken: dict[TP, list[ConsumerRecord[bytes, bytes]]] = {}
        room, left, step = self.consumer.room, max_records or 1, 1
        while room > 0 and left > 0:
            seeks = self._seeks.copy()
            some = await super()._fetch_records(consumer, wanted, timeout, min(step, left))
            # Some is taken at the very end of that, so it comes after any seek.
            for tp in [tp for tp in taken if seeks[tp] != self._seeks[tp]]:
                del taken[tp]
            for tp, records in some.items():
                taken.setdefault(tp, []).extend(records)
                self._hand_over(tp, records)
            sizes = [size_of(record) for records in some.values() for record in records]
            if len(sizes) < step:
                break
            room, left, timeout = room - sum(sizes), left - len(sizes), 0
            step = max(min(room, STEP_BYTES) // max(1, *sizes), 1)
        return taken

    def _hand_over(self, tp: TP, records: Sequence[ConsumerRecord[bytes, bytes]]) -> None:
        """Take note of the last offset, and of offsets that hold no record: marks of transactions, what was taken back.

        aiokafka passes over these itself; what is missing otherwise was lost on the way.
        """
        following = self._handed_over.get(tp, records[0].offset)
        for record in records:
            if record.offset > following and not self.consumer._is_changelog_tp(tp):
                self._empty_from[tp, record.offset] = following
            following = record.offset + 1
        self._handed_over[tp] = following

    def preceding(self, tp: TP, offset: int) -> int:
        """Return the offset up to which there are no records before this one, once."""
        return self._empty_from.pop((tp, offset), offset)

    async def tails(self, partitions: Iterable[TP]) -> Mapping[TP, tuple[int, int]]:
        """Return of each partition the offset after the last record that was handed over, and the position.

        Where none was, the first is where reading began.

        Where the second is further there are no records in between: marks of transactions, or what was taken back.
        """
        tails: Mapping[TP, tuple[int, int]] = await self.call_thread(self._tails, tuple(partitions))
        return tails

    async def _tails(self, partitions: Iterable[TP]) -> Mapping[TP, tuple[int, int]]:
        # All at once, as `_take` takes note of what moves the position before anybody else runs.
        states = {tp: self._subscription_of(tp) for tp in partitions}
        return {tp: (self._handed_over.get(tp, 0), state) for tp, state in states.items() if state is not None}

    def _subscription_of(self, tp: TP) -> int | None:
        assignment = self._ensure_consumer()._subscription.subscription.assignment
        state = assignment.state_value(TopicPartition(*tp)) if assignment is not None else None
        return state._position if state is not None and state.has_valid_position else None

    async def _seek_wait(self, consumer: aiokafka.AIOKafkaConsumer, partitions: Mapping[TP, int]) -> None:
        self._seeks.update(partitions.keys())
        await super()._seek_wait(consumer, partitions)

    async def read_marks(self, partitions: Sequence[TP]) -> Mapping[int, str]:
        """Return the metadata of committed offsets, by partition."""
        marks: Mapping[int, str] = await self.call_thread(self._read_marks, partitions)
        return marks

    async def _read_marks(self, partitions: Sequence[TP]) -> Mapping[int, str]:
        wanted = [TopicPartition(*tp) for tp in partitions]
        found = await self._ensure_consumer()._coordinator.fetch_committed_offsets(wanted)
        return {tp.partition: one.metadata for tp, one in found.items()}

    async def write_mark(self, tp: TP, offset: int, text: str) -> bool:
        """Commit an offset with metadata; tell whether the partition was still ours."""
        is_ours: bool = await self.call_thread(self._write_mark, tp, offset, text)
        return is_ours

    async def _write_mark(self, tp: TP, offset: int, text: str) -> bool:
        try:
            await self._ensure_consumer().commit({TopicPartition(*tp): OffsetAndMetadata(offset, text)})
        except (CommitFailedError, IllegalStateError):
            return False
        return True

    async def earliest_offsets(self, *partitions: TP) -> Mapping[TP, int]:
        """Return where partitions begin, however long it takes."""
        beginnings: Mapping[TP, int] = await self.call_thread(self._beginnings, partitions)
        return beginnings

    async def _beginnings(self, partitions: Sequence[TP]) -> Mapping[TP, int]:
        return await _patiently(self._ensure_consumer().beginning_offsets, partitions)

    async def ends(self, partitions: Iterable[TP], seconds: float) -> Mapping[TP, int]:
        """Return where partitions end; raises `TimeoutError` or `KafkaError` where one does not answer in time.

        Else a partition without a leader would hold the thread's few ways in, and with them all commits and fetches.
        """
        ends: Mapping[TP, int] = await self.call_thread(self._ends, tuple(partitions), seconds)
        return ends

    async def _ends(self, partitions: Sequence[TP], seconds: float) -> Mapping[TP, int]:
        async with asyncio.timeout(seconds):
            found = await self._ensure_consumer().end_offsets([TopicPartition(*tp) for tp in partitions])
        return {TP(*tp): end for tp, end in found.items()}

    async def _highwaters(self, partitions: Sequence[TP]) -> Mapping[TP, int]:
        return await _patiently(self._ensure_consumer().end_offsets, partitions)

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Seek every source partition to its committed offset, or to its beginning where nothing is committed (F2).

        aiokafka leaves the position of a partition without a commit where it is, behind records that a rebalance has
        dropped.
        """
        seeks: Mapping[TP, int] = await self.call_thread(self._seek_to_committed, self.app.consumer_generation_id)
        return seeks

    async def _seek_to_committed(self, generation: int) -> Mapping[TP, int]:
        consumer = self._ensure_consumer()
        sources = [tp for tp in consumer.assignment() if not self.consumer._is_changelog_tp(tp)]
        committed = await consumer._coordinator.fetch_committed_offsets(sources)
        beginnings = await self._beginnings(sources)
        if generation != self.app.consumer_generation_id:
            return {}  # the answer is of an earlier assignment, and the present one seeks too
        sought: dict[TP, int] = {}
        for tp, beginning in beginnings.items():
            offset = committed[tp].offset if tp in committed else beginning
            if offset < beginning:
                _note_deleted(tp, beginning - offset)
            sought[tp] = max(offset, beginning)
            _seek(consumer, tp, sought[tp])
        self._seeks.update(sought.keys())
        self._handed_over, self._empty_from, self._deleted_to = dict(sought), {}, {}
        return sought


async def _patiently(
    ask: Callable[[Sequence[TP]], Awaitable[Mapping[TP, int]]], partitions: Sequence[TP]
) -> Mapping[TP, int]:
    """Ask for offsets again and again: aiokafka gives up after a time in which a broker may only be away (F13)."""
    while partitions:
        with suppress(KafkaTimeoutError):
            return await ask(partitions)
    return {}


def _note_deleted(tp: TP, count: int) -> None:
    metrics.SKIPPED_OFFSETS.labels(tp.topic).inc(count)
    log.get().error("records_deleted_unread", topic=tp.topic, partition=tp.partition, offsets=count)


def _seek(consumer: aiokafka.AIOKafkaConsumer, tp: TP, offset: int) -> None:
    # A partition that is no longer ours has no position.
    with suppress(IllegalStateError):
        consumer.seek(tp, offset)


async def _end_fetching(fetcher: Fetcher, close: Callable[[], Awaitable[None]]) -> None:
    """Close the fetcher when nothing fetches any more (F36): it would raise for a fetch that is to be repeated."""
    fetches = [fetcher._fetch_task, *fetcher._pending_tasks]
    for fetch in fetches:
        fetch.cancel()
    await asyncio.gather(*fetches, return_exceptions=True)
    fetcher._pending_tasks.clear()
    await close()
