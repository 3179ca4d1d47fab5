"""A page's lines with what each shows by itself: its phrase, and whether it is prose.

In: lines from `lines` or `html`. Out: a `View`, the evidence that `sections` and `classify` judge from.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from worker.split.lines import Line
from worker.split.markers import Mark, find_mark
from worker.split.shapes import is_prose


@dataclass(frozen=True, slots=True)
class View:
    """The lines of a page and, in parallel, the mark each opens with and whether each reads as running text."""

    lines: tuple[Line, ...]
    marks: tuple[Mark | None, ...]
    prose: tuple[bool, ...]

    def is_entry(self, index: int) -> bool:
        """Tell whether the line is an entry of a list by its bullet."""
        return index < len(self.lines) and self.lines[index].has_bullet


def view_lines(lines: Iterable[Line]) -> View:
    """Return the lines with the evidence of each."""
    kept = tuple(lines)
    return View(
        lines=kept,
        marks=tuple(find_mark(line.text) for line in kept),
        prose=tuple(is_prose(line.text) for line in kept),
    )
