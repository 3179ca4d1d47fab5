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

_DROPPED = [*range(0x610, 0x61B), *range(0x64B, 0x660), 0x670, 0x640, 0x200C, 0x200E, 0x200F]
"""Arabic vowel signs, tatweel, the zero-width non-joiner and the direction marks."""

_FOLD: dict[int, str] = {
    **dict.fromkeys(_DROPPED, ""),
    **dict(zip(map(ord, "أإآٱيىك"), "ااااییک", strict=True)),
    **dict(zip(map(ord, "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"), "01234567890123456789", strict=True)),
    ord("ё"): "е",
    ord("İ"): "i",
    ord("’"): "'",
}
"""Arabic and Persian yeh and kaf are typed for one another; Russian newspapers print е for ё."""

_COMMON = tuple((letter, _FOLD[ord(letter)]) for letter in "أإآىيك\u064b\u0651")
_LEFT_OUT = re.compile(f"[{''.join(map(chr, _DROPPED))}]")
_RARE = re.compile(f"[{''.join(map(chr, _FOLD))}]")


def read(name: str, shape: type[Shape]) -> Shape:
    """Return the lexicon ``worker/data/<name>.toml``, validated as `shape`."""
    text = files("worker").joinpath("data", f"{name}.toml").read_text(encoding="utf-8")
    return TypeAdapter(shape).validate_python(tomllib.loads(text))


def fold(text: str) -> str:
    """Return the text as the lexicons spell it: for comparing, never for showing."""
    if not text.isascii():
        # Replacing letters one by one is three times as fast as translating all.
        for character, spelled in _COMMON:
            text = text.replace(character, spelled)
        for character in set(_RARE.findall(text)):
            text = text.replace(character, _FOLD[ord(character)])
    return text.lower()


def find_left_out(text: str) -> list[int]:
    """Return the places of the characters that folding leaves out; each other one is folded into one."""
    return [found.start() for found in _LEFT_OUT.finditer(text)]


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
