"""Which headlines of one page are near to one another, in groups.

In: the distinct headlines of a page, with what is known of their sources. Out: for each the group that it is in, and
the link that holds it there. A group is what near pairs link together; where two of one group contradict each other (a
veto), the weaker links between them are left out. It knows nothing of ids and stories.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, islice, product

from worker.dedup.compare import Comparison
from worker.dedup.profile import profile
from worker.dedup.told import Told, compare_told

MOST_HEADLINES = 2000
"""Headlines of a page that are compared with others, the first ones: a page with more is no page of news."""

ALL_COMPARED = 200
"""Headlines of a page up to which all pairs with a word in common are looked at: far more than a list of news has."""

MOST_WITH_WORD = 50
"""Headlines of a longer page that may share a word which is to bring pairs together."""

LEAST_SHARED = 0.34
"""Share of the shorter headline's words that the other must have for the pair to be looked at."""

MOST_MEETINGS = 200_000
"""Times that two headlines of a page are brought together by a word, rare words first."""

MOST_COMPARISONS = ALL_COMPARED * (ALL_COMPARED - 1) // 2
"""Comparisons for one page, so that its cost is bounded whatever its list holds; pairs beyond are not linked."""

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Link:
    """What holds a headline in its group: the other headline, by its place, and how the two compare."""

    other: int
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Group:
    """Headlines of one page that tell the same news, by their places in order, and the best link of each."""

    members: tuple[int, ...]
    links: dict[int, Link]


def find_groups(headlines: Sequence[Told]) -> list[Group]:
    """Return the groups of two and more; a headline is in one at most. The same for any order of the headlines."""
    page = _Page(headlines)
    keys = [headline.reading.key for headline in headlines]
    links = sorted(page.find_links(), key=lambda link: (-link[1].score, *sorted(keys[at] for at in link[0])))
    clusters: dict[int, list[int]] = {}
    for (one, other), _ in links:
        mine, others = clusters.get(one, [one]), clusters.get(other, [other])
        if mine is not others and not page.is_parted(mine, others):
            joined = sorted([*mine, *others])
            clusters.update(dict.fromkeys(joined, joined))
    distinct = {cluster[0]: cluster for cluster in clusters.values()}
    return [_group(distinct[first], links) for first in sorted(distinct)]


def _group(members: Sequence[int], links: Sequence[tuple[Pair, Comparison]]) -> Group:
    best: dict[int, Link] = {}
    inside = frozenset(members)
    for (one, other), comparison in links:
        if one in inside and other in inside:
            best.setdefault(one, Link(other, comparison))
            best.setdefault(other, Link(one, comparison))
    return Group(tuple(members), best)


class _Page:
    """The headlines of a page, each pair compared once at most."""

    def __init__(self, headlines: Sequence[Told]) -> None:
        self._headlines = headlines
        self._compared: dict[Pair, Comparison] = {}

    def find_links(self) -> Iterator[tuple[Pair, Comparison]]:
        """Yield the pairs that are near."""
        for pair in self._candidates():
            comparison = self._compare(pair)
            if comparison is not None and comparison.match is not None:
                yield pair, comparison

    def is_parted(self, mine: Sequence[int], others: Sequence[int]) -> bool:
        """Tell whether a headline of one cluster contradicts one of the other, or too many are to be compared."""
        return any(self._contradict(min(pair), max(pair)) for pair in product(mine, others))

    def _contradict(self, one: int, other: int) -> bool:
        comparison = self._compare((one, other))
        return comparison is None or comparison.veto is not None

    def _compare(self, pair: Pair) -> Comparison | None:
        known = self._compared.get(pair)
        if known is None and len(self._compared) < MOST_COMPARISONS:
            known = self._compared[pair] = compare_told(self._headlines[pair[0]], self._headlines[pair[1]])
        return known

    def _candidates(self) -> list[Pair]:
        """Return the pairs that share enough words, those that share most first."""
        profiles = [profile(one.bare or one.reading) for one in self._headlines[:MOST_HEADLINES]]
        having: defaultdict[str, list[int]] = defaultdict(list)
        for at, one in enumerate(profiles):
            for concept in one.where:
                having[concept].append(at)
        most = len(profiles) if len(profiles) <= ALL_COMPARED else MOST_WITH_WORD
        rare_first = sorted((places for places in having.values() if 1 < len(places) <= most), key=len)
        met = chain.from_iterable(combinations(places, 2) for places in rare_first)
        shared = Counter(islice(met, MOST_MEETINGS))
        least = [LEAST_SHARED * len(one.where) for one in profiles]
        return [(one, other) for (one, other), count in shared.most_common() if count >= min(least[one], least[other])]
