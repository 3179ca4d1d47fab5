"""News agencies by their canonical names: in a dateline's or credit's segment, and where a text names its source.

A text's mention counts only beside a word that makes it the source ("the news agency ...", "told ..."): a report about
an agency is not a report by it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from schemas.story import WIRES
from worker.enrich.lexicon import alternatives, fold, read
from worker.enrich.passage import Passage, find_all

CUE_REACH = 24
"""Characters before a name in which its cue stands, the longest of the lexicon and a mark."""

_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class _Agency:
    name: str
    aliases: list[str]
    country: str | None = None


@dataclass(frozen=True, slots=True)
class _Lexicon:
    kinds: list[str]
    before: list[str]
    after: list[str]
    agency: list[_Agency] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Finder:
    name: re.Pattern[str]
    cue_before: re.Pattern[str]
    cue_after: re.Pattern[str]
    triggers: frozenset[str]
    """The first words of all names: a passage without one names no agency."""


def canonical(segment: str) -> str | None:
    """Return the canonical name if the whole segment is an agency's name, however spaced, dotted or quoted."""
    key, names = _key(segment), _names()
    found = names.get(key)
    if found or not key.startswith(_kind_keys()):
        return found
    kind = next(kind for kind in _kind_keys() if key.startswith(kind))
    return names.get(key.removeprefix(kind))


def find_sources(passages: tuple[Passage, ...]) -> tuple[str, ...]:
    """Return the agencies that the passages name as a source, each once, in the order of their first mention."""
    finder = _finder()
    marked = [(passage.text, hits) for passage in passages if (hits := passage.words & finder.triggers)]
    return tuple(dict.fromkeys([name for text, hits in marked for name in _sources(text, hits, finder)]))


def _sources(text: str, hits: frozenset[str], finder: _Finder) -> Iterator[str]:
    for place in sorted([at for word in hits for at in find_all(word, text)]):
        name = finder.name.match(text, place)
        if name and (
            finder.cue_before.search(text[max(0, place - CUE_REACH) : place])
            or finder.cue_after.match(text, name.end())
        ):
            yield _names()[_key(name[0])]


def _key(name: str) -> str:
    return _NOT_LETTERS.sub("", fold(name))


@cache
def _lexicon() -> _Lexicon:
    return read("agencies", _Lexicon)


@cache
def _names() -> dict[str, str]:
    return {_key(alias): agency.name for agency in _lexicon().agency for alias in agency.aliases}


@cache
def _kind_keys() -> tuple[str, ...]:
    return tuple(sorted(map(_key, _lexicon().kinds), key=len, reverse=True))


@cache
def _finder() -> _Finder:
    words = _lexicon()
    aliases = [alias for agency in words.agency if agency.name != WIRES for alias in agency.aliases]
    cues = alternatives([*words.kinds, *words.before])
    return _Finder(
        name=re.compile(rf"(?<!\w){alternatives(aliases)}(?!\w)"),
        cue_before=re.compile(rf"(?<!\w){cues}(?:\s|(?<=['’]))[\"“«„(]?\Z", re.IGNORECASE),
        cue_after=re.compile(rf"[\"”»“)]?\s{alternatives(words.after)}(?!\w)", re.IGNORECASE),
        triggers=frozenset(re.split(r"[\s'’.-]+", alias.lstrip("("))[0] for alias in aliases),
    )
