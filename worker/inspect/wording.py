"""Records as a reader looks at them: field by field, each with how it was found.

In: stories and pages. Out: rows of text, not escaped.
"""

from collections.abc import Iterator

from schemas import Block, DeadLetterHeaders, Page, Story, Time
from worker.inspect.model import Inspection

NOTHING = "–"
"""Shown for a main field without a value: that the page gives none is worth knowing."""


Row = tuple[str, str, str]
"""A field, its value, and the method that found it (empty where that is told by the block map)."""


def name_of(story: Story) -> str:
    """Return what a story of the page is called: they are counted from 1."""
    return f"story {story.position + 1}"


def place_of(block: Block) -> str:
    """Return the block's offsets."""
    return f"{block.start}–{block.end}"


def summary_of(inspection: Inspection) -> str:
    """Return in one line what became of the message."""
    page = inspection.page
    return " · ".join([inspection.outcome, *(_page_facts(page, inspection) if page else ())])


def rows_of(story: Story) -> Iterator[Row]:
    """Yield the fields of a story: the main ones always, the others where they have a value."""
    for field, value in _main_fields(story):
        yield field, value or NOTHING, story.provenance.get(field, "")
    for field, value in _other_fields(story):
        if value:
            yield field, value, story.provenance.get(field, "")


def rows_of_letter(letter: DeadLetterHeaders) -> Iterator[Row]:
    """Yield why a message is a dead letter."""
    yield "reason", letter.reason, ""
    yield "stage", letter.stage, ""
    yield "type", letter.type, ""
    yield "message", letter.message, ""


def _page_facts(page: Page, inspection: Inspection) -> Iterator[str]:
    yield f"layout {page.layout}"
    yield f"{page.length:,} characters"
    yield page.encoding
    yield f"stories: {len(inspection.stories)}"
    yield f"headlines in lists: {len(inspection.mentions)}"
    if page.url:
        yield page.url


def _main_fields(story: Story) -> Iterator[tuple[str, str]]:
    language = story.language
    yield "headline", story.headline or ""
    yield "published_at", _time(story.published_at)
    yield "dateline", story.dateline.raw if story.dateline else ""
    yield "agencies", ", ".join(story.agencies)
    yield "authors", ", ".join(story.authors)
    yield "language", f"{language.code}, {language.script}, {language.direction}, {language.confidence:.2f}"
    yield "body", f"paragraphs: {len(story.paragraphs)}, characters: {len(story.body):,}" if story.body else ""
    yield "flags", ", ".join(story.flags)


def _other_fields(story: Story) -> Iterator[tuple[str, str]]:
    publisher = story.publisher
    yield "subhead", story.subhead or ""
    yield "publisher", ", ".join(filter(None, (publisher.name, publisher.domain, publisher.credit)))
    yield "modified_at", _time(story.modified_at)
    yield "fetched_at", story.fetched_at or ""
    yield "canonical_url", story.canonical_url or ""
    yield "quotes", "\n".join(f"• {quote.speaker or NOTHING}: {quote.text}" for quote in story.quotes)
    yield "entities", ", ".join(dict.fromkeys(entity.name for entity in story.entities))
    yield "dates", ", ".join(f"{date.text} ({date.value})" for date in story.dates)
    yield "keywords", ", ".join(keyword.text for keyword in story.keywords)


def _time(time: Time | None) -> str:
    if time is None:
        return ""
    return f"{time.value} ({time.precision})" + ("" if time.raw == time.value else f", printed: {time.raw}")
