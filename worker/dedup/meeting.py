"""Where those that may be one news meet: a new one is filed, compared with whom it meets, and linked.

In: one with its keys, and how two are compared. Out: its place under its keys and its links, in the memory; the pairs
that lose theirs, because one of them had to go from a key (`index`). Headline or story, it makes no difference.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
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
    """The links that a new one gets, and the pairs that lose theirs."""

    links: tuple[Link, ...] = ()
    lost: tuple[Pair, ...] = ()

    @property
    def ids(self) -> set[bytes]:
        """Everybody whose group may change."""
        return {link.other for link in self.links if not link.vetoed} | {one for pair in self.lost for one in pair}

    def settle(self, memory: Memory, one: bytes) -> None:
        """Write the links of the new one, and take back the lost ones."""
        for pair in self.lost:
            links.part(memory, *pair)
        links.join(memory, one, self.links)


def meet(
    memory: Memory, one: bytes, keys: Sequence[bytes], compare: Callable[[bytes], Link | None], filing: Filing
) -> Met:
    """File one under its keys and compare it with those that it meets there."""
    filed = index.file(one, _postings(memory, keys), filing.least_shared)
    for key, posting in zip(keys, filed.postings, strict=True):
        memory.put(TABLE, key, posting)
    lost = {pair for other in {other for _, other in filed.pushed_out} for pair in _lost(memory, other, filing)}
    found = (compare(other) for other in filed.candidates)
    return Met(tuple(link for link in found if link is not None), tuple(sorted(lost)))


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


def _lost(memory: Memory, one: bytes, filing: Filing) -> list[Pair]:
    """Return the pairs of one that has left a key which no longer meet under enough of them."""
    met = set(index.candidates(one, _postings(memory, filing.keys(one)), filing.least_shared))
    return [(min(one, link.other), max(one, link.other)) for link in links.of(memory, one) if link.other not in met]


def _postings(memory: Memory, keys: Iterable[bytes]) -> list[bytes | None]:
    return [memory.get(TABLE, key) for key in keys]
