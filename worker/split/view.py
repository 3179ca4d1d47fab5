"""A page's lines with what each shows by itself: its phrase, whether it is prose, its part of the page.

In: lines from `lines` or `html`. Out: a `View`, the evidence that `sections` and `classify` judge from.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from worker.split.comments import find_comments
from worker.split.labels import find_labels
from worker.split.lines import Element, Line
from worker.split.markers import Mark, find_mark
from worker.split.regions import find_outside, find_title
from worker.split.shapes import is_prose


@dataclass(slots=True)
class View:
    """The lines of a page and, in parallel, what is known of each.

    `marks`: the phrase it opens with; `prose`: whether it reads as running text. `outside`: by number, the lines that
    are no part of a story, because the HTML says so or because readers wrote them, and why. `title` is the line that
    the HTML marks as the headline, `elements` are those that its lines lie in; a text page has none.
    """

    lines: Sequence[Line]
    marks: Sequence[Mark | None]
    prose: Sequence[bool]
    outside: Mapping[int, str]
    title: int | None
    elements: Sequence[Element]


READERS = "reader_comment"
"""Why a line that readers wrote is outside every story."""


def view_lines(lines: Sequence[Line], title: str | None, elements: Sequence[Element] = ()) -> View:
    """Return the lines with the evidence of each."""
    prose = [is_prose(line.text) for line in lines]
    marks = [find_mark(line.text) for line in lines]
    for number, mark in find_labels(lines, prose, marks).items():
        marks[number] = mark
    comments = find_comments(lines, prose, marks)
    outside = dict.fromkeys(comments, READERS)
    headline = None
    if elements:
        headline = find_title(lines, prose, title)
        # What readers wrote may be the longest article of a page.
        own = [is_prose and number not in comments for number, is_prose in enumerate(prose)] if comments else prose
        outside |= find_outside(lines, own, headline)
    return View(lines=lines, marks=marks, prose=prose, outside=outside, title=headline, elements=elements)


def leave_out(view: View, numbers: Collection[int]) -> View:
    """Return a text page's view without some of its lines."""
    kept = [number for number in range(len(view.lines)) if number not in numbers]
    return View(
        lines=[view.lines[number] for number in kept],
        marks=[view.marks[number] for number in kept],
        prose=[view.prose[number] for number in kept],
        outside={},
        title=None,
        elements=(),
    )
