"""One story's fields, gathered from the finders of this package, each with the method that found it.

In: the split page, one of its stories, and what holds for the whole page. Out: `StoryFields`. It finds nothing itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from schemas.record import Slug, Timestamp
from schemas.story import Entity, Keyword, Language, Publisher, Quote
from worker.enrich.dateline import Context
from worker.enrich.dates import find_dates
from worker.enrich.entities import find_entities
from worker.enrich.keywords import find_keywords
from worker.enrich.language import SAMPLE_CHARACTERS, UNDETERMINED, identify, is_like
from worker.enrich.model import StoryFields, Wanted
from worker.enrich.origins import Lines, find_origins
from worker.enrich.passage import Passage
from worker.enrich.publisher import Identity, find_credit
from worker.enrich.quotes import find_quotes
from worker.enrich.times import Times, find_times
from worker.split.model import Block, SplitPage, SplitStory

SHORTEST_LEAD = 40
"""Characters; a shorter first paragraph is a place, a label or a heading that was taken for one."""


ROLES = frozenset(("source_line", "timestamp", "dateline", "byline", "credit"))
"""The roles of blocks that say something about a story."""

PagePassages = tuple[tuple[Passage, ...], ...]
"""The passages of each story of a page."""


@dataclass(frozen=True, slots=True)
class PageLanguage:
    """The language of a page's main story, how it was found, and the story's words if others are held against them."""

    index: int
    language: Language
    method: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class PageContext:
    """What holds for every story of a page."""

    page: SplitPage
    blocks: tuple[tuple[Block, ...], ...]
    """Of each story, those that say something about it, see `ROLES`."""
    passages: PagePassages
    language: PageLanguage
    publisher: Identity
    domain: str | None
    now: datetime | None
    """When the page was seen, None where neither message nor page nor broker says."""
    fetched_at: Timestamp | None
    fetched_method: str
    today: date | None
    """The page's own day: when it says it was published, else when it was fetched."""
    times: Times
    """Of the page, and so of its main story."""
    wanted: Wanted


def read_story(context: PageContext, index: int) -> StoryFields:
    """Return the fields of the page's story number `index`."""
    page = context.page
    story = page.stories[index]
    blocks = context.blocks[index]
    passages = context.passages[index]
    language, language_method = _find_language(context, index)
    times = context.times if story.kind == "main" else find_times(page, blocks, context.now)
    today = times.published.moment.day if times.published else context.today
    credit = find_credit(page, blocks)
    origins = find_origins(
        _lines(page, story, blocks, credit), passages, Context(context.publisher.names, language.code, today)
    )
    summary = _lead(passages)
    quotes = find_quotes(passages, language.code, finds_reported=context.wanted.reported)
    dates = find_dates(passages, language.code, today)
    entities, keywords = _find_names(context, index, language.code, quotes)
    methods = {
        "publisher": context.publisher.method,
        "authors": origins.authors_method,
        "agencies": origins.agencies_method,
        "dateline": origins.dateline_method,
        "fetched_at": context.fetched_method,
        "language": language_method,
        "headline": story.headline_rule if story.headline else "",
        "published_at": times.published.method if times.published else "",
        "modified_at": times.modified.method if times.modified else "",
        "summary": "lead_paragraph" if summary else "",
        "quotes": "attribution" if quotes else "",
        "dates": "date_words" if dates else "",
        "entities": "names_and_offices" if entities else "",
        "keywords": "names_and_phrases" if keywords else "",
    }
    return StoryFields(
        publisher=Publisher(name=context.publisher.name, domain=context.domain, credit=credit),
        authors=origins.authors,
        agencies=origins.agencies,
        dateline=origins.dateline,
        published_at=times.published.time if times.published else None,
        modified_at=times.modified.time if times.modified else None,
        fetched_at=context.fetched_at,
        language=language,
        summary=summary,
        quotes=quotes,
        entities=entities,
        dates=dates,
        keywords=keywords,
        flags=_flags(page, story, times),
        provenance={name: method for name, method in methods.items() if method and method != "none"},
    )


def _find_names(
    context: PageContext, index: int, language: str, quotes: tuple[Quote, ...]
) -> tuple[tuple[Entity, ...], tuple[Keyword, ...]]:
    if not context.wanted.names:
        return (), ()
    story, passages = context.page.stories[index], context.passages[index]
    entities = find_entities(passages, language, quotes)
    headline = story.headline.of(context.page.text) if story.headline else None
    return entities, find_keywords(headline, passages, language, entities)


def find_page_language(page: SplitPage, passages: PagePassages, declared: str | None) -> PageLanguage:
    """Return the language of the page's main story, else of its first, by which the others are judged.

    `declared` (BCP 47) is what message or HTML say the page is written in.
    """
    kinds = [story.kind for story in page.stories]
    if not kinds:
        return PageLanguage(-1, UNDETERMINED, "none", frozenset())
    index = kinds.index("main") if "main" in kinds else 0
    language, method = identify(_sample(page, page.stories[index], passages[index]), declared)
    words = frozenset[str]().union(*[passage.words for passage in passages[index]]) if len(kinds) > 1 else frozenset()
    return PageLanguage(index, language, method, words)


def deal_out(page: SplitPage, blocks: Iterable[Block]) -> tuple[tuple[Block, ...], ...]:
    """Return the blocks that speak of each story: its own, and for the main story those of the page as a whole."""
    main = find_main(page)
    found: tuple[list[Block], ...] = tuple([[] for _ in page.stories])
    for block in blocks:
        owner = main if block.story is None else block.story
        if owner is not None:
            found[owner].append(block)
    return tuple(map(tuple, found))


def find_main(page: SplitPage) -> int | None:
    """Return the number of the main story."""
    return next((index for index, story in enumerate(page.stories) if story.kind == "main"), None)


def _find_language(context: PageContext, index: int) -> tuple[Language, str]:
    """Return a story's language: the page's, if it shares enough words with the main story, which costs little."""
    known, passages = context.language, context.passages[index]
    if index == known.index:
        return known.language, known.method
    if passages and is_like(passages[0].words, known.words):
        return known.language, "page"
    return identify(_sample(context.page, context.page.stories[index], passages), None)


def _sample(page: SplitPage, story: SplitStory, passages: tuple[Passage, ...]) -> str:
    body = " ".join(passage.text[:SAMPLE_CHARACTERS] for passage in passages[:3])[:SAMPLE_CHARACTERS]
    headline = story.headline.of(page.text) if story.headline else ""
    return body if len(body) == SAMPLE_CHARACTERS else f"{headline} {body}"


def _lead(passages: tuple[Passage, ...]) -> str | None:
    long = (passage for passage in passages[:3] if len(passage.text) >= SHORTEST_LEAD)
    lead = next(long, passages[0] if passages else None)
    return " ".join(lead.text.split()) if lead else None


def _lines(page: SplitPage, story: SplitStory, blocks: tuple[Block, ...], credit: str | None) -> Lines:
    return Lines(
        datelines=_printed(page, blocks, "dateline"),
        bylines=_printed(page, blocks, "byline"),
        credit=credit,
        stated_authors=page.facts.authors if story.kind == "main" else (),
    )


def _printed(page: SplitPage, blocks: tuple[Block, ...], role: str) -> tuple[str, ...]:
    return tuple([page.text[block.start : block.end] for block in blocks if block.role == role])


def _flags(page: SplitPage, story: SplitStory, times: Times) -> tuple[Slug, ...]:
    own = () if story.paragraphs else ("no_body",)
    return tuple(dict.fromkeys((*page.flags, *times.flags, *own)))
