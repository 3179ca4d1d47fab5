"""A half of the worker, run in the test's own process, with a handler of batches that the test opens and shuts.

In: the settings of a test. Out: the half's consumer, once it has its partitions.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import cast

from kafka_client import Sent

from worker.app import factory
from worker.app.consumer import Consumer
from worker.app.factory import App, Half
from worker.app.monitor import state_of
from worker.app.transport import Producer
from worker.breaker import Breaker
from worker.incoming import Incoming
from worker.publish import Publisher
from worker.settings import Settings

START_SECONDS = 30
STOP_SECONDS = 30

BATCH_SECONDS = 1.0
"""Longest wait for a batch to be full: on a busy machine, too, what is there is taken together."""
Handle = Callable[[Sequence[Incoming]], Awaitable[Sequence[Incoming]]]


async def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds that nobody announces."""
    async with asyncio.timeout(START_SECONDS):
        while not condition():  # noqa: ASYNC110 - Faust sets no event
            await asyncio.sleep(0.02)


class Gate:
    """A handler of batches that lets none through until it is opened."""

    def __init__(self) -> None:
        self.seen: list[Incoming] = []
        self.is_open = asyncio.Event()

    async def __call__(self, messages: Sequence[Incoming]) -> Sequence[Incoming]:
        """Note the messages, wait, and finish them."""
        self.seen.extend(messages)
        await self.is_open.wait()
        return messages

    async def wait_for(self, count: int) -> None:
        """Wait until so many messages have come."""
        await until(lambda: len(self.seen) >= count)


def half_with(settings: Settings, handle: Handle) -> Half:
    """Return a split half that handles batches in a way of the test's own; what was produced at once is one of them."""
    settings = settings.model_copy(update={"batch_seconds": BATCH_SECONDS})
    app = App(settings.group_of("split"), **factory._options("split", settings))
    factory._add_agent(app, settings.topics.raw, handle, settings)
    publisher = Publisher(cast("Producer", app.producer), role="split", timeout_seconds=5)
    return Half("split", settings.topics.raw, app, publisher, Breaker(settings))


@asynccontextmanager
async def running(half: Half) -> AsyncIterator[Consumer]:
    """Run a half in this process until the block ends."""
    starting = asyncio.create_task(half.app.start())
    try:
        await until(lambda: state_of(half) == "running")
        yield half.consumer
    finally:
        await stop(half)
        await starting


async def stop(half: Half) -> None:
    """Stop a half. What a failed test has left in its handler's hands is given up: Faust would wait for it for ever."""
    stopping = asyncio.create_task(half.app.stop())
    await asyncio.wait([stopping], timeout=STOP_SECONDS)
    half.consumer._unacked_messages.clear()
    await stopping


def numbered(count: int) -> list[Sent]:
    """Return messages that are no pages; all go to partition 0."""
    return [Sent(str(number).encode(), partition=0) for number in range(count)]


@asynccontextmanager
async def having_read(settings: Settings, count: int) -> AsyncIterator[Consumer]:
    """Run a half until the block ends, which begins when so many messages are read and finished."""
    gate = Gate()
    gate.is_open.set()
    async with running(half_with(settings, gate)) as consumer:
        await gate.wait_for(count)
        yield consumer
