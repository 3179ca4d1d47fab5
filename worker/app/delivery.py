"""Delivery: what a half made of a batch, onto the topics and into the state, and the books closed.

In: batches of `Incoming` of the current assignment, and a half that works on each message. Out: the messages that are
finished, in their order, to the agent, which lets their offsets be committed. There are two ways. `Pipelined`: each
message's records are published while the next is worked on, all acknowledged before the return; a crash repeats them.
`Transactional`: what a partition's messages came to is committed in one transaction, records, dead letters and state
together, and with them, where delivery is exactly once, the offset: a crash then repeats nothing that a reader of
committed records has seen.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from worker import deadletter, metrics
from worker.app.tables import Entry, Tables
from worker.app.work import Done, Work, Worked, Worker
from worker.app.writers import Offset, Writer, Writers
from worker.breaker import Breaker
from worker.errors import Permanent
from worker.guard import Failure, attempt, failure_of, fault_point
from worker.incoming import Incoming
from worker.ledger import Ledger
from worker.publish import Outgoing, Publisher

Signal = Callable[[], Awaitable[object]]

REPLACED = frozenset({"headline", "copy"})
"""Kinds that one batch may write again and again under one key. Of all others every record counts."""


async def no_signal() -> None:
    """Tell nobody."""


class Delivery(Protocol):
    """A way of delivering."""

    async def handle(self, messages: Sequence[Incoming], worked: Signal = no_signal) -> Sequence[Incoming]:
        """Work on messages and deliver what they come to; return the finished ones: all, where the breaker is closed.

        `worked` is awaited when the work is over and nothing is published yet.
        """

    async def put_aside(self, message: Incoming, failure: Failure) -> None:
        """Make a message a dead letter without working on it."""


class Desk:
    """What both ways need: the work of one message, and its books."""

    def __init__(self, ledger: Ledger, worker: Worker, breaker: Breaker, deadletters: str) -> None:
        """Close books in `ledger`; put dead letters onto the topic `deadletters`."""
        self._worker = worker
        self._breaker = breaker
        self._deadletters = deadletters
        self._ledger = ledger

    def begin(self) -> Work:
        """Return the work for a batch."""
        return self._worker.begin()

    @property
    def is_closed(self) -> bool:
        """Whether the breaker has stopped all work."""
        return self._breaker.is_open

    def work(self, work: Work, message: Incoming) -> Done:
        """Work on a message."""
        started = time.perf_counter()
        fault_point.passes("taken", message)
        result = attempt(partial(work, message))
        fault_point.passes("worked", message)
        return Done(message, result, started)

    def admits(self, done: Done) -> bool:
        """Ask the breaker."""
        return self._breaker.admits(failed=isinstance(done.result, Failure))

    def letters(self, message: Incoming, failure: Failure) -> Sequence[Outgoing]:
        """Return a message's dead letter, and what is left of it where it does not fit."""
        return deadletter.letters(message, failure, self._deadletters)

    def close(self, done: Done) -> None:
        """Count and log a message that is delivered, and tell the breaker whether a topic has refused it."""
        if isinstance(done.result, Failure):
            if done.result.stage == "publish":
                self._breaker.note_delivery(failed=True)
            self._ledger.close_failed(done.message, done.result, done.started)
        else:
            self._breaker.note_delivery(failed=False)
            _count(done.result)
            self._ledger.close(done.message, done.result.outcome, done.started, **done.result.told)
        fault_point.passes("counted", done.message)


def _count(worked: Worked) -> None:
    if worked.unknown_fields:
        metrics.UNKNOWN_FIELDS.inc(worked.unknown_fields)
    if worked.mention is not None:
        metrics.series(metrics.VERDICTS, worked.mention.verdict, worked.mention.match or "none").inc()


class Pipelined:
    """Publishes each message's records by themselves, while the next message is worked on."""

    def __init__(self, desk: Desk, publisher: Publisher) -> None:
        """Publish through `publisher`."""
        self._desk = desk
        self._publisher = publisher

    async def handle(self, messages: Sequence[Incoming], worked: Signal = no_signal) -> Sequence[Incoming]:
        """As `Delivery.handle`."""
        finished = list[Incoming]()
        if self._desk.is_closed:
            return finished
        work = self._desk.begin()
        async with asyncio.TaskGroup() as deliveries:
            for message in messages:
                done = self._desk.work(work, message)
                if not self._desk.admits(done):
                    break
                await worked()
                finished.append(message)
                deliveries.create_task(self._deliver(done))
                # Heartbeats, fetches and commits go on between two messages.
                await asyncio.sleep(0)
        return finished

    async def put_aside(self, message: Incoming, failure: Failure) -> None:
        """As `Delivery.put_aside`."""
        await self._deliver(Done(message, failure, time.perf_counter()))

    async def _deliver(self, done: Done) -> None:
        if isinstance(done.result, Worked):
            done = replace(done, result=await self._publish(done.result))
        if isinstance(done.result, Failure):
            await deadletter.publish(self._desk.letters(done.message, done.result), self._publisher)
        fault_point.passes("published", done.message)
        self._desk.close(done)

    async def _publish(self, worked: Worked) -> Worked | Failure:
        if not worked.records:
            return worked
        try:
            with metrics.time_stage("publish"):
                await self._publisher.publish(worked.records)
        except Permanent as error:
            return failure_of(error)
        return worked


