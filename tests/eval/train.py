"""`make weights`: learns what `worker/data/lines/` says of the columns of `worker.split.features`.

In: the development sets whose pages have a marked body, each page as text and as HTML. Out: a file for each kind, the
same for the same data. Printed: body F1 where lines of sites are judged by weights that were learned from other sites
(five-fold).
"""

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from eval.bodies import SHINGLE, WORD, Body, gold_of, runs, score
from eval.composed import rows
from inscriptis import get_text
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from worker.split.correct import OF_HTML, OF_TEXT, Limits
from worker.split.facts import read_facts
from worker.split.features import measure
from worker.split.html import render
from worker.split.lines import BULLET, read_lines
from worker.split.view import View, leave_out, view_lines
from worker.split.weights import count_printed, find_furniture

OUT = Path(__file__).parents[2] / "worker" / "data" / "lines"
HEAD = """\
# Written by `make weights`. What each column of `worker.split.features` says for a line's being of a story's body: the
# weight of a value stands between the two edges that the value lies between. All are added to the bias (log-odds).
"""

COLUMNS = {
    "text": (
        *("stop", "stop_after", "commas", "capitals", "credited", "form", "times_printed"),
        *("service_share", "length_before", "of_longest", "lines", "place", "prose_share"),
        *("prose_before4", "prose_below", "prose_since_title"),
    ),
    "html": (
        *("stop", "credited", "credited_after", "form", "times_printed", "length", "lines", "length_share"),
        "since_heading",
    ),
}
"""What is learned from, for HTML besides the columns of elements: what was left of twice as many when those that told
least of unseen sites had been taken out, a few at a time, until F1 fell."""

BINS = 8
FEW_VALUES = 24
"""A column of so many values is cut between each two, others at their quantiles."""

REGULARISATION = 0.02
TYPICAL_WEIGHT = 20
ITERATIONS = 80
FOLDS = 5

MOST_WORDS = 120
"""Words for which a line counts at most: one long paragraph is no ten."""

STREAM_EVERY = 30
STREAM_PAGES = 300

BY_CHARACTER = re.compile(r"[\u2e80-\ufaff]")
"""Words with one of these are taken as their characters, each a word. Wider than the kana and Han of the measure, with
Hangul too: the committed weights were learned so, and another range would give others."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """A page: its set, its site, its lines with whether each is of a story, and the marked body where there is one."""

    origin: str
    site: str
    view: View
    labels: Sequence[bool]
    gold: str = ""

    @property
    def weights(self) -> list[float]:
        """How much each line counts."""
        return [min(len(_words(line.text)), MOST_WORDS) + 2.0 for line in self.view.lines]


def text_samples() -> Iterator[Sample]:
    """Yield every page as text; those of the benchmarks in two renderings, so that no renderer's habits are learned."""
    for name, site_of in BENCHMARKS.items():
        for row in rows(name):
            text = row["text"] if "text" in row else get_text(row["html"])
            yield _marked(name, site_of(row), _view(text), gold_of(row))
            yield _marked(f"{name} rendered", site_of(row), _view(render(row["html"]).text), gold_of(row))
    yield from _made(_view)


def html_samples() -> Iterator[Sample]:
    """Yield every page as HTML; those that are made of text without any class or id, as in a feed's content."""
    for name, site_of in BENCHMARKS.items():
        for row in rows(name):
            yield _marked(name, site_of(row), _view_html(row["html"]), gold_of(row))
    yield from _made(lambda text: _view_html("".join(map(_element, text.split("\n")))))


def _made(view_of: Callable[[str], View]) -> Iterator[Sample]:
    for row in rows("composed_dev"):
        own = [line["label"] in {"main", "embedded"} for line in row["lines"] if line["line"].strip()]
        yield Sample("composed_dev", row["gold"]["publisher"] or "", view_of(row["text"]), own)
    stream = zip(rows("stream_ar"), rows("stream_ar_gold"), strict=True)
    for row, gold in islice(stream, 0, STREAM_EVERY * STREAM_PAGES, STREAM_EVERY):
        view = view_of(row["content"])  # a title, so many paragraphs, and a list
        own = [1 <= number <= gold["paragraphs"] for number in range(len(view.lines))]
        yield Sample("stream_ar", gold["category"], view, own)


def _element(line: str) -> str:
    bullet = BULLET.match(line.strip())
    shown = html.escape(line)
    return f"<li>{shown}</li>" if bullet else f"<p>{shown}</p>"


def _host(row: Mapping[str, Any]) -> str:
    return urlsplit("//" + row["url"].rpartition("//")[2]).netloc


def _publisher(row: Mapping[str, Any]) -> str:
    return str(row["publisher"])


BENCHMARKS = {"aeb": _host, "fundus_dev": _publisher}


def _view(text: str) -> View:
    view = view_lines(read_lines(text), None)
    return leave_out(view, find_furniture(view, count_printed(view)))


def _view_html(markup: str) -> View:
    page = render(markup)
    return view_lines(page.lines, read_facts(page.tree).title, page.elements)


def _marked(origin: str, site: str, view: View, gold: str) -> Sample:
    return Sample(origin, site, view, _covered([line.text for line in view.lines], gold), gold)


