"""The writers: one transactional producer for each assigned source partition, which fences all others.

In: partitions as they are assigned, and what a batch of one came to, from delivery. Out: committed transactions: either
all records of a partition's batch can be read and its offset is committed, or none and it is not. A process taken for
dead (frozen past its session) that wakes up cannot write any more, because whoever got its partition has claimed the
writer's id (F16). What it had decided on state that is no longer its own reaches no topic, and no changelog.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from aiokafka.errors import (
    IllegalOperation,
    InvalidProducerEpoch,
    InvalidProducerIdMapping,
    KafkaError,
    ProducerFenced,
    TransactionalIdAuthorizationFailed,
)
from aiokafka.structs import OffsetAndMetadata, TopicPartition

from worker import metrics
from worker.app.abort import Manager, broken_off_by
from worker.errors import Fatal, Permanent
from worker.guard import fault_point
from worker.handshake import denied
from worker.publish import TOO_LARGE, Acknowledged, Outgoing, Patience, send
from worker.publish import Producer as Sending

TRANSACTION_TIMEOUT_MS = 300_000
"""A transaction that is open for longer is aborted by the broker, and its writer fenced: the process begins anew."""

RETRY_SECONDS = 1.0
"""Between two attempts to claim, while the broker is away, or to commit what the broker has refused."""

CLAIM = "claim"
"""Stands in place of a topic where a writer may not even begin."""

BROKEN_OFF = (*TOO_LARGE, IllegalOperation, AssertionError)
"""What a producer raises by itself: of a record, or where an error has meanwhile broken off the transaction (F35), of
which aiokafka asserts that it is there, where it has waited for room in a full batch."""

FENCED = (ProducerFenced, InvalidProducerEpoch, InvalidProducerIdMapping, TransactionalIdAuthorizationFailed)
"""After these the partition is another's, or the broker has forgotten the id: only a new assignment is a claim."""

STOP_SECONDS = 5.0
"""Longest wait for a writer to end: it may wait for acknowledgements that cannot come."""


@dataclass(frozen=True, slots=True)
class Offset:
    """The offset of a source partition that is next to be consumed."""

    topic: str
    partition: int
    next: int


class Identity(Manager, Protocol):
    """By which the broker knows a producer: each claim of a transactional id is given the next epoch."""

    producer_id: int
    producer_epoch: int


class Transactional(Sending, Protocol):
    """What is used of a transactional aiokafka producer."""

    _txn_manager: Identity

    async def start(self) -> None: ...  # noqa: D102 - aiokafka's
    async def stop(self) -> None: ...  # noqa: D102
    async def begin_transaction(self) -> None: ...  # noqa: D102
    async def commit_transaction(self) -> None: ...  # noqa: D102
    async def abort_transaction(self) -> None: ...  # noqa: D102
    async def send_offsets_to_transaction(  # noqa: D102
        self, offsets: Mapping[TopicPartition, OffsetAndMetadata], group_id: str
    ) -> None: ...


