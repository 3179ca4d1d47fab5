"""Bytes to topics, with every acknowledgement awaited.

In: records encoded by `worker.records` and `worker.deadletter`. Out: to the broker through an aiokafka producer
that `worker.app` owns. It never gives up on infrastructure: it retries for ever with back-off, says so in the log and
in its state, and the caller acknowledges nothing meanwhile.
"""

import asyncio
from collections.abc import Awaitable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TypeVar

from aiokafka.errors import (
    InvalidProducerEpoch,
    InvalidProducerIdMapping,
    KafkaError,
    MessageSizeTooLargeError,
    OutOfOrderSequenceNumber,
    ProducerClosed,
    ProducerFenced,
    RecordListTooLargeError,
    UnknownProducerId,
)

from worker import log, metrics
from worker.errors import Permanent
from worker.incoming import Headers

T = TypeVar("T")

TOO_LARGE = (MessageSizeTooLargeError, RecordListTooLargeError)

PRODUCER_IS_LOST = (
    OutOfOrderSequenceNumber,
    ProducerFenced,
    InvalidProducerEpoch,
    InvalidProducerIdMapping,
    UnknownProducerId,
    ProducerClosed,
)
"""After these an idempotent aiokafka producer cannot write to the partition any more: it needs a new producer id.

The first is the usual one: aiokafka has counted the sequence number of a batch that the broker refused as too large.
"""

FIRST_BACKOFF_SECONDS = 0.1
LAST_BACKOFF_SECONDS = 5.0
"""Doubling between the two: aiokafka itself retries every 0.1 s inside one attempt."""

NOTE_SECONDS = 10.0
"""An outage is one line in this time, however many records wait."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One record on its way to a topic; `kind` is the topic's kind, for the metrics."""

    kind: str
    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    partition: int | None = None

    @property
    def size(self) -> int:
        """Bytes of key, value and headers, which a broker counts together."""
        return len(self.key or b"") + len(self.value or b"") + _size(self.headers)


def _size(headers: Headers) -> int:
    return sum(len(name.encode()) + len(value or b"") for name, value in headers)


class Acknowledged(Protocol):
    """Where the broker put a record (aiokafka's `RecordMetadata`)."""

    partition: int
    offset: int


class Producer(Protocol):
    """What is used of an aiokafka producer."""

    async def send(  # noqa: D102, PLR0917 - aiokafka's
        self,
        topic: str,
        value: bytes | None = None,
        key: bytes | None = None,
        partition: int | None = None,
        timestamp_ms: int | None = None,
        headers: Sequence[tuple[str, bytes | None]] | None = None,
    ) -> asyncio.Future[Acknowledged]: ...


async def send(
    producer: Producer, record: Outgoing, refusals: type[Exception] | tuple[type[Exception], ...]
) -> asyncio.Future[Acknowledged]:
    """Send a record; a refusal of the producer itself comes as the broker's does, where acknowledgements are judged."""
    try:
        return await producer.send(
            record.topic, record.value, record.key, record.partition, headers=list(record.headers)
        )
    except refusals as error:
        refused: asyncio.Future[Acknowledged] = asyncio.get_running_loop().create_future()
        refused.set_exception(error)
        return refused


class Producers(Protocol):
    """Where the running producer comes from, and its successor when it is lost."""

    def current(self) -> Producer:
        """Return the producer to send with."""

    async def renew(self, lost: Producer) -> None:
        """Start another producer in the place of `lost`, unless that has happened already."""


class Patience:
    """Waiting for a broker: how much is in trouble now, and a line in the log once in a while."""

    def __init__(self, *, role: str, timeout_seconds: float) -> None:
        """Call it trouble after so long without an answer; `role` is the metrics' label."""
        self._timeout = timeout_seconds
        self._retries = metrics.PUBLISH_RETRIES.labels(role)
        self._in_trouble = 0
        self._noted_at = float("-inf")

    @property
    def is_exhausted(self) -> bool:
        """Whether anything waits for longer than it should."""
        return self._in_trouble > 0

    async def wait(self, work: Awaitable[T], topic: str) -> T:
        """Await work for as long as it takes; notes are made when that is long."""
        working = asyncio.ensure_future(work)
        done, _ = await asyncio.wait({working}, timeout=self._timeout)
        if not done:
            with self.trouble():
                while not done:
                    self.note(topic, "no_acknowledgement")
                    done, _ = await asyncio.wait({working}, timeout=self._timeout)
        return working.result()

    @contextmanager
    def trouble(self) -> Iterator[None]:
        """Count as in trouble while the block runs."""
        self._in_trouble += 1
        try:
            yield
        finally:
            self._in_trouble -= 1

    def note(self, topic: str, cause: str, denied: str = "") -> None:
        """Count a retry, and log it unless that was done a moment ago; `denied` names what is not allowed."""
        self._retries.inc()
        metrics.PUBLISH_FAILURES.labels(topic, cause).inc()
        now = asyncio.get_running_loop().time()
        if now - self._noted_at >= NOTE_SECONDS:
            self._noted_at = now
            what = {"denied": denied} if denied else {}
            log.get().warning("publish_retried", topic=topic, cause=cause, records=self._in_trouble, **what)


