"""The lines beside a page's main story that print a date, the likeliest first.

In: a split page and its main story. Out: lines as printed, each with the place by which it was found. A date counts by
where it stands: between the headline and the text, then above the headline, then as the words that open headline or
text, then among and under the text. Farther away, or in a line that tells more, it is another article's, a picture's, a
comment's or the day of the visit, and is taken only where nothing nearer prints one.
"""

import re
from typing import Literal, NamedTuple, get_args

from worker.enrich.printed import labels
from worker.split.model import Block, SplitPage, SplitStory

Place = Literal[
    "below_headline",
    "above_headline",
    "opening_words",
    "long_line",
    "among_text",
    "below_text",
    "far_above",
    "far_below",
    "long_far_line",
]
"""Where a line may stand, the best place first."""

NEAR: tuple[Place, ...] = ("below_headline", "above_headline")
"""Places whose dates count more than those of meta elements that follow no standard, which may be of the change."""

UNDER: tuple[Place, ...] = ("below_text", "far_below")
"""Places in which lists of other articles stand."""

MOST_LINES = 100
"""Lines that are read: a live blog's thousand hold the times of its entries."""

LONGEST_LINE = 160
"""Characters of a line that a date is looked for in; a longer one is text, whose dates are those of what it tells."""

LONGEST_BARE = 60
"""Characters of a line that prints a date and little else, if it does not open with one."""

LONGEST_OPENING = 40
"""Characters at the beginning of headline or text in which a date is the story's own ("27.1.2022 - ...")."""

BELOW_HEADLINE = 900
ABOVE_HEADLINE = 400
BELOW_TEXT = 300
FAR = 1500
"""Characters between headline or text and a line that still belongs to it: some lines of menus, a caption, a teaser.
Measured on the pages of htmldate and fundus_dev, as are the other lengths."""

LATEST_PARAGRAPHS = 2
"""Paragraphs that may stand above a line between headline and text: a lead, or the caption of a picture."""

_PLACES: tuple[Place, ...] = get_args(Place)
_NEVER = frozenset(("related_item", "promo", "tags"))
_DATED = frozenset(("byline", "timestamp", "dateline"))
_YEAR = re.compile(r"(?<!\d)[12]\d{3}|(?<!\d)\d\d?\.\d\d?\.\d\d(?!\d)|[٠-٩۰-۹]{4}")
_DIGIT = re.compile(r"\d")
_CLOCK = re.compile(r"(?<![\d:])[012]?\d:[0-5]\d(?![\d:])")
_FIRST_WORDS = 14
"""Characters in which a line that opens with a date has begun to print the year."""


class Beside(NamedTuple):
    """A line, or the words that open one, that may print the story's own time, and where it stands."""

    text: str
    place: Place


class _Found(NamedTuple):
    rank: int
    distance: int
    text: str


class _Story(NamedTuple):
    """Where a story begins, where a line below its headline may stand at the latest, and where its text ends."""

    start: int
    latest: int
    end: int


def find_beside(page: SplitPage, story: SplitStory, stamp: Block | None) -> tuple[Beside, ...]:
    """Return the lines beside the page's main story that hold a year; `stamp` is the crawler's and none of them."""
    reach = _measure(story)
    if reach is None:
        return ()
    times = [block for block in page.blocks if block.role == "timestamp" and block is not stamp]
    # Where a line below the headline says what its time is of, no other need be looked for.
    is_told = any(
        reach.start <= block.start <= reach.latest and labels().match(page.text, block.start) for block in times
    )
    blocks = times if is_told else [block for block in page.blocks if block is not stamp]
    found = sorted([one for block in blocks if (one := _look(page.text, block, reach))])
    return tuple([Beside(line.text, _PLACES[line.rank]) for line in found[:MOST_LINES]])


def _measure(story: SplitStory) -> _Story | None:
    spans = [*([story.headline] if story.headline else []), *story.paragraphs]
    if not spans:
        return None
    first, paragraphs = spans[0], story.paragraphs or (spans[0],)
    # A short line at the end may be the very date that is looked for, or a list's.
    end = next((one.end for one in reversed(paragraphs) if one.end - one.start > LONGEST_BARE), paragraphs[-1].end)
    begun = paragraphs[:LATEST_PARAGRAPHS][-1].end
    latest = min(begun, first.end + BELOW_HEADLINE) if begun > first.end else first.end + BELOW_HEADLINE
    return _Story(first.start, latest, max(first.end, end))


def _look(text: str, block: Block, story: _Story) -> _Found | None:
    if block.role in _NEVER:
        return None
    length = block.end - block.start
    if length > LONGEST_LINE or block.role == "headline":
        return _look_at_text(text, block, story)
    is_far = block.end < story.start - FAR or block.start > story.end + FAR
    line = text[block.start : block.end]
    # Most lines have no digit, which is told in a fifth of the time.
    if (is_far and block.role != "timestamp") or not (_DIGIT.search(line) and _YEAR.search(line)):
        return None
    place, distance = _place(block, story)
    has_time = place == "below_headline" and _CLOCK.search(line) is not None
    if block.role == "paragraph" and length > LONGEST_BARE and not has_time and not labels().match(line):
        return _look_at_text(text, block, story)
    is_bare = has_time or length <= LONGEST_BARE or block.role in _DATED or _YEAR.search(line, 0, _FIRST_WORDS)
    if not is_bare and not labels().match(line):
        place = "long_line" if place in NEAR else "long_far_line"
    return _Found(_PLACES.index(place), distance, line)


def _look_at_text(text: str, block: Block, story: _Story) -> _Found | None:
    """Return the words that open a headline or a text, or a long line that a label opens."""
    if story.start <= block.start <= story.latest:
        opening = text[block.start : min(block.end, block.start + LONGEST_OPENING)]
        return _Found(_PLACES.index("opening_words"), block.start, opening) if _YEAR.search(opening) else None
    if block.start > story.end + FAR or not labels().match(text, block.start):
        return None
    line = text[block.start : min(block.end, block.start + LONGEST_LINE)]
    place, distance = _place(block, story)
    return _Found(_PLACES.index(place), distance, line) if _YEAR.search(line) else None


def _place(block: Block, story: _Story) -> tuple[Place, int]:
    """Return where a block stands, and how far down or away."""
    if block.end <= story.start:
        distance = story.start - block.end
        return ("above_headline" if distance <= ABOVE_HEADLINE else "far_above"), distance
    if block.start <= story.latest:
        return "below_headline", block.start
    if block.start < story.end:
        return "among_text", block.start
    distance = block.start - story.end
    return ("below_text" if distance <= BELOW_TEXT else "far_below"), distance
