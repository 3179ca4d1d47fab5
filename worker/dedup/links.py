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

LISTS_KEPT = 1024
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
    new = tuple(links)
    _put(memory, one, new)
    for link in new:
        _put(memory, link.other, [Link(one, link.score, link.vetoed)])


def part(memory: Memory, one: bytes, other: bytes) -> None:
    """Take a link back at both of its ends."""
    _cut(memory, one, other)
    _cut(memory, other, one)


def forget(memory: Memory, one: bytes) -> None:
    """Take all links of one back."""
    for link in of(memory, one):
        _cut(memory, link.other, one)
    memory.put(TABLE, PREFIX + one, None)


def _put(memory: Memory, one: bytes, links: Iterable[Link]) -> None:
    known = {link.other: link for link in of(memory, one)}
    for link in links:
        known[link.other] = max(link, known.get(link.other, link))  # what was compared twice: by its best
    packed = b"".join([_pack(link) for link in sorted(known.values())])
    memory.put(TABLE, PREFIX + one, packed or None)


def _pack(link: Link) -> bytes:
    return _FORMAT.pack(link.other, round(SCORE_STEPS * link.score), link.vetoed)


def _cut(memory: Memory, one: bytes, other: bytes) -> None:
    packed = memory.get(TABLE, PREFIX + one) or b""
    links = (packed[at : at + _FORMAT.size] for at in range(0, len(packed), _FORMAT.size))
    memory.put(TABLE, PREFIX + one, b"".join([link for link in links if not link.startswith(other)]) or None)
