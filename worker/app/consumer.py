"""The consumer: where reading starts, and what may be committed.

In: Faust's calls around rebalances, and `finish` from the agents. Out: seeks and commits. It commits nothing but
what an agent has finished: Faust's own acknowledgements, which also come for messages it skipped or whose agent failed,
never move an offset (F3, F4, F5). It reads no more than there is room for.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol, cast

import aiokafka
from aiokafka import ConsumerRecord
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from aiokafka.structs import OffsetAndMetadata, TopicPartition
from faust.transport.consumer import RecordMap
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from faust.types.tuples import ConsumerMessage, Message

from worker import header_names, metrics
from worker.app.flight import Flight, size_of
from worker.app.membership import NamedMember, heed_group_errors
from worker.app.writers import Offset, Writers
from worker.settings import MIB

FETCH_WAIT_MS = 500
"""Kafka's default for an empty fetch. Faust's 1500 also delays each offset request, which waits behind the fetch on its
connection, and so every start."""

FETCH_BYTES = 16 * MIB
"""An answer of the broker, if one message is not larger; Kafka's 50 MiB would be nearly as much again as may be in
flight."""

STEP_BYTES = MIB
"""Records are taken from an answer in steps of about so much: how large they are is known when they are unpacked."""


CONFIRM_SECONDS = 5.0
"""Longest wait for the group's answer in the middle of a rebalance."""


