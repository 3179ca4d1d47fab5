"""What is remembered of a realm: entries of one kind, linked, grouped, and forgotten in turn.

In: the memory, the operator's rules, and the kind: how its entries are kept and filed. Out: groups, to who decides; it
decides nothing itself.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from worker.dedup import expiry, links, meeting
from worker.dedup.around import MOST_LOOKED_AT, Around, Group, Timed
from worker.dedup.decision import Decision
from worker.dedup.expiry import Queue, Turn
from worker.dedup.links import Link
from worker.dedup.meeting import Met
from worker.dedup.memory import Memory
from worker.dedup.rules import Rules
from worker.dedup.sighting import Sighting, realm_of
from worker.dedup.state import seconds


class Entry(Timed, Protocol):
    """An entry of a shelf: `turn` is its place in the queue of those that will be forgotten."""

    @property
    def turn(self) -> int:
        """The number of its turn."""


K = TypeVar("K", bound=Entry)

Groups = Mapping[bytes, Group[K]]
"""Groups by the short ids of their members."""


def distinct(groups: Groups[K]) -> Iterable[Group[K]]:
    """Return each group once."""
    return {group.canonical: group for group in groups.values()}.values()


@dataclass(frozen=True, slots=True)
class Kind(Generic[K]):
    """How entries of a kind are kept and filed: `keys` are those of an entry; two meet under `least_shared` of them.

    `prefix` begins the keys as the table has them.
    """

    table: str
    prefix: bytes
    decode: Callable[[bytes], K]
    encode: Callable[[K], bytes]
    keys: Callable[[K], Iterable[int]]
    with_turn: Callable[[K, int], K]
    least_shared: int


@dataclass(frozen=True, slots=True)
class Shelf(Generic[K]):
    """The entries of a realm."""

    kind: Kind[K]
    memory: Memory
    queue: Queue
    around: Around[K]
    _before: Around[K]

    @property
    def least_shared(self) -> int:
        """As `meeting.Filing` has it."""
        return self.kind.least_shared

    def load(self, one: bytes) -> K | None:
        """Return what is known of one."""
        return self.around.load(one)

    def keys(self, one: bytes) -> Sequence[bytes]:
        """Return the keys of a known one, none where it is not known."""
        known = self.load(one)
        return () if known is None else self._filed(self.kind.keys(known))

    def _filed(self, keys: Iterable[int]) -> list[bytes]:
        return meeting.keys_in(self.queue.realm, self.kind.prefix, keys)

    def meet(self, one: bytes, keys: Iterable[int], compare: Callable[[K], Link | None]) -> Met:
        """File one under keys and compare it with those that it meets there; `compare` leaves the other's id to us."""
        return meeting.meet(self.memory, one, self._filed(keys), self._linking(compare), self)

    def meet_again(self, one: bytes, compare: Callable[[K], Link | None]) -> Met:
        """Compare a known one anew with those that it meets; what comes of it is for `settle`."""
        return meeting.meet_again(self.memory, one, self.keys(one), self._linking(compare), self)

    def _linking(self, compare: Callable[[K], Link | None]) -> Callable[[bytes], Link | None]:
        def link(other: bytes) -> Link | None:
            known = self.load(other)
            found = compare(known) if known is not None else None
            return Link(other, found.score, found.vetoed) if found is not None else None

        return link

    def turn(self, one: bytes, known: K | None, seen_at: str) -> int:
        """Return the turn of one that is seen: a new one where it has none, or has lost it."""
        is_waiting = known is not None and self.queue.is_waiting(known.turn)
        return known.turn if known is not None and is_waiting else self.queue.add(one, seconds(seen_at))

    def take_out(self, one: bytes, keys: Iterable[int]) -> None:
        """Let one stand under these keys no longer."""
        meeting.take_out(self.memory, one, self._filed(keys))

    def leave(self, one: bytes) -> None:
        """Let a known one stand nowhere and be linked with nobody, to meet again."""
        meeting.leave(self.memory, one, self.keys(one))

    def settle(
        self, one: bytes, entry: K, met: Met, again: Mapping[bytes, Met] | None = None
    ) -> tuple[Groups[K], Groups[K]]:
        """Keep an entry and its links; return the groups of all that they concern, before the decision and after.

        `again` are others that have met anew. A veto alone brings nobody near.
        """
        again = again or {}
        linked = {link.other for link in links.of(self._before.memory, one) if not link.vetoed}
        concerned = linked.union(met.ids, again, *(other.ids for other in again.values()))
        self.memory.put(self.kind.table, one, self.kind.encode(entry))
        for other, its in again.items():
            links.forget(self.memory, other)
            its.settle(self.memory, other)
        met.settle(self.memory, one)
        return self._around([one, *sorted(concerned - {one})])

    def _around(self, seeds: Sequence[bytes]) -> tuple[Groups[K], Groups[K]]:
        """Return groups before and after, with all who were in one with somebody, or are.

        They are who hangs together before, unless some of too many went: then the rest hangs together anew.
        """
        before = self._before.groups(seeds)
        after = self.around.groups([*seeds, *before])
        while len(before) < MOST_LOOKED_AT and (others := self._before.groups(sorted(after.keys() - before.keys()))):
            before |= others
            after |= self.around.groups(sorted(others.keys() - after.keys()))
        return before, after

    def close(self, decision: Decision) -> Decision:
        """Forget whose turn it is, and return the decision with what that comes to."""
        taken = [self._take(turn) for turn in self.queue.up()]
        self.queue.save()
        due, early = (sum(counts) for counts in zip((0, 0), *taken, strict=True))
        return replace(decision, entries=self.queue.entries, forgotten=due, forgotten_early=early)

    def _take(self, turn: Turn) -> tuple[int, int]:
        """Forget one with all that hangs together with it, or let it wait again where some of that is still alive.

        Returns how many are forgotten in their time, and how many before it.
        """
        known, component = self.load(turn.one), self.around.component(turn.one)
        if known is None or component is None or known.turn != turn.number:
            return 0, 0
        is_due = turn.is_due and all(self.queue.is_over(member.last) for member in component.members.values())
        if is_due or turn.is_full:
            self._forget(component.members.items())
            return (len(component.members), 0) if is_due else (0, len(component.members))
        meeting.touch(self.memory, turn.one, self.keys(turn.one))
        last = max(member.last for member in component.members.values())
        again = self.kind.with_turn(known, self.queue.add(turn.one, last))
        self.memory.put(self.kind.table, turn.one, self.kind.encode(again))
        return 0, 0

    def _forget(self, members: Iterable[tuple[bytes, K]]) -> None:
        for one, known in members:
            self.leave(one)
            self.queue.give_up(known.turn)
            self.memory.put(self.kind.table, one, None)


def open_shelf(kind: Kind[K], sighting: Sighting, memory: Memory, rules: Rules) -> Shelf[K]:
    """Return the shelf of a sighting's realm, its clock moved by the sighting."""
    realm = realm_of(sighting).encode()
    queue = expiry.open_queue(memory, realm, rules, seconds(sighting.seen_at), sighting.page_id)

    def around(memory: Memory) -> Around[K]:
        def load(one: bytes) -> K | None:
            value = memory.get(kind.table, one)
            return None if value is None else kind.decode(value)

        return Around(memory, rules.window_seconds, load)

    return Shelf(kind, memory, queue, around(memory), around(memory.unwritten()))
