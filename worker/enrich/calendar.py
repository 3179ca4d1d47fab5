"""The words for days, months and years of one language, and the pattern that finds a date in its texts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from worker.enrich.lexicon import alternatives, read
from worker.enrich.months import month_spellings, weekdays

YEAR = r"(?:[1١۱][89٨٩۸۹]|[2٢۲][0٠۰])\d\d"
"""1800 to 2099: other numbers of four digits are seldom years."""

YEARS = frozenset(map(str, range(1800, 2100)))
_CUT = re.compile(r"[\s'’-]+")
_ARABIC_DIGITS = ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One language of ``worker/data/dates.toml``, whose head says what each list is."""

    days: dict[str, int]
    last: list[str]
    next: list[str]
    this: list[str]
    month: list[str]
    year: list[str]
    year_nouns: list[str]
    year_cues: list[str]
    before: bool
    month_first: bool = False
    attached: str = ""
    day_prefix: str = ""
    day_suffix: str = ""
    weekdays: dict[str, int] = field(default_factory=dict)
    months: dict[str, int] = field(default_factory=dict)
    day_nouns: list[str] = field(default_factory=list)
    this_before: list[str] = field(default_factory=list)
    month_parts: list[str] = field(default_factory=list)
    year_after: list[str] = field(default_factory=list)
    glue: list[str] = field(default_factory=list)
    year_glue: list[str] = field(default_factory=list)
    not_before: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Calendar:
    """What `dates` needs to find and understand a language's dates."""

    pattern: re.Pattern[str]
    """Its groups, all named, are named ``<part>_<alternative>``; the group ``date`` is the stretch to report."""
    parts: tuple[str, ...]
    """The name of each group, of the numbered ones without their letter."""
    triggers: frozenset[str]
    """A passage without one of these words holds no date."""
    days: dict[str, int]
    weekdays: dict[str, int]
    months: dict[str, int]
    last: frozenset[str]
    next: frozenset[str]
    month_units: frozenset[str]


@cache
def calendar(language: str) -> Calendar | None:
    """Return the calendar of a language, None for one that is not read."""
    entry = _entries().get(language)
    return _build(entry, language) if entry else None


@cache
def _entries() -> dict[str, _Entry]:
    return read("dates", dict[str, _Entry])


def _build(entry: _Entry, language: str) -> Calendar:
    names = weekdays(language) | entry.weekdays
    months = month_spellings(language) | entry.months
    pattern = _pattern(entry, names, months)
    return Calendar(
        pattern=pattern,
        parts=_parts(pattern),
        triggers=_triggers(entry, names, months),
        days=entry.days,
        weekdays=names,
        months=months,
        last=frozenset(entry.last),
        next=frozenset(entry.next),
        month_units=frozenset(entry.month),
    )


def _parts(pattern: re.Pattern[str]) -> tuple[str, ...]:
    return tuple(name[:-2] if name[-2] == "_" else name for name in pattern.groupindex)


def _triggers(entry: _Entry, weekday_names: Iterable[str], month_names: Iterable[str]) -> frozenset[str]:
    # Of names of two words one is enough: a month is known by its first ("كانون الثاني"), others by their last.
    phrases = [*weekday_names, *entry.days, *entry.month, *entry.year]
    words = {_CUT.split(phrase)[-1] for phrase in phrases} | {_CUT.split(name)[0] for name in month_names}
    prefixes = ["", *entry.attached, *(f"و{letter}" for letter in entry.attached[1:])]
    return frozenset(prefix + word for prefix in prefixes for word in words) | _year_words(entry)


def _year_words(entry: _Entry) -> frozenset[str]:
    local = {year.translate(str.maketrans("0123456789", digits)) for year in YEARS for digits in _ARABIC_DIGITS}
    spelled = YEARS | local
    attached = {form for year in spelled for form in (f"{year}م", f"و{year}")} if entry.attached else set[str]()
    return frozenset(spelled | attached)