class CommittingApp(Protocol):
    """What our app tells besides: whether offsets are committed with the records, in transactions, and its limit."""

    max_in_flight_bytes: int
    commits_in_transactions: bool
    writers: Writers


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """The thread in which aiokafka's consumer runs."""

    consumer: "Consumer"

    _handed_over: dict[TP, int]
    _empty_from: dict[tuple[TP, int], int]
    _member: NamedMember | None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._handed_over = {}
        self._empty_from = {}
        self._member = None

    async def on_start(self) -> None:
        """Start the consumer, which joins the group a little later."""
        await super().on_start()
        coordinator = self._ensure_consumer()._coordinator
        heed_group_errors(coordinator)  # F21
        if self.app.conf.consumer_group_instance_id is not None:
            self._member = NamedMember(coordinator)  # F17

    async def confirm_membership(self) -> None:
        """End the process if this member's name is another one's by now."""
        if self._member is not None:
            with suppress(KafkaError, TimeoutError):  # then the group does not answer
                await self.call_thread(self._confirm, self._member)

    async def _confirm(self, member: NamedMember) -> None:
        await asyncio.wait_for(member.confirm(), CONFIRM_SECONDS)

    def _create_worker_consumer(self, transport: driver.Transport) -> aiokafka.AIOKafkaConsumer:
        header_names.accept_all()  # F15
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = FETCH_WAIT_MS
        consumer._fetch_max_bytes = FETCH_BYTES
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
        records = await self._take(consumer, set(wanted), timeout, max_records)
        if generation != self.app.consumer_generation_id:
            wanted = frozenset()
        # Without an await: between here and the drop in the main thread only a rebalance can come, and it seeks.
        lost = [tp for tp in records if tp not in wanted or tp not in self.consumer._active_partitions]
        for tp in lost:
            _seek(consumer, tp, records.pop(tp)[0].offset)
        return records

    async def _take(
        self,
        consumer: aiokafka.AIOKafkaConsumer,
        wanted: set[TP],
        timeout: float | None,  # noqa: ASYNC109 - the driver's
        max_records: int | None,
    ) -> dict[TP, list[ConsumerRecord[bytes, bytes]]]:
        """Take records as long as there is room, the first of them however large; only the first step waits."""
        taken: dict[TP, list[ConsumerRecord[bytes, bytes]]] = {}
        room, left, step = self.consumer.room, max_records or 1, 1
        while room > 0 and left > 0:
            some = await super()._fetch_records(consumer, wanted, timeout, min(step, left))
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

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Seek every source partition to its committed offset, or to its beginning where nothing is committed (F2).

        aiokafka leaves the position of a partition without a commit where it is, behind records that a rebalance has
        dropped.
        """
        seeks: Mapping[TP, int] = await self.call_thread(self._seek_to_committed)
        return seeks

    async def _seek_to_committed(self) -> Mapping[TP, int]:
        consumer = self._ensure_consumer()
        generation = self.app.consumer_generation_id
        sources = [tp for tp in consumer.assignment() if not self.consumer._is_changelog_tp(tp)]
        committed = await consumer._coordinator.fetch_committed_offsets(sources)
        fresh = [tp for tp in sources if tp not in committed or not committed[tp].offset]
        sought: dict[TP, int] = await consumer.beginning_offsets(fresh) if fresh else {}
        sought |= {tp: one.offset for tp, one in committed.items() if one.offset}
        if generation != self.app.consumer_generation_id:
            return {}  # the answer is of an earlier assignment, and the present one seeks too
        for tp, offset in sought.items():
            _seek(consumer, tp, offset)
        self._handed_over, self._empty_from = dict(sought), {}
        return sought


def _seek(consumer: aiokafka.AIOKafkaConsumer, tp: TP, offset: int) -> None:
    # A partition that is no longer ours has no position.
    with suppress(IllegalStateError):
        consumer.seek(tp, offset)


class Consumer(driver.Consumer):
    """Commits what `finish` was told, and nothing else."""

    _next_offsets: dict[TP, int]
    _finished: dict[TP, int]
    _held: set[TP]

    room: int
    """Bytes that the next fetch may take; set before each, because it is the thread that fetches."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on as they come
        super().__init__(*args, **kwargs)
        self._next_offsets = {}
        self._finished = {}
        self._held = set()
        self._acknowledged = asyncio.Event()
        self.flight = Flight(cast("CommittingApp", self.app).max_in_flight_bytes, self.is_current)
        self.room = self.flight.room

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    def _to_message(self, tp: TP, record: ConsumerRecord[bytes, bytes]) -> ConsumerMessage:
        message: ConsumerMessage = super()._to_message(tp, record)
        # The records of changelogs are held back by the recovery until there are enough of them.
        if not self._is_changelog_tp(tp):
            self.flight.add(message)
        return message

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> RecordMap:  # noqa: ASYNC109
        """Fetch when there is room: heartbeats and commits go on in the thread, which is not asked meanwhile."""
        self.room = await self._wait_for_room(timeout)
        if self.room <= 0:
            return {}
        fetched = cast("dict[TP, list[Any]]", await super()._getmany(active_partitions, timeout))
        records = dict(fetched)
        # The thread's queue remembers its last answer until it has another.
        fetched.clear()
        return records

    async def _wait_for_room(self, seconds: float) -> int:
        # What was read before is with a stream by now, or thrown away: only an acknowledgement makes room.
        self._acknowledged.clear()
        room = self.flight.room
        if room > 0:
            return room
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._acknowledged.wait()
        return self.flight.room

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
        skipped = self._own_thread.preceding(tp, offset) - self._next_offsets.get(tp, offset)
        if skipped > 0:
            metrics.SKIPPED_OFFSETS.labels(tp.topic).inc(skipped)
        # After a seek back, messages that were already under way can come twice: the furthest counts.
        self._next_offsets[tp] = max(offset + 1, self._next_offsets.get(tp, 0))
        if not cast("CommittingApp", self.app).commits_in_transactions:
            self._finished[tp] = self._next_offsets[tp]

    @property
    def next_offsets(self) -> Mapping[TP, int]:
        """The next offset to finish of each source partition."""
        return self._next_offsets

    @property
    def generation(self) -> int:
        """The number of the present assignment."""
        return int(self.app.consumer_generation_id)

    async def read_marks(self, topic: str, partitions: Sequence[int]) -> Mapping[int, str]:
        """Return the metadata of the partitions' committed offsets."""
        return await self._own_thread.read_marks([TP(topic, partition) for partition in partitions])

    async def write_mark(self, topic: str, partition: int, offset: int, text: str) -> bool:
        """Commit an offset with metadata; tell whether the partition was still ours."""
        return await self._own_thread.write_mark(TP(topic, partition), offset, text)

    async def pass_marks(self) -> None:
        """Let offsets be committed that hold no record, at the end of a partition whose every record is finished.

        Else a topic that is written in transactions would always have a lag, for the mark after its last record.
        """
        for tp, (handed_over, position) in (await self._own_thread.tails(self._next_offsets)).items():
            if handed_over <= self._next_offsets.get(tp, -1) < position:
                await self._pass_to(tp, position)

    async def _pass_to(self, tp: TP, position: int) -> None:
        app = cast("CommittingApp", self.app)
        self._next_offsets[tp] = position
        if app.commits_in_transactions:
            await app.writers.advance(Offset(tp.topic, tp.partition, position))
        else:
            self._finished[tp] = position

    def hold(self, topic: str, partition: int, *, held: bool) -> None:
        """Keep what is finished of a partition from being committed, or let it be."""
        (self._held.add if held else self._held.discard)(TP(topic, partition))

    async def confirm_membership(self) -> None:
        """End the process if its `instance_id` is another one's by now."""
        await self._own_thread.confirm_membership()

    @property
    def _own_thread(self) -> ConsumerThread:
        return cast("ConsumerThread", self._thread)

    async def perform_seek(self) -> None:
        """Do nothing (F22): Faust asks for it in the middle of a rebalance, and its answer may come after the next."""

    async def seek_sources(self) -> None:
        """Seek to where reading goes on, and remember it."""
        sought = await self.seek_to_committed()
        self._read_offset.update(sought)
        self._committed_offset.update({tp: offset or None for tp, offset in sought.items()})
        # A new mapping, because the driver may still answer for partitions that are gone.
        self._next_offsets = dict(sought)

    def pause_again(self, partitions: set[TP]) -> None:
        """Pause partitions that a queue, running empty, may have made active in the middle of a rebalance."""
        self._buffered_partitions.clear()
        self.pause_partitions(partitions)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Wait for what is under way and commit it; then forget the partitions."""
        await super().on_partitions_revoked(revoked)
        for tp in revoked:
            self._finished.pop(tp, None)
        self._held.clear()

    def ack(self, message: Message) -> bool:
        """Take note that Faust is done with a message: for waiting until all are done, never for committing."""
        is_first = not message.acked
        message.acked = True
        self._acknowledged.set()
        self._unacked_messages.discard(message)
        if self._waiting_for_ack is not None and not self._waiting_for_ack.done():
            self._waiting_for_ack.set_result(None)
        return is_first

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Iterator[TP]:  # noqa: ANN401 - Faust's
        finished = (tp for tp in tuple(self._finished) if tp not in self._held)
        return (tp for tp in finished if topics is None or tp in topics or tp.topic in topics)

    def _new_offset(self, tp: TP) -> int | None:
        return self._finished.get(tp)

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Keep no record of gaps: the next offset to commit follows the last finished one."""

    def has_coordinator(self) -> bool:
        """Tell whether the group's coordinator is known: it is not while the broker is away."""
        consumer = self._thread._consumer
        return consumer is not None and consumer._coordinator.coordinator_id is not None
