"""When a headline was seen, in few numbers, and whether two were seen near each other.

In: times in milliseconds and the window. Out: spans as bytes, for the store. A span runs from one sighting to another
with no gap of more than two windows between the sightings in it. Whatever lies in such a span lies within a window of
one of them, so that two headlines have sightings within a window of each other exactly where their spans have: a
headline that is seen a million times in a row needs one span.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import Struct

_SPAN = Struct("<qq")

_Span = tuple[int, int]


@dataclass(slots=True)
class Spans:
    """The spans of times that come rising."""

    window: int
    ended: bytearray = field(default_factory=bytearray)
    last: _Span | None = None

    def add(self, time: int) -> None:
        """Take in one time."""
        if self.last is None:
            self.last = time, time
        elif time - self.last[1] <= 2 * self.window:
            self.last = self.last[0], time
        else:
            self.ended += _SPAN.pack(*self.last)
            self.last = time, time

    def encode(self) -> bytes:
        """Return the spans as bytes, for `is_within`."""
        return bytes(self.ended) + (_SPAN.pack(*self.last) if self.last else b"")


def is_within(one: bytes, other: bytes, window: int) -> bool:
    """Tell whether any sighting of one lies within the window of any of the other; exactly a window apart is within."""
    lefts, rights = _SPAN.iter_unpack(one), _SPAN.iter_unpack(other)
    left, right = _next(lefts), _next(rights)
    while left and right:
        if left[1] + window < right[0]:
            left = _next(lefts)
        elif right[1] + window < left[0]:
            right = _next(rights)
        else:
            return True
    return False


def _next(spans: Iterator[_Span]) -> _Span | None:
    return next(spans, None)
