"""The second half of `make weights`: learns the trees of `worker/data/likeness.toml` from pairs of headlines.

In: pairs of the development sets, same or not, and the own-written hard pairs that were seen. Out: the trees, the same
for the same data. Printed: how well pairs are told apart by trees that were learned from other headlines (five-fold;
headlines of one news are in one fold) and by those that are written.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, islice
from math import ceil
from pathlib import Path
from random import Random

import numpy as np
from eval.bodies import SHINGLE, WORD, runs
from eval.composed import rows
from eval.titles import Titles, hard_pairs, related_lists, wire_pairs
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from worker.dedup.compare import LIKELY, align_readings
from worker.dedup.difference import find_slots
from worker.dedup.likeness import FEATURES, measure
from worker.dedup.profile import Profile, profile
from worker.dedup.reading import Reading, read
from worker.dedup.vetoes import find_veto

OUT = Path(__file__).parents[2] / "worker" / "data" / "likeness.toml"
HEAD = """\
# Written by `make weights`: boosted trees of three questions each, over the features of `worker.dedup.likeness`.
# Source: learned from pairs of headlines of the development data; no text is in it. A tree is a row: seven times the
# number of a feature and the threshold up to which a pair goes left (the first question, then both after "left", then
# both after "right", each before its own two), and the eight leaves from left to right, in log-odds.
"""

TREES = 80
DEPTH = 3
RATE = 0.1
LEAST_IN_LEAF = 15
REGULARISATION = 1.0
FOLDS = 5

RISING = ("covered", "covered_longer", "exact", "grams", "grams_covered", "kept_order", "shared", "longest_run")
FALLING = ("missing", "replaced", "numbers_apart", "places_apart")
"""Features that speak for one news the more (the less) there is of them, whatever the data say."""

WEIGHTS = {
    ("wire", True): 1.0,
    ("wire", False): 12.0,
    ("composed", True): 3.0,
    ("composed", False): 6.0,
    ("hard", True): 6.0,
    ("hard", False): 5.0,
    ("near", False): 2.0,
    ("other", False): 0.3,
}
"""How much a pair of a set counts: what was found to keep false merges rare in lists of news."""

HARD = ("seen", "practice")
"""Own-written pairs that are learned from."""

VETOED = 0.3
"""How much of that is left where a rule forbids the match anyway."""

MOST_OF_SET = 3000
WITH_WORD = 150
"""Headlines that may share a word which brings pairs of different articles together."""

SAME_BODY = 0.05
SAME_TITLE = 0.8
"""Shares from which on the bodies or titles of two articles may be of one news though nobody has said so."""

DRAWN = 6

PRECISION = 1_000_000
"""Steps of a feature that a written threshold tells apart."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two headlines, of which set, and whether they tell the same news."""

    origin: str
    a: Reading
    b: Reading
    same: bool

    @property
    def is_equal(self) -> bool:
        """Whether the keys say all there is to say."""
        return self.a.key == self.b.key


def pairs() -> Iterator[Pair]:
    """Yield every pair that is learned from."""
    yield from (_pair("wire", titles) for titles in wire_pairs())
    for own in related_lists():
        for one, other in combinations(range(len(own.headlines)), 2):
            same = own.groups[one] == own.groups[other]
            yield _pair("composed", Titles(own.headlines[one], own.headlines[other], same, own.language))
    yield from (_pair("hard", titles) for name in HARD for titles in hard_pairs(name))
    yield from _near_pairs()
    yield from _other_pairs()


def _pair(origin: str, titles: Titles) -> Pair:
    return Pair(origin, read(titles.a, titles.language), read(titles.b, titles.language), titles.same)


