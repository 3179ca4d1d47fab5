"""Where and by whom a story was filed: the standing line, or the opening words of the first paragraph.

Read by shape and position, without a gazetteer: a line is cut at its separators, and each segment is an agency, the
publisher, a date, and else a place or a writer. What is no agency beside an agency is a place ("جدة - واس"); beside
another place or the publisher, two words or more are a person ("الرياض - مبارك العكاش") unless they open as place names
do. Opening words count as a dateline only with an agency in them, or in capitals before a dash, as AP prints them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from schemas.story import Dateline
from worker.enrich.agencies import canonical
from worker.enrich.dates import find_dates
from worker.enrich.lexicon import alternatives, fold, read
from worker.enrich.passage import passage_of
from worker.enrich.places import is_place
from worker.enrich.printed import parse

LONGEST_OPENING = 90
"""Characters in which an opening dateline ends: the longest of wire/articles_dev's is 61."""

LONGEST_SEGMENT = 6
"""Words of a place or a person in a dateline; a longer segment is a sentence."""

_CUT = r"[/|:،,;()\[\]«»\"“”–—]|(?<!\w)ـ|ـ(?!\w)|\s-|-\s|(?<=[ء-ي])-(?=[ء-ي])"
_STOP = re.compile(_CUT)
_CAPITALS = re.compile(r"(?P<place>[A-ZÀ-ÞА-ЯЁ][A-ZÀ-ÞА-ЯЁ.'’\- ]{2,40}?)(?:,[^—–]{2,30})?\s?[—–]\s")
_DIGIT = re.compile(r"\d")
_EDGES = ' \t\u00a0-–—ـ:،,./|()[]«»"“”'


@dataclass(frozen=True, slots=True)
class Lexicon:
    """``worker/data/dateline.toml``."""

    place_openers: list[str]
    publisher_kinds: list[str]
    writers: list[str]
    joints: list[str]
    waw_names: list[str]
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


def read_line(raw: str, context: Context, *, opens: bool = False) -> Filed:
    """Return a dateline as read; `raw` is the line as printed, or the words that open (`opens`) a paragraph."""
    segments = [cleaned for part in _cutter().split(raw) if (cleaned := _cleaned(part))]
    named = [agency_in(segment) for segment in segments]
    agencies = [name for name in named if name]
    days = {segment: day for segment in segments if (day := _day(segment, context))}
    others = [segment for segment, name in zip(segments, named, strict=True) if not name]
    names = [segment for segment in others if segment not in days and _is_short(segment)]
    publisher = _find_publisher(names, context, beside_agency=bool(agencies))
    if opens and agencies and names == [publisher]:
        publisher = None  # "EASTMERE (Reuters) -" in the Eastmere Post: opening words name the place
    places, writers = _places_and_writers([name for name in names if name != publisher], beside_agency=bool(agencies))
    dateline = Dateline(
        raw=raw.strip(),
        publisher=publisher,
        places=places,
        agencies=list(dict.fromkeys(agencies)),
        date=next(iter(days.values()), None),
    )
    return Filed(dateline, tuple(writers))


def read_opening(paragraph: str, context: Context) -> Filed | None:
    """Return the dateline in the paragraph's opening words, None where there is none."""
    end = _opening_end(paragraph)
    return read_line(paragraph[:end].rstrip(" \t-–—ـ:"), context, opens=True) if end else None


def has_separator(line: str) -> bool:
    """Tell whether a line has the marks that part a dateline's segments."""
    return _STOP.search(line) is not None


def opens_with_writer(line: str) -> bool:
    """Tell whether a line says that a name in capitals behind it is a writer's: "By Name Surname (Agency)"."""
    opener = _writer_words().match(line)
    return opener is not None and line[opener.end() : opener.end() + 1].isupper()


def is_publisher(segment: str, publisher: tuple[str, ...]) -> bool:
    """Tell whether a segment is a publisher's name, however spaced, or begins it ("الثورة" for "الثورة نت")."""
    words = fold(segment).split()
    return any(_begins(_bare(words), _bare(name)) or words == name for name in _spellings(publisher, words))


def agency_in(segment: str) -> str | None:
    """Return the agency that a segment names, alone or with its desk in capitals before it ("AFP Deutschland")."""
    first, *rest = segment.split(None, 1) or ("",)
    return canonical(segment) or (canonical(first) if rest and first.isupper() and first.isascii() else None)


def _spellings(names: tuple[str, ...], words: list[str]) -> Iterator[list[str]]:
    """Give the names' words; one spelled like `words` but for its blanks ("LeFigaro") as they are spaced there."""
    for name in names:
        spelled = fold(name).split()
        yield words if "".join(spelled) == "".join(words) else spelled


def _begins(words: list[str], name: list[str]) -> bool:
    return bool(words) and words == name[: len(words)]


def _bare(words: list[str]) -> list[str]:
    return words[1:] if len(words) > 1 and words[0] in _publisher_kinds() else words


def _find_publisher(names: list[str], context: Context, *, beside_agency: bool) -> str | None:
    found = next((name for name in names if is_publisher(name, context.publisher)), None)
    if found:
        # A paper that is named after its city: the city, unless another segment is the place.
        others = [name for name in names if name != found and not _looks_like_person(name)]
        return None if is_place(found) and not others else found
    if context.publisher or beside_agency or len(names) != 2:  # noqa: PLR2004 - a place and a publisher
        return None
    unknown = [name for name in names if not is_place(name)]
    return unknown[0] if len(unknown) == 1 and len(unknown[0].split()) == 1 else None


def _opening_end(paragraph: str) -> int:
    head = paragraph[:LONGEST_OPENING]
    start = 0
    for stop in _STOP.finditer(head):
        segment = head[start : stop.start()]
        if start and segment.strip() and agency_in(segment):
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


def _places_and_writers(names: list[str], *, beside_agency: bool) -> tuple[list[str], list[str]]:
    writers = [name for name in names if _looks_like_person(name)]
    is_list = len(writers) == len(names) > 1 and names[0][0].isupper()
    if beside_agency and not is_list:
        return names, []
    if len(writers) == len(names) > 1 and not is_list:
        # Two names of two words each: the place stands first, but writers in scripts with capitals stand in lists.
        writers = writers[1:]
    return [name for name in names if name not in writers], writers


def _is_short(segment: str) -> bool:
    return len(segment.split()) <= LONGEST_SEGMENT


def _looks_like_person(name: str) -> bool:
    words = fold(name).split()
    return len(words) > 1 and words[0] not in _openers() and not is_place(name)


def _cleaned(segment: str) -> str:
    return _writer_words().sub("", segment.strip(_EDGES)).strip(_EDGES).strip()


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
def _publisher_kinds() -> frozenset[str]:
    return frozenset(map(fold, lexicon().publisher_kinds))


@cache
def _writer_words() -> re.Pattern[str]:
    return re.compile(rf"^{alternatives(lexicon().writers)}(?:\s|$)\W*", re.IGNORECASE)
