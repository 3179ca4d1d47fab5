"""What stands only in one of two headlines, and what the other has in its place.

In: an alignment. Out: slots: runs of units without partner, each with the run that stands between the same neighbours
in the other headline, if any. A slot with units on both sides is a replacement, one with units on one side an addition.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from worker.dedup.words import Alignment

Run = Sequence[int]


@dataclass(frozen=True, slots=True)
class Slot:
    """Units of either headline in one place. `is_tight`: their neighbours are the same on both sides."""

    mine: Run
    yours: Run
    is_tight: bool

    @property
    def is_replaced(self) -> bool:
        """Whether each side has something here."""
        return bool(self.mine) and bool(self.yours)


def find_slots(alignment: Alignment) -> list[Slot]:
    """Return where two headlines differ, in the order of the first; what only the second has comes last."""
    slots = [_slot(alignment, run) for run in _runs(alignment.partners)]
    taken = {at for slot in slots for at in slot.yours}
    added = (run for run in _runs(alignment.backwards) if run[0] not in taken and run[-1] not in taken)
    return [*slots, *(Slot(range(0), run, _is_tight(alignment, run)) for run in added)]


def _runs(partners: Sequence[int]) -> Iterator[range]:
    """Yield the runs of units without a partner."""
    start = -1
    for at, to in enumerate(partners):
        if to < 0 and start < 0:
            start = at
        elif to >= 0 and start >= 0:
            yield range(start, at)
            start = -1
    if start >= 0:
        yield range(start, len(partners))


def _slot(alignment: Alignment, run: range) -> Slot:
    partners, backwards = alignment.partners, alignment.backwards
    before = partners[run.start - 1] if run.start else -1
    behind = partners[run.stop] if run.stop < len(partners) else len(backwards)
    between = range(before + 1, behind)
    if before < behind and all(backwards[at] < 0 for at in between):
        return Slot(run, between, is_tight=True)
    after = _run_from(backwards, before + 1) if run.start else range(0)
    return Slot(run, after or _run_to(backwards, behind), is_tight=False)


def _run_from(partners: Sequence[int], start: int) -> range:
    end = start
    while end < len(partners) and partners[end] < 0:
        end += 1
    return range(start, end)


def _run_to(partners: Sequence[int], end: int) -> range:
    start = end
    while start > 0 and partners[start - 1] < 0:
        start -= 1
    return range(start, end)


def _is_tight(alignment: Alignment, run: range) -> bool:
    partners, backwards = alignment.partners, alignment.backwards
    before = backwards[run.start - 1] if run.start else -1
    behind = backwards[run.stop] if run.stop < len(backwards) else len(partners)
    return before + 1 == behind
