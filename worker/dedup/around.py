"""The groups around headlines, or stories: what is linked, directly or through others, within the window.

In: links and times out of the memory. Out: groups, each with what is known of its members. Groups follow from the links
alone, whatever order they came in. Where more than `MOST_MEMBERS` hang together, weak links do not count: as few of
`LEAST_SCORES` as it takes are left out, so that whoever of a component is asked tells of the same one.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from worker.dedup import links
from worker.dedup.groups import Link, form_groups
from worker.dedup.memory import Memory

MOST_MEMBERS = 128
"""Of a component that is looked at, as of a group (`groups.MOST_MEMBERS`): it bounds the reads of one decision."""

LEAST_SCORES = (0.0, 0.7, 0.8, 0.9, 0.95, 1.0)
"""Of the links that count, from all to those of one text. What a step holds together lies within what the one before
does, so the first that is small enough is the same from each of its members. Of 6,366 headlines of one market 156 hang
together by all links."""

MOST_LOOKED_AT = 8 * MOST_MEMBERS
"""Members of all components that are looked at with one decision: more than this only parts of a component that has too
many members make."""


class Timed(Protocol):
    """What is known of one: between its first and its last sighting, in seconds, it was there."""

    @property
    def first(self) -> float:
        """Event time of the first sighting."""

    @property
    def last(self) -> float:
        """Event time of the last sighting."""


K = TypeVar("K", bound=Timed)

Large = dict[float, set[bytes]]
"""By score, those with whom links of that score hold too many together."""


@dataclass(frozen=True, slots=True)
class Group(Generic[K]):
    """Members by their short ids, in their order: the first is the canonical one."""

    members: dict[bytes, K]

    @property
    def canonical(self) -> bytes:
        """The smallest id."""
        return next(iter(self.members))


@dataclass(frozen=True, slots=True)
class Component(Generic[K]):
    """What hangs together: members by their short ids, the links among them, and the pairs that are kept apart."""

    members: dict[bytes, K]
    edges: tuple[Link[bytes], ...]
    vetoes: tuple[tuple[bytes, bytes], ...]

    def groups(self) -> Iterator[Group[K]]:
        """Yield its groups."""
        canonical = form_groups(self.edges, self.vetoes)
        together: dict[bytes, list[bytes]] = {}
        for member in sorted(self.members):
            together.setdefault(canonical.get(member, member), []).append(member)
        for group in together.values():
            yield Group({member: self.members[member] for member in group})


@dataclass(frozen=True, slots=True)
class Around(Generic[K]):
    """Finds groups in a memory."""

    memory: Memory
    window_seconds: float
    load: Callable[[bytes], K | None]

    def groups(self, seeds: Iterable[bytes]) -> dict[bytes, Group[K]]:
        """Return the groups of all that are linked with any of the seeds, by their members, first seeds first."""
        found: dict[bytes, Group[K]] = {}
        large: Large = {}
        looked_at = 0
        for seed in seeds:
            if seed in found or (component := self.component(seed, large)) is None:
                continue
            found |= {member: group for group in component.groups() for member in group.members}
            looked_at += len(component.members)  # of one that has too many members, parts overlap
            if looked_at >= MOST_LOOKED_AT:
                break
        return found

    def component(self, seed: bytes, large: Large | None = None) -> Component[K] | None:
        """Return what hangs together with one; None where nothing is known of it.

        `large` remembers from one to the next what hangs together with too many.
        """
        if (known := self.load(seed)) is None:
            return None
        large = {} if large is None else large
        found = (self._held_by(seed, known, least, large.setdefault(least, set())) for least in LEAST_SCORES)
        return next((one for one in found if one is not None), Component({seed: known}, (), ()))

    def _held_by(self, seed: bytes, known: K, least: float, large: set[bytes]) -> Component[K] | None:
        """Return what links of a score hold together with one; None where these are too many, which `large` learns."""
        if seed in large:
            return None
        members, edges, vetoes = {seed: known}, list[Link[bytes]](), list[tuple[bytes, bytes]]()
        waiting, done = deque([seed]), set[bytes]()
        while waiting:
            one = waiting.popleft()
            done.add(one)
            for link in links.of(self.memory, one):
                if link.other in done:
                    continue  # a link is told at both of its ends
                if link.vetoed:
                    vetoes.append((one, link.other))
                elif link.score >= least and self._reach(members, one, link.other, waiting):
                    edges.append(Link(one, link.other, link.score))
                    if len(members) > MOST_MEMBERS or link.other in large:
                        large.update(members)
                        return None
        return Component(members, tuple(edges), tuple(pair for pair in vetoes if pair[1] in members))

    def holds(self, one: K, other: K) -> bool:
        """Tell whether two were there within the window."""
        return max(one.first, other.first) - min(one.last, other.last) <= self.window_seconds

    def _reach(self, members: dict[bytes, K], one: bytes, other: bytes, waiting: deque[bytes]) -> bool:
        """Take in what a link leads to; tell whether it is a member."""
        known = members.get(other) or self.load(other)
        if known is None or not self.holds(members[one], known):
            return False
        if other not in members:
            members[other] = known
            waiting.append(other)
        return True
