"""How well headlines of one news are told from alike ones of other news, held against floors that only rise.

The trees that are shipped were learned from these sets too, but for the unseen pairs: `make weights` prints what they
come to on headlines that they have not seen.
"""

from collections.abc import Sequence

import pytest
from eval.composed import DATA, rows
from eval.floors import hold
from eval.titles import (
    MOST_MERGED,
    RelatedList,
    Titles,
    accuracy_by,
    average_precision,
    bcubed,
    contest_pairs,
    hard_pairs,
    pairs_of,
    recall_at,
    related_lists,
    wire_pairs,
)

from worker.dedup.compare import Comparison, compare
from worker.dedup.kin import find_groups
from worker.dedup.reading import read
from worker.dedup.told import Told

needs_data = pytest.mark.skipif(
    not (DATA / "composed_dev.jsonl.zst").exists(),
    reason="the sets hold other people's texts and stay outside the repository",
)


def compared(titles: Titles) -> Comparison:
    """Compare a pair as the stream does, which knows its language."""
    return compare(read(titles.a, titles.language), read(titles.b, titles.language))


def grouped(headlines: Sequence[str], language: str) -> list[str]:
    """Return the group of each headline as a page's list has it: equal keys and near ones together."""
    readings = [read(headline, language) for headline in headlines]
    distinct = list({reading.key: reading for reading in readings}.values())
    names = {reading.key: reading.key for reading in distinct}
    for group in find_groups([Told(one) for one in distinct]):
        names.update((distinct[at].key, distinct[group.members[0]].key) for at in group.members)
    return [names[reading.key] for reading in readings]


@pytest.mark.parametrize("name", ["seen", "unseen"])
def test_hard_pairs(name: str) -> None:
    """Alike headlines of other news, and unlike ones of the same, are told apart in every language."""
    pairs = hard_pairs(name)
    right = [(compared(pair).match is not None) == pair.same for pair in pairs]
    for group, (hits, count) in accuracy_by(pairs, right).items():
        print(f"  {group}: {hits} of {count}")
    hold(f"hard_{name}", sum(right) / len(right), "headlines")


@needs_data
def test_wire_titles() -> None:
    """Titles under which papers printed the same wire copy are found, and few of different articles' merged."""
    pairs = wire_pairs()
    found = [compared(pair) for pair in pairs]
    named = [one.match is not None for one in found]
    merged = sum(is_near and not pair.same for pair, is_near in zip(pairs, named, strict=True))
    scores = [one.score if one.veto is None else 0.0 for one in found]
    print(f"wire titles: {merged} merged; recall at {MOST_MERGED} merged {recall_at(scores, pairs):.4f}")
    same = [is_near for pair, is_near in zip(pairs, named, strict=True) if pair.same]
    assert merged <= MOST_MERGED
    hold("wire_titles_recall", sum(same) / len(same), "headlines")


@needs_data
def test_lists_of_composed_pages() -> None:
    """Headlines of one news in a page's list share a group, and others do not."""
    lists: list[RelatedList] = list(related_lists())
    found = pairs_of([one.groups for one in lists], [grouped(one.headlines, one.language) for one in lists])
    print(f"composed lists: precision {found.precision:.4f}")
    hold("composed_pairs_precision", found.precision, "headlines")
    hold("composed_pairs_recall", found.recall, "headlines")


@needs_data
def test_contest_pairs_are_reported() -> None:
    """Average precision on pairs of a contest, whose titles tell less than their texts; no floor."""
    pairs = list(contest_pairs())
    for language in ("ru", "en"):
        own = [pair for pair in pairs if pair.language == language]
        scores = [0.0 if (one := compared(pair)).veto else one.score for pair in own]
        print(f"tgcontest {language}: average precision {average_precision(scores, [pair.same for pair in own]):.4f}")


@needs_data
def test_stories_of_uci_are_reported() -> None:
    """BCubed of the first headlines' groups; a story there is broad, so recall is low; no floor."""
    listed = list(rows("uci_headlines"))[:1500]
    found = bcubed([row["story"] for row in listed], grouped([row["headline"] for row in listed], "en"))
    print(f"uci: BCubed precision {found.precision:.4f}, recall {found.recall:.4f}, F {found.f1:.4f}")
