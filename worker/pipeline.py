"""The spine: one raw message in, its records out.

In: `RawMessage` from the guard (or a file). Out: `Processed` or `Skipped`, to be published by the caller. The way is
decode -> split -> enrich -> in-page dedup -> assemble, each room entered once. It does no I/O, reads no clock and keeps
nothing between calls: the same message always gives the same records, byte for byte.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal
from urllib.parse import urljoin

from pydantic import TypeAdapter

from schemas import Block, Page, Paragraph, RawArticle, Story
from schemas.story import Publisher
from worker import ids
from worker.decode import Decoded, Limits, RawMessage, decode
from worker.dedup.body import as_text, sketch
from worker.dedup.normalise import as_shown
from worker.dedup.page import PageStory, Relations, relate
from worker.dedup.reading import key
from worker.dedup.sighting import Sighting, StorySighting
from worker.dedup.tails import Source
from worker.enrich import enrich
from worker.enrich.address import find_domain
from worker.enrich.model import EVERYTHING, PageFields, StoryFields, Wanted
from worker.split import split
from worker.split.model import RelatedItem, SplitPage, SplitStory

UNDETERMINED_LANGUAGE = "und"
"""BCP 47 for a page whose language cannot be told."""

LONGEST_BASE = 8000
"""Characters of a page's URL that its links are joined to, as many as every server should take (RFC 9110, 4.1). To join
costs as much as the URL is long, for each link."""

LONGEST_PUBLISHER = 80
"""Characters of a publisher's name that may stand behind its headlines (`affixes.WINDOW`)."""

LONGEST_DOMAIN = 253
"""Characters of a domain that exists (RFC 1035, 2.3.4)."""

_BLOCKS = TypeAdapter(list[Block])

Stage = Callable[[str], AbstractContextManager[object]]
"""Called with a stage's name around that stage's work; the caller measures and cuts, the pipeline has no clock."""


@dataclass(frozen=True, slots=True)
class Context:
    """What `process` needs besides the message."""

    limits: Limits
    stage: Stage = nullcontext
    wanted: Wanted = EVERYTHING


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
        fields = enrich(page, decoded.article, message.timestamp_ms, context.wanted)
    with context.stage("assemble"):
        return _assemble(decoded, page, fields)


@dataclass(frozen=True, slots=True)
class _Found:
    """A story of the page with its text and ids; stories of equal content on one page share both ids."""

    story: SplitStory
    fields: StoryFields
    headline: str | None
    headline_id: str | None
    subhead: str | None
    paragraphs: list[Paragraph]
    body: str
    content_id: str
    story_id: str


@dataclass(frozen=True, slots=True)
class _Place:
    """What all stories of a page share."""

    page_id: str
    article: RawArticle
    canonical_url: str | None
    seen_at: str


def _assemble(decoded: Decoded, page: SplitPage, fields: PageFields) -> Processed:
    article = decoded.article
    page_id = ids.page_id(article.content, article.content_type, article.url, article.id)
    place = _Place(page_id, article, fields.canonical_url, fields.seen_at)
    found = [_find(page, *pair, place) for pair in zip(page.stories, fields.stories, strict=True)]
    distinct = list({one.story_id: one for one in reversed(found)}.values())[::-1]
    relations = _relate(page, distinct, place, fields.publisher)
    main_id = next((one.story_id for one in distinct if one.story.kind == "main"), None)
    stories = tuple(_story(one, position, place, main_id, relations) for position, one in enumerate(distinct))
    copies = [_sight(one, place) for one in distinct]
    return Processed(
        seen_at=place.seen_at,
        stories=stories,
        page=_page(decoded, page, [one.story_id for one in found], stories, page_id),
        sightings=(*relations.sightings, *copies),
        unknown_fields=decoded.unknown_fields,
    )


def _find(page: SplitPage, story: SplitStory, fields: StoryFields, place: _Place) -> _Found:
    headline = story.headline.of(page.text) if story.headline else None
    headline_key = key(headline) if headline else ""
    paragraphs = [Paragraph(text=span.of(page.text), start=span.start, end=span.end) for span in story.paragraphs]
    body = "\n\n".join([one.text for one in paragraphs])
    content_id = ids.content_id(headline_key, body)
    story_id = ids.story_id(content_id, place.canonical_url or place.page_id)
    subhead = story.subhead.of(page.text) if story.subhead else None
    headline_id = ids.headline_id(headline_key) if headline_key else None
    return _Found(story, fields, headline, headline_id, subhead, paragraphs, body, content_id, story_id)