def _near_pairs() -> Iterator[Pair]:
    """Yield the most alike titles of wire articles whose bodies have nothing in common."""
    articles = list(rows("wire/articles_dev"))
    readings = [read(article["title"], "ar") for article in articles]
    bodies = [frozenset(runs(WORD.findall(article["body"]), SHINGLE)) for article in articles]
    named = {frozenset((read(one.a, "ar").key, read(one.b, "ar").key)) for one in wire_pairs()}
    likeness = {
        pair: _title_likeness(readings[pair[0]], readings[pair[1]])
        for pair, shared in _meetings([profile(reading) for reading in readings]).items()
        if shared > 1
    }
    apart = (
        Pair("near", readings[one], readings[other], same=False)
        for one, other in sorted(likeness, key=lambda pair: (-likeness[pair], pair))
        if likeness[one, other] < SAME_TITLE
        and _share(bodies[one], bodies[other]) <= SAME_BODY
        and frozenset((readings[one].key, readings[other].key)) not in named
    )
    yield from islice(apart, MOST_OF_SET)


def _meetings(profiles: Sequence[Profile]) -> Counter[tuple[int, int]]:
    having: defaultdict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(profiles):
        for concept in one.where:
            having[concept].append(at)
    met = (combinations(places, 2) for places in having.values() if len(places) <= WITH_WORD)
    return Counter(chain.from_iterable(met))


def _title_likeness(one: Reading, other: Reading) -> float:
    mine, yours = profile(one).grams, profile(other).grams
    return len(mine & yours) / len(mine | yours)


