"""The spine: one raw message in, its records out.

In: `RawMessage` from the guard (or a file). Out: `Processed` or `Skipped`, to be published by the caller. The way is
decode -> split -> enrich -> in-page dedup -> assemble, each room entered once. It does no I/O, reads no clock and keeps
nothing between calls: the same message always gives the same records, byte for byte.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Literal

from schemas import Block, Page, Paragraph, RawArticle, Related, Story
from worker import ids
from worker.decode import Decoded, Limits, RawMessage, decode
from worker.dedup.normalise import key
from worker.dedup.page import PageStory, relate
from worker.dedup.sighting import HeadlineSighting, Sighting, StorySighting
from worker.enrich import enrich
from worker.enrich.model import PageFields, StoryFields
from worker.split import split
from worker.split.model import SplitPage, SplitStory

Stage = Callable[[str], AbstractContextManager[object]]
"""Called with a stage's name around that stage's work; the caller measures, the pipeline has no clock."""


@dataclass(frozen=True, slots=True)
class Context:
    """What `process` needs besides the message."""

    limits: Limits
    stage: Stage = nullcontext


@dataclass(frozen=True, slots=True)
class Skipped:
    """A message that holds no page and is no error: a tombstone."""

    outcome: Literal["tombstone"] = "tombstone"


@dataclass(frozen=True, slots=True)
class Processed:
    """The records of one page. `seen_at` is its event time; `sightings` go to the dedupe half."""

    seen_at: str
    stories: tuple[Story, ...]
    page: Page
    sightings: tuple[Sighting, ...]
    unknown_fields: tuple[str, ...]

    @property
    def outcome(self) -> Literal["published", "no_story"]:
        """What became of the message, as the outcome counter and the page record name it."""
        return self.page.outcome


def process(message: RawMessage, context: Context) -> Processed | Skipped:
    """Turn one raw message into its records.

    Raises:
        Permanent: the message can never be processed; `reason` and `stage` say why and where.
    """
    if message.value is None:
        return Skipped()
    with context.stage("decode"):
        decoded = decode(message, context.limits)
    with context.stage("split"):
        page = split(decoded.article.content, decoded.article.content_type)
    with context.stage("enrich"):
        fields = enrich(page, decoded.article, message.timestamp_ms)
    with context.stage("assemble"):
        return _assemble(decoded, page, fields)


@dataclass(frozen=True, slots=True)
class _Identified:
    """A story of the page with its ids; stories of equal content on one page share them."""

    split: SplitStory
    fields: StoryFields
    story_id: str
    content_id: str
    headline: str | None


def _assemble(decoded: Decoded, page: SplitPage, fields: PageFields) -> Processed:
    article = decoded.article
    page_id = ids.page_id(article.content, article.content_type, article.url, article.id)
    place = fields.canonical_url or page_id
    identified = [
        _identify(page, story, own, place) for story, own in zip(page.stories, fields.stories, strict=True)
    ]
    distinct = list({story.story_id: story for story in reversed(identified)}.values())[::-1]
    relation = relate(
        page.related,
        [PageStory(story.story_id, story.headline) for story in distinct],
        page_id=page_id,
        url=article.url,
        seen_at=fields.seen_at,
        language=fields.language_code,
    )
    stories = _stories(distinct, page, fields, article, page_id, relation.related)
    copies = tuple(StorySighting(s.story_id, s.content_id, page_id, article.url, fields.seen_at) for s in distinct)
    return Processed(
        seen_at=fields.seen_at,
        stories=stories,
        page=_page_record(decoded, page, [story.story_id for story in identified], stories, page_id),
        sightings=(*relation.sightings, *copies),
        unknown_fields=decoded.unknown_fields,
    )
