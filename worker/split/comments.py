"""Readers' comments: the entries below a heading that says so, each with a time beside its writer's name.

In: the texts of a page's lines and their phrases. Out: the numbers of the lines that readers wrote, to `view`. The
heading alone decides nothing: pages print it above their article too, and below it when nobody has written anything.
"""

import re
from collections.abc import Sequence

from worker.split.fold import TOKEN, fold
from worker.split.markers import Kind, Mark, find_mark
from worker.split.shapes import count_letters
from worker.split.words import AGO_AFTER, AGO_BEFORE, AGO_ENDINGS, COMMENTS_COUNTED

LEAST_ABOVE = 300
"""Letters of prose above the heading, at least: a live blog has a line or two above its entries."""

LEAST_ENTRIES = 3
"""Times that make a discussion; another article below the heading may print two, of its first and its last version."""

LEAST_STEP = 2
"""Lines from one entry's time to the next one's, at least: what was written stands between them."""

MOST_BETWEEN = 20
"""Lines between the heading and the first time, at most: a form and its notices. None of them is prose."""

ENTRY_LENGTH = 90
"""Longest line of a name and a time: "Jo Doe on September 12, 2018 at 4:47 pm said:"."""

COUNTED = re.compile(rf"[\[(]?\s?\d[\d.,]*\s?({TOKEN})")
"""How many there are, and the word for them: "[ 167 comments ]", "34 responses to ..."."""

OPENS_COUNT = frozenset("0123456789[(")

MINUTES = re.compile(r"[:.h]\d\d")
"""What a time of day has behind its hour: few lines hold it, and a search for one of three signs is quick."""

CLOCK = re.compile(r"(?<![\d.])\d{1,2}[:.h]\d\d(?![\d.])")
NUMBER = re.compile(r"\d+")

DATE_NUMBERS = 2
"""Least numbers of a date beside the time of day. Live blogs and programmes print the time alone."""

AGO = re.compile(
    rf"(?:^|\s)(?:{'|'.join(AGO_BEFORE)})\s\d{{1,2}}\s{TOKEN}(?:\s|$)"
    rf"|(?:^|\s)\d{{1,2}}\s?{TOKEN}\s(?:{'|'.join(AGO_AFTER)})(?:\s|$)"
    rf"|\d{{1,2}}\s?\w{{1,3}}(?:{'|'.join(AGO_ENDINGS)})(?:\s|$)"
)
"""How long ago, with its number: "3 hours ago", "vor 3 Stunden"."""

ENDS: frozenset[Kind] = frozenset({"read_also", "related", "most_read", "latest", "copyright", "cookie"})
"""The phrases that end a discussion wherever they stand; any other that stands alone does below its last entry."""


def find_comments(texts: Sequence[str], prose: Sequence[bool], marks: Sequence[Mark | None]) -> frozenset[int]:
    """Return the numbers of the lines of readers' comments."""
    headings = _find_headings(texts, prose, marks)
    if not headings:  # as on most pages
        return frozenset()
    found: set[int] = set()
    above = 0.0
    heading: int | None = None
    times: list[int] = []
    for number, (text, is_prose, mark) in enumerate(zip(texts, prose, marks, strict=True)):
        if mark and _is_whole(mark, ENDS):
            found |= _read_entries(heading, times, number, marks)
            heading, times = None, []
        elif times:
            if not is_prose and number - times[-1] >= LEAST_STEP and _has_time(text):
                times.append(number)
        elif heading is not None and not is_prose and _has_time(text):
            times.append(number)
        else:
            if heading is not None and (is_prose or number - heading > MOST_BETWEEN):
                heading = None
            if is_prose:
                above += count_letters(text)
            elif above >= LEAST_ABOVE and number in headings:
                heading = number
    return frozenset(found | _read_entries(heading, times, len(texts), marks))


def _find_headings(texts: Sequence[str], prose: Sequence[bool], marks: Sequence[Mark | None]) -> frozenset[int]:
    lines = enumerate(zip(texts, prose, marks, strict=True))
    return frozenset(
        number
        for number, (text, is_prose, mark) in lines
        if (mark or text[0] in OPENS_COUNT) and not is_prose and _is_heading(text, mark)
    )


def _read_entries(heading: int | None, times: Sequence[int], end: int, marks: Sequence[Mark | None]) -> set[int]:
    """Return the lines of a discussion, and its heading where that has no phrase of its own."""
    if heading is None or len(times) < LEAST_ENTRIES:
        return set()
    below = (number for number in range(times[-1] + 1, end) if _is_whole(marks[number]))
    return set(range(heading + 1 if marks[heading] else heading, next(below, end)))


def _is_whole(mark: Mark | None, kinds: frozenset[Kind] | None = None) -> bool:
    return mark is not None and mark.form == "whole" and (kinds is None or mark.kind in kinds)


def _is_heading(text: str, mark: Mark | None) -> bool:
    if mark or len(text) > ENTRY_LENGTH:
        return mark is not None and mark.kind == "comments"
    count = COUNTED.match(text)
    if not count:
        return False
    counted = find_mark(count[1])
    return fold(count[1]) in COMMENTS_COUNTED or (counted is not None and counted.kind == "comments")


def _has_time(text: str) -> bool:
    """Tell whether a short line says when: by date and time of day, or how long ago."""
    if len(text) > ENTRY_LENGTH or not NUMBER.search(text):
        return False
    return has_time_of_day(text) or AGO.search(fold(text)) is not None


def has_time_of_day(text: str) -> bool:
    """Tell whether a line has a time of day and a date beside it."""
    if not MINUTES.search(text) or not CLOCK.search(text):
        return False
    return len(NUMBER.findall(CLOCK.sub(" ", text))) >= DATE_NUMBERS
