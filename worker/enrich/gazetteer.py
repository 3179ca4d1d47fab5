"""The names of places and organisations, found in a text all at once.

In: ``worker/data/gazetteer`` and Unicode CLDR, read once; a text. Out: `Hit`s in order, none overlapping, with offsets
in the text. Names are looked for in the folded text, where some marks are left out, so each place in it has its place
in the text. A name counts where words begin and end, which Chinese and Japanese do anywhere. Arabic particles that are
written together with the word behind them are no part of it, but the article is ("للعراق"); where a script has
capitals, the name has one.

Of two names that overlap the one that begins first counts, then the longer one; of two places of one name the country,
then the one by `places.toml`, then the largest city.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Literal, NamedTuple, Protocol, TypeVar

import ahocorasick
from babel import Locale

from worker.enrich.lexicon import find_left_out, fold, read
from worker.enrich.months import LOCALES, MORE_LOCALES

OTHER_LOCALES = ("zh", "ja", "ko")

SHORTEST = 3
"""Letters of a name in an alphabet: shorter ones are abbreviations, and told by their capitals."""

SHORTEST_BEHIND_PARTICLE = 4
"""Letters of a name behind a particle of one letter: else one word in a hundred is taken for a particle and a name."""

_PARTICLES = frozenset(
    ("و", "ف", "ب", "ل", "ک", "وب", "ول", "وک", "فب", "فل", "بـ", "لـ"),
)
_NOT_COUNTRIES = frozenset(("001", "EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"))
"""Regions of CLDR that are no countries or that organisations are named for."""

_ARABIC, _FIRST_ARABIC, _LAST_ARABIC = "ا", "\u0600", "\u06ff"
"""A letter by which a text in the script is told, and where the script begins and ends."""

_MAPPED = (("ة", "ه"), ("-", " "), ("\u00a0", " "), ("\n", " "))

_WITHOUT_WORDS = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
"""Kana and Han, which part no words, and Hangul, where particles follow a name."""

Kind = Literal["place", "organisation"]


class Spanned(Protocol):
    """What stands somewhere in a text."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends."""


AnySpan = TypeVar("AnySpan", bound=Spanned)


class Entry(NamedTuple):
    """What a name stands for: its English name, and its ISO 3166-1 code or GeoNames id where it has one."""

    kind: Kind
    name: str
    code: str | None


class Hit(NamedTuple):
    """A name where it stands in a text."""

    start: int
    end: int
    entry: Entry


_Named = tuple[int, bool, bool, int, frozenset[str] | None]
"""A name: its length as folded, whether its script tells names by a capital, whether it parts words, the number of what
it stands for, and the only languages in which it is a name ("Island" is Iceland in German)."""


class _Names(NamedTuple):
    """All names: the automaton gives a name's number."""

    automaton: ahocorasick.Automaton
    named: list[_Named]
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class _Place:
    name: str
    code: str
    names: list[str]


@dataclass(frozen=True, slots=True)
class _Places:
    ordinary: list[str]
    countries: dict[str, list[str]]
    place: list[_Place]


@dataclass(frozen=True, slots=True)
class _Organisation:
    name: str
    names: list[str]


@dataclass(frozen=True, slots=True)
class Organisations:
    """``worker/data/gazetteer/organisations.toml``, whose head says what each list is."""

    kinds: dict[str, list[str]]
    organisation: list[_Organisation]


@cache
def organisations() -> Organisations:
    """Return what is known of organisations."""
    return read("gazetteer/organisations", Organisations)


def find_names(text: str, language: str) -> tuple[Hit, ...]:
    """Return the names in a text of a language."""
    folded = spell(text)
    # For each character that is left out, how many are kept before it.
    dropped = [place - order for order, place in enumerate(find_left_out(text))] if len(folded) != len(text) else []
    hits: list[Hit] = []
    names, size = _names(is_arabic=_ARABIC in folded), len(folded)
    for last, number in names.automaton.iter(folded):
        length, has_capital, has_words, entry, languages = names.named[number]
        end = last + 1
        start = end - length
        if languages is not None and language not in languages:
            continue
        if has_words and ((end < size and _is_letter(folded[end])) or not _begins(folded, start, length)):
            continue
        at, until = (start, end) if not dropped else (_place(start, dropped), _place(last, dropped) + 1)
        if not has_capital or text[at].isupper():
            hits.append(Hit(at, until, names.entries[entry]))
    return tuple(keep_apart(hits))


