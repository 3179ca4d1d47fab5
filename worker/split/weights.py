"""How likely each line is to be of a story's body: the sum of what its columns weigh.

In: a `View`. Out: `Evidence`: for each line the log-odds, and by name what weighed most. The weights are data
(`worker/data/lines/`), learned by `make weights`. As they are only added, a verdict is told by its largest terms.
"""

import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import repeat
from math import inf

from worker.split.features import measure
from worker.split.view import View

NAMED = 2
"""Columns that a verdict names."""


@dataclass(frozen=True, slots=True)
class Bins:
    """A column's weights: of the values up to the first edge, between two edges, and beyond the last."""

    edges: Sequence[float]
    weights: Sequence[float]

    def of(self, column: Sequence[float]) -> Iterator[float]:
        """Yield the weights of values."""
        return map(self.weights.__getitem__, map(bisect_left, repeat(self.edges), column))


@dataclass(frozen=True, slots=True)
class Weights:
    """What is added up for a kind of page."""

    bias: float
    columns: Mapping[str, Bins]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The log-odds of every line, and what was added up to them: a term for each of the columns `names`."""

    names: Sequence[str]
    terms: Sequence[Sequence[float]]
    odds: Sequence[float]

    def reasons(self, index: int) -> str:
        """Return the names of what weighed most against an unlikely line, the heaviest first."""
        own, names = list(self.terms[index]), list[str]()
        for _ in range(NAMED):
            heaviest = own.index(min(own))
            names.append(self.names[heaviest])
            own[heaviest] = inf
        return ".".join(names)


def weigh(view: View) -> Evidence:
    """Weigh every line of a page."""
    weights = WEIGHTS["html" if view.elements else "text"]
    columns = measure(view, weights.columns)
    terms = list(zip(*(weights.columns[name].of(column) for name, column in columns.items()), strict=True))
    return Evidence(tuple(columns), terms, [weights.bias + sum(own) for own in terms])


def _read(kind: str) -> Weights:
    data = tomllib.loads((resources.files("worker") / "data" / "lines" / f"{kind}.toml").read_text("utf-8"))
    columns = data["columns"].items()
    return Weights(
        data["bias"], {name: Bins(tuple(map(float, one["edges"])), tuple(one["weights"])) for name, one in columns}
    )


WEIGHTS = {kind: _read(kind) for kind in ("text", "html")}
