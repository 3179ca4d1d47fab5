"""Reads a time as a page prints it, in any of the languages of `months`, or as its HTML states it.

In: a line or a segment of one, such as ``27th, February 2025 GMT``, ``2025-02-27@01:36:37 GMT`` or
``24 نيسان / أبريل 2020 09:22 مساءً``. Out: a `Moment` or None. It never guesses: a day that the calendar does not have,
two digits for a year but in ``27.02.25``, whose order is the same everywhere, or a bare time of day is no moment.
Iranian and Hijri dates are told by their year and converted, where no Gregorian one stands beside them.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache
from typing import Any

from hijridate import Hijri
from persiantools.jdatetime import JalaliDate

from worker.enrich.lexicon import alternatives, fold, read
from worker.enrich.moment import Moment, Precision
from worker.enrich.months import Calendar, months

LONGEST = 200
"""Characters of a line that are looked at; a printed time is one short line."""

FIRST_GREGORIAN_YEAR = 1500
FIRST_HIJRI_YEAR = 1410
"""By which the calendar of a date in figures is told: the Iranian year 1409 will be 2030, the Hijri 1410 was 1989."""

YEARS: dict[Calendar, tuple[int, int]] = {
    "gregorian": (FIRST_GREGORIAN_YEAR, 9999),
    "iranian": (1200, 1499),
    "hijri": (1200, 1499),
}
"""Years that a page may mean: a month's name of one calendar beside a year of another is no date."""

LAST_MONTH = 12

