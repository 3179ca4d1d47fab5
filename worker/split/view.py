"""A page's lines with what each shows by itself: its phrase, whether it is prose, its part of the page.

In: lines from `lines` or `html`. Out: a `View`, the evidence that `sections` and `classify` judge from.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from worker.split.comments import find_comments
from worker.split.fold import fold_letters
from worker.split.labels import find_labels
from worker.split.lines import Element, Line
from worker.split.markers import Mark, find_mark
from worker.split.regions import find_outside, find_title
from worker.split.shapes import is_prose


@dataclass
class View:
    """The lines of a page and, in parallel, what is known of each.

    `texts`: what it says; `marks`: the phrase it opens with; `prose`: whether it reads as running text. `outside`: by
    number, the lines that are no part of a story, because the HTML says so or because readers wrote them, and why.
    `title` is the line that the HTML marks as the headline, `elements` are those that its lines lie in; a text page has
    none. Not slotted, as what only long stories need is found out when it is asked for.
    """

    lines: Sequence[Line]
    texts: Sequence[str]
    marks: Sequence[Mark | None]
    prose: Sequence[bool]
    outside: Mapping[int, str]
    title: int | None
    elements: Sequence[Element]

    @cached_property
    def words(self) -> Sequence[list[str]]:
        """The folded words of each line's head."""
        return [fold_letters(text[:HEAD]).split() for text in self.texts]

    @cached_property
    def printed(self) -> Sequence[int]:
        """How often the page prints each line."""
        times = Counter(self.texts)
        return [*map(times.__getitem__, self.texts)]


HEAD = 120
"""Characters of a line that its wording is taken from: what a long one goes on with says no more of it, and body F1 is
the same within .0008 with whole lines (`aeb` and `fundus_dev`, sites left out)."""

READERS = "reader_comment"
"""Why a line that readers wrote is outside every story."""


def view_lines(lines: Sequence[Line], title: str | None, elements: Sequence[Element] = ()) -> View:
    """Return the lines with the evidence of each."""
    texts = [line.text for line in lines]
    prose = [*map(is_prose, texts)]
    marks = [*map(find_mark, texts)]
    for number, mark in find_labels(texts, prose, marks).items():
        marks[number] = mark
    comments = find_comments(texts, prose, marks)
    outside = dict.fromkeys(comments, READERS)
    headline = None
    if elements:
        headline = find_title(lines, prose, title)
        # What readers wrote may be the longest article of a page.
        own = [is_prose and number not in comments for number, is_prose in enumerate(prose)] if comments else prose
        outside |= find_outside(lines, own, headline)
    return View(lines, texts, marks, prose, outside, headline, elements)


def leave_out(view: View, numbers: Collection[int]) -> View:
    """Return a text page's view without some of its lines."""
    kept = [number for number in range(len(view.lines)) if number not in numbers]
    return View(
        lines=[view.lines[number] for number in kept],
        texts=[view.texts[number] for number in kept],
        marks=[view.marks[number] for number in kept],
        prose=[view.prose[number] for number in kept],
        outside={},
        title=None,
        elements=(),
    )