def _share(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    return len(one & other) / (min(len(one), len(other)) or 1)


def _other_pairs() -> Iterator[Pair]:
    """Yield pairs of English headlines of different stories that share a word."""
    listed = [(read(row["headline"], "en"), row["story"]) for row in rows("uci_headlines")]
    having: defaultdict[str, list[int]] = defaultdict(list)
    for at, (reading, _) in enumerate(listed):
        for concept in profile(reading).where:
            having[concept].append(at)
    random = Random(5)
    drawn = {
        (one, other)
        for _, places in sorted(having.items())
        if 1 < len(places) <= WITH_WORD
        for one, other in (sorted(random.sample(places, 2)) for _ in range(DRAWN))
        if listed[one][1] != listed[other][1]
    }
    likeness = {pair: _title_likeness(listed[pair[0]][0], listed[pair[1]][0]) for pair in drawn}
    best = sorted((pair for pair in drawn if likeness[pair] < SAME_TITLE), key=lambda pair: (-likeness[pair], pair))
    yield from (Pair("other", listed[one][0], listed[other][0], same=False) for one, other in best[:MOST_OF_SET])


@dataclass(frozen=True, slots=True)
class Data:
    """Pairs whose keys differ, with their features, and whether a rule forbids the match: a row each."""

    pairs: Sequence[Pair]
    features: Floats
    vetoed: NDArray[np.bool_]

    @classmethod
    def of(cls, listed: Iterable[Pair]) -> "Data":
        """Measure the pairs."""
        kept, features, vetoed = [], [], []
        for pair in listed:
            if not pair.is_equal:
                alignment = align_readings(pair.a, pair.b)
                slots = find_slots(alignment)
                kept.append(pair)
                features.append(measure(alignment, slots))
                vetoed.append(find_veto(alignment, slots) is not None)
        return cls(kept, np.array(features), np.array(vetoed))

    @property
    def labels(self) -> NDArray[np.bool_]:
        """Which pairs are the same."""
        return np.array([pair.same for pair in self.pairs])

    @property
    def weights(self) -> Floats:
        """How much each pair counts."""
        own = np.array([WEIGHTS[pair.origin, pair.same] for pair in self.pairs])
        return own * np.where(self.vetoed, VETOED, 1.0)

    def folds(self) -> NDArray[np.int64]:
        """Return the folds of both headlines of each pair; headlines of one news share theirs."""
        roots: dict[str, str] = {}
        for pair in self.pairs:
            if pair.same:
                roots[_root(roots, pair.a.key)] = _root(roots, pair.b.key)
        news = sorted({_root(roots, reading.key) for pair in self.pairs for reading in (pair.a, pair.b)})
        Random(1).shuffle(news)
        fold = {root: number % FOLDS for number, root in enumerate(news)}
        return np.array([[fold[_root(roots, one.key)] for one in (pair.a, pair.b)] for pair in self.pairs])


def _root(roots: dict[str, str], key: str) -> str:
    while roots.get(key, key) != key:
        key = roots[key]
    return key


def fit(features: Floats, labels: NDArray[np.bool_], weights: Floats) -> HistGradientBoostingClassifier:
    """Return the model."""
    model = HistGradientBoostingClassifier(
        max_iter=TREES,
        max_depth=DEPTH,
        learning_rate=RATE,
        min_samples_leaf=LEAST_IN_LEAF,
        l2_regularization=REGULARISATION,
        monotonic_cst=[int(name in RISING) - int(name in FALLING) for name in FEATURES],
        early_stopping=False,
        random_state=0,
    )
    return model.fit(features, labels, sample_weight=weights)


def validate(data: Data) -> Floats:
    """Return the likelihood of each pair by trees that have seen neither of its headlines' news."""
    folds, likely = data.folds(), np.zeros(len(data.pairs))
    for number in range(FOLDS):
        held = folds[:, 0] == number
        learned = ~(folds == number).any(axis=1)
        model = fit(data.features[learned], data.labels[learned], data.weights[learned])
        likely[held] = model.predict_proba(data.features[held])[:, 1]
    return likely


def report(data: Data, equal: Sequence[Pair], likely: Floats) -> Iterator[str]:
    """Yield, by set, how many same pairs are found and how many others are taken for the same."""
    found: Counter[tuple[str, bool]] = Counter((pair.origin, pair.same) for pair in equal)
    named = Counter(found)
    for pair, is_near in zip(data.pairs, (likely >= LIKELY) & ~data.vetoed, strict=True):
        named[pair.origin, pair.same] += 1
        found[pair.origin, pair.same] += bool(is_near)
    for origin in dict.fromkeys(origin for origin, _ in WEIGHTS):
        same, others = named[origin, True], named[origin, False]
        recall = f"recall {found[origin, True] / same:.3f} of {same}, " if same else ""
        yield f"{origin}: {recall}merged {found[origin, False]} of {others} others"


def written(model: HistGradientBoostingClassifier) -> str:
    """Return the file's text."""
    names = "".join(f'  "{name}",\n' for name in FEATURES)
    trees = "".join(f"  [{', '.join(_row(trees[0].nodes))}],\n" for trees in model._predictors)
    bias = float(model._baseline_prediction.ravel()[0])
    return f"{HEAD}\nbias = {bias:.4f}\nfeatures = [\n{names}]\ntrees = [\n{trees}]\n"


def _row(nodes: NDArray[np.void]) -> list[str]:
    splits: list[str] = []
    leaves: list[str] = []
    _walk(nodes, 0, DEPTH, splits, leaves)
    return [*splits, *leaves]


def _walk(nodes: NDArray[np.void], at: int, depth: int, splits: list[str], leaves: list[str]) -> None:
    """Write a node before its branches; a leaf that comes early answers all further questions alike."""
    node = nodes[at]
    if depth == 0:
        leaves.append(f"{node['value']:.4f}")
        return
    feature, edge, left, right = 0, 0.0, at, at
    if not node["is_leaf"]:
        feature, edge, left, right = node["feature_idx"], node["num_threshold"], node["left"], node["right"]
    # Rounded up: a threshold is a value that pairs have, and these go left.
    splits.extend((str(feature), f"{ceil(edge * PRECISION) / PRECISION:.9g}"))
    _walk(nodes, left, depth - 1, splits, leaves)
    _walk(nodes, right, depth - 1, splits, leaves)


def main() -> None:
    """Learn from all, and say how well it is judged what was not learned from."""
    listed = list(pairs())
    data, equal = Data.of(listed), [pair for pair in listed if pair.is_equal]
    for line in report(data, equal, validate(data)):
        print(f"headlines, other folds: {line}")
    model = fit(data.features, data.labels, data.weights)
    for line in report(data, equal, model.predict_proba(data.features)[:, 1]):
        print(f"headlines, all: {line}")
    OUT.write_text(written(model), "utf-8")


if __name__ == "__main__":
    main()
