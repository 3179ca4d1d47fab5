"""Which headlines, or stories, the stream has found to be alike: the links of each, as bytes for a table.

In: pairs that were compared. Out: the links of one, to whoever makes groups of them. A link says what the texts alone
say; whether both were seen within the window is asked when groups are made, because times change and texts do not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from struct import Struct

from worker.dedup.memory import Memory

TABLE = "index"
PREFIX = b"l"

SHORT_BYTES = 8
"""Of an id that is kept in postings and links. Among 10^7 headlines two share them with a chance of 3 in 10^6."""

SCORE_STEPS = 10_000
"""Scores have four decimals."""

LISTS_KEPT = 4096
"""Lists of links that are remembered as read: those of a group are asked for with each of its sightings."""

_FORMAT = Struct(">8sHB")


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """A pair that was found alike, told at one of them; `vetoed`: and yet not the same."""

    other: bytes
    score: float
    vetoed: bool


def short(full_id: str) -> bytes:
    """Return the first bytes of an id."""
    return bytes.fromhex(full_id[: 2 * SHORT_BYTES])


def of(memory: Memory, one: bytes) -> tuple[Link, ...]:
    """Return the links of one, ordered by the other's id."""
    return _read(memory.get(TABLE, PREFIX + one) or b"")


@lru_cache(maxsize=LISTS_KEPT)
def _read(packed: bytes) -> tuple[Link, ...]:
    return tuple(
        [Link(other, score / SCORE_STEPS, bool(vetoed)) for other, score, vetoed in _FORMAT.iter_unpack(packed)]
    )


def join(memory: Memory, one: bytes, links: Iterable[Link]) -> None:
    """Write links at both of their ends."""
    for link in links:
        _put(memory, one, link)
        _put(memory, link.other, Link(one, link.score, link.vetoed))


def part(memory: Memory, one: bytes, other: bytes) -> None:
    """Take a link back at both of its ends."""
    _keep(memory, one, (link for link in of(memory, one) if link.other != other))
    _keep(memory, other, (link for link in of(memory, other) if link.other != one))


def forget(memory: Memory, one: bytes) -> None:
    """Take all links of one back."""
    for link in of(memory, one):
        part(memory, one, link.other)


def _put(memory: Memory, one: bytes, link: Link) -> None:
    known = {other.other: other for other in of(memory, one)}
    known[link.other] = max(link, known.get(link.other, link))  # what was compared twice: by its best
    _keep(memory, one, sorted(known.values()))


def _keep(memory: Memory, one: bytes, links: Iterable[Link]) -> None:
    packed = b"".join(_FORMAT.pack(link.other, round(SCORE_STEPS * link.score), link.vetoed) for link in links)
    memory.put(TABLE, PREFIX + one, packed or None)