class Transactional:
    """Commits a batch in one transaction for each of its partitions."""

    def __init__(
        self, desk: Desk, writers: Writers, tables: Tables | None = None, *, commits_offsets: bool = False
    ) -> None:
        """Commit through `writers`, with offsets where that is said; keep state in `tables`, where the half has any."""
        self._desk = desk
        self._commits_offsets = commits_offsets
        self._writers = writers
        self._tables = tables

    async def handle(self, messages: Sequence[Incoming], worked: Signal = no_signal) -> Sequence[Incoming]:
        """As `Delivery.handle`."""
        if self._desk.is_closed:
            return ()
        parts = _by_partition(messages)
        # Before anything is decided: when a rebalance comes between, these writers are fenced.
        writers = self._writers.of(parts)
        finishing = list[asyncio.Task[Sequence[Incoming]]]()
        for partition, own in parts.items():
            # One partition is committed while the next is worked on.
            done = await self._work(own)
            await worked()
            finishing.append(asyncio.create_task(self._finish(writers[partition], done)))
        ends = await asyncio.gather(*finishing, return_exceptions=True)
        for end in ends:
            # Only when none is under way any more.
            if isinstance(end, BaseException):
                raise end
        return [message for end in ends if not isinstance(end, BaseException) for message in end]

    async def put_aside(self, message: Incoming, failure: Failure) -> None:
        """As `Delivery.put_aside`."""
        writer = self._writers.of([message.partition])[message.partition]
        await self._put_aside(writer, Done(message, failure, time.perf_counter()))

    async def _work(self, messages: Sequence[Incoming]) -> Sequence[Done]:
        done = list[Done]()
        work = self._desk.begin()
        for message in messages:
            one = self._desk.work(work, message)
            if not self._desk.admits(one):
                break
            done.append(one)
            await asyncio.sleep(0)
        return done

    async def _finish(self, writer: Writer, done: Sequence[Done]) -> Sequence[Incoming]:
        if not done:
            return ()
        try:
            await self._commit(writer, done)
        except Permanent as error:
            await self._finish_apart(writer, done, error)
        return [one.message for one in done]

    async def _finish_apart(self, writer: Writer, done: Sequence[Done], error: Permanent) -> None:
        """Find the message whose records a topic refused: that one is put aside, the others are decided without it."""
        if len(done) == 1:
            await self._put_aside(writer, _failed(done[0], error))
            return
        for one in done:
            await self._finish(writer, [self._desk.work(self._desk.begin(), one.message)])

    async def _put_aside(self, writer: Writer, done: Done) -> None:
        assert isinstance(done.result, Failure)
        *larger, smallest = self._desk.letters(done.message, done.result)
        for letter in larger:
            try:
                await writer.commit([letter], self._offset([done]))
            except Permanent:
                continue
            break
        else:
            await writer.commit([smallest], self._offset([done]))
        self._close([done])

    async def _commit(self, writer: Writer, done: Sequence[Done]) -> None:
        """Commit what one partition's messages came to, and keep it."""
        outputs = _latest(record for one in done for record in self._records(one))
        entries = _entries(done)
        changelog = [self._tables.changelog(entry) for entry in entries] if self._tables else []
        with metrics.time_stage("publish"):
            placed = await writer.commit([*outputs, *changelog], self._offset(done))
        fault_point.passes("published")
        if self._tables:
            offsets = (position.offset for position in placed[len(outputs) :])
            await self._tables.keep(list(zip(entries, offsets, strict=True)))
            fault_point.passes("stored")
        self._close(done)

    def _offset(self, done: Sequence[Done]) -> Offset | None:
        last = done[-1].message
        return Offset(last.topic, last.partition, last.offset + 1) if self._commits_offsets else None

    def _records(self, done: Done) -> Iterable[Outgoing]:
        if isinstance(done.result, Worked):
            return done.result.records
        return self._desk.letters(done.message, done.result)[:1]

    def _close(self, done: Iterable[Done]) -> None:
        for one in done:
            self._desk.close(one)


def _by_partition(messages: Iterable[Incoming]) -> Mapping[int, list[Incoming]]:
    parts: dict[int, list[Incoming]] = {}
    for message in messages:
        parts.setdefault(message.partition, []).append(message)
    return parts


def _failed(done: Done, error: Permanent) -> Done:
    # What has failed before keeps its reason: then it was the dead letter that was refused.
    return done if isinstance(done.result, Failure) else replace(done, result=failure_of(error))


def _entries(done: Iterable[Done]) -> list[Entry]:
    """Return the last state of each key."""
    entries = (entry for one in done if isinstance(one.result, Worked) for entry in one.result.entries)
    return list({(entry.table, entry.key): entry for entry in entries}.values())


def _latest(outputs: Iterable[Outgoing]) -> list[Outgoing]:
    """Leave out records that a later one of the same key replaces at once: a reader needs only that one."""
    latest: dict[object, Outgoing] = {}
    for number, record in enumerate(outputs):
        latest[(record.topic, record.key) if record.kind in REPLACED else number] = record
    return list(latest.values())