def _pattern(entry: _Entry, names: dict[str, int], months: dict[str, int]) -> re.Pattern[str]:
    attached = f"[{entry.attached}]{{0,2}}" if entry.attached else ""
    cue = rf"(?:(?P<cue>{alternatives(entry.year_cues)})\s)?"
    # "#" stands for the alternative's letter: a group's name may stand in a pattern only once.
    numbered = zip("abcdefghijklm", _choices(entry, alternatives(names), alternatives(months)), strict=True)
    choices = "|".join(choice.replace("#", letter) for letter, choice in numbered)
    openers = _openers(entry, names, months)
    unless = rf"(?!\s?{alternatives(entry.not_before)}(?!\w))" if entry.not_before else ""
    return re.compile(rf"(?<!\w)(?={attached}{openers}){attached}{cue}(?P<date>{choices})(?!\w){unless}")


def _openers(entry: _Entry, names: Iterable[str], months: Iterable[str]) -> str:
    """Return a pattern of how dates begin, asked before their alternatives: most words begin none."""
    which = [*entry.last, *entry.next, *entry.this] if entry.before else [*entry.this_before, *entry.month_parts]
    nouns = [*entry.month, *entry.year, *entry.day_nouns, *entry.year_nouns, *entry.year_cues]
    return rf"(?:{entry.day_prefix}\d|{alternatives([*names, *months, *entry.days, *nouns, *which])})"


def _choices(entry: _Entry, weekday: str, month: str) -> list[str]:
    """Return the alternatives, the longest reading first."""
    which = rf"(?P<which_#>{alternatives([*entry.last, *entry.next, *entry.this])})"
    months = rf"(?P<month_#>{month})\.?(?:\s?/\s?{month})?"
    day = rf"{entry.day_prefix}(?P<day_#>\d{{1,2}}){entry.day_suffix}"
    year = rf"(?P<year_#>{YEAR})م?"
    name = rf"(?P<weekday_#>{weekday})"
    unit = rf"(?P<unit_#>{alternatives([*entry.month, *entry.year])})"
    glue = _optional(entry.glue)
    later_year = rf"[,،]?\s{_optional(entry.year_glue)}{year}"
    return [
        r"(?P<first_#>\d{1,4})(?P<mark>[-/.])(?P<second_#>\d{1,2})(?P=mark)(?P<third_#>\d{1,4})",
        rf"(?:{weekday}[,،]?\s)?{day}\s{glue}{months}(?:{later_year}(?:\s{weekday})?|\s{which})?",
        rf"(?:{weekday},?\s)?{months}\s{day}(?:,?\s{year})?" if entry.month_first else "(?!)",
        rf"{months}\s{glue}{year}",
        _optional(entry.month_parts) + _beside(entry, months, which),
        _beside(entry, unit, which),
        rf"(?P<rel_#>{alternatives(entry.days)})(?:\s?[(,،]?\s?{name})?",
        rf"(?:{which}\s)?{name}" if entry.before else rf"{_optional(entry.day_nouns)}{name}(?:\s{which})?",
        rf"{alternatives(entry.year_nouns)}\s{year}",
        rf"{year}\s{alternatives(entry.year_after)}",
        rf"(?(cue){year}|(?!))",
        rf"(?P<which_#>{alternatives(entry.this_before)})\s{unit}",
        # "2003م", "(2003)", and the second of two years.
        rf"{year}(?:(?<=م)|(?<=\(\d{{4}})(?=\s?\))|(?<=\d{{4}}\sو\d{{4}}))" if entry.attached else "(?!)",
    ]


def _beside(entry: _Entry, noun: str, which: str) -> str:
    return rf"{which}\s{noun}" if entry.before else rf"{noun}\s{which}"


def _optional(words: list[str]) -> str:
    return rf"(?:{alternatives(words)}\s)?" if words else ""
