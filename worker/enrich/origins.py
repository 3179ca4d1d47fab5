"""Who a story is by: its dateline, writers and agencies, from wherever the page says it.

In: the story's blocks and passages. Out: `Origins`, each part with the method that found it. The HTML's writers go
before a byline's and those before a dateline's; agencies are gathered from all of dateline, byline, credit and text.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.story import Dateline
from worker.enrich.agencies import canonical, find_sources
from worker.enrich.authors import Byline, read_byline, read_stated
from worker.enrich.dateline import Context, Filed, has_separator, opens_with_writer, read_line, read_opening
from worker.enrich.passage import Passage
from worker.enrich.publisher import credited_name


@dataclass(frozen=True, slots=True)
class Lines:
    """What the page prints around a story: its datelines, bylines and credit, and the writers that its HTML states."""

    datelines: tuple[str, ...]
    bylines: tuple[str, ...]
    credit: str | None
    stated_authors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origins:
    """Who a story is by. The methods are slugs, empty where nothing was found."""

    dateline: Dateline | None
    dateline_method: str
    authors: tuple[str, ...]
    authors_method: str
    agencies: tuple[str, ...]
    agencies_method: str


def find_origins(lines: Lines, passages: tuple[Passage, ...], context: Context) -> Origins:
    """Return the dateline, writers and agencies of a story."""
    found = _find_dateline(lines, passages, context)
    bylines = [read_byline(line, context) for line in (*lines.bylines, *lines.datelines) if line != found.line]
    stated = read_stated(lines.stated_authors, context)
    authors, authors_method = _find_authors(lines, stated, bylines, found.filed)
    agencies, agencies_method = _find_agencies(lines, [*bylines, stated], found.filed, passages)
    return Origins(
        dateline=found.filed.dateline if found.filed else None,
        dateline_method=found.method,
        authors=authors,
        authors_method=authors_method,
        agencies=agencies,
        agencies_method=agencies_method,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """A dateline, the method that found it, and the line it is; a byline that is a dateline is read once."""

    filed: Filed | None
    method: str
    line: str | None = None


def _find_dateline(lines: Lines, passages: tuple[Passage, ...], context: Context) -> _Found:
    for line in lines.datelines:
        filed = read_line(line, context)
        if not _is_list_of_writers(filed):
            return _Found(filed, "standing_line", line)
    for line in lines.bylines:
        if opens_with_writer(line):
            continue
        filed = read_line(line, context)
        if has_separator(line) and filed.dateline.places and (filed.dateline.agencies or filed.dateline.publisher):
            return _Found(filed, "byline", line)
    opening = read_opening(passages[0].text, context) if passages else None
    return _Found(opening, "opening_words" if opening else "")


def _is_list_of_writers(filed: Filed) -> bool:
    dateline = filed.dateline
    return bool(filed.writers) and not (dateline.places or dateline.publisher or dateline.date)


def _find_authors(
    lines: Lines, stated: Byline, bylines: list[Byline], filed: Filed | None
) -> tuple[tuple[str, ...], str]:
    named = [name for byline in bylines for name in byline.authors]
    if lines.stated_authors:
        # The HTML names a desk or the paper itself: only what is surely a person is better.
        named = [name for name in named if len(name.split()) > 1]
    found: dict[str, Sequence[str]] = {
        "html": stated.authors,
        "byline": named,
        "dateline": filed.writers if filed else (),
        "html_organisation": [author.strip() for author in lines.stated_authors if author.strip()],
    }
    return _first(found)


def _find_agencies(
    lines: Lines, bylines: list[Byline], filed: Filed | None, passages: tuple[Passage, ...]
) -> tuple[tuple[str, ...], str]:
    credited = canonical(credited_name(lines.credit) or "") if lines.credit else None
    found: dict[str, Sequence[str]] = {
        "dateline": filed.dateline.agencies if filed else (),
        "byline": [name for byline in bylines for name in byline.agencies],
        "credit": [credited] if credited else (),
        "text": find_sources(passages),
    }
    agencies = dict.fromkeys(name for names in found.values() for name in names)
    return tuple(agencies), _first(found)[1]


def _first(found: dict[str, Sequence[str]]) -> tuple[tuple[str, ...], str]:
    """Return what the first method found, each once, and that method."""
    return next(((tuple(dict.fromkeys(names)), method) for method, names in found.items() if names), ((), ""))
