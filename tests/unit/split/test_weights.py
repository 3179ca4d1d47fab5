"""What the weights are made of: a number for every line and column, and terms that add up to the verdict."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.split.facts import read_facts
from worker.split.features import COLUMNS, measure
from worker.split.html import render
from worker.split.lines import read_lines
from worker.split.view import View, view_lines
from worker.split.weights import WEIGHTS, weigh

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
        terms = {name: list(bins.of(columns[name]))[index] for name, bins in weights.columns.items()}
        assert odds == pytest.approx(weights.bias + sum(terms.values()))
        first, second = evidence.reasons(index).removeprefix("unlikely:").split(".")
        assert terms[first] == min(terms.values())
        assert first != second


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, one in WEIGHTS.items() for name in one.columns])
def test_each_value_of_a_column_has_one_weight(kind: str, name: str) -> None:
    """Edges rise, and there is a weight between any two of them and on either side."""
    one = WEIGHTS[kind].columns[name]
    assert sorted(set(one.edges)) == list(one.edges)
    assert len(one.weights) == len(one.edges) + 1
