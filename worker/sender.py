"""Messages onto topics, each acknowledgement awaited: what replaying, redriving and retracting send.

In: `Sending`s with the timestamp they are to keep. Out: to the broker, keyed as the worker's own producer keys them
(aiokafka's murmur2), so that a key meets its partition. Memory is bounded: a full batch makes the sender wait.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaConnectionError, KafkaError

from worker import security
from worker.errors import Fatal, Transient
from worker.handshake import unreachable
from worker.incoming import Headers
from worker.reader import list_topics
from worker.retention import find_retention_ms
from worker.settings import MIB, Settings

STAGE = "sender"

MAX_RECORD_BYTES = 40 * MIB
"""The largest record that a topic of the contract takes (`topics apply`: stories and pages)."""

MAX_REQUEST_BYTES = MAX_RECORD_BYTES + MIB
"""Room for the key, the headers and the framing of the largest record."""

BATCH_BYTES = 256 * 1024
"""The worker's own producer batches as much; aiokafka's default of 16 KiB holds five pages."""

LINGER_MS = 5


@dataclass(frozen=True, slots=True)
class Sending:
    """A record to send; without a timestamp the present is its time."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    timestamp_ms: int | None = None


class Sender:
    """Sends records in order and counts what becomes of them."""

    def __init__(self, producer: AIOKafkaProducer, settings: Settings) -> None:
        """Send with a producer that runs."""
        self._producer = producer
        self._settings = settings
        self._oldest_ms: dict[str, int] = {}
        self._waiting: set[asyncio.Future[object]] = set()
        self._refused = 0
        self._error = ""
        self.sent = 0

    async def require_topic(self, topic: str) -> None:
        """Learn how long a topic keeps records; raise `Fatal` `topic_missing` where the broker does not have it."""
        # Asked for by its name, a missing topic may be made by the broker, with settings of its own.
        if topic not in await list_topics(self._settings):
            message = f"the broker has no topic {topic}; `newsworker topics apply` creates the contract's topics"
            raise Fatal("topic_missing", STAGE, message)
        retention_ms = await find_retention_ms(self._settings, topic)
        if retention_ms is not None:
            self._oldest_ms[topic] = round(1000 * time.time()) - retention_ms

    async def send(self, record: Sending, acknowledged: Callable[[], None] = lambda: None) -> None:
        """Hand a record over; it waits while the batch for its partition is full.

        Args:
            record: What to send.
            acknowledged: Called once the broker has it.

        Raises:
            Transient: `send_refused`, when an earlier record or this one was refused.
            Fatal: `would_expire`, when the record is older than the topic keeps records.
        """
        self._check()
        self._check_age(record)
        try:
            future = await self._producer.send(
                record.topic,
                record.value,
                record.key,
                headers=list(record.headers),
                timestamp_ms=record.timestamp_ms,
            )
        except KafkaError as error:
            self._refuse(error)
            self._check()
        else:
            self._watch(future, acknowledged)

    async def drain(self) -> None:
        """Wait until each record is acknowledged; raises as `send` where one was refused."""
        while self._waiting:
            await asyncio.wait(self._waiting)
        self._check()

    def _watch(self, future: asyncio.Future[object], acknowledged: Callable[[], None]) -> None:
        def count(done: asyncio.Future[object]) -> None:
            self._waiting.discard(done)
            error = done.exception()
            if error is not None:
                self._refuse(error)
            else:
                self.sent += 1
                acknowledged()

        self._waiting.add(future)
        future.add_done_callback(count)

    def _refuse(self, error: BaseException) -> None:
        self._refused += 1
        self._error = self._error or f"{type(error).__name__}: {error}"

    def _check_age(self, record: Sending) -> None:
        if record.timestamp_ms is not None and record.timestamp_ms < self._oldest_ms.get(record.topic, 0):
            advice = "set its retention.ms to -1, or pass --now, which gives the messages the present time"
            raise Fatal("would_expire", STAGE, f"{record.topic} deletes messages of that age at once: {advice}")

    def _check(self) -> None:
        if self._refused:
            message = f"{self._refused} messages were refused, {self.sent} sent; the first: {self._error}"
            raise Transient("send_refused", STAGE, message)


@asynccontextmanager
async def open_sender(settings: Settings) -> AsyncIterator[Sender]:
    """Open a sender; on leaving without an error all is acknowledged.

    Raises:
        Transient: `broker_unreachable`, `send_refused`.
    """
    producer = AIOKafkaProducer(
        bootstrap_servers=settings.broker,
        acks="all",
        enable_idempotence=True,
        linger_ms=LINGER_MS,
        max_batch_size=BATCH_BYTES,
        max_request_size=MAX_REQUEST_BYTES,
        **security.clients(settings),
    )
    try:
        await producer.start()
        sender = Sender(producer, settings)
        yield sender
        await sender.drain()
    except KafkaConnectionError as error:
        raise unreachable(settings, STAGE) from error
    finally:
        await producer.stop()
