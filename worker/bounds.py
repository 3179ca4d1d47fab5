"""Where a range of a topic begins and ends: an offset, a time, or a while ago.

In: the words of `--from` and `--to`. Out: `Bound`s, to the reader, which asks the cluster what offsets they are.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from worker.errors import Fatal

STAGE = "bounds"

AGO = re.compile(r"(\d{1,6})([smhd])")
AGO_MS = {"s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


@dataclass(frozen=True, slots=True)
class Offset:
    """An offset, the same in every partition."""

    value: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A time, in milliseconds since the epoch: the first record that is not older."""

    milliseconds: int


Bound = Offset | Moment


def parse_bound(text: str | None, now: datetime | None = None) -> Bound | None:
    """Return the bound that a word names; None for None.

    Args:
        text: An offset (`1200`), an RFC 3339 time with its zone (`2025-03-04T10:15:00Z`), or how long ago (`90m`).
        now: The present, for "ago"; else the clock's.

    Raises:
        Fatal: `bad_input` for anything else.
    """
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return Offset(int(text))
    if ago := AGO.fullmatch(text):
        return Moment(_milliseconds(now or datetime.now(UTC)) - int(ago[1]) * AGO_MS[ago[2]])
    return Moment(_milliseconds(_time(text)))


def parse_partitions(text: str | None) -> tuple[int, ...]:
    """Return the partitions of `0,2,5`, in order and once each; none, which means all, for None."""
    if text is None:
        return ()
    parts = text.split(",")
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise Fatal("bad_input", STAGE, f"{text!r}: partitions are given as numbers: 0,2,5")
    return tuple(sorted({int(part) for part in parts}))


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        wanted = "an offset (1200), a time with its zone (2025-03-04T10:15:00Z) or how long ago (90m, 2h, 3d)"
        raise Fatal("bad_input", STAGE, f"{text!r} is not {wanted}")
    return time


def _milliseconds(time: datetime) -> int:
    return max(0, round(1000 * time.timestamp()))
