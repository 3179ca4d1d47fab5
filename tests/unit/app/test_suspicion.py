"""Finding the message at which processes die: with deaths made up, and marks in a dictionary for Kafka."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.app.delivery import Signal, no_signal
from worker.app.suspicion import BEGUN, CAREFUL_MESSAGES, Suspicion
from worker.breaker import Breaker
from worker.errors import Fatal
from worker.guard import Failure
from worker.incoming import Incoming
from worker.settings import Settings

RESTARTS = 3
BATCH = 7


class Death(Exception):  # noqa: N818 - it is what happens
    """The end of a process."""


@dataclass
class Log:
    """A topic of one partition, the group's committed offset with its metadata, and what became of the messages."""

    poison: frozenset[int] = frozenset()
    dies_publishing: frozenset[int] = frozenset()
    committed: int = 0
    mark: str = ""
    delivered: list[int] = field(default_factory=list)
    aside: list[int] = field(default_factory=list)


@dataclass
class Process:
    """A process's consumer and delivery over the log; it commits what is finished, at the end of each batch."""

    log: Log
    generation: int = 1
    held: bool = False
    breaker: Breaker = field(default_factory=lambda: Breaker(Settings()))
    opens_at: int = -1

    async def read_marks(self, _topic: str, partitions: Sequence[int]) -> Mapping[int, str]:
        """Return the mark of the one partition."""
        return dict.fromkeys(partitions, self.log.mark)

    async def write_mark(self, _topic: str, _partition: int, offset: int, text: str) -> bool:
        """Commit with a mark."""
        self.log.committed, self.log.mark = offset, text
        return True

    def hold(self, _topic: str, _partition: int, *, held: bool) -> None:
        """Commit nothing meanwhile."""
        self.held = held

    async def handle(self, messages: Sequence[Incoming], worked: Signal = no_signal) -> Sequence[Incoming]:
        """Die at what is poison."""
        for message in messages:
            if message.offset in self.log.poison:
                raise Death
            if message.offset == self.opens_at:
                self.breaker.is_open = True
                return ()
            await worked()
            if message.offset in self.log.dies_publishing:
                raise Death
            self.log.delivered.append(message.offset)
        return messages

    async def put_aside(self, message: Incoming, failure: Failure) -> None:
        """Take note."""
        assert failure.reason == "poison"
        self.log.aside.append(message.offset)


def run_once(log: Log, count: int) -> bool:
    """Run a process from the committed offset; tell whether it came to the end alive."""
    process = Process(log)
    suspicion = Suspicion(process, process, process.breaker, Settings(poison_restarts=RESTARTS))
    try:
        for first in range(log.committed, count, BATCH):
            batch = [message(offset) for offset in range(first, min(first + BATCH, count))]
            assert asyncio.run(suspicion.handle(batch)) == batch
            if not process.held:
                log.committed, log.mark = batch[-1].offset + 1, ""
    except Death:
        return False
    return True


def message(offset: int) -> Incoming:
    """Return a message of the partition."""
    return Incoming("raw", 0, offset, 0, None, b"page")


def starts_until_alive(log: Log, count: int, most: int = 100) -> int:
    """Start processes until one lives; return how many it took."""
    return next(number for number in range(1, most) if run_once(log, count))


@settings(deadline=None)
@given(poison=st.frozensets(st.integers(0, 39), max_size=3))
def test_what_kills_is_put_aside_and_nothing_else(poison: frozenset[int]) -> None:
    """Every other message is delivered, and each poison costs two processes in a batch and three alone, at most."""
    log = Log(poison)
    starts = starts_until_alive(log, 40)
    assert sorted(log.aside) == sorted(poison)
    assert set(log.delivered) == set(range(40)) - poison
    assert starts <= 1 + len(poison) * (2 + RESTARTS)


def test_a_death_after_the_work_accuses_nobody() -> None:
    """However often: nothing is put aside."""
    log = Log(dies_publishing=frozenset({12}))
    assert [run_once(log, 40) for _ in range(20)] == [False] * 20
    log.dies_publishing = frozenset()
    assert run_once(log, 40)
    assert log.aside == []
    assert set(log.delivered) == set(range(40))


