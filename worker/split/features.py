"""What each line shows of itself and of the lines around it, as numbers: the evidence that `weights` weighs.

In: a `View`, and the names of the columns that are asked for. Out: these columns, a number for each line, to `weights`
and to the training of its numbers. No column knows a language's words but those of the lexicon, and none takes more
than a few passes over the page; what several need is measured once, and only where one of them is asked for.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, repeat
from math import log2
from operator import itemgetter, mul

from worker.split.captions import has_credit
from worker.split.elements import measure_elements
from worker.split.likeness import share_found, word_beginnings
from worker.split.sections import HEADINGS
from worker.split.shapes import count_letters, ends_sentence
from worker.split.view import View
from worker.split.words import SERVICE

Column = Sequence[float]
Columns = Mapping[str, Column]

FAR = 99
"""The distance to what is not there."""

FORM_NUMBERS = {"whole": 1, "label": 2, "prefix": 3}

OTHER_COMMAS = "،、，"
"""Those of texts that have none of ASCII."""

CAPITALISED_WORDS = 4
"""Least words of a line whose share of capitals says something: names are short."""

LEAST_SERVED = 4
"""Words for which a line counts at least where the share of its words of service is taken: buttons have one or two."""

UNTOLD = 0.5
"""The share in other lines."""

FIRST = itemgetter(0)

LOOKED_AT = 12
"""Words at a line's beginning that are looked at for capitals: with 8 F1 is .002 lower, with 100 no higher."""

HEADLINE_BELOW = 12
"""Lines below a title that it is compared with."""

LEAST_PROSE = 150
"""Characters of prose among them that make it a headline."""

TITLE_ABOVE = 0.5
"""Largest share of the page's prose that stands above its headline."""

LEAST_TITLE = 35
FULL_TITLE = 45
LONGEST_TITLE = 200
"""Characters of a headline: least, least of one that counts in full, and most of one that is a sentence. With 25 as the
least, F1 of unseen sites is .001 lower."""


def measure(view: View, names: Iterable[str]) -> Columns:
    """Return the columns of these names, and those of the elements where the page is HTML."""
    if not view.lines:
        return {}
    page = _Page(view)
    columns = {name: COLUMNS[name](page) for name in names if name in COLUMNS}
    return {**columns, **measure_elements(view)} if view.elements else columns


