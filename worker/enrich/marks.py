"""The stretches of a paragraph that stand between quotation marks, of whatever style."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

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


class Quoted(NamedTuple):
    """A quoted stretch of a paragraph: `start` to `end` are the words inside, `opens` to `closes` has the marks too."""

    start: int
    end: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class _Style:
    opening: str
    closing: str
    pattern: re.Pattern[str]
    turned: bool = False


def find_quoted(text: str) -> tuple[Quoted, ...]:
    """Return the quoted stretches in order; of nested ones of two styles the outer.

    A mark that opens the paragraph or stands behind a colon and is never closed quotes the rest: the next paragraph
    goes on with the speech.
    """
    styles = [style for style in _STYLES if style.opening in text and _may_open(style, text)]
    if not styles:
        return ()
    pattern = styles[0].pattern if len(styles) == 1 else _ANY
    closed = [quoted for match in pattern.finditer(text) if (quoted := _trimmed(text, match))]
    rest = closed[-1].closes if closed else 0
    left_open = _OPEN.search(text, rest) if _has_any(_LEFT_OPEN, text, rest) else None
    last = _trimmed(text, left_open) if left_open else None
    return (*closed, last) if last else tuple(closed)


def _may_open(style: _Style, text: str) -> bool:
    """Tell whether a turned pair may be meant: its opening mark comes before the one that otherwise opens."""
    return not style.turned or style.closing not in text or text.find(style.opening) < text.find(style.closing)


def _has_any(marks: str, text: str, start: int) -> bool:
    return any(text.find(mark, start) >= 0 for mark in marks)


def _trimmed(text: str, match: re.Match[str]) -> Quoted | None:
    start, end = match.span(match.lastindex or 0)
    inside = text[start:end]
    start += len(inside) - len(inside.lstrip())
    end -= len(inside) - len(inside.rstrip())
    return Quoted(start, end, match.start(), match.end()) if start < end else None


def _styles() -> Iterator[_Style]:
    for opening, closing in PAIRS:
        yield _Style(opening, closing, re.compile(rf"{opening}([^{opening}{closing}\n]+)[{closing}]"))
    for opening, closing in TURNED:
        pattern = rf"(?<!\S){opening}(?=\w)([^{opening}{closing}\n]+){closing}"
        yield _Style(opening, closing, re.compile(pattern), turned=True)
    for opening, pattern in zip("‘'", _SINGLE, strict=True):
        yield _Style(opening, opening, re.compile(pattern))


_STYLES = tuple(_styles())
_ANY = re.compile("|".join(style.pattern.pattern for style in _STYLES))
_LEFT_OPEN = '“«„"'
_OPEN = re.compile(rf"(?:\A|:\s?)[{_LEFT_OPEN}]([^”»{_LEFT_OPEN}\n]+)\Z")
