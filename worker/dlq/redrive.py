"""Dead letters back to where they came from: `newsworker dlq redrive`.

In: letters, from `search`. Out: each message on its origin topic again, with its bytes, key, own headers and timestamp,
and two headers more: how often it was redriven, and where it stood when it failed first. They come back with its next
letter, so that no message goes round for ever, and of all letters of a message only its latest is redriven.
"""

from collections import Counter
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Literal

from worker.dlq.letter import REDRIVE_ORIGIN, Letter
from worker.dlq.search import Wanted, find_letters
from worker.incoming import REDRIVE_COUNT
from worker.pace import Pace, Turns
from worker.sender import Sender, Sending, open_sender
from worker.settings import Settings

MAX_REDRIVES = 3
"""A message that failed so often after its first time needs another worker, not another try."""

Fate = Literal["redriven", "tried_too_often", "has_a_later_letter", "value_was_left_out", "foreign_origin"]
"""What becomes of a letter that matches; all but the first stay where they are."""


@dataclass(frozen=True, slots=True)
class Redrive:
    """How: onto `topic` instead of the origin, how fast, how often at most; `dry_run` sends nothing."""

    topic: str | None = None
    rate: float = 0.0
    max_redrives: int = MAX_REDRIVES
    now: bool = False
    dry_run: bool = False


@dataclass(slots=True)
class Judge:
    """Decides each letter's fate; it knows the latest redrive of each message and what this run has sent."""

    settings: Settings
    how: Redrive
    latest: Mapping[str, int]
    seen: set[str] = field(default_factory=set)

    def judge(self, letter: Letter) -> Fate:
        """Return what becomes of a letter; no origin, and no message, is redriven twice."""
        known = {self.settings.topics.raw, self.settings.topics.sighting}
        if letter.origin_topic not in known and self.how.topic is None:
            return "foreign_origin"
        if not letter.is_whole:
            return "value_was_left_out"
        if letter.redrives < self.latest.get(letter.first_origin, 0) or not self.seen.isdisjoint(_names(letter)):
            return "has_a_later_letter"
        if letter.redrives >= self.how.max_redrives:
            return "tried_too_often"
        self.seen.update(_names(letter))
        return "redriven"


async def redrive(settings: Settings, wanted: Wanted, how: Redrive) -> Counter[Fate]:
    """Redrive the letters that match and return how many had which fate.

    Raises:
        Fatal: `topic_missing`; `would_expire`, for messages older than their topic keeps records.
        Transient: as `reader.open_range` and `sender.Sender`.
    """
    judge = Judge(settings, how, await _latest(settings, wanted))
    fates: Counter[Fate] = Counter()
    turns = Turns(Pace(rate=how.rate))
    async with AsyncExitStack() as stack:
        sender = None if how.dry_run else await stack.enter_async_context(open_sender(settings))
        required: set[str] = set()
        async for letter in find_letters(settings, wanted):
            fate = judge.judge(letter)
            fates[fate] += 1
            if fate == "redriven" and sender is not None:
                await turns.wait()
                await _send(sender, _sending(letter, how), required)
    return fates


async def _latest(settings: Settings, wanted: Wanted) -> dict[str, int]:
    """Return how often each message was redriven at most, from the beginning of the range to the topic's end."""
    latest: dict[str, int] = {}
    async for letter in find_letters(settings, Wanted(begin=wanted.begin)):
        if letter.redrives:
            latest[letter.first_origin] = max(letter.redrives, latest.get(letter.first_origin, 0))
    return latest


async def _send(sender: Sender, record: Sending, required: set[str]) -> None:
    if record.topic not in required:
        await sender.require_topic(record.topic)
        required.add(record.topic)
    await sender.send(record)


def _sending(letter: Letter, how: Redrive) -> Sending:
    marks = (
        (REDRIVE_COUNT, str(letter.redrives + 1).encode()),
        (REDRIVE_ORIGIN, letter.first_origin.encode()),
    )
    message = letter.message
    return Sending(
        how.topic or letter.origin_topic,
        message.key,
        message.value,
        (*letter.own_headers, *marks),
        None if how.now else letter.origin_timestamp_ms,
    )


def _names(letter: Letter) -> frozenset[str]:
    return frozenset({letter.origin, letter.first_origin})