def test_a_process_without_deaths_before_it_works_in_batches() -> None:
    """It leaves a mark where it begins, and nothing of it remains."""
    log = Log()
    assert run_once(log, 40)
    assert (log.committed, log.mark) == (40, "")


def test_care_ends_with_its_messages() -> None:
    """After as many messages as a second's work the partition is handled in batches again, and commits by itself."""
    log = Log(mark=BEGUN)
    count = CAREFUL_MESSAGES + 10 * BATCH
    process = Process(log)
    suspicion = Suspicion(process, process, process.breaker, Settings(poison_restarts=RESTARTS))
    for first in range(0, count, BATCH):
        asyncio.run(suspicion.handle([message(offset) for offset in range(first, first + BATCH)]))
    assert not process.held
    assert log.mark == ""
    assert CAREFUL_MESSAGES <= log.committed < CAREFUL_MESSAGES + BATCH


@pytest.mark.parametrize("mark", ["trying 3 3", "trying x", "somebody else's"])
def test_a_mark_of_another_message_or_writer_accuses_nobody(mark: str) -> None:
    """Only the message that the mark names is put aside."""
    log = Log(mark=mark)
    assert run_once(log, 40)
    assert log.aside == [3] * (mark == "trying 3 3")
    other = Log(committed=4, mark=mark)
    assert run_once(other, 40)
    assert other.aside == []


def test_partitions_are_suspected_by_themselves() -> None:
    """Where nobody has died messages go on in batches, beside a partition that is handled with care."""
    calls: list[list[int]] = []

    class Noting(Process):
        async def read_marks(self, _topic: str, partitions: Sequence[int]) -> Mapping[int, str]:
            return {partition: BEGUN if partition == 1 else "" for partition in partitions}

        async def handle(self, messages: Sequence[Incoming], worked: Signal = no_signal) -> Sequence[Incoming]:
            calls.append(sorted(one.partition for one in messages))
            return await super().handle(messages, worked)

    process = Noting(Log())
    suspicion = Suspicion(process, process, process.breaker, Settings())
    batch = [Incoming("raw", partition, offset, 0, None, b"") for offset in range(3) for partition in range(2)]
    finished = asyncio.run(suspicion.handle(batch))
    assert in_order(finished) == in_order(batch)
    assert calls == [[0, 0, 0], [1], [1], [1]]


def in_order(messages: Iterable[Incoming]) -> list[tuple[int, int]]:
    """Return the messages' places in their order."""
    return sorted((one.partition, one.offset) for one in messages)


@pytest.mark.parametrize("rebalances", [1, 10])
def test_an_open_breaker_accuses_nobody(rebalances: int) -> None:
    """However often the partition comes back to a worker that has stopped, the message at which it did is no poison."""
    log = Log(mark=BEGUN)
    process = Process(log, opens_at=3)
    suspicion = Suspicion(process, process, process.breaker, Settings(poison_restarts=RESTARTS))
    for _ in range(rebalances):
        asyncio.run(suspicion.handle([message(offset) for offset in range(log.committed, 10)]))
        process.generation += 1
    assert (log.aside, log.mark) == ([], BEGUN)
    assert log.committed == 3
    assert run_once(log, 40)
    assert log.aside == []


@pytest.mark.parametrize("is_grouped", [False, True])
def test_a_process_that_cannot_go_on_accuses_nobody(*, is_grouped: bool) -> None:
    """State that cannot be read ends process after process at one message: that is no death at it."""
    log = Log(mark=BEGUN)

    class Unreadable(Process):
        async def handle(self, messages: Sequence[Incoming], worked: Signal = no_signal) -> Sequence[Incoming]:  # noqa: ARG002
            error = Fatal("state_not_stored", "dedupe", "an error of the disk")
            raise ExceptionGroup("", [error]) if is_grouped else error

    for _ in range(3 * RESTARTS):
        process = Unreadable(log)
        suspicion = Suspicion(process, process, process.breaker, Settings(poison_restarts=RESTARTS))
        with pytest.raises((Fatal, ExceptionGroup)):
            asyncio.run(suspicion.handle([message(0)]))
        assert (log.aside, log.committed, log.mark) == ([], 0, BEGUN)
