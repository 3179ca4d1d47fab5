"""Groups of headlines out of links between two: who is one story in different words.

In: links (two ids that match, no veto, near enough in time, with a score) and pairs that a veto keeps apart. Out: for
each linked id the smallest id of its group. A group is a connected component of links; a component that holds a vetoed
pair, or more than `MOST_MEMBERS`, is parted. The result depends on the links and vetoes alone, not on their order.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar


class Ordered(Hashable, Protocol):
    """What can be an id: numbers, or strings and bytes of one length."""

    def __lt__(self, other: Any, /) -> bool: ...  # noqa: ANN401 - of its own type, which no protocol can say


Id = TypeVar("Id", bound=Ordered)

MOST_MEMBERS = 128
"""Headlines in a group: it bounds what one link can cost, and a chain of likenesses that leads from story to story."""


@dataclass(frozen=True, slots=True)
class Link(Generic[Id]):
    """Two headlines that match; `score` as `compare` gives it."""

    one: Id
    other: Id
    score: float


def form_groups(links: Iterable[Link[Id]], vetoed: Iterable[tuple[Id, Id]]) -> dict[Id, Id]:
    """Return the canonical id, the smallest of its group, for each id that a link or a veto names.

    Links are taken best first: by falling score, then by ids. Each joins the groups of its two ids, unless a vetoed
    pair would then be in one group or the group be too large. So where nothing is vetoed the groups are the connected
    components; elsewhere the strongest likenesses decide on which side of a veto the rest stands.
    """
    enemies = _enemies_of(vetoed)
    groups: dict[Id, set[Id]] = {}
    for _, *ends in sorted({_precedence(link) for link in links}):
        one, other = (groups.setdefault(id_, {id_}) for id_ in ends)
        if one is not other and _may_join(one, other, enemies):
            _join(one, other, groups)
    return {id_: min(groups.get(id_, {id_})) for id_ in (*groups, *enemies)}


def _enemies_of(vetoed: Iterable[tuple[Id, Id]]) -> Mapping[Id, set[Id]]:
    enemies: defaultdict[Id, set[Id]] = defaultdict(set)
    for one, other in vetoed:
        enemies[one].add(other)
        enemies[other].add(one)
    return enemies


def _precedence(link: Link[Id]) -> tuple[float, Id, Id]:
    if link.one < link.other:
        return -link.score, link.one, link.other
    return -link.score, link.other, link.one


def _may_join(one: set[Id], other: set[Id], enemies: Mapping[Id, set[Id]]) -> bool:
    if len(one) + len(other) > MOST_MEMBERS:
        return False
    return all(enemies[id_].isdisjoint(other) for id_ in one if id_ in enemies)


def _join(one: set[Id], other: set[Id], groups: dict[Id, set[Id]]) -> None:
    small, large = sorted((one, other), key=len)
    large |= small
    for id_ in small:
        groups[id_] = large
