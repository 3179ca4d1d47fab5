"""Whether two headlines tell the same news: the verdict on a pair, with its reasons.

In: two readings. Out: a `Comparison`, the same whichever comes first. Equal keys decide at once; else learned trees
weigh how alike the two are (`likeness`, `score`), and rules say what no likeness outweighs (`vetoes`).
"""

from dataclasses import dataclass
from typing import Literal

from worker.dedup.difference import Slot, find_slots
from worker.dedup.explain import explain
from worker.dedup.likeness import measure
from worker.dedup.profile import profile
from worker.dedup.reading import Reading
from worker.dedup.score import learned, likelihood
from worker.dedup.vetoes import find_veto
from worker.dedup.words import Alignment, align

Match = Literal["exact", "normalised", "near"]

LIKELY = 0.63
"""Least likelihood of a near match."""

LEAST_SHARED = 0.25
"""Share of the lighter headline's weight below which two headlines are not looked at any further."""

LEAST_OF_CUT = 4
"""Words of a cut headline that the other must begin (or end) with to be the same."""

CUT_SCORE = 0.95
"""Least score of these."""


LEAST_ALL = 3
"""Units that must all be shared for two headlines to be the same, whatever their order."""

ALL_SCORE = 0.9
"""Least score of these."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of a pair. `score` is what the trees say, whether vetoed or not; `veto` a slug of `vetoes`."""

    match: Match | None
    score: float
    reason: str
    veto: str | None


def compare(a: Reading, b: Reading) -> Comparison:
    """Compare two headlines."""
    if a.key == b.key:
        return _same(a, b)
    alignment = align_readings(a, b)
    if alignment.shared < LEAST_SHARED * min(alignment.one.total, alignment.other.total):
        return Comparison(None, 0.0, "hardly a word in common", None)
    slots = find_slots(alignment)
    return _judge(alignment, slots)


def align_readings(a: Reading, b: Reading) -> Alignment:
    """Align two headlines, the one of the smaller key first."""
    first, second = (a, b) if _order(a) <= _order(b) else (b, a)
    return align(profile(first), profile(second))


def _same(a: Reading, b: Reading) -> Comparison:
    if a.shown == b.shown:
        return Comparison("exact", 1.0, "word for word the same", None)
    return Comparison("normalised", 1.0, "the same but for spelling, punctuation or what stands around it", None)


def _order(reading: Reading) -> tuple[str, str]:
    return reading.key, reading.shown


def _judge(alignment: Alignment, slots: list[Slot]) -> Comparison:
    score = likelihood(learned(), measure(alignment, slots))
    if is_cut_from(alignment.one.reading, alignment.other.reading):
        return Comparison("near", round(max(score, CUT_SCORE), 4), "one is the other, cut", None)
    if not slots and min(len(alignment.partners), len(alignment.backwards)) >= LEAST_ALL:
        score = max(score, ALL_SCORE)
    veto = find_veto(alignment, slots)
    match: Match | None = "near" if score >= LIKELY and veto is None else None
    return Comparison(match, round(score, 4), explain(alignment, slots, veto), veto.slug if veto else None)


def is_cut_from(one: Reading, other: Reading) -> bool:
    """Tell whether one headline is the other's beginning or end, with a mark that says so."""
    return _is_cut_from(one, other) or _is_cut_from(other, one)


def _is_cut_from(cut: Reading, whole: Reading) -> bool:
    count = len(cut.words)
    if not cut.cut or not LEAST_OF_CUT <= count <= len(whole.words):
        return False
    if cut.cut == "end":
        return cut.words[:-1] == whole.words[: count - 1] and whole.words[count - 1].startswith(cut.words[-1])
    return cut.words[1:] == whole.words[-count + 1 :] and whole.words[-count].endswith(cut.words[0])
