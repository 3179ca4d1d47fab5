"""Values of fields as a reader compares them: where they begin to differ, in as much context as fits.

In: the two values of a field. Out: the text before the difference, the difference, and the text behind it. In one pass
over both texts, whatever they hold.
"""

from dataclasses import dataclass

import orjson

from worker.diff.model import Json

CUT = "…"


@dataclass(frozen=True, slots=True)
class Shown:
    """One of two values: what both have before the difference, its own part, what both have behind."""

    before: str
    own: str
    behind: str

    @property
    def text(self) -> str:
        """All of it."""
        return f"{self.before}{self.own}{self.behind}"


def show(old: Json, new: Json, length: int) -> tuple[Shown, Shown]:
    """Return both values, each part cut to `length` characters; words are never cut in their middle."""
    one, other = _written(old), _written(new)
    start = _common_start(one, other)
    end = _common_end(one[start:], other[start:])
    return _shown(one, start, end, length), _shown(other, start, end, length)


def _written(value: Json) -> str:
    return value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def _common_start(one: str, other: str) -> int:
    """Return the length of the common beginning, back to the last space of it."""
    shorter = min(len(one), len(other))
    length = next((n for n in range(shorter) if one[n] != other[n]), shorter)
    while length and not one[length - 1].isspace():
        length -= 1
    return length


def _common_end(one: str, other: str) -> int:
    shorter = min(len(one), len(other))
    length = next((n for n in range(shorter) if one[-1 - n] != other[-1 - n]), shorter)
    while length and not one[len(one) - length].isspace():
        length -= 1
    return length


def _shown(text: str, start: int, end: int, length: int) -> Shown:
    before, own, behind = text[:start], text[start : len(text) - end], text[len(text) - end :]
    return Shown(
        before if len(before) <= length else f"{CUT}{before[-length:]}",
        own if len(own) <= length else f"{own[:length]}{CUT}",
        behind if len(behind) <= length else f"{behind[:length]}{CUT}",
    )