_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/\d{4}(?!\d)")
_ENGLISH_HALF = re.compile(r"\d\s?(?:[ap]m|[AP]\.?M\.?)\b")
_CLOCK = re.compile(
    r"(?<![\d:])(?P<hour>[0-2]?\d)\s?[:h](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:[.,]\d{1,9})?)?(?![\d:])"
)
_NAMED_OFFSET = re.compile(r"\s?\(?(?:gmt|utc)\s?(?P<sign>[+\-−])(?P<hours>\d{1,2}):?(?P<minutes>\d\d)?(?!\d)")
_BARE_OFFSET = re.compile(r"\s?(?P<sign>[+\-−])(?P<hours>\d\d):?(?P<minutes>\d\d)?(?!\d)")


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels before printed times; `other` are of what is neither publication nor change."""

    published: list[str]
    modified: list[str]
    other: list[str]


@dataclass(frozen=True, slots=True)
class _Halves:
    am: list[str]
    pm: list[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """``worker/data/times.toml``."""

    labels: Labels
    halves: _Halves
    zones: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Words:
    days: tuple[re.Pattern[str], ...]
    half: re.Pattern[str]
    afternoon: frozenset[str]
    zone: re.Pattern[str]
    zones: dict[str, int]


@cache
def lexicon() -> Lexicon:
    """Return the words around printed times."""
    return read("times", Lexicon)


@cache
def labels() -> re.Pattern[str]:
    """Return the pattern of a label; digits may stand right behind it."""
    words = lexicon().labels
    spellings = [*words.published, *words.modified, *words.other]
    return re.compile(rf"(?<!\w){alternatives([*spellings, *map(fold, spellings)])}(?![^\W\d])", re.IGNORECASE)


def parse(text: str, *, month_first: bool = False) -> Moment | None:
    """Return the first full date of the text, with the time of day and the offset printed beside it.

    Of ``01/12/2020`` the day stands first, unless `month_first`; where only one order is a date it is that one.
    """
    line = fold(text[:LONGEST])
    found = None
    for one in _days_in(line, month_first=month_first):
        found = found or one
        if one[2]:  # a Gregorian date goes before one of another calendar beside it
            found = one
            break
    if found is None:
        return None
    start, end, _, day = found
    return _with_clock(day, f"{line[:start]}\n{line[end:]}")


def put_months_first(text: str) -> bool | None:
    """Tell whether the dates of a text put the month before the day, None where none of them tells."""
    pairs = [(int(found[1]), int(found[2])) for found in _SLASHED.finditer(fold(text))]
    days = sum(first > LAST_MONTH >= second for first, second in pairs)
    months_first = sum(second > LAST_MONTH >= first for first, second in pairs)
    return None if days == months_first else months_first > days


def has_english_half(text: str) -> bool:
    """Tell whether a text prints a time on the twelve-hour clock, as where the month stands first."""
    return _ENGLISH_HALF.search(text) is not None


def _days_in(line: str, *, month_first: bool) -> Iterator[tuple[int, int, bool, datetime]]:
    """Give each day: where it stands, whether it is printed in the Gregorian calendar, and which it is in that."""
    for pattern in _words().days:
        for found in pattern.finditer(line):
            calendar, *orders = _read(found, month_first=month_first)
            day = next((day for order in orders if (day := _convert(calendar, *order))), None)
            if day:
                yield found.start(), found.end(), calendar == "gregorian", day


def _read(found: re.Match[str], *, month_first: bool) -> tuple[Calendar, *tuple[tuple[int, int, int], ...]]:
    """Return the calendar and the year, month and day, in both orders where both may be meant, the likelier first."""
    parts = found.groupdict()
    century = 2000 if len(parts["year"]) == 2 else 0  # noqa: PLR2004 - digits
    year, day = century + int(parts["year"]), int(parts["day"])
    if "name" in parts:
        calendar, month = months()[parts["name"]]
        return calendar, (year, month, day)
    month = int(parts["month"])
    calendar = "gregorian" if year >= FIRST_GREGORIAN_YEAR else "hijri" if year >= FIRST_HIJRI_YEAR else "iranian"
    orders = ((year, month, day), (year, day, month))
    is_turned = month_first and parts.get("mark") == "/" and found.start("year") > found.start("day")
    return calendar, *(orders[::-1] if is_turned else orders)


def _convert(calendar: Calendar, year: int, month: int, day: int) -> datetime | None:
    """Return a day of a calendar in the Gregorian one, None if there is none such."""
    first_year, last_year = YEARS[calendar]
    with suppress(ValueError, OverflowError):
        if not first_year <= year <= last_year:
            return None
        if calendar == "gregorian":
            return datetime(year, month, day)  # noqa: DTZ001 - naive where the page prints no offset
        converter: Any = Hijri if calendar == "hijri" else JalaliDate
        there: date = converter(year, month, day).to_gregorian()
        return datetime(there.year, there.month, there.day)  # noqa: DTZ001 - as above
    return None


def _with_clock(day: datetime, rest: str) -> Moment:
    clock = _CLOCK.search(rest)
    if clock is None:
        return Moment(day, "day")
    hour = _hour(int(clock["hour"]), rest[clock.end() :])
    if hour is None:
        return Moment(day, "day")
    precision: Precision = "second" if clock["second"] else "minute"
    at = day.replace(hour=hour, minute=int(clock["minute"]), second=int(clock["second"] or 0))
    return Moment(at.replace(tzinfo=_zone(rest, clock)), precision)


def _hour(hour: int, after: str) -> int | None:
    half = _words().half.match(after)
    if half is None:
        return hour if hour < 24 else None  # noqa: PLR2004 - hours of a day
    if not 1 <= hour <= 12:  # noqa: PLR2004 - "14:30 pm" is printed too, and means 14:30
        return hour if hour < 24 else None  # noqa: PLR2004
    return hour % 12 + (12 if half[1] in _words().afternoon else 0)


def _zone(rest: str, clock: re.Match[str]) -> timezone | None:
    """Return the offset that stands right behind a time; elsewhere a zone's name is a word ("est").

    A figure with a minus is one only behind a time as machines print it, elsewhere it is the end of a stretch of time.
    """
    half = _words().half.match(rest, clock.end())
    end = half.end() if half else clock.end()
    offset = _NAMED_OFFSET.match(rest, end) or _BARE_OFFSET.match(rest, end)
    is_exact = clock["second"] is not None or rest[clock.start() - 1 : clock.start()] == "t"
    if offset and (offset["sign"] == "+" or is_exact or offset.re is _NAMED_OFFSET):
        minutes = int(offset["hours"]) * 60 + int(offset["minutes"] or 0)
        return _timezone(minutes if offset["sign"] == "+" else -minutes)
    named = _words().zone.match(rest, end)
    return _timezone(_words().zones[named["zone"]]) if named else None


def _timezone(minutes: int) -> timezone | None:
    return timezone(timedelta(minutes=minutes)) if abs(minutes) <= 14 * 60 else None


@cache
def _words() -> _Words:
    words = lexicon()
    halves = words.halves
    zones = {fold(name): minutes for name, minutes in words.zones.items()}
    half = alternatives(map(fold, (*halves.am, *halves.pm)))
    return _Words(
        days=_day_patterns(),
        half=re.compile(rf"\s?({half})(?!\w)"),
        afternoon=frozenset(map(fold, halves.pm)),
        zone=re.compile(rf"[\s(,]*(?P<zone>{alternatives(zones)})(?!\w)"),
        zones=zones,
    )


def _day_patterns() -> tuple[re.Pattern[str], ...]:
    name = alternatives(months())
    month = rf"(?P<name>{name})\.?(?:\s?[/(-]\s?{name}\)?)?"
    day = r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|er|[.ºª])?[,،]?\s?(?:de |من )?"
    # Some pages print the day of the change right behind that of the publication.
    end = r"(?!\d(?!\d?\.?\s?[^\W\d]))"
    return tuple(
        re.compile(pattern)
        for pattern in (
            r"(?<!\d)(?P<year>\d{4})\s?(?P<mark>[-/.])\s?(?P<month>\d{1,2})\s?(?P=mark)\s?(?P<day>\d{1,2})(?!\d)",
            r"(?<!\d)(?P<day>\d{1,2})\s?(?P<mark>[-/.])\s?(?P<month>\d{1,2})\s?(?P=mark)\s?(?P<year>\d{4})(?!\d(?!\d?[./]\d)|:\d)",
            rf"{day}[-/]?{month}[-/,،]?\s?(?:de |del |of )?(?P<year>\d{{4}}){end}",
            rf"(?<!\w){month}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[,،]?\s(?P<year>\d{{4}}){end}",
            r"(?<!\d)(?P<year>\d{4})[年년]\s?(?P<month>\d{1,2})[月월]\s?(?P<day>\d{1,2})[日일]",
            r"(?<![\d.])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d\d)(?:(?![\d.:])|(?=[0-2]\d:[0-5]\d(?!\d)))",
        )
    )
