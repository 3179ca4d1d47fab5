"""Reads the word lists under ``worker/data`` and gives them typed; the only place of this package that opens a file.

Words are looked up folded: lower case, without Arabic vowel signs and tatweel, with one alef
and ASCII digits. Folding never changes
the number of words in a text, so folded words and printed ones can be walked side by side.
"""

import re
import tomllib
from collections.abc import Iterable
from importlib.resources import files
from typing import TypeVar

from pydantic import TypeAdapter

Shape = TypeVar("Shape")

ARABIC_SIGNS = "\u0610-\u061a\u064b-\u065f\u0670"
"""Koranic and vowel signs (Unicode block Arabic, category Mn): part of a word, absent from the lexicons."""

WORD = re.compile(rf"[\w{ARABIC_SIGNS}]+(?:[’'\-\u200c][\w{ARABIC_SIGNS}]+)*")
"""A word with its vowel signs, inner apostrophes, hyphens and zero-width non-joiners."""

_DROPPED = [*range(0x610, 0x61B), *range(0x64B, 0x660), 0x670, 0x640, 0x200C, 0x200E, 0x200F]
_FOLD = dict.fromkeys(_DROPPED) | str.maketrans("أإآٱёيىك’İ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "ااااеییک'i01234567890123456789")
"""Arabic and Persian yeh and kaf are typed for one another; Russian newspapers print е for ё."""


def read(name: str, shape: type[Shape]) -> Shape:
    """Return the lexicon ``worker/data/<name>.toml``, validated as `shape`."""
    text = files("worker").joinpath("data", f"{name}.toml").read_text(encoding="utf-8")
    return TypeAdapter(shape).validate_python(tomllib.loads(text))


def fold(text: str) -> str:
    """Return the text as the lexicons spell it: for comparing, never for showing."""
    return text.translate(_FOLD).lower()


def folded(words: Iterable[str]) -> frozenset[str]:
    """Return the words as a set to look folded words up in."""
    return frozenset(map(fold, words))


def alternatives(words: Iterable[str]) -> str:
    """Return a regex group that matches one of the words, the longest first, and nothing where there are none.

    It is a prefix tree, so that its cost hardly grows with the number of words.
    """
    tree: _Tree = {}
    for word in words:
        node = tree
        for character in word:
            node = node.setdefault(character, {})
        node[""] = {}
    return _pattern(tree) or "(?!)"


_Tree = dict[str, "_Tree"]


def _pattern(tree: _Tree) -> str:
    branches = [re.escape(character) + _pattern(below) for character, below in sorted(tree.items()) if character]
    if not branches:
        return ""
    return f"(?:{'|'.join(branches)}){'?' if '' in tree else ''}"