def spell(text: str) -> str:
    """Return a text as names are looked for: folded, the marks that part words as blanks, with one final he."""
    folded = fold(text)
    for mark, spelled in _MAPPED:
        folded = folded.replace(mark, spelled)
    return folded


def _place(place: int, dropped: list[int]) -> int:
    """Return the place in the text of one in the folded text."""
    return place + bisect_right(dropped, place)


def _begins(folded: str, start: int, length: int) -> bool:
    """Tell whether a word begins where a name does, but for particles written together with it."""
    if start == 0 or not _is_letter(folded[start - 1]):
        return True
    first = start
    while first > 0 and start - first <= 2 and folded[first - 1].isalnum():  # noqa: PLR2004 - letters of particles
        first -= 1
    particle = folded[first:start]
    return particle in _PARTICLES and (particle == "و" or length >= SHORTEST_BEHIND_PARTICLE)


def _is_letter(character: str) -> bool:
    """Tell whether a character is part of a word; the vowel signs of Indian scripts are no letters by themselves."""
    return character.isalnum() or "\u0900" <= character <= "\u0dff"


def keep_apart(spans: Iterable[AnySpan]) -> Iterator[AnySpan]:
    """Give the spans in order without those that overlap: the first counts, then the longest."""
    done = 0
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if span.start >= done:
            yield span
            done = span.end


# -- the names ---------------------------------------------------------------------------------------------------------


@cache
def _names(*, is_arabic: bool) -> _Names:
    """Return the names in Arabic script, or those in all others: one automaton of all is a third slower."""
    numbers: dict[Entry, int] = {}
    numbered: dict[str, _Named] = {}
    ordinary = frozenset(map(spell, _places().ordinary))
    for name, entry, languages, is_own in chain(_own_countries(), _countries(), _listed(), _cities()):
        if (_FIRST_ARABIC <= name[0] <= _LAST_ARABIC) is not is_arabic:
            continue
        key = spell(name).strip()
        if key in ordinary and not is_own:
            continue
        if len(key) < (1 if _WITHOUT_WORDS.match(key) or name.isupper() else SHORTEST):
            continue
        number = numbers.setdefault(entry, len(numbers))
        has_words = not _WITHOUT_WORDS.match(key)
        numbered.setdefault(key, (len(key), name[0].isupper(), has_words, number, languages))
        if key.startswith("ال"):
            swallowed = f"لل{key[2:]}"
            numbered.setdefault(swallowed, (len(swallowed), False, True, number, languages))
    automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
    for order, key in enumerate(numbered):
        automaton.add_word(key, order)
    automaton.make_automaton()
    return _Names(automaton, list(numbered.values()), list(numbers))


@cache
def _places() -> _Places:
    return read("gazetteer/places", _Places)


_Source = Iterator[tuple[str, Entry, frozenset[str] | None, bool]]
"""Names, what each stands for, the only languages in which it is one, and whether it was listed by us: then it is one
even where it is an ordinary word too."""


def _own_countries() -> _Source:
    english = Locale("en").territories
    for code, names in _places().countries.items():
        yield from ((name, Entry("place", english[code], code), None, True) for name in names)


def _countries() -> _Source:
    """Give the names of CLDR, each in the languages that have it."""
    english = Locale("en").territories
    spoken: dict[tuple[str, str], set[str]] = {}
    for locale in (*LOCALES, *MORE_LOCALES, *OTHER_LOCALES):
        for code, name in Locale.parse(locale).territories.items():
            if code not in _NOT_COUNTRIES and not code.isdigit():
                spoken.setdefault((name, code), set()).add(locale.partition("_")[0])
    for (name, code), languages in spoken.items():
        yield name, Entry("place", english[code], code), frozenset(languages), False


def _listed() -> _Source:
    for organisation in organisations().organisation:
        yield from ((name, Entry("organisation", organisation.name, None), None, True) for name in organisation.names)
    for place in _places().place:
        yield from ((name, Entry("place", place.name, place.code or None), None, True) for name in place.names)


def _cities() -> _Source:
    for line in files("worker").joinpath("data/gazetteer/cities.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            code, _, name, others = line.split("\t")
            entry = Entry("place", name, code)
            yield from ((one, entry, None, False) for one in (name, *others.split("|")) if one)
