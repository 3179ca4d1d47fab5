"""A page's lines with what each shows by itself: its phrase, whether it is prose, its part of the page.

In: lines from `lines` or `html`. Out: a `View`, the evidence that `sections` and `classify` judge from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from worker.split.lines import NO_HINT, Line
from worker.split.markers import Mark, find_mark
from worker.split.regions import find_outside, find_title
from worker.split.shapes import is_prose


@dataclass(slots=True)
class View:
    """The lines of a page and, in parallel, what is known of each.

    `marks`: the phrase it opens with; `prose`: whether it reads as running text. `outside`: by number, the lines that
    the HTML says are no part of a story, and why. `title` is the line that the HTML marks as the headline.
    """

    lines: Sequence[Line]
    marks: Sequence[Mark | None]
    prose: Sequence[bool]
    outside: Mapping[int, str]
    title: int | None


def view_lines(lines: Sequence[Line], title: str | None) -> View:
    """Return the lines with the evidence of each."""
    is_html = bool(lines) and lines[0].hint is not NO_HINT
    headline = find_title(lines, title) if is_html else None
    return View(
        lines=lines,
        marks=[find_mark(line.text) for line in lines],
        prose=[is_prose(line.text) for line in lines],
        outside=find_outside(lines, headline) if is_html else {},
        title=headline,
    )
