"""Where those that may be one news meet: a new one is filed, compared with whom it meets, and linked.

In: one with its keys, and how two are compared. Out: its place under its keys and its links, in the memory; the pairs
that lose theirs, because one of them had to go from a key (`index`). Headline or story, it makes no difference.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Protocol

from worker.dedup import index, links
from worker.dedup.links import Link
from worker.dedup.memory import Memory

TABLE = "index"

Pair = tuple[bytes, bytes]


class Filing(Protocol):
    """How a kind is filed."""

    @property
    def least_shared(self) -> int:
        """Under how many keys two have to meet."""

    def keys(self, one: bytes) -> Sequence[bytes]:
        """Return the keys of a known one, none where it is not known."""


@dataclass(frozen=True, slots=True)
class Met:
    """The links that a new one gets, the pairs that lose theirs, who was grouped by some, and how many it met."""

    links: tuple[Link, ...] = ()
    lost: tuple[Pair, ...] = ()
    parted: frozenset[bytes] = frozenset()
    compared: int = 0

    @property
    def ids(self) -> set[bytes]:
        """Everybody whose group may change."""
        return {link.other for link in self.links if not link.vetoed} | self.parted

    def settle(self, memory: Memory, one: bytes) -> None:
        """Write the links of the new one, and take back the lost ones."""
        for pair in self.lost:
            links.part(memory, *pair)
        links.join(memory, one, self.links)


def keys_in(realm: bytes, prefix: bytes, keys: Iterable[int]) -> list[bytes]:
    """Return keys of 64 bits as the table has them, others in each realm: realms may share a partition, or not."""
    salt = _salt(realm)
    return [prefix + (key ^ salt).to_bytes(8, "big") for key in keys]


@cache
def _salt(realm: bytes) -> int:
    return int.from_bytes(blake2b(realm, digest_size=8).digest(), "big")


def meet(
    memory: Memory, one: bytes, keys: Sequence[bytes], compare: Callable[[bytes], Link | None], filing: Filing
) -> Met:
    """File one under its keys and compare it with those that it meets there."""
    filed = index.file(one, _postings(memory, keys), filing.least_shared)
    for key, posting in zip(keys, filed.postings, strict=True):
        memory.put(TABLE, key, posting)
    lost = {other: _lost(memory, other, filing) for other in {other for _, other in filed.pushed_out}}
    pairs = {(min(other, link.other), max(other, link.other)) for other, gone in lost.items() for link in gone}
    found = (compare(other) for other in filed.candidates)
    kept = tuple(link for link in found if link is not None)
    return Met(kept, tuple(sorted(pairs)), _parted(memory, lost), len(filed.candidates))


def meet_again(
    memory: Memory, one: bytes, keys: Sequence[bytes], compare: Callable[[bytes], Link | None], filing: Filing
) -> Met:
    """Compare one that is filed anew with those that it meets; it writes nothing."""
    met = index.candidates(one, _postings(memory, keys), filing.least_shared)
    found = (compare(other) for other in met)
    return Met(tuple(link for link in found if link is not None), compared=len(met))


def leave(memory: Memory, one: bytes, keys: Sequence[bytes]) -> None:
    """Forget one's links and places."""
    links.forget(memory, one)
    take_out(memory, one, keys)


def take_out(memory: Memory, one: bytes, keys: Iterable[bytes]) -> None:
    """Forget places of one; they stay free until the next one comes: who was refused there is not known any more."""
    for key in keys:
        memory.put(TABLE, key, index.remove(memory.get(TABLE, key) or b"", one) or None)


def touch(memory: Memory, one: bytes, keys: Sequence[bytes]) -> None:
    """Write one's links and places once more, so that the changelog keeps them."""
    memory.put_again(links.TABLE, links.PREFIX + one)
    for key in keys:
        memory.put_again(TABLE, key)


def _lost(memory: Memory, one: bytes, filing: Filing) -> list[Link]:
    """Return the links of one that has left a key to those that it no longer meets under enough of them."""
    met = set(index.candidates(one, _postings(memory, filing.keys(one)), filing.least_shared))
    return [link for link in links.of(memory, one) if link.other not in met]


def _parted(memory: Memory, lost: Mapping[bytes, list[Link]]) -> frozenset[bytes]:
    """Return those whose group may change with their links.

    A veto counts only within what links hold together, so one that had nothing but vetoes stood alone and still does.
    """
    grouped = {one for one, gone in lost.items() if gone and any(not link.vetoed for link in links.of(memory, one))}
    return frozenset(grouped | {link.other for gone in lost.values() for link in gone if not link.vetoed})


def _postings(memory: Memory, keys: Iterable[bytes]) -> list[bytes | None]:
    return [memory.get(TABLE, key) for key in keys]
