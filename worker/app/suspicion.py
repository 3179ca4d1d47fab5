"""Poison: a message at which the process dies (killed for its memory, crashed in a C library) is found and put aside.

In: batches of the current assignment, on their way to delivery. Out: the messages that are finished. What it knows it
keeps in Kafka, in the metadata of the group's committed offsets, so that the next process knows it wherever it runs:

- `begun`: somebody has begun at this offset, and has committed nothing since. Whoever finds it is careful: it works on
  one message at a time.
- `trying OFFSET TIMES`: it is being worked on, for the so-manieth time. Written before the work and replaced by `begun`
  after it, so that only an end in between counts: not one while the broker was away, or at a stop.

A mark never stands in the way: every commit that comes of finished work replaces it.
"""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Protocol

from worker import log
from worker.app.delivery import Delivery
from worker.breaker import Breaker
from worker.errors import Fatal
from worker.guard import Failure
from worker.incoming import Incoming
from worker.settings import Settings

BEGUN = "begun"
TRYING = re.compile(r"trying (?P<offset>\d+) (?P<times>\d+)")

CAREFUL_MESSAGES = 2000
"""As many as a process works on in the second between two commits: the one that killed it is among them."""


class Marks(Protocol):
    """The committed offsets' metadata, and what else is needed of the consumer."""

    @property
    def generation(self) -> int:
        """The number of the group's assignment: another one means that all is known no more."""

    async def read_marks(self, topic: str, partitions: Sequence[int]) -> Mapping[int, str]:
        """Return the metadata of the partitions' committed offsets."""

    async def write_mark(self, topic: str, partition: int, offset: int, text: str) -> bool:
        """Commit an offset with metadata; tell whether the partition was still ours."""

    def hold(self, topic: str, partition: int, *, held: bool) -> None:
        """Keep the consumer from committing a partition, or let it."""


class Suspicion:
    """Hands batches on, one message at a time where a process has died."""

    def __init__(self, marks: Marks, delivery: Delivery, breaker: Breaker, settings: Settings) -> None:
        """Put a message aside at which `poison_restarts` processes have ended."""
        self._marks = marks
        self._delivery = delivery
        self._breaker = breaker
        self._restarts = settings.poison_restarts
        self._generation: int | None = None
        self._careful: dict[int, int] = {}
        self._tried: dict[int, tuple[int, int]] = {}

    async def handle(self, messages: Sequence[Incoming]) -> Sequence[Incoming]:
        """Deliver messages; return those that are finished: none where the breaker has stopped all work."""
        if self._breaker.is_open:
            return ()
        await self._look(messages)
        calm = [message for message in messages if not self._careful[message.partition]]
        finished = list(await self._delivery.handle(calm)) if calm else []
        for partition in [partition for partition, left in self._careful.items() if left]:
            suspects = [message for message in messages if message.partition == partition]
            finished += await self._handle_suspects(suspects)
        return finished

    async def _look(self, messages: Sequence[Incoming]) -> None:
        """Read the marks of partitions that are met for the first time in this assignment, and leave one there."""
        if self._generation != self._marks.generation:
            self._generation, self._careful, self._tried = self._marks.generation, {}, {}
        first = {message.partition: message for message in reversed(messages) if message.partition not in self._careful}
        if not first:
            return
        topic = messages[0].topic
        found = await self._marks.read_marks(topic, list(first))
        for partition, message in first.items():
            await self._begin(message, found.get(partition, ""))

    async def _begin(self, message: Incoming, mark: str) -> None:
        trying = TRYING.fullmatch(mark)
        is_careful = bool(trying) or mark == BEGUN
        self._careful[message.partition] = CAREFUL_MESSAGES if is_careful else 0
        self._marks.hold(message.topic, message.partition, held=is_careful)
        if trying:
            self._tried[message.partition] = int(trying["offset"]), int(trying["times"])
        if not is_careful:
            await self._mark(message, message.offset, BEGUN)

    async def _handle_suspects(self, messages: Sequence[Incoming]) -> Sequence[Incoming]:
        finished = list[Incoming]()
        for message in messages:
            if not await self._handle_suspect(message):
                break
            finished.append(message)
        if finished:
            last = finished[-1]
            self._careful[last.partition] = max(self._careful[last.partition] - len(finished), 0)
            is_over = not self._careful[last.partition]
            await self._mark(last, last.offset + 1, "" if is_over else BEGUN)
            self._marks.hold(last.topic, last.partition, held=not is_over)
        return finished

    async def _handle_suspect(self, message: Incoming) -> bool:
        """Deliver one message, or put it aside; tell whether it is finished."""
        offset, times = self._tried.get(message.partition, (-1, 0))
        times = times if offset == message.offset else 0
        if times >= self._restarts:
            log.get().error("poison_found", topic=message.topic, partition=message.partition, offset=message.offset)
            await self._delivery.put_aside(message, _poison(times))
            return True
        if not await self._mark(message, message.offset, f"trying {message.offset} {times + 1}"):
            return False
        worked = partial(self._mark, message, message.offset, BEGUN)
        try:
            if await self._delivery.handle([message], worked):
                return True
        except (Fatal, ExceptionGroup) as error:
            if isinstance(error, Fatal) or error.split(Fatal)[1] is None:
                # The process ends, and not by the message: it could not read its state, say.
                await worked()
            raise
        # The breaker has opened at it: that is no death, and must not look like one.
        await worked()
        return False

    async def _mark(self, message: Incoming, offset: int, text: str) -> bool:
        return await self._marks.write_mark(message.topic, message.partition, offset, text)


def _poison(times: int) -> Failure:
    return Failure("poison", "work", "ProcessEnded", f"{times} processes ended while they worked on this message")
