"""Which lines of a long story are none of its body, by what each weighs and by where the likely ones stand.

In: a story's lines, their `Evidence`, and which of them the rules took for its body. Out: numbers of lines, to
`correct`, which gives them another role. It knows neither roles nor phrases.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, takewhile

from worker.split.classify import HEADLINE_WINDOW
from worker.split.fold import fold_letters
from worker.split.likeness import share_found, word_beginnings
from worker.split.shapes import COLONS, count_letters, ends_sentence
from worker.split.view import View
from worker.split.weights import Evidence

REPEATED = 2
"""Times from which on a line is a notice or a button and none of a text, unless it is likely."""

WHOLE_PARAGRAPH = 250
BESIDE = 4
"""Letters of a paragraph that stays whatever it weighs where it ends with a full stop and a likely one stands within so
many lines: body F1 of pages of unseen sites .9355 with it, .9298 without (fundus_dev)."""

SPARED = -3.0
"""Log-odds below which it does not."""

LEAD_REACH = 25
"""Lines between a summary and the text that it opens, at most: writers, times, buttons and captions."""

LEAD_WORDING = 0.4
"""Share of the headline's wording that comes back in the summary below it, at least."""

COUNTED = re.compile(r"[\[(]?(\d{1,3})[.)\]、．](?!\d)")
"""The number of an entry, at the beginning of its line."""

BETWEEN = 3
"""Lines between two entries of a list that counts on, at most: a link, a price, a picture's caption."""

FAR = 5
"""Lines from one part of a text to the next beyond which it may stand apart."""

NEAR = 14
CERTAIN = 3.0
"""Log-odds that a part's likely prose adds up to where it is text at so many lines' distance, however short: the last
paragraphs of an article below a box. Recall of unseen sites is .001 higher with it, body F1 the same within .0005."""

APART_A_LINE = 0.02
APART = 0.3
"""Share of the longest part's likely letters below which a part that stands apart is none of the text: for each line
between them, and at most. A body's own parts are long or near; teasers and the publisher's notices are neither."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Log-odds below which a line is unlikely to be of a story's body.

    `repeated` is the same for lines that the page repeats. `run` is the number of unlikely lines in a row that are
    none: a crosshead of a text is unlikely by itself. `least` lines must be likely where they are short: in a story
    that is a poem, or an interview, there may be none.
    """

    unlikely: float
    repeated: float
    run: int
    least: int


OF_TEXT = Limits(unlikely=-0.3, repeated=3.0, run=3, least=3)
OF_HTML = Limits(unlikely=-0.3, repeated=-0.3, run=1, least=1)


def find_unlikely(lines: Sequence[int], evidence: Evidence, limits: Limits) -> list[int]:
    """Return the lines of runs that are too long to be an oddity of the text, and those that the page repeats.

    Lines that say who speaks go where the paragraph below goes: in an interview every other line would be one of a run.
    """
    odds, printed = evidence.odds, evidence.printed
    others = evidence.furniture | evidence.speakers
    own = [index for index in lines if index not in others] if others else lines
    repeated = {index for index in own if printed[index] >= REPEATED and odds[index] < limits.repeated}
    runs = [list(run) for is_low, run in groupby(own, lambda index: odds[index] < limits.unlikely) if is_low]
    long = (run for run in runs if len(run) >= limits.run)
    taken = repeated.union(evidence.furniture.intersection(lines), *long)
    return sorted(taken.union(index for index in evidence.speakers.intersection(lines) if index + 1 in taken))


def find_spared(
    view: View, evidence: Evidence, body: Sequence[int], taken: Iterable[int], headline: int | None
) -> Iterator[int]:
    """Yield those of the taken lines that are of the body nevertheless: whole paragraphs beside it, and its summary."""
    likely = {index for index in body if view.prose[index] and evidence.odds[index] > 0}
    if not likely:
        return
    first = min(likely)
    title = "" if headline is None else view.texts[headline][:HEADLINE_WINDOW]
    wording = word_beginnings(title, fold_letters(title).split())
    for index in taken:
        text = view.texts[index]
        is_below = headline is not None and headline < index < first <= index + LEAD_REACH
        if not view.prose[index] or not ends_sentence(text):
            continue
        if _is_whole_beside(index, text, evidence, likely) or (
            is_below and evidence.printed[index] == 1 and share_found(wording, fold_letters(text)) >= LEAD_WORDING
        ):
            yield index