def _sight(found: _Found, place: _Place) -> StorySighting:
    return StorySighting(
        story_id=found.story_id,
        content_id=found.content_id,
        page_id=place.page_id,
        url=place.article.url,
        seen_at=place.seen_at,
        canonical_url=place.canonical_url,
        sketch=as_text(sketch(found.body)),
        script=found.fields.language.script,
    )


def _relate(page: SplitPage, distinct: Sequence[_Found], place: _Place, publisher: Publisher) -> Relations:
    return relate(
        _join(page.related, place.article.url or place.canonical_url),
        [PageStory(one.story_id, one.headline, one.headline_id) for one in distinct],
        page_id=place.page_id,
        url=place.article.url,
        seen_at=place.seen_at,
        language=distinct[0].fields.language.code if distinct else UNDETERMINED_LANGUAGE,
        source_of=partial(_find_source, publisher),
    )


def _find_source(publisher: Publisher, url: str | None) -> Source | None:
    """Return who printed a headline that leads to a URL: the page's publisher, or whose domain it is."""
    own, name = _within(publisher.domain, LONGEST_DOMAIN), _within(publisher.name, LONGEST_PUBLISHER)
    domain = _within(find_domain(url), LONGEST_DOMAIN) or own
    if domain is not None:
        return Source(domain, name if domain == own else None)
    return Source(name, name) if name else None


def _within(name: str | None, longest: int) -> str | None:
    """Return a name as shown; None where nothing is, or it is too long for one."""
    shown = as_shown(name or "")
    return shown if 0 < len(shown) <= longest else None


def _join(related: Sequence[RelatedItem], base: str | None) -> Sequence[RelatedItem]:
    """Return the items with whole URLs; as they stand where the page's own is unknown or endless."""
    if not base or len(base) > LONGEST_BASE:
        return related
    return [replace(item, url=_absolute(item.url, base)) for item in related]


def _absolute(url: str | None, base: str) -> str | None:
    """Return a link of the page as a whole URL; as it stands where it cannot be joined."""
    try:
        return urljoin(base, url) if url else None
    except ValueError:
        return url


def _story(found: _Found, position: int, place: _Place, main_id: str | None, relations: Relations) -> Story:
    story, fields, is_main = found.story, found.fields, found.story.kind == "main"
    return Story(
        story_id=found.story_id,
        content_id=found.content_id,
        page_id=place.page_id,
        kind=story.kind,
        position=position,
        embedded_in=main_id if story.kind == "embedded" else None,
        url=place.article.url if is_main else None,
        canonical_url=place.canonical_url if is_main else None,
        raw_id=place.article.id,
        publisher=fields.publisher,
        headline=found.headline,
        headline_id=found.headline_id,
        subhead=found.subhead,
        authors=list(fields.authors),
        agencies=list(fields.agencies),
        dateline=fields.dateline,
        published_at=fields.published_at,
        modified_at=fields.modified_at,
        fetched_at=fields.fetched_at,
        language=fields.language,
        body=found.body,
        paragraphs=found.paragraphs,
        summary=fields.summary,
        quotes=list(fields.quotes),
        entities=list(fields.entities),
        dates=list(fields.dates),
        keywords=list(fields.keywords),
        related=list(relations.related) if is_main else [],
        flags=list(fields.flags),
        provenance=_provenance(found, is_main=is_main, has_related=bool(relations.related)),
    )


def _provenance(found: _Found, *, is_main: bool, has_related: bool) -> dict[str, str]:
    """Return the method of every field that has a value; what comes of the block map is told by its rules there."""
    own = {
        "subhead": "blocks" if found.subhead else "",
        "body": "blocks" if found.body else "",
        "related": "blocks" if is_main and has_related else "",
    }
    return {**found.fields.provenance, **{field: method for field, method in own.items() if method}}


def _page(decoded: Decoded, page: SplitPage, story_ids: Sequence[str], stories: Sequence[Story], page_id: str) -> Page:
    article = decoded.article
    return Page(
        page_id=page_id,
        raw_id=article.id,
        url=article.url,
        layout=page.layout,
        length=len(page.text),
        text=page.text if article.content_type == "text/html" else None,
        encoding=decoded.encoding,
        blocks=_blocks(page, story_ids),
        stories=[story.story_id for story in stories],
        outcome="published" if stories else "no_story",
    )


def _blocks(page: SplitPage, story_ids: Sequence[str]) -> list[Block]:
    # Validated in one call: a page has dozens of blocks, and a model built by itself costs as much as two.
    return _BLOCKS.validate_python(
        [
            {
                "role": block.role,
                "start": block.start,
                "end": block.end,
                "rule": block.rule,
                "story_id": None if block.story is None else story_ids[block.story],
            }
            for block in page.blocks
        ]
    )
