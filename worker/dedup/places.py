"""Places by their names: countries, regions and large cities, from Babel's CLDR tables in the headline's language.

In: a language. Out: the code of each folded name, the same for all spellings and languages: ISO 3166 for countries, the
time zone for cities. A few hundred places are no gazetteer: what is unknown here is told apart by its place in the
headline.
"""

from collections.abc import Iterator, Mapping
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from worker.dedup.normalise import key

LEAST_LETTERS = 2
MOST_WORDS = 3
"""Words of a name that is looked for; longer ones are official names, which headlines do not print."""


@cache
def places(language: str) -> Mapping[str, str]:
    """Return the codes of the language's place names, folded; none for a language that CLDR does not know."""
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError, TypeError):
        return {}
    named = ((key(name), code) for name, code in _names(locale))
    return {name: code for name, code in named if len(name) >= LEAST_LETTERS and len(name.split()) <= MOST_WORDS}


def are_one_place(code: str, other: str) -> bool:
    """Tell whether two codes are of one place, or of a city and its country."""
    return code == other or _countries().get(code) == other or _countries().get(other) == code


def _names(locale: Locale) -> Iterator[tuple[str, str]]:
    yield from ((str(zone["city"]), str(code)) for code, zone in locale.time_zones.items() if "city" in zone)
    if locale.language == "en":
        # English prints most cities as their zones are called, and its table has only the others; Arabic's has all.
        zones = (str(code) for code in Locale("ar").time_zones)
        yield from ((code.rpartition("/")[2].replace("_", " "), code) for code in zones)
    yield from ((name, code) for code, name in locale.territories.items())


@cache
def _countries() -> Mapping[str, str]:
    """Return the country of each time zone."""
    return dict(get_global("zone_territories"))
