"""A page's lines with what each shows by itself: its phrase, whether it is prose, its part of the page.

In: lines from `lines` or `html`. Out: a `View`, the evidence that `sections` and `classify` judge from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from worker.split.lines import Element, Line
from worker.split.markers import Mark, find_mark
from worker.split.regions import find_outside, find_title
from worker.split.shapes import is_prose


@dataclass(slots=True)
class View:
    """The lines of a page and, in parallel, what is known of each.

    `marks`: the phrase it opens with; `prose`: whether it reads as running text. `outside`: by number, the lines that
    the HTML says are no part of a story, and why. `title` is the line that the HTML marks as the headline, `elements`
    are those that its lines lie in; a text page has none.
    """

    lines: Sequence[Line]
    marks: Sequence[Mark | None]
    prose: Sequence[bool]
    outside: Mapping[int, str]
    title: int | None
    elements: Sequence[Element]


def view_lines(lines: Sequence[Line], title: str | None, elements: Sequence[Element] = ()) -> View:
    """Return the lines with the evidence of each."""
    prose = [is_prose(line.text) for line in lines]
    headline = find_title(lines, prose, title) if elements else None
    return View(
        lines=lines,
        marks=[find_mark(line.text) for line in lines],
        prose=prose,
        outside=find_outside(lines, prose, headline) if elements else {},
        title=headline,
        elements=elements,
    )
