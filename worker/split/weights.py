"""How likely each line is to be of a story's body: the sum of what its columns weigh.

In: a `View`. Out: `Evidence`: for each line the log-odds, and by name what weighed most. The weights are data
(`worker/data/lines/`), learned by `make weights`. As they are only added, a verdict is told by its largest terms.
"""

import tomllib
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import chain, repeat
from math import ceil
from operator import sub

from worker.split.features import COUNTS, LEAST_COUNT, RISING, measure
from worker.split.shapes import COLONS
from worker.split.view import View, leave_out

Terms = Callable[[Sequence[float]], Iterable[float]]
"""From the values of a column to what each weighs."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What is added up for a kind of page."""

    bias: float
    columns: Mapping[str, Terms]


def read_column(name: str, edges: Sequence[float], weights: Sequence[float]) -> Terms:
    """Return how a column is weighed: the weights are of values up to the first edge, between two, beyond the last."""
    if len(edges) == 1:
        return _weigh_sides(edges[0], *weights)
    if name in COUNTS and edges:
        return _weigh_counts(edges, weights)
    if name in RISING:
        return _weigh_rising(edges, weights)
    return lambda column: map(weights.__getitem__, map(bisect_left, repeat(edges), column))


def _weigh_sides(edge: float, low: float, high: float) -> Terms:
    return lambda column: [high if value > edge else low for value in column]


def _weigh_counts(edges: Sequence[float], weights: Sequence[float]) -> Terms:
    most = ceil(edges[-1])
    by_count: dict[float, float] = {count: weights[bisect_left(edges, count)] for count in range(LEAST_COUNT, most + 1)}
    return lambda column: [by_count[count] if count <= most else weights[-1] for count in column]


def _weigh_rising(edges: Sequence[float], weights: Sequence[float]) -> Terms:
    """Look up where the column passes each edge: a page has more lines than a column edges."""

    def weigh_rising(column: Sequence[float]) -> Iterable[float]:
        ends = [*(bisect_right(column, edge) for edge in edges), len(column)]
        return chain.from_iterable(map(repeat, weights, map(sub, ends, [0, *ends])))

    return weigh_rising


OFTEN = 10
"""Times from which on a line among paragraphs is furniture: "Advertisement", "Article content"."""

FURNITURE = "printed_often"

UNLIKELY = "unlikely:"
"""How the rule of a line begins that is none of a body by what it weighs; the columns that weigh most follow."""

LEAST_SPOKEN = 3
"""Times that somebody speaks in an interview, at least: labels of a page's furniture come twice."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The log-odds of every line, and what was added up to them: a term for each of the columns `names`.

    `printed` is how often the page prints each line. Lines of the `furniture` are not weighed, and the others are as if
    it were not there. The `speakers` say who speaks in the paragraph below.
    """

    names: Sequence[str]
    terms: Sequence[Sequence[float]]
    odds: Sequence[float]
    printed: Sequence[int]
    furniture: frozenset[int] = frozenset()
    speakers: frozenset[int] = frozenset()

    def reasons(self, index: int) -> str:
        """Return why an unlikely line is: furniture, or the names of what weighed most against it, heaviest first."""
        if index in self.furniture:
            return FURNITURE
        own = self.terms[index]
        heaviest, next_heaviest = sorted(own)[:2]
        first = own.index(heaviest)
        second = own.index(next_heaviest, first + 1 if next_heaviest == heaviest else 0)
        return _name_reasons(self.names[first], self.names[second])


@cache  # of a few hundred pairs, which most lines of a page share
def _name_reasons(first: str, second: str) -> str:
    return f"{UNLIKELY}{first}.{second}"


def weigh(view: View) -> Evidence:
    """Weigh every line of a page but its furniture."""
    printed = count_printed(view)
    furniture = find_furniture(view, printed)
    names, terms = _weigh(leave_out(view, furniture) if furniture else view)
    bias = WEIGHTS["html" if view.elements else "text"].bias
    weighed = iter(terms)
    every = [() if number in furniture else next(weighed) for number in range(len(view.lines))] if furniture else terms
    return Evidence(names, every, [sum(own, bias) for own in every], printed, furniture, find_speakers(view))


def count_printed(view: View) -> Sequence[int]:
    """Return how often the page prints each line; lines that say who speaks count as printed once."""
    return [
        1 if times > 1 and text.endswith(COLONS) else times
        for text, times in zip(view.texts, view.printed, strict=True)
    ]


def find_speakers(view: View) -> frozenset[int]:
    """Return the lines that say who speaks, between paragraphs, as those of an interview do."""
    prose = view.prose
    return frozenset(
        number
        for number, times in enumerate(view.printed[1:-1], 1)
        if times >= LEAST_SPOKEN and prose[number - 1] and prose[number + 1] and view.texts[number].endswith(COLONS)
    )


def find_furniture(view: View, printed: Sequence[int]) -> frozenset[int]:
    """Return the lines that a text prints over and over again, mostly beside its paragraphs.

    A poem's refrain stands among verses, and HTML says by its elements what is furniture.
    """
    often = [number for number, times in enumerate(printed) if times >= OFTEN]
    if view.elements or not often:
        return frozenset()
    prose = [False, *view.prose, False]
    beside = Counter(view.texts[number] for number in often if prose[number] or prose[number + 2])
    return frozenset(number for number in often if 2 * beside[view.texts[number]] >= printed[number])


def _weigh(view: View) -> tuple[Sequence[str], Sequence[Sequence[float]]]:
    """Return the names of a page's columns, and what each says of each line."""
    weights = WEIGHTS["html" if view.elements else "text"]
    columns = measure(view, weights.columns)
    terms = list(zip(*(weights.columns[name](column) for name, column in columns.items()), strict=True))
    return tuple(columns), terms


def _read(kind: str) -> Weights:
    data = tomllib.loads((resources.files("worker") / "data" / "lines" / f"{kind}.toml").read_text("utf-8"))
    columns = {name: read_column(name, one["edges"], one["weights"]) for name, one in data["columns"].items()}
    return Weights(data["bias"], columns)


WEIGHTS = {kind: _read(kind) for kind in ("text", "html")}
