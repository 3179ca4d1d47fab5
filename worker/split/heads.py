"""Where a page's second article begins that nothing announces: the page prints the head of its first one once more.

In: a `View`. Out: the lines that open such articles, to `sections`. Pages that go on with the next article when the
reader has come to the end print title, names and time above each; the line with the time tells, as it has the same
words with another date. Without a title above each it is a chronicle, or what readers wrote.
"""

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from itertools import compress, count

from worker.split.comments import has_time_of_day
from worker.split.fold import WORD, fold, fold_letters
from worker.split.likeness import letter_sequences, share_found
from worker.split.shapes import is_name, is_time, is_title
from worker.split.view import View
from worker.split.words import CALENDAR

TIME_LENGTH = 60
"""Longest line with a time of publication: "Published on Wednesday, September 23, 2026 at 10:45 a.m. EST"."""

HEAD_PROSE = 2
"""Lines of prose above the first article's time, at most: its summary, and a notice."""

LEAST_PROSE = 3
PROSE_REACH = 12
"""Lines of prose that each article has at least; those of the second within so many lines below its time. A list of
teasers has one of each entry, and the next entry's time below it."""

HEAD_LINES = 8
"""Lines of a head above its time, at most: title, summary, caption, names."""

BELOW_LENGTH = 400
"""Characters of each of the lines below a time that tell what the article is about: its beginning."""

NUMBER = re.compile(r"\d+")

Shape = tuple[int, tuple[str, ...]]


def find_heads(view: View) -> frozenset[int]:
    """Return the first line of each article below the page's first one that opens with the same head."""
    prose = [index for index in compress(count(), view.prose) if index not in view.outside]
    if len(prose) < 2 * LEAST_PROSE:
        return frozenset()
    firsts = {_shape_of(view.texts[index]) for index in _find_times(view, prose[HEAD_PROSE])}
    if not firsts:
        return frozenset()
    alike: dict[Shape, list[int]] = {}
    for index in _find_times(view, len(view.lines)):
        alike.setdefault(_shape_of(view.texts[index]), []).append(index)
    for shape in sorted(firsts):
        if len(alike[shape]) > 1 and _are_articles(view, alike[shape], prose):
            opened = [_open_head(view, index) for index in alike[shape][1:]]
            return frozenset(first for first in opened if first is not None) if None not in opened else frozenset()
    return frozenset()


def _find_times(view: View, end: int) -> Iterator[int]:
    for index, (text, is_prose) in enumerate(zip(view.texts[:end], view.prose, strict=False)):
        if not is_prose and len(text) <= TIME_LENGTH and index not in view.outside and has_time_of_day(text):
            yield index


def _shape_of(text: str) -> Shape:
    """Return what lines of one kind with other dates have in common: how many numbers, and the words of no calendar."""
    return len(NUMBER.findall(text)), tuple(word for word in WORD.findall(fold(text)) if word not in CALENDAR)


def _are_articles(view: View, times: Sequence[int], prose: Sequence[int]) -> bool:
    """Tell whether each time is another one with prose enough below it: of the first anywhere, of others near."""
    if len({view.texts[index] for index in times}) < len(times):
        return False
    ends = [*times[1:], len(view.lines)]
    near = [ends[0], *(min(end, index + 1 + PROSE_REACH) for index, end in zip(times[1:], ends[1:], strict=True))]
    return all(
        bisect(prose, end - 1) - bisect(prose, index) >= LEAST_PROSE for index, end in zip(times, near, strict=True)
    )


def _open_head(view: View, time: int) -> int | None:
    """Return where the head above a time begins: behind the last line of prose above its title, if it has one."""
    title = _find_title(view, time)
    if title is None:
        return None
    first = max(time - HEAD_LINES, 1)
    return next((index + 1 for index in range(title - 1, first - 1, -1) if view.prose[index]), first)


def _find_title(view: View, time: int) -> int | None:
    """Return the title above a time: the nearest, or one above a summary where the text below is more about that."""
    nearest, above = _find_titles(view, time)
    if nearest is None or above is None:
        return above if nearest is None else nearest
    below = fold_letters(" ".join(text[:BELOW_LENGTH] for text in view.texts[time + 1 : time + 1 + LEAST_PROSE]))
    shares = (share_found(letter_sequences(view.texts[index]), below) for index in (nearest, above))
    return nearest if next(shares) >= next(shares) else above


def _find_titles(view: View, time: int) -> tuple[int | None, int | None]:
    """Return the nearest line above a time that can be its title, and the nearest one above one line of prose."""
    titles: list[int | None] = [None, None]
    summaries = 0
    for index in range(time - 1, max(time - 1 - HEAD_LINES, 0), -1):
        summaries += view.prose[index]
        if summaries > 1:
            break
        if titles[summaries] is None and _can_be_title(view, index):
            titles[summaries] = index
    return titles[0], titles[1]


def _can_be_title(view: View, index: int) -> bool:
    text = view.texts[index]
    return not view.marks[index] and is_title(text) and not is_name(text) and not is_time(text)
