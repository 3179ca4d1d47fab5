"""Takedown: `newsworker retract STORY_ID...`.

In: story ids, and what the copy, story and page topics say of them. Out, in this order: a refusal of each id on the
retraction topic, which the worker honours from then on; tombstones for the story and its copies on the story, copy and
export topics; the pages that hold their text again, with it blacked out. Done twice it changes nothing more. Raw
messages and dead letters are not touched: their topics delete by age.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import orjson
from pydantic import ValidationError

from schemas import Copy, Page, Retraction, Story
from worker import __version__
from worker.errors import Fatal
from worker.incoming import Headers, Incoming
from worker.reader import Range, list_topics, open_range
from worker.refusals import FOLLOW_MS, Refusals
from worker.retraction import redact
from worker.sender import Sender, Sending, open_sender
from worker.settings import EXPORTS, Settings

STAGE = "retract"

STORY_ID = re.compile(r"[0-9a-f]{32}")

COPIES = frozenset({"original", "duplicate", "near_duplicate"})
"""What is taken down with a story; an update says something else and stays."""

HEARD_SECONDS = 3 * FOLLOW_MS / 1000
"""After so long every running worker has heard of a refusal, and published what it was at. One that was waiting for its
broker meanwhile may publish it later: then the same command again takes it down."""

HEADERS: Headers = (("worker.version", __version__.encode()),)


@dataclass(frozen=True, slots=True)
class Target:
    """A story to take down, as far as the topics know it; `status` is its copy record's, `asked` where it has none.

    Without a `content_id` no topic knows it.
    """

    story_id: str
    content_id: str | None = None
    page_id: str | None = None
    url: str | None = None
    status: str = "asked"


@dataclass(slots=True)
class _Found:
    """What was found: targets by story id, and the contents whose every story is one."""

    targets: dict[str, Target]
    contents: set[str] = field(default_factory=set)

    def add(self, target: Target) -> None:
        self.targets[target.story_id] = target
        if target.content_id is not None:
            self.contents.add(target.content_id)


async def retract(
    story_ids: Sequence[str],
    settings: Settings,
    *,
    reason: str | None = None,
    only: bool = False,
    dry_run: bool = False,
) -> list[Target]:
    """Take stories down, with their copies, and return all of them.

    Args:
        story_ids: Which.
        settings: For the broker and the topics.
        reason: For the refusals' records.
        only: Without the copies.
        dry_run: Find them and change nothing.

    Raises:
        Fatal: `bad_input` for what is no story id; `topic_missing`.
        Transient: as `reader.open_range` and `sender.Sender`.
    """
    _check(story_ids)
    found = await _find(story_ids, settings, only=only)
    targets = list(found.targets.values())
    if not dry_run:
        async with open_sender(settings) as sender:
            await _refuse(targets, settings, reason, sender)
            # What a worker has published before it has heard of it is found, and buried, after that.
            await asyncio.sleep(HEARD_SECONDS)
            pages = await _find_pages(targets, settings)
            await _bury(targets, settings, sender)
            for page in pages.values():
                await sender.send(_redacted(page, found.targets))
    return targets


async def lift(story_ids: Sequence[str], settings: Settings) -> frozenset[str]:
    """Let stories come back, when their pages are played again; return those that were refused; raises as `retract`.

    An id stands for itself: the copies that were taken down with it have their own.
    """
    _check(story_ids)
    topic = settings.topics.retraction
    async with open_sender(settings) as sender:
        await sender.require_topic(topic)
        lifted = frozenset(story_ids) & (await Refusals.load(settings)).ids
        for story_id in sorted(lifted):
            await sender.send(Sending(topic, story_id.encode(), None, HEADERS))
    return lifted


def _check(story_ids: Sequence[str]) -> None:
    wrong = [story_id for story_id in story_ids if not STORY_ID.fullmatch(story_id)]
    if wrong:
        raise Fatal("bad_input", STAGE, f"{wrong[0]!r} is no story id: 32 hexadecimal digits")


async def _find(story_ids: Sequence[str], settings: Settings, *, only: bool) -> _Found:
    asked = frozenset(story_ids)
    found = _Found({story_id: Target(story_id) for story_id in story_ids})
    async for copy in _copies(settings):
        if copy.story_id in asked:
            found.add(_of_copy(copy))
    unknown = {target.story_id for target in found.targets.values() if target.content_id is None}
    if unknown:
        # The dedupe half may not have come to it yet.
        async for target in _stories(settings, unknown):
            found.add(target)
    if not only:
        async for copy in _copies(settings):
            if copy.status in COPIES and (copy.content_id in found.contents or copy.of in asked):
                found.targets[copy.story_id] = _of_copy(copy)
    return found


async def _copies(settings: Settings) -> AsyncIterator[Copy]:
    async for message in _read(settings, settings.topics.copy):
        try:
            yield Copy.model_validate_json(message.value or b"")
        except ValidationError:
            continue  # a tombstone


async def _stories(settings: Settings, wanted: Collection[str]) -> AsyncIterator[Target]:
    async for message in _read(settings, settings.topics.story):
        if message.value and (message.key or b"").decode("ascii", "replace") in wanted:
            story = Story.model_validate_json(message.value)
            yield Target(story.story_id, story.content_id, story.page_id, story.canonical_url)


async def _find_pages(targets: Sequence[Target], settings: Settings) -> Mapping[bytes, Incoming]:
    """Return the last record of each page that holds the text of a target."""
    wanted = {target.page_id.encode() for target in targets if target.page_id}
    found: dict[bytes, Incoming] = {}
    async for message in _read(settings, settings.topics.page):
        if message.key in wanted and message.value:
            found[message.key or b""] = message
    return found


async def _read(settings: Settings, topic: str) -> AsyncIterator[Incoming]:
    async with open_range(settings, Range(topic)) as reading:
        async for message in reading.messages():
            yield message


def _of_copy(copy: Copy) -> Target:
    return Target(copy.story_id, copy.content_id, copy.page_id, copy.url, copy.status)


async def _refuse(targets: Sequence[Target], settings: Settings, reason: str | None, sender: Sender) -> None:
    topic = settings.topics.retraction
    await sender.require_topic(topic)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for target in targets:
        record = Retraction(story_id=target.story_id, content_id=target.content_id, retracted_at=now, reason=reason)
        await sender.send(Sending(topic, target.story_id.encode(), orjson.dumps(record.model_dump()), HEADERS))
    # Nothing is taken down before it is refused: else a replay could bring it back in between.
    await sender.drain()


async def _bury(targets: Sequence[Target], settings: Settings, sender: Sender) -> None:
    there = await list_topics(settings)
    # Also of an export that is no longer written.
    exports = [getattr(settings.topics, export) for export in EXPORTS]
    topics = [settings.topics.story, settings.topics.copy, *(topic for topic in exports if topic in there)]
    for target in targets:
        for topic in topics:
            await sender.send(Sending(topic, target.story_id.encode(), None, HEADERS))


def _redacted(message: Incoming, refused: Collection[str]) -> Sending:
    page = redact(Page.model_validate_json(message.value or b""), refused)
    return Sending(message.topic, message.key, orjson.dumps(page.model_dump()), message.headers)
