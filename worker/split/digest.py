"""Digests and live blogs: pages of several short stories, each with a title and prose below it.

In: a `View`, and where a phrase such as "News in brief" stands. Out: the lines that open an entry, to `sections`. The
phrase alone decides nothing: below it, titles and prose must take turns.
"""

import re

from worker.split.markers import Kind
from worker.split.view import View

CLOCK = re.compile(r"\d{1,2}\s?[:.h]\s?\d\d(?:\s?(?:[ap]\.?m\.?|Uhr|h))?", re.IGNORECASE)
"""A time of day alone in its line, as live blogs and digests put above an entry."""

CLOCK_LENGTH = 10
"""Longest such line: `12:45 p.m.`."""

LEAST_ITEMS = 2
LEAST_TIMES = 3
"""Entries that make a digest: under its phrase, and by the times above them alone (two may be a teaser's)."""

ITEM_ENDS: frozenset[Kind] = frozenset({"read_also", "related", "most_read", "latest", "comments"})
"""The phrases below which a digest's entries have ended."""


def find_timed_items(view: View) -> frozenset[int]:
    """Return the times of day that stand above a title with prose below it; none on pages with fewer than three."""
    times = [index for index, text in enumerate(view.texts[:-2]) if len(text) <= CLOCK_LENGTH and _is_clock(text)]
    if len(times) < LEAST_TIMES:
        return frozenset()
    items = frozenset(index for index in times if _is_title(view, index + 1) and index not in view.outside)
    return items if len(items) >= LEAST_TIMES else frozenset()


def _is_clock(text: str) -> bool:
    return len(text) <= CLOCK_LENGTH and CLOCK.fullmatch(text) is not None


def find_titled_items(view: View, first: int) -> frozenset[int]:
    """Return the titles from line `first` on that have prose below them; none where fewer than two do."""
    items: set[int] = set()
    for index in range(first, len(view.lines) - 1):
        mark = view.marks[index]
        if mark and mark.kind in ITEM_ENDS and mark.form == "whole":
            break
        if _is_title(view, index) and not _is_clock(view.texts[index]):
            items.add(index)
    return frozenset(items) if len(items) >= LEAST_ITEMS else frozenset()


def _is_title(view: View, index: int) -> bool:
    return not view.marks[index] and not view.prose[index] and view.prose[index + 1]
