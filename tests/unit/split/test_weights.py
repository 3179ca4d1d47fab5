"""What the weights are made of: a number for every line and column, and terms that add up to the verdict."""

import tomllib
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.split.facts import read_facts
from worker.split.features import COLUMNS, COUNTS, LEAST_COUNT, RISING, measure
from worker.split.html import render
from worker.split.lines import read_lines
from worker.split.view import View, view_lines
from worker.split.weights import WEIGHTS, read_column, weigh

WORKER = resources.files("worker")

LINES = st.lists(st.text(max_size=120) | st.sampled_from(["Read also:", "Comments", "© 2025", "10:45", "The end."]))


def view(text: str) -> View:
    """Return a text page's view."""
    return view_lines(read_lines(text), None)


def html_view(parts: list[str]) -> View:
    """Return an HTML page's view."""
    page = render("".join(parts))
    return view_lines(page.lines, read_facts(page.tree).title, page.elements)


TAGS = ("p", "li", "h1", "div class=comment", "div class=article-body", "article", "nav", "figure", "a href=u", "b")
ENDS = ("</p>", "</li>", "</h1>", "</div>", "</article>", "</nav>", "</figure>", "</a>", "</b>")
PARTS = st.lists(st.text(max_size=60) | st.sampled_from([*(f"<{tag}>" for tag in TAGS), *ENDS]))
PAGES = st.one_of(LINES.map("\n".join).map(view), PARTS.map(html_view))


@given(page=PAGES)
def test_every_column_has_a_number_for_every_line(page: View) -> None:
    """Whatever the page holds, and of whichever kind it is."""
    weights = WEIGHTS["html" if page.elements else "text"]
    columns = measure(page, weights.columns)
    assert {len(column) for column in columns.values()} <= {len(page.lines)}
    assert columns.keys() == (weights.columns.keys() if page.lines else set())


def test_every_column_is_weighed() -> None:
    """In text, in HTML, or in both: none is there for nothing."""
    assert COLUMNS.keys() <= {name for weights in WEIGHTS.values() for name in weights.columns}


@given(page=PAGES)
def test_a_verdict_is_the_sum_of_its_terms(page: View) -> None:
    """And names the two columns that say least for the line."""
    weights = WEIGHTS["html" if page.elements else "text"]
    columns, evidence = measure(page, weights.columns), weigh(page)
    for index, odds in enumerate(evidence.odds):
        terms = {name: list(weigh_column(columns[name]))[index] for name, weigh_column in weights.columns.items()}
        assert odds == pytest.approx(weights.bias + sum(terms.values()))
        first, second = evidence.reasons(index).removeprefix("unlikely:").split(".")
        assert terms[first] == min(terms.values())
        assert first != second


DATA = {kind: tomllib.loads((WORKER / "data" / "lines" / f"{kind}.toml").read_text("utf-8")) for kind in WEIGHTS}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, one in DATA.items() for name in one["columns"]])
def test_each_value_of_a_column_has_one_weight(kind: str, name: str) -> None:
    """Edges rise, and there is a weight between any two of them and on either side."""
    one = DATA[kind]["columns"][name]
    assert sorted(set(one["edges"])) == one["edges"]
    assert len(one["weights"]) == len(one["edges"]) + 1


@given(page=PAGES)
def test_columns_count_or_rise_where_they_are_looked_up_so(page: View) -> None:
    """A fraction in a column that counts, or a fall in one that rises, would be weighed as something else."""
    columns = measure(page, COLUMNS)
    for name in COUNTS & columns.keys():
        assert all(isinstance(value, int) and value >= LEAST_COUNT for value in columns[name])
    for name in RISING & columns.keys():
        assert list(columns[name]) == sorted(columns[name])


EDGES = st.lists(st.integers(0, 30).map(lambda tenths: tenths / 2), min_size=1, max_size=6, unique=True).map(sorted)


@given(edges=EDGES, column=st.lists(st.integers(LEAST_COUNT, 20)))
@pytest.mark.parametrize("name", [min(COUNTS), min(RISING), "length"])
def test_a_value_weighs_what_stands_between_its_edges(name: str, edges: list[float], column: list[int]) -> None:
    """A value on an edge belongs below it, however the column is looked up."""
    weights = [float(number) for number in range(len(edges) + 1)]
    shown = sorted(column) if name in RISING else column
    found = list(read_column(name, edges, weights)(shown))
    assert found == [sum(value > edge for edge in edges) for value in shown]
