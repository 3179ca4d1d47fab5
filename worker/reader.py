"""A bounded range of a topic, message by message: what recording, replaying and the dead-letter commands read.

In: a topic, partitions and bounds. Out: `Incoming` messages, those of all partitions in the order of their timestamps
and each partition's in its own order, up to the end that was there at the start. It assigns partitions by hand and
belongs to no group: nothing is committed and no worker is disturbed. Records of aborted transactions are passed over.
"""

import asyncio
import heapq
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaConnectionError, KafkaError

from worker import header_names, security
from worker.bounds import Bound, Moment
from worker.errors import Fatal, Transient
from worker.handshake import denial, unreachable
from worker.incoming import Incoming
from worker.settings import Settings

STAGE = "reader"

BATCH_RECORDS = 500
"""Taken at once from a partition; aiokafka fetches the next only when they are taken, so memory stays bounded."""

SILENCE_SECONDS = 60.0
"""Longest time without anything new before the end of the range: longer than aiokafka's request timeout of 40 s."""

LOOK_MS = 200
"""Longest wait of one look for records: past markers of transactions alone aiokafka moves on and tells nobody."""


@dataclass(frozen=True, slots=True)
class Range:
    """What to read: all partitions where none is named, from the beginning and to the present end where no bound is."""

    topic: str
    partitions: tuple[int, ...] = ()
    begin: Bound | None = None
    end: Bound | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """The offsets of one partition: `begin` inclusive, `end` exclusive."""

    partition: int
    begin: int
    end: int


class Reading:
    """A range that is being read."""

    def __init__(self, consumer: AIOKafkaConsumer, topic: str, stretches: Sequence[Stretch]) -> None:
        """Read with a consumer to which the stretches' partitions are assigned."""
        self._consumer = consumer
        self._topic = topic
        self.stretches = tuple(stretches)

    @property
    def total(self) -> int:
        """How many offsets the range has; on compacted topics, and with transactions, there are fewer messages."""
        return sum(stretch.end - stretch.begin for stretch in self.stretches)

    async def messages(self) -> AsyncIterator[Incoming]:
        """Yield the messages; once.

        Raises:
            Transient: `read_stopped`, when the broker gives nothing more before the end.
        """
        for stretch in self.stretches:
            self._consumer.seek(self._place(stretch), stretch.begin)
        async with aclosing(_merge([self._messages(stretch) for stretch in self.stretches])) as merged:
            async for message in merged:
                yield message

    def _place(self, stretch: Stretch) -> TopicPartition:
        return TopicPartition(self._topic, stretch.partition)

    async def _messages(self, stretch: Stretch) -> AsyncGenerator[Incoming, None]:
        place = self._place(stretch)
        while await self._consumer.position(place) < stretch.end:
            for record in await self._batch(place):
                if record.offset < stretch.end:
                    yield _incoming(record)
        self._consumer.pause(place)

    async def _batch(self, place: TopicPartition) -> Sequence[ConsumerRecord[bytes, bytes]]:
        """Return the next records, or none where the position moved without any (markers of transactions, gaps)."""
        before, until = await self._consumer.position(place), monotonic() + SILENCE_SECONDS
        while monotonic() < until:
            try:
                found: Mapping[TopicPartition, Sequence[ConsumerRecord[bytes, bytes]]] = await self._consumer.getmany(
                    place, timeout_ms=LOOK_MS, max_records=BATCH_RECORDS
                )
            except KafkaError as error:
                raise denial(error, STAGE) or _stopped(place, type(error).__name__) from error
            if found or await self._consumer.position(place) != before:
                return found.get(place, ())
        raise _stopped(place, f"nothing new in {SILENCE_SECONDS:.0f} s")


@asynccontextmanager
async def open_range(
    settings: Settings, wanted: Range, stretches: Sequence[Stretch] | None = None
) -> AsyncIterator[Reading]:
    """Open a range of a topic for reading; its end is fixed now.

    Args:
        settings: For the broker's address.
        wanted: What to read.
        stretches: Where they are known from an earlier reading, instead of the bounds.

    Raises:
        Fatal: `topic_missing`; `bad_input` for partitions that there are not; `times_unknown`, where the broker cannot
            look up times (the embedded one).
        Transient: `broker_unreachable`, `read_stopped`.
    """
    async with _consumer(settings) as consumer:
        found = await _partitions(consumer, wanted)
        places = [TopicPartition(wanted.topic, partition) for partition in found]
        consumer.assign(places)
        yield Reading(consumer, wanted.topic, stretches or await _resolve(consumer, places, wanted))


async def list_topics(settings: Settings) -> frozenset[str]:
    """Return the names of all topics of the cluster; raises `Transient` `broker_unreachable`."""
    async with _consumer(settings) as consumer:
        return frozenset(await consumer.topics())


