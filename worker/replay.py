"""Recorded messages onto a topic, at a chosen rate: `newsworker replay`.

In: messages of files, from `sources`, their bytes unchanged. Out: to a topic, keyed by URL or id as a scraper keys
them, every acknowledgement awaited; progress and the count on standard error. It consumes nothing and touches no group.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import chain

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaConnectionError, KafkaError, UnknownTopicOrPartitionError
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from worker.errors import Fatal, Permanent, Transient
from worker.settings import MIB, Settings
from worker.sources import Sourced, find, key_of, read

STAGE = "replay"

MAX_MESSAGE_BYTES = 12 * MIB
"""What the raw topic takes (`topics apply`); a larger message of a file is not sent."""

MAX_REQUEST_BYTES = MAX_MESSAGE_BYTES + MIB
"""Room for the key, the headers and the framing of the largest message."""

BATCH_BYTES = 256 * 1024
"""The worker's own producer batches as much; aiokafka's default of 16 KiB holds five pages."""

LINGER_MS = 5

TOPIC_SECONDS = 15.0
"""Longest wait for the topic's metadata; aiokafka alone would ask for 40 s."""

PROGRESS_MESSAGES = 100
"""The bar moves once in so many messages: at 50,000 a second each move counts."""


@dataclass(slots=True)
class _Tally:
    """What became of the messages so far; `error` is the first one's, `refused` the broker's part of `failed`."""

    sent: int = 0
    failed: int = 0
    refused: int = 0
    error: str = ""
    waiting: set[asyncio.Future[object]] = field(default_factory=set)

    def watch(self, acknowledgement: asyncio.Future[object]) -> None:
        """Count the message once its acknowledgement is in."""
        self.waiting.add(acknowledgement)
        acknowledgement.add_done_callback(self._count)

    def leave_out(self, sourced: Sourced, error: Permanent) -> None:
        """Count a message that its file does not hold whole."""
        self._fail(f"{error.reason} at {sourced.message.topic}, message {sourced.message.offset}")

    def refuse(self, error: BaseException) -> None:
        """Count a message that the broker did not take."""
        self.refused += 1
        self._fail(f"{type(error).__name__}: {error}")

    def _count(self, acknowledgement: asyncio.Future[object]) -> None:
        self.waiting.discard(acknowledgement)
        error = acknowledgement.exception()
        if error is None:
            self.sent += 1
        else:
            self.refuse(error)

    def _fail(self, error: str) -> None:
        self.failed += 1
        self.error = self.error or error


async def replay_file(inputs: Sequence[str], settings: Settings, *, topic: str, rate: float) -> int:
    """Play all messages of the inputs onto a topic and return how many were acknowledged.

    Args:
        inputs: Files, folders or `-`, as `sources.find` takes them.
        settings: For the broker's address.
        topic: The topic; it must be there.
        rate: Messages a second; 0 is as fast as the broker takes them.

    Raises:
        Fatal: `bad_input` for the files; `topic_missing`.
        Transient: `broker_unreachable`; `replay_incomplete`, at the end, when messages were left out because they are
            too large or their file is damaged, or at once, when the broker has refused one.
    """
    sources = find(inputs)
    tally = _Tally()
    async with _producer(settings) as producer:
        await _require_topic(producer, topic)
        messages = chain.from_iterable(read(source, MAX_MESSAGE_BYTES) for source in sources)
        await _play(producer, topic, messages, rate, tally)
    sys.stderr.write(f"sent {tally.sent}, failed {tally.failed}\n")
    if tally.failed:
        raise Transient("replay_incomplete", STAGE, f"{tally.failed} messages were not sent; the first: {tally.error}")
    return tally.sent


@asynccontextmanager
async def _producer(settings: Settings) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(
        bootstrap_servers=settings.broker,
        acks="all",
        enable_idempotence=True,
        linger_ms=LINGER_MS,
        max_batch_size=BATCH_BYTES,
        max_request_size=MAX_REQUEST_BYTES,
    )
    try:
        await producer.start()
        yield producer
    except KafkaConnectionError as error:
        message = f"no broker answers at {settings.broker}; start one or name another with --broker"
        raise Transient("broker_unreachable", STAGE, message) from error
    finally:
        await producer.stop()


async def _require_topic(producer: AIOKafkaProducer, topic: str) -> None:
    try:
        await asyncio.wait_for(producer.partitions_for(topic), TOPIC_SECONDS)
    except (UnknownTopicOrPartitionError, TimeoutError) as error:
        message = f"the broker has no topic {topic}; `newsworker topics apply` creates the contract's topics"
        raise Fatal("topic_missing", STAGE, message) from error


async def _play(
    producer: AIOKafkaProducer, topic: str, messages: Iterable[Sourced], rate: float, tally: _Tally
) -> None:
    loop = asyncio.get_running_loop()
    started = loop.time()
    with _progress(topic) as move:
        for number, sourced in enumerate(messages):
            if rate:
                await asyncio.sleep(max(0.0, started + number / rate - loop.time()))
            await _send(producer, topic, sourced, tally)
            if tally.refused:
                break
            if number % PROGRESS_MESSAGES == 0:
                move(tally.sent)
        while tally.waiting:
            await asyncio.wait(tally.waiting)
        move(tally.sent)


async def _send(producer: AIOKafkaProducer, topic: str, sourced: Sourced, tally: _Tally) -> None:
    """Hand a message to the producer, which waits while its batch for the partition is full: memory stays bounded."""
    message = sourced.message
    if sourced.error is not None:
        tally.leave_out(sourced, sourced.error)
        return
    try:
        tally.watch(await producer.send(topic, message.value, key_of(message), headers=list(message.headers)))
    except KafkaError as error:
        tally.refuse(error)


@contextmanager
def _progress(topic: str) -> Iterator[Callable[[int], None]]:
    """Show the number of acknowledged messages on a terminal; yields what moves it."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(f"acknowledged by {topic}", total=None)
        yield lambda sent: progress.update(task, completed=sent)
