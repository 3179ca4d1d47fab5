"""Month and weekday names: Babel's CLDR tables and ``worker/data/months.toml`` in one lookup, made once."""

from dataclasses import dataclass
from functools import cache

from babel.dates import get_day_names, get_month_names

from worker.enrich.lexicon import fold, read

LOCALES = ("en", "ar", "ar_MA", "ar_TN", "ar_LB", "fa", "tr", "ru", "de", "fr", "es", "it", "pt")
"""The languages whose printed times are read; Arabic with its Maghrebi and Levantine month names."""


@dataclass(frozen=True, slots=True)
class _Lexicon:
    names: dict[str, list[str]]


@cache
def months() -> dict[str, int]:
    """Return every month name, folded and without a final full stop, with its number from 1."""
    printed = [*_cldr_names(), *((name, number) for names in _listed() for number, name in enumerate(names, 1))]
    return {fold(name).rstrip("."): number for name, number in printed}


@cache
def month_spellings(language: str) -> dict[str, int]:
    """Return the month names that a text in the language prints, as printed, with their numbers."""
    locales = [locale for locale in LOCALES if locale.partition("_")[0] == language]
    printed = [pair for locale in locales for pair in _names_of(locale)]
    if language == "ar":
        printed += [(name, number) for names in _listed() for number, name in enumerate(names, 1) if _is_arabic(name)]
    return {spelling: number for name, number in printed for spelling in _cased(name.rstrip("."))}


@cache
def weekdays(language: str) -> dict[str, int]:
    """Return the language's full weekday names as printed, Monday 0; empty for a language that is not read."""
    if language not in LOCALES:
        return {}
    names = get_day_names("wide", "format", language)
    return {spelling: number for number, name in names.items() for spelling in _cased(name)}


def _cldr_names() -> list[tuple[str, int]]:
    return [pair for locale in LOCALES for pair in _names_of(locale)]


def _names_of(locale: str) -> list[tuple[str, int]]:
    tables = [
        get_month_names(width, context, locale)
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
    ]
    return [(name, number) for table in tables for number, name in table.items()]


def _listed() -> list[list[str]]:
    return list(read("months", _Lexicon).names.values())


def _is_arabic(name: str) -> bool:
    return "ء" <= name[0] <= "ي"


def _cased(name: str) -> tuple[str, str]:
    return name, name[0].upper() + name[1:]
