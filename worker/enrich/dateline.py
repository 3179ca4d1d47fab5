"""Where and by whom a story was filed: the standing line, or the opening words of the first paragraph.

Read by shape and position, without a gazetteer: a line is cut at its separators, and each segment is an agency, the
publisher, a date, and else a place or a writer. What is no agency beside an agency is a place ("جدة - واس"); beside
another place or the publisher, two words or more are a person ("الرياض - مبارك العكاش") unless they open as place names
do. Opening words count as a dateline only with an agency in them, or in capitals before a dash, as AP prints them.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from schemas.story import Dateline
from worker.enrich.agencies import canonical
from worker.enrich.dates import find_dates
from worker.enrich.lexicon import alternatives, fold, read
from worker.enrich.passage import passage_of
from worker.enrich.printed import parse

LONGEST_OPENING = 90
"""Characters in which an opening dateline ends: the longest of wire/articles_dev's is 61."""

LONGEST_SEGMENT = 6
"""Words of a place or a person in a dateline; a longer segment is a sentence."""

_CUT = r"[/|:،,;()\[\]«»\"“”–—ـ]|\s-|-\s|(?<=[ء-ي])-(?=[ء-ي])"
_STOP = re.compile(_CUT)
_CAPITALS = re.compile(r"(?P<place>[A-ZÀ-ÞА-ЯЁ][A-ZÀ-ÞА-ЯЁ.'’\- ]{2,40}?)(?:,[^—–]{2,30})?\s?[—–]\s")
_DIGIT = re.compile(r"\d")
_EDGES = ' \t\u00a0-–—ـ:،,./|()[]«»"“”'


@dataclass(frozen=True, slots=True)
class Lexicon:
    """``worker/data/dateline.toml``."""

    place_openers: list[str]
    writers: list[str]
    joints: list[str]
    sources: list[str]


@dataclass(frozen=True, slots=True)
class Context:
    """What helps to read a dateline: the publisher's names, the story's language and the page's own day."""

    publisher: tuple[str, ...]
    language: str
    today: date | None


@dataclass(frozen=True, slots=True)
class Filed:
    """A dateline and the writers whom it names."""

    dateline: Dateline
    writers: tuple[str, ...]


@cache
def lexicon() -> Lexicon:
    """Return the words of datelines and bylines."""
    return read("dateline", Lexicon)


def read_line(raw: str, context: Context) -> Filed:
    """Return a standing dateline as read; `raw` is the line as printed."""
    segments = [cleaned for part in _cutter().split(raw) if (cleaned := _cleaned(part))]
    agencies = tuple(dict.fromkeys(name for segment in segments if (name := canonical(segment))))
    rest = [segment for segment in segments if not canonical(segment)]
    publisher = next((segment for segment in rest if is_publisher(segment, context.publisher)), None)
    rest = [segment for segment in rest if segment != publisher]
    day = next((value for segment in rest if (value := _day(segment, context))), None)
    names = [segment for segment in rest if not _day(segment, context) and len(segment.split()) <= LONGEST_SEGMENT]
    places, writers = _places_and_writers(names, beside_agency=bool(agencies), beside_publisher=bool(publisher))
    dateline = Dateline(raw=raw.strip(), publisher=publisher, places=list(places), agencies=list(agencies), date=day)
    return Filed(dateline, tuple(writers))


def read_opening(paragraph: str, context: Context) -> Filed | None:
    """Return the dateline in the paragraph's opening words, None where there is none."""
    end = _opening_end(paragraph)
    return read_line(paragraph[:end].rstrip(" \t-–—ـ:"), context) if end else None


def is_publisher(segment: str, publisher: tuple[str, ...]) -> bool:
    """Tell whether a segment is a publisher's name or begins it ("الثورة" for "الثورة نت")."""
    words = fold(segment).split()
    return any(words == fold(name).split()[: len(words)] for name in publisher)


def _opening_end(paragraph: str) -> int:
    head = paragraph[:LONGEST_OPENING]
    start = 0
    for stop in _STOP.finditer(head):
        segment = head[start : stop.start()]
        if start and canonical(segment):
            return _after_marks(head, stop.end())
        if len(segment.split()) > LONGEST_SEGMENT:
            break
        start = stop.end()
    capitals = _CAPITALS.match(head)
    return capitals.end() if capitals else 0


def _after_marks(head: str, end: int) -> int:
    while end < len(head) and head[end] in _EDGES:
        end += 1
    return end


def _places_and_writers(
    names: list[str], *, beside_agency: bool, beside_publisher: bool
) -> tuple[list[str], list[str]]:
    if beside_agency:
        return names, []
    writers = [name for name in names if _looks_like_person(name)]
    if len(writers) == len(names) and not beside_publisher:
        # Two names of two words each: the place stands first. One alone: a line with nothing else is a writer's.
        writers = writers[1:] if len(writers) > 1 else writers
    return [name for name in names if name not in writers], writers


def _looks_like_person(name: str) -> bool:
    words = fold(name).split()
    return len(words) > 1 and words[0] not in _openers()


def _cleaned(segment: str) -> str:
    return _writer_words().sub("", segment.strip(_EDGES)).strip(_EDGES)


def _day(segment: str, context: Context) -> str | None:
    if not _DIGIT.search(segment):
        return None
    moment = parse(segment)
    if moment:
        return moment.day.isoformat()
    found = find_dates((passage_of(segment, 0),), context.language, context.today)
    return found[0].value if found and len(found[0].text) >= len(segment) - 2 else None


@cache
def _cutter() -> re.Pattern[str]:
    return re.compile(rf"{_CUT}|\s(?:{alternatives(lexicon().joints)})\s")


@cache
def _openers() -> frozenset[str]:
    return frozenset(map(fold, lexicon().place_openers))


@cache
def _writer_words() -> re.Pattern[str]:
    return re.compile(rf"^{alternatives(lexicon().writers)}(?:\s|$)\W*", re.IGNORECASE)