@asynccontextmanager
async def _consumer(settings: Settings) -> AsyncIterator[AIOKafkaConsumer]:
    header_names.accept_all()
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.broker,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        # As in the dedupe half's own consumer: the marks of the embedded broker's transactions carry wrong sums.
        check_crcs=False,
        **security.consumers(settings),
    )
    try:
        await consumer.start()
        yield consumer
    except KafkaConnectionError as error:
        raise unreachable(settings, STAGE) from error
    except KafkaError as error:
        denied = denial(error, STAGE)
        message = f"the broker does not answer: {type(error).__name__}"
        raise denied or Transient("read_stopped", STAGE, message) from error
    finally:
        await consumer.stop()


async def _partitions(consumer: AIOKafkaConsumer, wanted: Range) -> tuple[int, ...]:
    # A topic that a client names can come into being by that, so the list of all is asked first.
    if wanted.topic not in await consumer.topics():
        raise Fatal("topic_missing", STAGE, f"the broker has no topic {wanted.topic}")
    # The client learns of a topic's partitions when it is first asked about one of them.
    await consumer.beginning_offsets([TopicPartition(wanted.topic, 0)])
    there = consumer.partitions_for_topic(wanted.topic) or frozenset()
    missing = [str(partition) for partition in wanted.partitions if partition not in there]
    if missing:
        raise Fatal("bad_input", STAGE, f"{wanted.topic} has no partition {', '.join(missing)}")
    return wanted.partitions or tuple(sorted(there))


async def _resolve(consumer: AIOKafkaConsumer, places: Sequence[TopicPartition], wanted: Range) -> tuple[Stretch, ...]:
    first, last = await asyncio.gather(consumer.beginning_offsets(places), consumer.end_offsets(places))
    begins = first if wanted.begin is None else await _offsets(consumer, places, wanted.begin, first, last)
    ends = last if wanted.end is None else await _offsets(consumer, places, wanted.end, first, last)
    return tuple(
        Stretch(place.partition, begin, max(begin, _clamp(ends[place], first[place], last[place])))
        for place in places
        for begin in (_clamp(begins[place], first[place], last[place]),)
    )


async def _offsets(
    consumer: AIOKafkaConsumer,
    places: Sequence[TopicPartition],
    bound: Bound,
    first: Mapping[TopicPartition, int],
    last: Mapping[TopicPartition, int],
) -> Mapping[TopicPartition, int]:
    if not isinstance(bound, Moment):
        return dict.fromkeys(places, bound.value)
    found = await _offsets_at(consumer, places, bound.milliseconds)
    is_empty = all(first[place] == last[place] for place in places)
    # The embedded broker knows no times and does not say so: it has no record since 1970 either.
    if not found and not is_empty and not await _offsets_at(consumer, places, 0):
        raise Fatal("times_unknown", STAGE, "this broker does not look up times: give offsets")
    return {place: found.get(place, last[place]) for place in places}


async def _offsets_at(
    consumer: AIOKafkaConsumer, places: Sequence[TopicPartition], milliseconds: int
) -> dict[TopicPartition, int]:
    """Return the offset of each partition's first record that is not older; partitions without one are left out."""
    try:
        found: Mapping[TopicPartition, Any] = await consumer.offsets_for_times(dict.fromkeys(places, milliseconds))
    except KafkaError as error:
        message = f"cannot find the offsets of a time: {type(error).__name__}"
        raise Transient("read_stopped", STAGE, message) from error
    return {place: offset.offset for place, offset in found.items() if offset is not None}


def _clamp(offset: int, first: int, last: int) -> int:
    return min(max(offset, first), last)


async def _merge(streams: Sequence[AsyncGenerator[Incoming, None]]) -> AsyncGenerator[Incoming, None]:
    """Yield the oldest of the streams' next messages until all are at their end."""
    heap = [(first.timestamp_ms, n, first) for n, stream in enumerate(streams) if (first := await anext(stream, None))]
    heapq.heapify(heap)
    while heap:
        _, number, message = heap[0]
        yield message
        following = await anext(streams[number], None)
        if following is None:
            heapq.heappop(heap)
        else:
            heapq.heapreplace(heap, (following.timestamp_ms, number, following))


def _incoming(record: ConsumerRecord[bytes, bytes]) -> Incoming:
    headers = tuple(record.headers)
    return Incoming(record.topic, record.partition, record.offset, record.timestamp, record.key, record.value, headers)


def _stopped(place: TopicPartition, why: str) -> Transient:
    return Transient("read_stopped", STAGE, f"reading {place.topic}, partition {place.partition}: {why}")