def _words(text: str) -> list[str]:
    return [part for word in WORD.findall(text) for part in (word if BY_CHARACTER.search(word) else [word])]


def _covered(lines: Sequence[str], gold: str) -> list[bool]:
    """Tell of each line whether half of its words stand in runs of words that the body has too."""
    wanted = frozenset(runs(_words(gold), SHINGLE))
    owners = [(word, number) for number, line in enumerate(lines) for word in _words(line)]
    words = [word for word, _ in owners]
    hit = [False] * len(words)
    for at, run in enumerate(runs(words, SHINGLE)):
        if run in wanted:
            hit[at : at + len(run)] = [True] * len(run)
    total, found = [0] * len(lines), [0] * len(lines)
    for (_, number), is_hit in zip(owners, hit, strict=True):
        total[number] += 1
        found[number] += is_hit
    return [0 < count <= 2 * some for some, count in zip(found, total, strict=True)]


@dataclass(frozen=True, slots=True)
class Data:
    """All lines of all samples: a row each."""

    pages: Sequence[Sample]
    owners: NDArray[np.int64]
    columns: Mapping[str, Floats]
    labels: NDArray[np.bool_]
    weights: Floats

    @classmethod
    def of(cls, pages: Sequence[Sample], names: Sequence[str]) -> "Data":
        """Measure the pages."""
        measured = [measure(page.view, names) for page in pages]
        return cls(
            pages,
            np.array([number for number, page in enumerate(pages) for _ in page.labels]),
            {name: np.array([value for one in measured for value in one[name]]) for name in measured[0]},
            np.array([label for page in pages for label in page.labels]),
            np.array([weight for page in pages for weight in page.weights]) / TYPICAL_WEIGHT,
        )

    @property
    def sites(self) -> NDArray[np.str_]:
        """The site of each line."""
        return np.array([page.site for page in self.pages])[self.owners]


def cut(column: Floats) -> list[float]:
    """Return a column's edges."""
    values = np.unique(column)
    few = (values[:-1] + values[1:]) / 2
    edges = few if len(values) <= FEW_VALUES else np.quantile(column, np.linspace(0, 1, BINS + 1)[1:-1])
    return sorted({float(f"{edge:.4g}") for edge in edges})


def place(columns: Mapping[str, Floats], edges: Mapping[str, Sequence[float]]) -> sparse.csr_matrix:
    """Return a matrix with a one for the place of each value between its column's edges."""
    places, width = [], 0
    for name, own in edges.items():
        places.append(np.searchsorted(own, columns[name]) + width)
        width += len(own) + 1
    rows_ = np.array(places).T
    starts = np.arange(0, rows_.size + 1, rows_.shape[1])
    return sparse.csr_matrix((np.ones(rows_.size), rows_.ravel(), starts), shape=(len(rows_), width))


def fit(matrix: sparse.csr_matrix, labels: NDArray[np.bool_], weights: Floats) -> LogisticRegression:
    """Return the model."""
    return LogisticRegression(C=REGULARISATION, max_iter=ITERATIONS).fit(matrix, labels, sample_weight=weights)


def validate(data: Data, matrix: sparse.csr_matrix, limits: Limits) -> Iterator[str]:
    """Judge each line by weights from other sites; yield a line of figures for each set with marked bodies."""
    odds = np.zeros(len(data.labels))
    for learned, held in GroupKFold(FOLDS).split(matrix, data.labels, data.sites):
        model = fit(matrix[learned], data.labels[learned], data.weights[learned])
        odds[held] = model.decision_function(matrix[held])
    bodies: dict[str, list[Body]] = {}
    for number, page in enumerate(data.pages):
        own = odds[data.owners == number]
        kept = (line.text for line, odd in zip(page.view.lines, own, strict=True) if odd > limits.unlikely)
        bodies.setdefault(page.origin, []).append(Body(page.site, page.gold, "\n".join(kept)))
    for origin, found in bodies.items():
        if found[0].gold:
            figures = score(found)
            yield f"{origin}: F1 {figures.f1:.4f}, precision {figures.precision:.4f}, recall {figures.recall:.4f}"


def written(edges: Mapping[str, Sequence[float]], model: LogisticRegression) -> str:
    """Return the file's text."""
    parts = [HEAD, f"bias = {model.intercept_[0]:.3f}\n"]
    weights = iter(model.coef_[0])
    for name, own in edges.items():
        values = [f"{weight:.3f}" for weight in islice(weights, len(own) + 1)]
        shown = [f"{edge:g}" for edge in own]
        parts.append(f"[columns.{name}]\nedges = [{', '.join(shown)}]\nweights = [{', '.join(values)}]\n")
    return "\n".join(parts)


def main() -> None:
    """Learn from all, and say how well it is judged what was not learned from."""
    for kind, samples, limits in (("text", text_samples, OF_TEXT), ("html", html_samples, OF_HTML)):
        data = Data.of(list(samples()), COLUMNS[kind])
        edges = {name: cut(column) for name, column in data.columns.items()}
        matrix = place(data.columns, edges)
        for line in validate(data, matrix, limits):
            print(f"{kind}: {line}")
        (OUT / f"{kind}.toml").write_text(written(edges, fit(matrix, data.labels, data.weights)), "utf-8")


if __name__ == "__main__":
    main()