class _Page:
    """The lines of a page, and what several columns need of them."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.marks = view.marks
        self.texts = view.texts
        self.count = len(self.texts)
        self.prose = view.prose
        self.prose_above = [*accumulate(self.prose, initial=0)]

    @cached_property
    def lengths(self) -> Column:
        return [*map(count_letters, self.texts)]

    @cached_property
    def length_above(self) -> Column:
        return [*accumulate(self.lengths, initial=0.0)]

    @cached_property
    def stops(self) -> Column:
        return [*map(ends_sentence, self.texts)]

    @cached_property
    def credited(self) -> Column:
        return [not stop and has_credit(text) for text, stop in zip(self.texts, self.stops, strict=True)]

    # -- the line itself --------------------------------------------------------------------------------------------

    def commas(self) -> Column:
        return [text.count(",") or (0 if text.isascii() else sum(map(text.count, OTHER_COMMAS))) for text in self.texts]

    def capitals(self) -> Column:
        lines = zip(self.texts, self.view.words, strict=True)
        return [_capitals(text) if len(words) >= CAPITALISED_WORDS else UNTOLD for text, words in lines]

    def form(self) -> Column:
        return [FORM_NUMBERS[mark.form] if mark else 0 for mark in self.marks]

    def service_share(self) -> Column:
        """What part of a line's words a site says of itself: cookies, newsletters, subscriptions."""
        return [
            0.0 if SERVICE.isdisjoint(words) else sum(map(SERVICE.__contains__, words)) / max(len(words), LEAST_SERVED)
            for words in self.view.words
        ]

    def of_longest(self) -> Column:
        longest = max(self.lengths)
        return [own / longest for own in self.lengths]

    # -- its place --------------------------------------------------------------------------------------------------

    def lines(self) -> Column:
        return [log2(self.count)] * self.count

    def place(self) -> Column:
        return [at / self.count for at in range(self.count)]

    def length_share(self) -> Column:
        return [above / self.length_above[-1] for above in self.length_above[:-1]]

    def prose_share(self) -> Column:
        total = self.prose_above[-1] or 1.0
        return [above / total for above in self.prose_above[:-1]]

    def prose_before4(self) -> Column:
        before = [*repeat(0, 4), *self.prose_above]
        return [own - other for own, other in zip(self.prose_above[:-1], before, strict=False)]

    def prose_below(self) -> Column:
        return [self.prose_above[-1] - above for above in self.prose_above[1:]]

    def since_heading(self) -> Column:
        """How many lines above the last heading of a list of others' headlines stands."""
        column = []
        distance = FAR
        for mark in self.marks:
            column.append(distance)
            is_heading = mark is not None and mark.kind in HEADINGS and mark.form == "whole"
            distance = 1 if is_heading else min(distance + 1, FAR)
        return column

    def prose_since_title(self) -> Column:
        """How much prose stands between the page's likeliest headline and the line; -1 above it."""
        title = self._find_title()
        first = self.count if title is None else title
        return [
            above - self.prose_above[first] if at >= first else -1 for at, above in enumerate(self.prose_above[:-1])
        ]

    def _find_title(self) -> int | None:
        """Return the short line whose wording comes back most in the prose below it."""
        best, found = 0.0, None
        titles = sorted(self._title_weights(), key=lambda title: -title[0])
        last = max((at for _, at in titles), default=0)
        folded = [*map(" ".join, self.view.words[: last + 1 + HEADLINE_BELOW])]
        for most, at in titles:
            if most <= best:
                break
            below = " ".join(folded[at + 1 : at + 1 + HEADLINE_BELOW])
            wording = word_beginnings(self.texts[at], self.view.words[at])
            weight = most * share_found(wording, below, best / most)
            if weight > best:
                best, found = weight, at
        return found

    def _title_weights(self) -> Iterator[tuple[float, int]]:
        """Yield what the lines in a title's place count if all their wording comes back."""
        above = [*accumulate(map(mul, self.lengths, self.prose), initial=0.0)]
        for at, length in enumerate(self.lengths):
            if self.prose_above[at] > TITLE_ABOVE * self.prose_above[-1]:
                break
            if length < LEAST_TITLE or (self.prose[at] and length > LONGEST_TITLE):
                continue
            below = above[min(at + 1 + HEADLINE_BELOW, self.count)] - above[at + 1]
            if below >= LEAST_PROSE:
                yield log2(below) * min(1.0, length / FULL_TITLE), at


def _capitals(text: str) -> float:
    """Return the share of words that begin with a capital."""
    words = text.split(maxsplit=LOOKED_AT)[:LOOKED_AT]
    return sum(map(str.isupper, map(FIRST, words))) / len(words)


def _shifted(column: Column, step: int) -> Column:
    beyond = [0.0] * min(abs(step), len(column))
    return [*column[step:], *beyond] if step > 0 else [*beyond, *column[: len(column) + step]]


COLUMNS: Mapping[str, Callable[[_Page], Column]] = {
    "stop": lambda page: page.stops,
    "stop_after": lambda page: _shifted(page.stops, 1),
    "commas": _Page.commas,
    "capitals": _Page.capitals,
    "credited": lambda page: page.credited,
    "credited_after": lambda page: _shifted(page.credited, 1),
    "form": _Page.form,
    "service_share": _Page.service_share,
    "times_printed": lambda page: page.view.printed,
    "length": lambda page: page.lengths,
    "length_before": lambda page: _shifted(page.lengths, -1),
    "of_longest": _Page.of_longest,
    "lines": _Page.lines,
    "place": _Page.place,
    "length_share": _Page.length_share,
    "prose_share": _Page.prose_share,
    "prose_before4": _Page.prose_before4,
    "prose_below": _Page.prose_below,
    "since_heading": _Page.since_heading,
    "prose_since_title": _Page.prose_since_title,
}
"""The columns by name. Which of them are weighed in text and in HTML is told by the weights."""

COUNTS = frozenset(
    {"commas", "form", "times_printed", "prose_before4", "prose_below", "prose_since_title", "since_heading"}
)
"""The columns of whole numbers, which are weighed by number."""

LEAST_COUNT = -1
"""The least of these numbers."""

RISING = frozenset({"lines", "place", "length_share", "prose_share"})
"""The columns that never fall from line to line."""
