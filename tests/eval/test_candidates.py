"""Whether headlines of one news meet in the index, held against floors that only rise.

What `compare` would call near and the index never shows to it is lost to the stream.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations

import pytest
from eval.composed import DATA
from eval.floors import hold
from eval.titles import Titles, hard_pairs, related_lists, wire_pairs

from worker.dedup.compare import compare
from worker.dedup.index import LEAST_SHARED
from worker.dedup.reading import Reading, read
from worker.dedup.signature import keys_of

needs_data = pytest.mark.skipif(
    not (DATA / "composed_dev.jsonl.zst").exists(),
    reason="the sets hold other people's texts and stay outside the repository",
)


def list_pairs() -> Iterator[Titles]:
    """Yield the pairs of one group in the related lists of composed pages."""
    for one in related_lists():
        for (a, group), (b, other) in combinations(zip(one.headlines, one.groups, strict=True), 2):
            if group == other:
                yield Titles(a, b, same=True, language=one.language)


def readings(pairs: Iterable[Titles]) -> Iterator[tuple[Reading, Reading]]:
    """Read the pairs of one news."""
    return ((read(one.a, one.language), read(one.b, one.language)) for one in pairs if one.same)


def recall(pairs: Iterable[tuple[Reading, Reading]]) -> float:
    """Return the share of pairs that have one id, or meet."""
    met = [a.key == b.key or len({*keys_of(a)} & {*keys_of(b)}) >= LEAST_SHARED for a, b in pairs]
    return sum(met) / len(met)


@needs_data
def test_near_wire_titles_meet() -> None:
    """Of the titles of one wire copy that are near and not equal, hardly one misses the other."""
    near = [(a, b) for a, b in readings(wire_pairs()) if a.key != b.key and compare(a, b).match]
    print(f"wire titles: {len(near)} near pairs")
    hold("wire_candidate_recall", recall(near), "headlines")


@needs_data
def test_groups_of_composed_lists_meet() -> None:
    """All pairs of a group, equal ones among them."""
    hold("composed_candidate_recall", recall(readings(list_pairs())), "headlines")


@pytest.mark.parametrize("name", ["seen", "unseen"])
def test_hard_pairs_meet(name: str) -> None:
    """In every language that the hard pairs are in, cut and reworded ones too."""
    hold("hard_candidate_recall", recall(readings(hard_pairs(name))), "headlines")
