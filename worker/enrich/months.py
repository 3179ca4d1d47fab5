"""Month and weekday names: Babel's CLDR tables and ``worker/data/months.toml`` in one lookup, made once."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from babel.dates import get_day_names, get_month_names

from worker.enrich.lexicon import fold, read

Calendar = Literal["gregorian", "iranian", "hijri"]

LOCALES = ("en", "ar", "ar_MA", "ar_TN", "ar_LB", "fa", "tr", "ru", "de", "fr", "es", "it", "pt")
"""The languages whose texts are searched for dates; Arabic with its Maghrebi and Levantine month names."""

MORE_LOCALES = (
    *("bg", "bs", "ca", "cs", "da", "el", "et", "fi", "he", "hi", "hu", "id", "lt", "lv", "nb", "nl"),
    *("pl", "ro", "sk", "sl", "sq", "sr", "sr_Latn", "sv", "uk", "ur", "vi"),
)
"""Languages of which only the times that a page prints for itself are read."""


@dataclass(frozen=True, slots=True)
class _Lexicon:
    names: dict[str, list[str]]
    iranian: dict[str, list[str]]
    hijri: dict[str, list[str]]


@cache
def months() -> dict[str, tuple[Calendar, int]]:
    """Return every month name, folded and without a final full stop, with its calendar and its number from 1."""
    lexicon = _lexicon()
    cldr = [pair for locale in (*LOCALES, *MORE_LOCALES) for pair in _names_of(locale)]
    printed: dict[Calendar, list[tuple[str, int]]] = {
        "hijri": _numbered(lexicon.hijri),
        "iranian": _numbered(lexicon.iranian),
        "gregorian": [*cldr, *_numbered(lexicon.names)],
    }
    return {fold(name).rstrip("."): (calendar, number) for calendar, names in printed.items() for name, number in names}


@cache
def month_spellings(language: str) -> dict[str, int]:
    """Return the month names that a text in the language prints, as printed, with their numbers."""
    locales = [locale for locale in LOCALES if locale.partition("_")[0] == language]
    printed = [pair for locale in locales for pair in _names_of(locale)]
    if language == "ar":
        printed += [(name, number) for name, number in _numbered(_lexicon().names) if _is_arabic(name)]
    return {spelling: number for name, number in printed for spelling in _cased(name.rstrip("."))}


@cache
def weekdays(language: str) -> dict[str, int]:
    """Return the language's full weekday names as printed, Monday 0; empty for a language that is not read."""
    if language not in LOCALES:
        return {}
    names = get_day_names("wide", "format", language)
    return {spelling: number for number, name in names.items() for spelling in _cased(name)}


def _names_of(locale: str) -> list[tuple[str, int]]:
    tables = [
        get_month_names(width, context, locale)
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
    ]
    return [(name, number) for table in tables for number, name in table.items()]


@cache
def _lexicon() -> _Lexicon:
    return read("months", _Lexicon)


def _numbered(lists: dict[str, list[str]]) -> list[tuple[str, int]]:
    return [(name, number) for names in lists.values() for number, name in enumerate(names, 1)]


def _is_arabic(name: str) -> bool:
    return "ء" <= name[0] <= "ي"


def _cased(name: str) -> tuple[str, str]:
    return name, name[0].upper() + name[1:]
