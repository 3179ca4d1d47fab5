"""The consumer: what may be committed, and how much may be read.

In: Faust's calls around rebalances, and `finish` from the agents. Out: seeks and commits. It commits nothing but
what an agent has finished: Faust's own acknowledgements, which also come for messages it skipped or whose agent failed,
never move an offset (F3, F4, F5). It reads no more than there is room for.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol, cast
from weakref import WeakKeyDictionary

from aiokafka import ConsumerRecord
from faust.transport.consumer import RecordMap
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from faust.types.tuples import ConsumerMessage, Message

from worker import metrics
from worker.app.flight import Flight
from worker.app.thread import ConsumerThread
from worker.app.writers import Offset, Writers
from worker.errors import Fatal

Run = list[ConsumerRecord[bytes, bytes]]
"""Records of a partition, one after another, as a fetch has brought them."""


class CommittingApp(Protocol):
    """What our app tells besides: whether offsets are committed with the records, in transactions, and its limit."""

    max_in_flight_bytes: int
    commits_in_transactions: bool
    writers: Writers


class Consumer(driver.Consumer):
    """Commits what `finish` was told, and nothing else."""

    _next_offsets: dict[TP, int]
    _next_to_handle: dict[TP, int]
    _finished: dict[TP, int]
    _held: set[TP]
    _runs: WeakKeyDictionary[Message, Run]

    room: int
    """Bytes that the next fetch may take; set before each, because it is the thread that fetches."""

    tenure: object | None
    """Another one for each assignment; none from when the partitions are given up until the next."""

    reading: object | None
    """Another one for each time that sources are read, from their seek until they are given up; none in between."""

    fetched_in: object | None
    """The reading in which the latest fetch was asked for."""

    stopped_in: object | None
    """The reading in which messages were left unfinished: what follows them is read again, and not handled before."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on as they come
        super().__init__(*args, **kwargs)
        self._next_offsets = {}
        self._next_to_handle = {}
        self._finished = {}
        self._held = set()
        self._acknowledged = asyncio.Event()
        self._runs = WeakKeyDictionary()
        self.flight = Flight(cast("CommittingApp", self.app).max_in_flight_bytes, self.is_current)
        self.room = self.flight.room
        self.tenure = self.reading = self.fetched_in = self.stopped_in = None

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    def _to_message(self, tp: TP, record: ConsumerRecord[bytes, bytes] | Run) -> ConsumerMessage:
        if isinstance(record, list):
            last: ConsumerMessage = super()._to_message(tp, record[-1])
            self._runs[last] = record
            return last
        message: ConsumerMessage = super()._to_message(tp, record)
        self.flight.add(message)
        return message

    def run_of(self, message: Message) -> Run:
        """Return the records of a changelog that one message stands for."""
        return self._runs[message]

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> RecordMap:  # noqa: ASYNC109
        """Fetch when there is room: heartbeats and commits go on in the thread, which is not asked meanwhile."""
        self.room = await self._wait_for_room(timeout)
        if self.room <= 0:
            return {}
        self.fetched_in = self.reading
        fetched = cast("dict[TP, list[Any]]", await super()._getmany(active_partitions, timeout))
        records = dict(fetched)
        # The thread's queue remembers its last answer until it has another.
        fetched.clear()
        # A run of a changelog's records goes through Faust as one message (F30).
        return {tp: [run] if self._is_changelog_tp(tp) else run for tp, run in records.items()}

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Message]]:  # noqa: ASYNC109 - Faust's
        """Give what was fetched, but no record of a source whose partitions have been given up meanwhile (F26).

        Faust looks at the generation that there is when the fetch has come back, which may be the next one already.
        """
        async for tp, message in super().getmany(timeout):
            is_ours = self.reading is not None and self.reading is self.fetched_in
            if is_ours or self._is_changelog_tp(tp):
                yield tp, message

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

    def refuse_gaps(self, messages: Iterable[Message]) -> None:
        """See that nothing is missing before messages that are about to be handled, in their order.

        Raises:
            Fatal: `records_skipped`, before anything is committed past them: the next process reads them.
        """
        for message in messages:
            tp, offset = message.tp, message.offset
            skipped = self._own_thread.preceding(tp, offset) - self._next_to_handle.get(tp, offset)
            if skipped > 0:
                metrics.SKIPPED_OFFSETS.labels(tp.topic).inc(skipped)
                raise Fatal("records_skipped", "app", f"{skipped} records of {tp.topic}/{tp.partition} before {offset}")
            # After a seek back, messages that were already under way can come twice: the furthest counts.
            self._next_to_handle[tp] = max(offset + 1, self._next_to_handle.get(tp, 0))

    def finish(self, messages: Iterable[Message]) -> None:
        """Let the offsets after these messages be committed. Call it in order, when all is published and stored.

        Messages of an earlier generation are passed over: their partitions have been given away and are read again.
        """
        for message in messages:
            if self.is_current(message):
                self._finish(message.tp, message.offset)

    def is_current(self, message: Message) -> bool:
        """Tell whether its partition has neither gone nor been sought since the message was read."""
        return message.generation_id == self.app.consumer_generation_id and message in self.flight

    def _finish(self, tp: TP, offset: int) -> None:
        self._next_offsets[tp] = max(offset + 1, self._next_offsets.get(tp, 0))
        if not cast("CommittingApp", self.app).commits_in_transactions:
            self._finished[tp] = self._next_offsets[tp]

    @property
    def is_stopped(self) -> bool:
        """Whether nothing more is to be handled until partitions are sought anew."""
        return self.stopped_in is not None and self.stopped_in is self.reading

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
        reading = self.reading
        tails = await self._own_thread.tails(self._next_offsets)
        if reading is not self.reading:
            return  # they are of another assignment
        for tp, (handed_over, position) in tails.items():
            if handed_over <= self._next_offsets.get(tp, -1) < position:
                await self._pass_to(tp, position)

    async def _pass_to(self, tp: TP, position: int) -> None:
        app = cast("CommittingApp", self.app)
        self._next_offsets[tp] = position
        self._next_to_handle[tp] = max(position, self._next_to_handle.get(tp, 0))
        if app.commits_in_transactions:
            await app.writers.advance(Offset(tp.topic, tp.partition, position))
        else:
            self._finished[tp] = position

    def hold(self, topic: str, partition: int, *, held: bool) -> None:
        """Keep what is finished of a partition from being committed, or let it be."""
        (self._held.add if held else self._held.discard)(TP(topic, partition))

    async def ends(self, partitions: Iterable[TP], seconds: float) -> Mapping[TP, int]:
        """Return where partitions end; raises `TimeoutError` or `KafkaError` where one does not answer in time."""
        return await self._own_thread.ends(partitions, seconds)

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
        tenure = self.tenure
        sought = await self.seek_to_committed()
        if tenure is not self.tenure:
            return  # the next assignment seeks too
        self._read_offset.update(sought)
        self._committed_offset.update({tp: offset or None for tp, offset in sought.items()})
        # A new mapping, because the driver may still answer for partitions that are gone.
        self._next_offsets, self._next_to_handle = dict(sought), dict(sought)

    def stop_reading(self, partitions: set[TP]) -> None:
        """Read no more until partitions are sought, and then anew what has been read and is not finished."""
        self.reading = None
        self.flight.forget()
        # A queue, running empty, may have made partitions active in the middle of a rebalance.
        self._buffered_partitions.clear()
        self.pause_partitions(partitions)

    def read(self, partitions: set[TP]) -> None:
        """Let partitions be read that have been sought."""
        self.reading = object()
        self.resume_partitions(partitions)
        self.resume_flow()

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Begin a tenure; nothing is read before the recovery has sought it."""
        self.tenure, self.reading = object(), None
        # Before Faust has them all read for a moment: changelogs from anywhere.
        self.pause_partitions(assigned)
        await super().on_partitions_assigned(assigned, generation_id)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Read no more, wait for what is under way and commit it; then forget the partitions."""
        self.tenure = self.reading = None
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

    async def commit_and_end_transactions(self) -> None:
        """Commit all that is finished, at the end of an assignment.

        Where another commit is under way Faust waits for that one and leaves out what was finished since (F33).
        """
        while await self.maybe_wait_for_commit_to_finish():
            pass
        await super().commit_and_end_transactions()

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Keep no record of gaps: the next offset to commit follows the last finished one."""

    def has_coordinator(self) -> bool:
        """Tell whether the group's coordinator is known: it is not while the broker is away."""
        consumer = self._thread._consumer
        # It has one when it has been told of the brokers.
        coordinator = consumer._coordinator if consumer is not None else None
        return coordinator is not None and coordinator.coordinator_id is not None

    async def verify_all_partitions_active(self) -> None:
        """Do nothing (F34): the monitor sees whether reading goes on."""
