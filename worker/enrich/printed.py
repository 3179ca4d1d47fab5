"""Reads a time as a page prints it, in any of the languages of `months`, or as its HTML states it.

In: a line or a segment of one, such as ``27th, February 2025 GMT``, ``2025-02-27@01:36:37 GMT`` or
``24 نيسان / أبريل 2020 09:22 مساءً``. Out: a `Moment` or None. It never guesses: a day that the calendar does not have,
a month by a two-digit year, or a bare time of day is no moment.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache

from worker.enrich.lexicon import alternatives, fold, read
from worker.enrich.moment import Moment, Precision
from worker.enrich.months import months

LONGEST = 200
"""Characters of a line that are looked at; a printed time is one short line."""

_CLOCK = re.compile(
    r"(?<![\d:])(?P<hour>[0-2]?\d)\s?[:h](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:[.,]\d{1,9})?)?(?![\d:])"
)
_OFFSET = re.compile(r"\s?(?:gmt|utc)?\s?(?P<sign>[+\-−])(?P<hours>\d{1,2}):?(?P<minutes>\d\d)?(?!\d)")


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels before printed times."""

    published: list[str]
    modified: list[str]


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


def parse(text: str) -> Moment | None:
    """Return the first full date of the text, with the time of day and the offset printed beside it.

    Days come before months (``01/12/2020`` is the first of December) unless only the other order is a date.
    """
    line = fold(text[:LONGEST])
    for pattern in _words().days:
        for found in pattern.finditer(line):
            day = _day(found)
            if day:
                return _with_clock(day, f"{line[: found.start()]}\n{line[found.end() :]}")
    return None


def _day(found: re.Match[str]) -> datetime | None:
    parts = found.groupdict()
    name = parts.get("name")
    year, day = int(parts["year"]), int(parts["day"])
    if name is not None:
        return _date(year, months()[name], day)
    month = int(parts["month"])
    return _date(year, month, day) or _date(year, day, month)


def _date(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day)  # noqa: DTZ001 - naive where the page prints no offset
    except ValueError:
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
    return Moment(at.replace(tzinfo=_zone(rest, clock.end())), precision)


def _hour(hour: int, after: str) -> int | None:
    half = _words().half.match(after)
    if half is None:
        return hour if hour < 24 else None  # noqa: PLR2004 - hours of a day
    if not 1 <= hour <= 12:  # noqa: PLR2004 - "14:30 pm" is printed too, and means 14:30
        return hour if hour < 24 else None  # noqa: PLR2004
    return hour % 12 + (12 if half[1] in _words().afternoon else 0)


def _zone(rest: str, after_clock: int) -> timezone | None:
    offset = _OFFSET.match(rest, after_clock)
    if offset:
        minutes = int(offset["hours"]) * 60 + int(offset["minutes"] or 0)
        return _timezone(-minutes if offset["sign"] != "+" else minutes)
    named = _words().zone.search(rest)
    return _timezone(_words().zones[named[0]]) if named else None


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
        zone=re.compile(rf"(?<![^\W\d])(?:{alternatives(zones)})(?!\w)"),
        zones=zones,
    )


def _day_patterns() -> tuple[re.Pattern[str], ...]:
    name = alternatives(months())
    month = rf"(?P<name>{name})\.?(?:\s?[/(-]\s?{name}\)?)?"
    day = r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|er|[.ºª])?[,،]?\s?(?:de |من )?"
    return tuple(
        re.compile(pattern)
        for pattern in (
            r"(?<!\d)(?P<year>\d{4})\s?(?P<mark>[-/.])\s?(?P<month>\d{1,2})\s?(?P=mark)\s?(?P<day>\d{1,2})(?!\d)",
            r"(?<!\d)(?P<day>\d{1,2})\s?(?P<mark>[-/.])\s?(?P<month>\d{1,2})\s?(?P=mark)\s?(?P<year>\d{4})(?!\d)",
            rf"{day}[-/]?{month}[-/,،]?\s?(?:de |del )?(?P<year>\d{{4}})(?!\d)",
            rf"(?<!\w){month}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[,،]?\s(?P<year>\d{{4}})(?!\d)",
            r"(?<!\d)(?P<year>\d{4})年\s?(?P<month>\d{1,2})月\s?(?P<day>\d{1,2})日",
        )
    )
