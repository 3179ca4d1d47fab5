"""Headlines of the development sets, in pairs and in groups, and the measures of how well they are told apart.

In: the rows of `wire/pairs_dev`, `composed_dev`, `tgcontest_pairs`, `uci_headlines`, and the own-written hard pairs.
Out: pairs with what they are, and figures. The sets' texts belong to their publishers and stay outside the repository.
"""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from eval.composed import rows

HARD = Path(__file__).parent / "headlines"

MOST_MERGED = 3
"""Of the 70 alike headlines of different news: as many may be taken for the same."""


@dataclass(frozen=True, slots=True)
class Titles:
    """Two headlines, whether they tell the same news, their language, and what makes the pair hard."""

    a: str
    b: str
    same: bool
    language: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class RelatedList:
    """The related headlines of a composed page, and the group of each."""

    page: str
    language: str
    headlines: tuple[str, ...]
    groups: tuple[str, ...]


def hard_pairs(name: str) -> list[Titles]:
    """Return own-written hard pairs: those of a file by language, or in one list."""
    data = tomllib.loads((HARD / f"{name}.toml").read_text("utf-8"))
    listed = data.pop("pairs", [])
    named = [{**pair, "language": language} for language, pairs in data.items() for pair in pairs]
    return [Titles(one["a"], one["b"], one["same"], one["language"], one["why"]) for one in [*listed, *named]]


def wire_pairs() -> list[Titles]:
    """Return pairs of Arabic wire copy: 1,750 of the same, 70 of different articles."""
    titles = {row["url"]: row["title"] for row in rows("wire/articles_dev")}
    pairs = rows("wire/pairs_dev")
    return [Titles(titles[row["url1"]], titles[row["url2"]], row["label"] == 1, "ar") for row in pairs]


def related_lists() -> Iterator[RelatedList]:
    """Yield the related list of every composed page."""
    for row in rows("composed_dev"):
        related = row["gold"]["related"]
        headlines = tuple(entry["headline"] for entry in related)
        yield RelatedList(row["id"], row["lang"], headlines, tuple(entry["group"] for entry in related))


def contest_pairs() -> Iterator[Titles]:
    """Yield pairs of news of a contest, Russian and English."""
    for row in rows("tgcontest_pairs"):
        yield Titles(row["title1"], row["title2"], row["gold"] == "OK", row["lang"])


@dataclass(frozen=True, slots=True)
class Pairs:
    """How well pairs were found: of those that are, of those that were named."""

    precision: float
    recall: float


def pairs_of(gold: Iterable[Sequence[Hashable]], found: Iterable[Sequence[Hashable]]) -> Pairs:
    """Return precision and recall of the pairs that share a group, within each list."""
    both = named = wanted = 0
    for own, got in zip(gold, found, strict=True):
        for one, other in combinations(range(len(own)), 2):
            same, together = own[one] == own[other], got[one] == got[other]
            both, named, wanted = both + (same and together), named + together, wanted + same
    return Pairs(both / named if named else 1.0, both / wanted if wanted else 1.0)


def recall_at(scores: Sequence[float], pairs: Sequence[Titles], merged: int = MOST_MERGED) -> float:
    """Return the share of same pairs above the score that so many of the others reach."""
    others = sorted((score for score, pair in zip(scores, pairs, strict=True) if not pair.same), reverse=True)
    limit = others[merged] if len(others) > merged else -1.0
    same = [score for score, pair in zip(scores, pairs, strict=True) if pair.same]
    return sum(score > limit for score in same) / len(same)


def average_precision(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """Return the mean, over the same pairs, of the precision down to each."""
    ranked = [label for _, label in sorted(zip(scores, labels, strict=True), key=lambda one: -one[0])]
    hits, total = 0, 0.0
    for rank, label in enumerate(ranked, start=1):
        hits += label
        total += hits / rank if label else 0.0
    return total / hits if hits else 0.0


@dataclass(frozen=True, slots=True)
class BCubed:
    """Means over items of precision and recall of the group that each is in."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def bcubed(gold: Sequence[Hashable], found: Sequence[Hashable]) -> BCubed:
    """Return BCubed precision and recall."""
    both = Counter(zip(gold, found, strict=True))
    named, wanted = Counter(found), Counter(gold)
    precision = sum(count * count / named[group] for (_, group), count in both.items())
    recall = sum(count * count / wanted[group] for (group, _), count in both.items())
    return BCubed(precision / len(gold), recall / len(gold))


def accuracy_by(pairs: Sequence[Titles], right: Sequence[bool]) -> Mapping[str, tuple[int, int]]:
    """Return how many of how many are right, by what makes a pair hard and by language."""
    counted: defaultdict[str, list[bool]] = defaultdict(list)
    for pair, is_right in zip(pairs, right, strict=True):
        counted[f"{pair.why} ({'same' if pair.same else 'different'})"].append(is_right)
        counted[pair.language].append(is_right)
    return {name: (sum(own), len(own)) for name, own in sorted(counted.items())}
