"""News agencies by their canonical names: in a dateline's or credit's segment, and where a text names its source.

A text's mention counts only beside a word that makes it the source ("the news agency ...", "told ..."): a report about
an agency is not a report by it.
"""

import re
from dataclasses import dataclass, field
from functools import cache

from worker.enrich.lexicon import alternatives, fold, read
from worker.enrich.passage import Passage

WIRES = "wires"
"""The canonical name of "agencies" without saying which."""

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
    pattern: re.Pattern[str]
    triggers: frozenset[str]


def canonical(segment: str) -> str | None:
    """Return the canonical name if the whole segment is an agency's name, however spaced, dotted or quoted."""
    key = _key(segment)
    found = _names().get(key)
    if found or not key:
        return found
    kind = next((kind for kind in _kind_keys() if key.startswith(kind)), "")
    return _names().get(key.removeprefix(kind))


def find_sources(passages: tuple[Passage, ...]) -> tuple[str, ...]:
    """Return the agencies that the passages name as a source, each once, in the order of their first mention."""
    finder = _finder()
    found = (
        _names()[_key(match["before"] or match["after"])]
        for passage in passages
        if not finder.triggers.isdisjoint(passage.words)
        for match in finder.pattern.finditer(passage.text)
    )
    return tuple(dict.fromkeys(found))


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
    cues = [*words.kinds, *words.before]
    pattern = re.compile(
        rf"(?<!\w){alternatives(cues)}(?:\s|(?<=['’]))[\"“«„(]?(?P<before>{alternatives(aliases)})(?!\w)"
        rf"|(?<!\w)(?P<after>{alternatives(aliases)})[\"”»“)]?\s{alternatives(words.after)}(?!\w)"
    )
    return _Finder(pattern, frozenset(word for alias in aliases for word in alias.split()))
