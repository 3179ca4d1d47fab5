"""Which headlines of a feed are one news: compared, linked, grouped.

In: the store with its headlines. Out: to the store, each pair that was compared; to the answers, a `Groups`. Headlines
go by their numbers, which compare as their ids do.

Two headlines are linked when they match, no veto holds and sightings of them lie within the window. Pairs further apart
in time take no part: neither links nor vetoes.
"""

from array import array
from collections.abc import Iterable, Iterator, MutableSequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from worker.dedup.compare import Comparison
from worker.dedup.groups import Link, form_groups
from worker.dedup.told import Told, compare_told, tell
from worker.feed.store import Known, Pair, Store
from worker.feed.window import is_within

UNLIKE, VETOED, LINKED = range(3)
"""What a comparison came to."""

Numbers = MutableSequence[int]
"""Four bytes for each headline, by its number."""

NOBODY = 0xFFFF_FFFF
"""Instead of a headline's number."""

SCORE_STEPS = 10_000
"""Scores have four decimals."""


@dataclass(frozen=True, slots=True)
class Groups:
    """What is known of each headline, by its number.

    `canonical`: the smallest number of its group. `opener`, by canonical number: who was seen first of the group.
    `likest`: the earlier headline that it is most like, or `NOBODY`.
    """

    canonical: Numbers
    opener: Numbers
    likest: Numbers


def compare_known(store: Store, one: Known, other: Known) -> Comparison:
    """Return how two headlines compare, without what their sources are known to put behind them."""
    return compare_told(_tell(store, one), _tell(store, other))


def _tell(store: Store, known: Known) -> Told:
    return tell(known.shown, known.language, known.source, None, store.is_learned)


def compare_pairs(store: Store, window: int) -> Iterator[Pair]:
    """Compare all headlines that may match and were seen near each other; the window is in milliseconds."""
    for number, others in groupby(store.candidates(), itemgetter(0)):
        one = store.headline(number)
        for _, other_number in others:
            other = store.headline(other_number)
            if is_within(one.spans, other.spans, window):
                yield _pair(number, other_number, compare_known(store, one, other))


def group(store: Store, headlines: int) -> Groups:
    """Group so many headlines by the pairs in the store."""
    canonical = _canonical(store, headlines)
    turns = _turns(store, headlines)
    return Groups(canonical, _openers(canonical, turns), _likest(store, canonical, turns))


def _pair(one: int, other: int, comparison: Comparison) -> Pair:
    kind = VETOED if comparison.veto else LINKED if comparison.match else UNLIKE
    return Pair(one, other, round(SCORE_STEPS * comparison.score), kind)


def _canonical(store: Store, headlines: int) -> Numbers:
    """Return the canonical number of each headline: component by component, so that one at a time is in memory."""
    components = _components(headlines, (pair for pair in store.pairs() if pair.kind == LINKED))
    store.add_bonds(_bonds(store.pairs(), components))
    canonical = array("I", range(headlines))
    for _, bonds in groupby(store.bonds(), itemgetter(0)):
        pairs = [pair for _, pair in bonds]
        links = (Link(pair.one, pair.other, pair.score) for pair in pairs if pair.kind == LINKED)
        vetoed = ((pair.one, pair.other) for pair in pairs if pair.kind == VETOED)
        for number, smallest in form_groups(links, vetoed).items():
            canonical[number] = smallest
    return canonical


def _bonds(pairs: Iterable[Pair], components: Numbers) -> Iterator[tuple[int, Pair]]:
    for pair in pairs:
        component = components[pair.one]
        if pair.kind != UNLIKE and component == components[pair.other]:
            yield component, pair


def _components(headlines: int, links: Iterable[Pair]) -> Numbers:
    parents = array("I", range(headlines))
    for link in links:
        one, other = sorted((_root(parents, link.one), _root(parents, link.other)))
        parents[other] = one
    return array("I", (_root(parents, number) for number in range(headlines)))


def _root(parents: Numbers, number: int) -> int:
    while parents[number] != number:
        parents[number] = number = parents[parents[number]]
    return number


def _turns(store: Store, headlines: int) -> Numbers:
    """Return for each headline the how-manieth it was to be seen."""
    turns = array("I", bytes(4 * headlines))
    for turn, number in enumerate(store.headlines_by_event()):
        turns[number] = turn
    return turns


def _openers(canonical: Numbers, turns: Numbers) -> Numbers:
    openers = array("I", canonical)
    for number, smallest in enumerate(canonical):
        if turns[number] < turns[openers[smallest]]:
            openers[smallest] = number
    return openers


def _likest(store: Store, canonical: Numbers, turns: Numbers) -> Numbers:
    """Return for each headline the earlier one that it is most like: one of its group before any other."""
    likest = array("I", [NOBODY]) * len(turns)
    best = array("I", bytes(4 * len(turns)))
    for pair in store.pairs():
        earlier, later = sorted((pair.one, pair.other), key=turns.__getitem__)
        worth = 1 + pair.score + (SCORE_STEPS + 1) * (canonical[earlier] == canonical[later])
        if worth > best[later] or (worth == best[later] and earlier < likest[later]):
            likest[later], best[later] = earlier, worth
    return likest