class Writer:
    """Writes the batches of one source partition, as long as nobody else has claimed its id."""

    def __init__(self, group: str, new_producer: Callable[[], Transactional], patience: Patience) -> None:
        """Write, and commit the group's offsets, through a producer that is started by `claim`."""
        self._group = group
        self._new_producer = new_producer
        self._producer = new_producer()
        self._patience = patience
        self._busy = asyncio.Lock()
        self._committing: asyncio.Future[list[Acknowledged]] | None = None
        self._next = 0
        self._is_given_up = False

    async def claim(self, records: Sequence[Outgoing]) -> list[Acknowledged]:
        """Fence every other writer of this id, abort what it has open, and commit the records."""
        await self._start()
        return await self.commit(records)

    async def _start(self) -> None:
        while not await self._has_started():
            await asyncio.sleep(RETRY_SECONDS)
            self._refuse_if_given_up(ProducerFenced())
            self._producer = self._new_producer()

    async def _has_started(self) -> bool:
        try:
            await self._producer.start()
        except TransactionalIdAuthorizationFailed as error:
            # Until it is allowed; in the middle of the work it is a claim of somebody else's that forbids it.
            self._patience.note(CLAIM, type(error).__name__, denied(error))
            await self._stop()
            return False
        except FENCED:
            raise
        except KafkaError:
            await self._stop()
            return False
        return True

    async def commit(self, records: Sequence[Outgoing], offset: Offset | None = None) -> list[Acknowledged]:
        """Commit the records and the offset in one transaction and return where each record was put.

        It is tried for as long as it takes.

        Raises:
            Permanent: `record_too_large`; nothing of it can be read, and the writer can go on.
            Fatal: `writer_lost`, when it is fenced or cannot go on. What it has not committed will never be read.
        """
        if not records and offset is None:
            return []
        async with self._busy:
            placed = await self._commit_or_give_up(records, offset)
            self._next = offset.next if offset else self._next
        metrics.count_published(record.kind for record in records)
        return placed

    async def advance(self, offset: Offset) -> None:
        """Commit an offset that nothing comes of, unless a later one is committed already."""
        async with self._busy:
            if offset.next > self._next:
                await self._commit_or_give_up((), offset)
                self._next = offset.next

    async def _commit_or_give_up(self, records: Sequence[Outgoing], offset: Offset | None) -> list[Acknowledged]:
        self._committing = asyncio.ensure_future(self._commit(records, offset))
        try:
            return await self._patience.wait(self._committing, _topic(records, offset))
        except asyncio.CancelledError as error:
            if self._committing.cancelled():
                raise _lost(error) from error
            raise

    async def _commit(self, records: Sequence[Outgoing], offset: Offset | None) -> list[Acknowledged]:
        error = await self._try(records, offset)
        if not isinstance(error, KafkaError):
            return error
        with self._patience.trouble():
            while isinstance(error, KafkaError):
                self._patience.note(_topic(records, offset), type(error).__name__, denied(error))
                await asyncio.sleep(RETRY_SECONDS)
                error = await self._try(records, offset)
        return error

    async def _try(self, records: Sequence[Outgoing], offset: Offset | None) -> list[Acknowledged] | KafkaError:
        """Return where the records stand, or why the transaction was taken back."""
        self._refuse_if_given_up(ProducerFenced())
        try:
            return await self._transact(records, offset)
        except (KafkaError, IllegalOperation, AssertionError) as raised:
            error = broken_off_by(self._producer._txn_manager) or raised
        if isinstance(error, FENCED):
            raise _lost(error) from error
        if not isinstance(error, KafkaError):
            raise error
        self._refuse_if_given_up(error)
        await self._take_back()
        return error

    def _refuse_if_given_up(self, cause: BaseException) -> None:
        """Let no attempt follow when the partition has been claimed anew: what it would repeat is read again."""
        if self._is_given_up:
            raise _lost(cause) from cause

    async def _transact(self, records: Sequence[Outgoing], offset: Offset | None) -> list[Acknowledged]:
        await self._producer.begin_transaction()
        sent = [await send(self._producer, record, BROKEN_OFF) for record in records]
        ends = await asyncio.gather(*sent, return_exceptions=True)
        for record, end in zip(records, ends, strict=True):
            if isinstance(end, TOO_LARGE):
                await self._take_back()
                message = f"{record.size} bytes are too many for {record.topic}"
                raise Permanent("record_too_large", "publish", message) from end
            if isinstance(end, BaseException):
                raise end
        fault_point.passes("sent")
        if offset is not None:
            await self._producer.send_offsets_to_transaction(_as_kafka(offset), self._group)
        await self._producer.commit_transaction()
        return [end for end in ends if not isinstance(end, BaseException)]

    async def _take_back(self) -> None:
        """Abort, and go on with another producer, because aiokafka's has counted what was refused (F12).

        Where the id has been claimed by another process, the abort is refused. Where that happens after the abort, the
        new claim shows it: its epoch is not the next one. Then what is not committed here may be committed there.
        """
        try:
            await self._producer.abort_transaction()
        except (KafkaError, AssertionError) as error:
            # aiokafka asserts that its transaction can still be aborted.
            raise _lost(error) from error
        await self._stop()
        self._refuse_if_given_up(ProducerFenced())
        former = self._producer._txn_manager
        self._producer = self._new_producer()
        await self._start()
        if not _follows(self._producer._txn_manager, former):
            raise _lost(ProducerFenced())

    async def close(self) -> None:
        """Give up the partition; what is open is aborted by the next claim, and nothing is begun any more."""
        self._is_given_up = True
        await self._stop()
        if self._committing is not None:
            self._committing.cancel()  # it would wait for ever for the end of a transaction that nobody ends (F27)

    async def _stop(self) -> None:
        try:
            await asyncio.wait_for(self._producer.stop(), STOP_SECONDS)
        except (KafkaError, TimeoutError):
            # Fenced, or without a broker: it holds nothing that counts.
            return


