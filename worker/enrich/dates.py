"""The dates that a story's text names, with relative ones resolved.

In: the story's passages, its language and the page's own day. Out: `FoundDate`s in page order, none overlapping.

Rules. A weekday alone is the nearest one from four days back to two days ahead: a newspaper that names a day without
"last" or "next" looks back, unless the day lies further back than anybody would leave unsaid. A day and month without
a year are the nearest such day. A weekday beside "today" wins over it: pages are fetched after midnight. Without a day
of the page's own, relative dates are left out, never guessed.
"""

import re
from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, date, timedelta
from itertools import compress

from pydantic import TypeAdapter

from schemas.story import FoundDate
from worker.enrich.calendar import Calendar, calendar
from worker.enrich.passage import Passage, find_all

DAYS_BACK = 4
"""A weekday named alone lies at most this far back (see the module's rules); in the other direction it is ahead."""

_DATES = TypeAdapter(tuple[FoundDate, ...])

WINDOW = 28
"""Characters before a word of the calendar in which its date may begin: "24 من شهر كانون الثاني " has 24."""


AHEAD = 14
"""Characters behind it in which a date shows that it is one: "كانون الثاني الماضي" with its adjective."""


def find_dates(passages: tuple[Passage, ...], language: str, today: date | None) -> tuple[FoundDate, ...]:
    """Return the dates in the passages. `today` is the page's own day; offsets are code points of the page's text."""
    words = calendar(language)
    if words is None:
        return ()
    # Validated in one call, which takes half as long as a call for each.
    return _DATES.validate_python(
        [
            found
            for passage in passages
            if (hits := passage.words & words.triggers)
            for match in _matches(passage.text, hits, words)
            if (found := _found(passage, match, words, today))
        ]
    )


def _found(passage: Passage, match: re.Match[str], words: Calendar, today: date | None) -> dict[str, object] | None:
    value = _value(match, words, today)
    if value is None:
        return None
    start, end = match.span("date")
    # A full stop behind a month is the sentence's, or an abbreviation's that is told without it.
    end -= passage.text[end - 1] == "."
    offset = passage.start
    return {"text": passage.text[start:end], "value": value, "start": offset + start, "end": offset + end}


def _matches(text: str, hits: frozenset[str], words: Calendar) -> Iterator[re.Match[str]]:
    done = 0
    for place, hit in sorted([(at, word) for word in hits for at in find_all(word, text)]):
        while done <= place and (match := _match_around(text, max(done, place - WINDOW), place + len(hit), words)):
            done = match.end()
            yield match


def _match_around(text: str, first: int, last: int, words: Calendar) -> re.Match[str] | None:
    """Return the date that begins behind `first` and holds a word ending at `last`, or an earlier one."""
    # Searched a little way only, then matched in full from where it begins: hardly any text is read twice.
    blank = text.find(" ", last + AHEAD)
    begun = words.pattern.search(text, first, blank if blank >= 0 else len(text))
    return words.pattern.match(text, begun.start()) if begun else None


def _value(match: re.Match[str], words: Calendar, today: date | None) -> str | None:
    groups = match.groups()
    parts = dict(compress(zip(words.parts, groups, strict=True), groups))
    if "first" in parts:
        return _numeric(parts["first"], parts["second"], parts["third"])
    if "month" in parts:
        return _with_month(parts, words, today)
    if "year" in parts:
        return str(int(parts["year"]))
    return _relative(parts, words, today) if today else None


def _numeric(first: str, second: str, third: str) -> str | None:
    if len(first) == 4:  # noqa: PLR2004 - digits of a year
        return _iso(int(first), int(second), int(third))
    if len(third) == 4:  # noqa: PLR2004 - digits of a year
        return _iso(int(third), int(second), int(first)) or _iso(int(third), int(first), int(second))
    return None


def _with_month(parts: dict[str, str], words: Calendar, today: date | None) -> str | None:
    month = words.months[parts["month"]]
    year = int(parts["year"]) if "year" in parts else _year_of(parts, month, words, today)
    if year is None:
        return None
    return _iso(year, month, int(parts["day"])) if "day" in parts else _iso_month(year, month)


def _year_of(parts: dict[str, str], month: int, words: Calendar, today: date | None) -> int | None:
    if today is None:
        return None
    day = int(parts.get("day", 1))
    which = parts.get("which")
    if which in words.last:
        return today.year if (month, day) < (today.month, today.day) else today.year - 1
    if which in words.next:
        return today.year if (month, day) > (today.month, today.day) else today.year + 1
    if which:
        return today.year
    return min((today.year, today.year - 1, today.year + 1), key=lambda year: _distance(year, month, day, today))


def _distance(year: int, month: int, day: int, today: date) -> int:
    return abs((year - today.year) * 372 + (month - today.month) * 31 + day - today.day)


def _relative(parts: dict[str, str], words: Calendar, today: date) -> str | None:
    if "unit" in parts:
        return _unit(parts["unit"] in words.month_units, _direction(parts["which"], words), today)
    weekday = words.weekdays.get(parts.get("weekday", ""))
    if "rel" not in parts:
        return (
            _shifted(today, _weekday_shift(weekday, parts.get("which"), words, today)) if weekday is not None else None
        )
    shift = words.days[parts["rel"]]
    if weekday is not None:
        shift += (weekday - today.weekday() - shift + 3) % 7 - 3
    return _shifted(today, shift)


def _unit(is_month: bool, direction: int, today: date) -> str | None:
    if not is_month:
        return f"{today.year + direction:04}" if MINYEAR <= today.year + direction <= MAXYEAR else None
    year, month = divmod(today.year * 12 + today.month - 1 + direction, 12)
    return _iso_month(year, month + 1)


def _weekday_shift(weekday: int, which: str | None, words: Calendar, today: date) -> int:
    ahead = (weekday - today.weekday()) % 7
    direction = _direction(which, words) if which else None
    if direction == 1:
        return ahead or 7
    if direction == -1:
        return ahead - 7
    if direction == 0:
        return ahead
    return ahead if ahead < 7 - DAYS_BACK else ahead - 7


def _direction(which: str, words: Calendar) -> int:
    return int(which in words.next) - int(which in words.last)


def _shifted(today: date, days: int) -> str | None:
    try:
        return (today + timedelta(days=days)).isoformat()
    except OverflowError:
        return None


def _iso_month(year: int, month: int) -> str | None:
    return f"{year:04}-{month:02}" if MINYEAR <= year <= MAXYEAR else None


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
