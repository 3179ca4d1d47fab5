"""How likely two headlines tell the same news, by what the features of the pair come to in learned trees.

In: the features of a pair, as `likeness` measures them. Out: a probability. The trees are data
(`worker/data/likeness.toml`), learned by `make weights`; each asks three questions of a pair and adds what the answers
are worth.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import exp

LEAVES = 8
"""Of a tree of three questions, one after the other."""

FURTHEST = 30.0
"""Log-odds beyond which a probability no longer changes in the digits that are told."""

Split = tuple[int, float]
Tree = tuple[Split, Split, Split, Split, Split, Split, Split, tuple[float, ...]]
"""Seven questions, each node before its two branches, and eight leaves from left to right: a pair whose feature is at
most the threshold goes left."""


@dataclass(frozen=True, slots=True)
class Forest:
    """The trees, the log-odds that they are added to, and the names of the features that they ask for, in order."""

    features: tuple[str, ...]
    bias: float
    trees: tuple[Tree, ...]


def likelihood(forest: Forest, features: Sequence[float]) -> float:
    """Return the probability that the pair is one news."""
    odds = forest.bias
    for (f, a), (f0, a0), (f00, a00), (f01, a01), (f1, a1), (f10, a10), (f11, a11), leaves in forest.trees:
        if features[f] <= a:
            if features[f0] <= a0:
                odds += leaves[0] if features[f00] <= a00 else leaves[1]
            else:
                odds += leaves[2] if features[f01] <= a01 else leaves[3]
        elif features[f1] <= a1:
            odds += leaves[4] if features[f10] <= a10 else leaves[5]
        else:
            odds += leaves[6] if features[f11] <= a11 else leaves[7]
    return 1.0 / (1.0 + exp(-max(-FURTHEST, min(FURTHEST, odds))))


@cache
def learned() -> Forest:
    """Return the trees of the data file."""
    data = tomllib.loads((resources.files("worker") / "data" / "likeness.toml").read_text("utf-8"))
    return Forest(tuple(data["features"]), data["bias"], tuple(map(_tree, data["trees"])))


def _tree(row: Sequence[float]) -> Tree:
    splits = tuple((int(feature), float(edge)) for feature, edge in zip(row[:14:2], row[1:14:2], strict=True))
    first, left, left_left, left_right, right, right_left, right_right = splits
    return (first, left, left_left, left_right, right, right_left, right_right, tuple(map(float, row[14:])))
