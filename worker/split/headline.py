"""The headline of a story that a text page prints below its menu: the line above it that it is about.

In: a page's lines, and which the weights take for text. Out: the number of one, to `correct`. Pages that print their
headline first need none of this.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import groupby, islice, pairwise

from worker.split.captions import has_credit
from worker.split.classify import HEADLINE_LABELS
from worker.split.fold import fold_letters
from worker.split.likeness import share_found, word_beginnings
from worker.split.markers import Mark
from worker.split.shapes import count_letters, has_words, is_time, is_wide
from worker.split.view import View

REACH = 25
"""Lines above the body that are looked at: between the two stand summary, writers, times, buttons and captions."""

FADING = 0.97
"""What a line counts for each line between it and the body."""

SHORTEST = 12
FULL = 40
LONGEST = 220
"""Letters of a headline: least, least of one that counts in full, and most."""

BASE = 0.15
"""What a line counts of whose wording nothing comes back."""

CREDITED = 0.3
"""What a line with a picture's credit counts: it is the caption."""

PROSE = 0.6
"""What a whole sentence counts: it is rather the summary."""

LEAST_WORDING = 0.3
"""Least that the wording of a line must leave of its weight: a headline has a word in common with its text."""

SERIES = 3
"""Lines in a row that begin with the same word and are none: "Ward 1: ...", "Ward 2: ..."."""

ENOUGH = 0.8
"""Share of the best weight with which the line that the rules take for the headline stays it."""

LOOKED_AT = 4000
PARAGRAPHS = 40
"""Characters of the body that a line is compared with, and most paragraphs."""

NEAR = 8
"""Most lines between a body's first two paragraphs; a first one that stands farther off is somebody else's."""


def find_body(likely: Sequence[int]) -> int | None:
    """Return the first of the lines that are likely prose and have another one near."""
    for first, second in pairwise(likely):
        if second - first <= NEAR:
            return first
    return likely[0] if likely else None


def find_headline(view: View, likely: Sequence[int], lines: Sequence[int], first: int | None) -> int | None:
    """Return the line above a story's likely prose that is most like it: `first`, the rules' choice, if it will do.

    `lines` are the story's; nothing else is taken. Where the body begins is told by `likely`.
    """
    body = find_body(likely)
    if body is None:
        return first
    below = islice((number for number in likely if number >= body), PARAGRAPHS)
    text = fold_letters("\n".join(view.texts[number][:LOOKED_AT] for number in below)[:LOOKED_AT])
    most = {number: _weigh_place(view, number, body) for number in _candidates(view, lines, body)}
    best, found = 0.0, first
    if first is not None:
        best = _weigh_first(view, first, body) * _weigh_wording(view, first, text, 0.0) / ENOUGH
    for number in sorted(most, key=most.__getitem__, reverse=True):
        if most[number] <= best:
            break
        weight = most[number] * _weigh_wording(view, number, text, max(LEAST_WORDING, best / most[number]))
        if weight > best:
            best, found = weight, number
    return found


def _candidates(view: View, lines: Sequence[int], body: int) -> Iterator[int]:
    near = lines[bisect_left(lines, body - REACH) : bisect_left(lines, body)]
    for _, alike in groupby(near, lambda number: view.texts[number].split(maxsplit=1)[0]):
        series = list(alike)
        if len(series) >= SERIES:
            continue
        for number in series:
            text = view.texts[number]
            if (
                SHORTEST <= count_letters(text) <= LONGEST
                and _may_open(view.marks[number])
                and not is_time(text)
                and has_words(text)
            ):
                yield number


def _may_open(mark: Mark | None) -> bool:
    """Tell whether a headline may open with the phrase: "Source: talks have failed" does."""
    return mark is None or (mark.form == "label" and mark.kind in HEADLINE_LABELS)


def _weigh_place(view: View, number: int, body: int) -> float:
    """Return what a line weighs by its length and place: at most 1."""
    weight: float = min(1.0, count_letters(view.texts[number]) / FULL) * FADING ** (body - number)
    return weight * PROSE if view.prose[number] else weight


def _weigh_first(view: View, number: int, body: int) -> float:
    """Return the same of a page's first title, which may be short and far above: a menu's entries are single words."""
    text = view.lines[number].entry_text
    length = 1.0 if len(text.split()) > 1 or is_wide(text) else count_letters(text) / FULL
    return min(1.0, length) * FADING ** min(body - number, REACH)


def _weigh_wording(view: View, number: int, text: str, least: float) -> float:
    """Return what of a line's weight its wording leaves if it is at least `least`, else 0: at most 1."""
    line = view.texts[number]
    share = share_found(word_beginnings(line, view.words[number]), text, least * (1 + BASE) - BASE)
    weight = (share + BASE) / (1 + BASE) * (CREDITED if has_credit(line) else 1.0)
    return weight if weight >= least else 0.0