class Writers:
    """The writers of the partitions that are assigned."""

    def __init__(
        self, group: str, source: str, new_producer: Callable[[str], Transactional], patience: Patience
    ) -> None:
        """Make writers whose ids are made of the group, the source topic and the partition."""
        self._group = group
        self._source = source
        self._new_producer = new_producer
        self._patience = patience
        self._writers: Mapping[int, Writer] = {}

    async def claim(self, marks: Mapping[int, Sequence[Outgoing]]) -> Mapping[int, list[Acknowledged]]:
        """Claim these partitions and no others; commit marks in each and return where they were put."""
        await self.close()
        writers = {partition: self._new(partition) for partition in marks}
        async with AsyncExitStack() as undo:
            # Another rebalance may come between.
            for writer in writers.values():
                undo.push_async_callback(writer.close)
            placed = await asyncio.gather(*(writers[partition].claim(records) for partition, records in marks.items()))
            undo.pop_all()
        self._writers = writers
        return dict(zip(marks, placed, strict=True))

    def of(self, partitions: Iterable[int]) -> Mapping[int, Writer]:
        """Return the writers of partitions. Take them before deciding anything: a later claim makes others.

        Raises:
            Fatal: `writer_lost`, for a partition that is not claimed.
        """
        missing = set(partitions) - self._writers.keys()
        if missing:
            raise Fatal("writer_lost", "publish", f"partitions are not claimed: {sorted(missing)}")
        return {partition: self._writers[partition] for partition in partitions}

    async def advance(self, offset: Offset) -> None:
        """Commit an offset that nothing comes of, where its partition is claimed."""
        writer = self._writers.get(offset.partition)
        if writer is not None:
            await writer.advance(offset)

    async def close(self) -> None:
        """Give up all partitions."""
        former, self._writers = self._writers, {}
        await asyncio.gather(*(writer.close() for writer in former.values()))

    def _new(self, partition: int) -> Writer:
        new_producer = partial(self._new_producer, f"{self._group}-{self._source}-{partition}")
        return Writer(self._group, new_producer, self._patience)


def _follows(identity: Identity, former: Identity) -> bool:
    """Tell whether nobody has claimed the id in between."""
    return (identity.producer_id, identity.producer_epoch) == (former.producer_id, former.producer_epoch + 1)


def _as_kafka(offset: Offset) -> Mapping[TopicPartition, OffsetAndMetadata]:
    return {TopicPartition(offset.topic, offset.partition): OffsetAndMetadata(offset.next, "")}


def _topic(records: Sequence[Outgoing], offset: Offset | None) -> str:
    return records[0].topic if records else offset.topic if offset else ""


def _lost(error: BaseException) -> Fatal:
    return Fatal("writer_lost", "publish", f"the transaction failed: {type(error).__name__}")
