"""The stretches of a paragraph that stand between quotation marks, of whatever style."""

import re
from collections.abc import Iterator
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


class Style(NamedTuple):
    """One pair of quotation marks and how a stretch between them is found."""

    opening: str
    closing: str
    pattern: re.Pattern[str]
    turned: bool = False


def find_styles(text: str) -> tuple[Style, ...]:
    """Return the styles whose opening marks stand in a story, the only ones that its paragraphs need be asked for."""
    return tuple(style for style in _STYLES if style.opening in text)


def find_quoted(text: str, styles: tuple[Style, ...]) -> tuple[Quoted, ...]:
    """Return the quoted stretches in order; of nested ones of two styles the outer.

    `styles` are those of the story. A mark that opens the paragraph or stands behind a colon and is never closed
    quotes the rest: the next paragraph goes on with the speech.
    """
    present = [style for style in styles if style.opening in text and not (style.turned and _is_closing(style, text))]
    if not present:
        return ()
    pattern = present[0].pattern if len(present) == 1 else _ANY
    closed = [quoted for match in pattern.finditer(text) if (quoted := _trimmed(text, match))]
    rest = closed[-1].closes if closed else 0
    left_open = _OPEN.search(text, rest) if _OPENING.search(text, rest) else None
    last = _trimmed(text, left_open) if left_open else None
    return (*closed, last) if last else tuple(closed)


def _is_closing(style: Style, text: str) -> bool:
    """Tell whether a turned pair's opening mark is a closing one here: it comes behind the one that otherwise opens."""
    opening = text.find(style.closing)
    return opening >= 0 and text.find(style.opening) > opening


def _trimmed(text: str, match: re.Match[str]) -> Quoted | None:
    start, end = match.span(match.lastindex or 0)
    opens, closes = match.span()
    if text[start].isspace() or text[end - 1].isspace():
        inside = text[start:end]
        start += len(inside) - len(inside.lstrip())
        end -= len(inside) - len(inside.rstrip())
    return Quoted(start, end, opens, closes) if start < end else None


def _styles() -> Iterator[Style]:
    for opening, closing in PAIRS:
        yield Style(opening, closing, re.compile(rf"{opening}([^{opening}{closing}\n]+)[{closing}]"))
    for opening, closing in TURNED:
        pattern = rf"(?<!\S){opening}(?=\w)([^{opening}{closing}\n]+){closing}"
        yield Style(opening, closing, re.compile(pattern), turned=True)
    for opening, pattern in zip("‘'", _SINGLE, strict=True):
        yield Style(opening, opening, re.compile(pattern))


_STYLES = tuple(_styles())
_ANY = re.compile("|".join(style.pattern.pattern for style in _STYLES))
_LEFT_OPEN = '“«„"'
_OPENING = re.compile(f"[{_LEFT_OPEN}]")
_OPEN = re.compile(rf"(?:\A|:\s?)[{_LEFT_OPEN}]([^”»{_LEFT_OPEN}\n]+)\Z")
