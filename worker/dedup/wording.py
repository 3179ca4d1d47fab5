"""What two headlines say in different words, by language (`worker/data/wording.toml`), read once and folded.

In: a language's code. Out: a `Wording`, empty for a language that the file does not have. It adds to the `Lexicon` what
only a comparison needs.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from worker.dedup.normalise import key


@dataclass(frozen=True, slots=True)
class Wording:
    """What the file says of a language."""

    about: frozenset[str] = frozenset()
    """Words before rounded numbers."""
    over: frozenset[str] = frozenset()
    """Words before numbers that are exceeded."""
    mutual: frozenset[str] = frozenset()
    """What two do to one another."""
    within: frozenset[str] = frozenset()
    """Words before a place."""
    passing: frozenset[str] = frozenset()
    """Words that a headline may have or not: "today", "says"."""
    twos: frozenset[str] = frozenset()
    """Words that say of how many they are: two."""
    converse: frozenset[str] = frozenset()
    """Words that say of the one what their contrary says of the other: beat, lose; buy, sell."""
    synonyms: Mapping[str, str] = field(default_factory=dict)
    """Words and phrases by the first of their group; phrases also without blanks."""


@cache
def wording(language: str) -> Wording:
    """Return the language's wording."""
    table = _tables().get(language)
    return _folded(table) if table else Wording()


@cache
def _tables() -> Mapping[str, Mapping[str, str | list[str]]]:
    return tomllib.loads(files("worker").joinpath("data", "wording.toml").read_text(encoding="utf-8"))


def _folded(table: Mapping[str, str | Sequence[str]]) -> Wording:
    sets = {name: frozenset(_words(words)) for name, words in table.items() if isinstance(words, str)}
    groups = [_words(group) for group in table["synonyms"]]
    spelled = [
        (spelling, group[0])
        for group in reversed(groups)
        for name in group
        for spelling in (name.replace(" ", ""), name)
    ]
    return Wording(**sets, synonyms=dict(spelled))


def _words(listed: str) -> list[str]:
    # An underscore becomes a blank.
    return [key(word) for word in listed.split()]