class Publisher:
    """Publishes records and awaits their acknowledgements."""

    def __init__(self, producers: Producers, *, role: str, timeout_seconds: float) -> None:
        """Send through `producers`.

        Args:
            producers: Gives the running producer.
            role: Label of the metrics.
            timeout_seconds: After so long without an acknowledgement the attempt counts as a retry.
        """
        self._producers = producers
        self._timeout = timeout_seconds
        self.patience = Patience(role=role, timeout_seconds=timeout_seconds)

    @property
    def is_retrying(self) -> bool:
        """Whether any record is being retried now."""
        return self.patience.is_exhausted

    async def publish(self, records: Iterable[Outgoing]) -> list[Acknowledged]:
        """Send the records in order and return where each was put, once all are acknowledged.

        Raises:
            Permanent: `record_too_large`; the others are sent and may be on their topics.
        """
        # All are in flight before the first is awaited, so that they share batches and round trips.
        sent = [(record, await self._send(record)) for record in records]
        acknowledged = [await self._acknowledgement(record, attempt) for record, attempt in sent]
        metrics.count_published(record.kind for record, _ in sent)
        return acknowledged

    async def _send(self, record: Outgoing) -> "_Attempt":
        producer = self._producers.current()
        return _Attempt(producer, await send(producer, record, KafkaError))

    async def _acknowledgement(self, record: Outgoing, attempt: "_Attempt") -> Acknowledged:
        await attempt.settle(self._timeout)
        if attempt.is_acknowledged:
            return attempt.future.result()
        with self.patience.trouble():
            return await self._retry(record, attempt)

    async def _retry(self, record: Outgoing, attempt: "_Attempt") -> Acknowledged:
        backoff = FIRST_BACKOFF_SECONDS
        while not attempt.is_acknowledged:
            error = attempt.error
            self._note(record, error)
            # Without an error it is still in flight: the idempotent producer repeats it by itself, and sending it again
            # would double the record.
            if error is not None:
                await self._replace_lost(attempt.producer, error)
                await asyncio.sleep(backoff)
                backoff = min(2 * backoff, LAST_BACKOFF_SECONDS)
                attempt = await self._send(record)
            await attempt.settle(self._timeout)
        return attempt.future.result()

    async def _replace_lost(self, producer: Producer, error: KafkaError) -> None:
        # aiokafka's sender ends with a plain KafkaError when it meets something it does not know.
        if isinstance(error, PRODUCER_IS_LOST) or type(error) is KafkaError:
            await self._producers.renew(producer)

    def _note(self, record: Outgoing, error: KafkaError | None) -> None:
        if isinstance(error, TOO_LARGE):
            message = f"{record.size} bytes are too many for {record.topic}"
            raise Permanent("record_too_large", "publish", message) from error
        self.patience.note(record.topic, type(error).__name__ if error else "no_acknowledgement")


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A record given to a producer, and what will come of it."""

    producer: Producer
    future: asyncio.Future[Acknowledged]

    @property
    def error(self) -> KafkaError | None:
        """The broker's or the producer's refusal; None while there is none. Other exceptions are raised."""
        error = self.future.exception() if self.future.done() else None
        if error is not None and not isinstance(error, KafkaError):
            raise error
        return error

    @property
    def is_acknowledged(self) -> bool:
        return self.future.done() and self.error is None

    async def settle(self, seconds: float) -> None:
        """Wait for the end of the attempt, at most so long; what it is stands in the future."""
        if not self.future.done():
            await asyncio.wait({self.future}, timeout=seconds)