def find_listed(view: View, evidence: Evidence, body: Sequence[int], taken: Iterable[int]) -> Iterator[int]:
    """Yield those of the taken lines that are of the body's lists, and that the page prints once.

    These are the entries below a likely line that ends with a colon, and lines that count on from an entry of the body,
    with what stands between.
    """
    announced = _find_announced(view, evidence, body)
    if not announced and not any(COUNTED.match(view.texts[index]) for index in body):  # as in most stories
        return
    others = {index for index in taken if evidence.printed[index] < REPEATED}
    announced &= others
    yield from sorted(announced)
    own = announced.union(body)
    others -= announced
    lines = sorted(own | others)
    counted = [(index, int(found[1])) for index in lines if (found := COUNTED.match(view.texts[index]))]
    for (above, number), (index, next_number) in pairwise(counted):
        if above in own and next_number == number + 1 and index - above - 1 <= BETWEEN:
            yield from sorted(others.intersection(range(above + 1, index + 1)))
            own.add(index)


def _find_announced(view: View, evidence: Evidence, body: Sequence[int]) -> set[int]:
    """Return the entries with a bullet below the likely lines of a body that end with a colon."""
    announced: set[int] = set()
    for index in body:
        if evidence.odds[index] > 0 and view.texts[index].endswith(COLONS) and index not in announced:
            below = range(index + 1, len(view.lines))
            announced.update(takewhile(lambda entry: view.lines[entry].has_bullet, below))
    return announced


def _is_whole_beside(index: int, text: str, evidence: Evidence, likely: set[int]) -> bool:
    return (
        evidence.odds[index] > SPARED
        and count_letters(text) >= WHOLE_PARAGRAPH
        and not likely.isdisjoint(range(index - BESIDE, index + BESIDE + 1))
    )


def find_apart(view: View, evidence: Evidence, body: Sequence[int], headline: int | None) -> Iterator[int]:
    """Yield the lines of parts that stand apart below the longest part of a body, or above its headline."""
    parts = list(_part(body))
    letters = [_likely_letters(view, evidence, part) for part in parts]
    longest = letters.index(max(letters, default=0.0)) if parts else 0
    last = parts[longest][-1] if parts else 0
    for number in range(longest + 1, len(parts)):
        gap = parts[number][0] - last
        is_apart = _stands_apart(letters[number], letters[longest], gap)
        if is_apart and not (gap <= NEAR and _is_certain(view, evidence, parts[number])):
            yield from parts[number]
        else:
            last = parts[number][-1]
    above = (number for number in range(longest) if headline is not None and parts[number][-1] < headline)
    for number in above:
        if _stands_apart(letters[number], letters[longest], parts[number + 1][0] - parts[number][-1]):
            yield from parts[number]


def _stands_apart(letters: float, longest: float, gap: int) -> bool:
    return letters < min(APART, APART_A_LINE * gap) * longest


def _is_certain(view: View, evidence: Evidence, lines: Iterable[int]) -> bool:
    return sum(max(evidence.odds[index], 0.0) for index in lines if view.prose[index]) >= CERTAIN


def _part(body: Sequence[int]) -> Iterator[list[int]]:
    """Yield the body's lines, cut where others stand between two of them."""
    part: list[int] = []
    for index in body:
        if part and index - part[-1] > FAR:
            yield part
            part = []
        part.append(index)
    if part:
        yield part


def _likely_letters(view: View, evidence: Evidence, lines: Iterable[int]) -> float:
    return sum(count_letters(view.texts[index]) for index in lines if evidence.odds[index] > 0)
