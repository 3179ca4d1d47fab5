"""Names of countries, regions and large cities in the languages of `months`: Babel's CLDR tables, made once.

A few hundred places are no gazetteer. They settle what shape alone cannot: that الرياض beside an agency is the city and
not the paper of that name, and that the country in "the prime minister of Britain" is no part of his name.
"""

from collections.abc import Iterator
from functools import cache

from babel import Locale

from worker.enrich.lexicon import fold
from worker.enrich.months import LOCALES


def is_place(name: str) -> bool:
    """Tell whether the words are the name of a place in CLDR, in any of the languages read."""
    return fold(name) in _places()


@cache
def _places() -> frozenset[str]:
    return frozenset(fold(name) for locale in LOCALES if "_" not in locale for name in _names(Locale(locale)))


def _names(locale: Locale) -> Iterator[str]:
    yield from locale.territories.values()
    yield from (zone["city"] for zone in locale.time_zones.values() if "city" in zone)
