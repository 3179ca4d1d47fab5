"""Recorded messages, onto a topic or through the pipeline: `newsworker replay`.

In: messages of files, from `sources`, or of a bounded range of a topic, from `reader`; bytes, key, headers and
timestamp as they were. Out: onto a topic, with the header `replay.id`, every acknowledgement awaited; or into a folder,
as `process` writes it. Progress and counts go to standard error. It commits nothing and touches no group.
"""

import sys
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from worker.diff import Report, report
from worker.errors import Permanent, Transient
from worker.incoming import REPLAY_ID, Incoming
from worker.pace import FULL_SPEED, Pace, keep_pace
from worker.printable import excerpt
from worker.process import Summary, processing
from worker.progress import show_progress
from worker.reader import Range, Reading, open_range
from worker.resume import Plan, Position, load
from worker.sender import MAX_RECORD_BYTES, Sender, Sending, open_sender
from worker.settings import MIB, Settings
from worker.sources import Source, Sourced, find, of_topic, read, sending_key

STAGE = "replay"

MAX_MESSAGE_BYTES = 12 * MIB
"""What the raw topic takes (`topics apply`); a larger message of a file is not sent there."""


NAME_CHARACTERS = 100
"""Told of a topic or a replay's id; a recording says what its topics are called."""


@dataclass(frozen=True, slots=True)
class Play:
    """What is played: files, folders or `-`, as `sources.find` takes them, or a range of a topic.

    `words` is the range as it was asked for: `3h` is another time in every run.
    """

    inputs: Sequence[str] = ()
    wanted: Range | None = None
    words: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What a state file knows the play by."""
        return self.words or ((repr(self.wanted),) if self.wanted else tuple(self.inputs))


@dataclass(frozen=True, slots=True)
class Onto:
    """Where to and how: the topic, which must be there, and how fast.

    `replay_id` is for the header of every message; empty: a random one. `resume` is the file that says how far an
    earlier run got, and is kept up to date. With `now` every message gets the present for its timestamp: its event time
    is then what it says of itself.
    """

    topic: str
    pace: Pace = FULL_SPEED
    replay_id: str = ""
    resume: Path | None = None
    now: bool = False


async def replay_file(inputs: Sequence[str], settings: Settings, *, topic: str, rate: float) -> int:
    """Play files onto a topic at a rate; see `play_onto`."""
    return await play_onto(Play(inputs), settings, Onto(topic, Pace(rate=rate)))


async def play_onto(play: Play, settings: Settings, onto: Onto) -> int:
    """Play messages onto a topic and return how many were acknowledged.

    Raises:
        Fatal: `bad_input` for files, range or state file; `topic_missing`; `would_expire`, for messages that are older
            than the topic keeps records.
        Transient: `broker_unreachable`; `send_refused`, at once; `replay_incomplete`, at the end, when messages were
            left out, now or before the replay was resumed, because they are too large or their file is damaged.
    """
    sources = [] if play.wanted else find(play.inputs)
    position = load(onto.resume, Plan(play.names, onto.topic), onto.replay_id or uuid4().hex)
    async with open_sender(settings) as sender:
        await sender.require_topic(onto.topic)
        limit = MAX_MESSAGE_BYTES if onto.topic == settings.topics.raw else MAX_RECORD_BYTES
        try:
            async with _open(play, sources, settings, limit, position) as played:
                await _send_all(sender, played, onto, position)
        finally:
            position.save()
            name = excerpt(position.replay_id, NAME_CHARACTERS)
            sys.stderr.write(f"{REPLAY_ID} {name}\nsent {sender.sent}, failed {position.left_out.count}\n")
    if position.left_out.count:
        message = f"{position.left_out.count} messages were not sent; the first: {position.left_out.first}"
        raise Transient("replay_incomplete", STAGE, message)
    return sender.sent


async def play_into(play: Play, settings: Settings, out: Path, *, pace: Pace = FULL_SPEED) -> Summary:
    """Play messages through the pipeline into a folder, as `process.process_files` does; raises as it and `reader`."""
    sources = [] if play.wanted else find(play.inputs, leave_out=out)
    position = load(None, Plan(play.names, ""), "")
    with processing(out, settings) as run:
        async with _open(play, sources, settings, settings.max_message_bytes, position) as played:
            with show_progress("processed", played.total) as move:
                count = 0
                async for sourced in keep_pace(played.messages, pace):
                    run.take(sourced)
                    count += 1
                    move(count)
    return run.summary()


async def play_and_compare(
    play: Play, settings: Settings, expected: Path, out: Path | None, *, pace: Pace = FULL_SPEED
) -> bool:
    """Play messages through the pipeline, tell how what comes out differs from `expected`, and whether it is the same.

    Without `out` the records are not kept. Raises as `play_into` and `diff.report`.
    """
    with TemporaryDirectory(prefix="newsworker-verify-") as folder:
        found = out or Path(folder)
        await play_into(play, settings, found, pace=pace)
        return report(expected, found, Report())


@dataclass(frozen=True, slots=True)
class _Played:
    messages: AsyncIterator[Sourced]
    total: int | None


@asynccontextmanager
async def _open(
    play: Play, sources: Sequence[Source], settings: Settings, max_bytes: int, position: Position
) -> AsyncIterator[_Played]:
    """Open what is played for reading, from where `position` stands."""
    if play.wanted is None:
        async with aclosing(_of_files(sources, max_bytes, position)) as messages:
            yield _Played(messages, None)
        return
    async with open_range(settings, play.wanted, position.stretches) as reading:
        position.fix(reading.stretches)
        yield _Played(_of_range(reading), reading.total)


async def _of_files(sources: Sequence[Source], max_bytes: int, position: Position) -> AsyncGenerator[Sourced, None]:
    for index, source in enumerate(sources):
        # Two folders may have a file of the same name.
        name = f"{index}:{source.name}"
        for sourced in read(source, max_bytes):
            if not position.is_done(name, sourced.number):
                yield replace(sourced, source=name)


async def _of_range(reading: Reading) -> AsyncIterator[Sourced]:
    async for message in reading.messages():
        yield replace(of_topic(message), source=str(message.partition))


async def _send_all(sender: Sender, played: _Played, onto: Onto, position: Position) -> None:
    # Killed at once, it goes on as the same replay, with the same end.
    position.save()
    with show_progress(f"acknowledged by {onto.topic}", played.total) as move:
        async for sourced in keep_pace(played.messages, onto.pace):
            place = (sourced.source, sourced.number)
            if sourced.error is None:
                await sender.send(_sending(sourced, onto, position.replay_id), position.begin(*place))
            else:
                position.leave_out(*place, _what_is_wrong(sourced.message, sourced.error))
            move(sender.sent)
            position.save_in_time()
        await sender.drain()
        move(sender.sent)


def _what_is_wrong(message: Incoming, error: Permanent) -> str:
    return f"{error.reason} at {message.topic[:NAME_CHARACTERS]}, message {message.offset}"


def _sending(sourced: Sourced, onto: Onto, replay_id: str) -> Sending:
    message = sourced.message
    headers = [header for header in message.headers if header[0] != REPLAY_ID]
    # A file's message has no time of its own: it is sent with the present.
    keeps_time = sourced.is_recorded and message.timestamp_ms > 0 and not onto.now
    timestamp_ms = message.timestamp_ms if keeps_time else None
    return Sending(
        onto.topic, sending_key(sourced), message.value, (*headers, (REPLAY_ID, replay_id.encode())), timestamp_ms
    )
