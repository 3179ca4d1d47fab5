"""How likely each line is to be of a story's body: the sum of what its columns weigh.

In: a `View`. Out: `Evidence`: for each line the log-odds, and by name what weighed most. The weights are data
(`worker/data/lines/`), learned by `make weights`. As they are only added, a verdict is told by its largest terms.
"""

import tomllib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import repeat
from math import inf

from worker.split.features import measure
from worker.split.view import View, leave_out


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


OFTEN = 10
"""Times from which on a line among paragraphs is furniture: "Advertisement", "Article content"."""

FURNITURE = "printed_often"

UNLIKELY = "unlikely:"
"""How the rule of a line begins that is none of a body by what it weighs; the columns that weigh most follow."""

SPEAKS = (":", "：")
"""How lines end that say who speaks in the paragraph below: they come back, and count as printed once."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The log-odds of every line, and what was added up to them: a term for each of the columns `names`.

    `printed` is how often the page prints each line. Lines of the `furniture` are not weighed, and the others are as if
    it were not there.
    """

    names: Sequence[str]
    terms: Sequence[Sequence[float]]
    odds: Sequence[float]
    printed: Sequence[int]
    furniture: frozenset[int] = frozenset()

    def reasons(self, index: int) -> str:
        """Return why an unlikely line is: furniture, or the names of what weighed most against it, heaviest first."""
        if index in self.furniture:
            return FURNITURE
        own = list(self.terms[index])
        first = own.index(min(own))
        own[first] = inf
        return f"{UNLIKELY}{self.names[first]}.{self.names[own.index(min(own))]}"


def weigh(view: View) -> Evidence:
    """Weigh every line of a page but its furniture."""
    printed = count_printed(view)
    furniture = find_furniture(view, printed)
    names, terms = _weigh(leave_out(view, furniture) if furniture else view)
    bias = WEIGHTS["html" if view.elements else "text"].bias
    weighed = iter(terms)
    every = [() if number in furniture else next(weighed) for number in range(len(view.lines))] if furniture else terms
    return Evidence(names, every, [bias + sum(own) for own in every], printed, furniture)


def count_printed(view: View) -> Sequence[int]:
    """Return how often the page prints each line."""
    times = Counter(line.text for line in view.lines)
    return [1 if line.text.endswith(SPEAKS) else times[line.text] for line in view.lines]


def find_furniture(view: View, printed: Sequence[int]) -> frozenset[int]:
    """Return the lines that a text prints over and over again, mostly beside its paragraphs.

    A poem's refrain stands among verses, and HTML says by its elements what is furniture.
    """
    often = [number for number, times in enumerate(printed) if times >= OFTEN]
    if view.elements or not often:
        return frozenset()
    prose = [False, *view.prose, False]
    beside = Counter(view.lines[number].text for number in often if prose[number] or prose[number + 2])
    return frozenset(number for number in often if 2 * beside[view.lines[number].text] >= printed[number])


def _weigh(view: View) -> tuple[Sequence[str], Sequence[Sequence[float]]]:
    """Return the names of a page's columns, and what each says of each line."""
    weights = WEIGHTS["html" if view.elements else "text"]
    columns = measure(view, weights.columns)
    terms = list(zip(*(weights.columns[name].of(column) for name, column in columns.items()), strict=True))
    return tuple(columns), terms


def _read(kind: str) -> Weights:
    data = tomllib.loads((resources.files("worker") / "data" / "lines" / f"{kind}.toml").read_text("utf-8"))
    columns = data["columns"].items()
    return Weights(
        data["bias"], {name: Bins(tuple(map(float, one["edges"])), tuple(one["weights"])) for name, one in columns}
    )


WEIGHTS = {kind: _read(kind) for kind in ("text", "html")}
