"""The stretches of a paragraph that stand between quotation marks, of whatever style."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

PAIRS = (
    ("“", "”"),
    ("«", "»"),
    ("„", "“”"),
    ('"', '"'),
    ("「", "」"),
    ("『", "』"),
    ("‹", "›"),
)
"""Opening mark and closing marks."""

TURNED = (("”", "“"), ("»", "«"))
"""Right-to-left typesetting also prints the curly pair the other way round, German books the angled one. They open
only before a word, so that a closing mark that lost its partner opens nothing."""

_SINGLE = (r"(?<!\w)‘((?:[^‘’\n]|’(?=\w)){2,})’(?!\w)", r"(?<![\w'])''([^'\n]+)''")
"""The single curly pair, whose closing mark is an apostrophe inside words, and typewriters' doubled apostrophe."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quoted stretch of a paragraph: `start` to `end` are the words inside, `opens` to `closes` has the marks too."""

    start: int
    end: int
    opens: int
    closes: int


def find_quoted(text: str) -> tuple[Quoted, ...]:
    """Return the quoted stretches in order; of nested ones of two styles the outer.

    A mark that opens the paragraph or stands behind a colon and is never closed quotes the rest: the next paragraph
    goes on with the speech.
    """
    closed = [quoted for match in _CLOSED.finditer(text) if (quoted := _trimmed(text, match))]
    left_open = _OPEN.search(text, closed[-1].closes if closed else 0)
    last = _trimmed(text, left_open) if left_open else None
    return (*closed, last) if last else tuple(closed)


def _trimmed(text: str, match: re.Match[str]) -> Quoted | None:
    start, end = match.span(match.lastindex or 0)
    inside = text[start:end]
    start += len(inside) - len(inside.lstrip())
    end -= len(inside) - len(inside.rstrip())
    return Quoted(start, end, match.start(), match.end()) if start < end else None


def _patterns() -> Iterator[str]:
    for opening, closing in PAIRS:
        yield rf"{opening}([^{opening}{closing}\n]+)[{closing}]"
    for opening, closing in TURNED:
        yield rf"(?<!\S){opening}(?=\w)([^{opening}{closing}\n]+){closing}"
    yield from _SINGLE


_CLOSED = re.compile("|".join(_patterns()))
_OPEN = re.compile(r"(?:\A|:\s?)[“«„\"]([^“”«»„\"\n]+)\Z")
