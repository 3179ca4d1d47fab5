"""A page's lines with what each shows by itself: its phrase, whether it is prose, its part of the page.

In: lines from `lines` or `html`. Out: a `View`, the evidence that `sections` and `classify` judge from.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from worker.split.lines import Line
from worker.split.markers import Mark, find_mark
from worker.split.regions import find_outside, find_title
from worker.split.shapes import is_prose


@dataclass(frozen=True, slots=True)
class View:
    """The lines of a page and, in parallel, what is known of each.

    `marks`: the phrase it opens with; `prose`: whether it reads as running text; `outside`: why it is no part of a
    story, if the HTML says so. `title` is the line that the HTML marks as the headline.
    """

    lines: tuple[Line, ...]
    marks: tuple[Mark | None, ...]
    prose: tuple[bool, ...]
    outside: tuple[str | None, ...]
    title: int | None


def view_lines(lines: Iterable[Line], title: str | None) -> View:
    """Return the lines with the evidence of each."""
    kept = tuple(lines)
    headline = find_title(kept, title)
    return View(
        lines=kept,
        marks=tuple(find_mark(line.text) for line in kept),
        prose=tuple(is_prose(line.text) for line in kept),
        outside=find_outside(kept, headline),
        title=headline,
    )
