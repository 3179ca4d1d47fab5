"""Precision and recall of spans: right are those that begin and end where they are marked."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SpanScore:
    """Shares of the spans that were found and of those that are marked, and their harmonic mean."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def score(pairs: Iterable[tuple[Collection[object], Collection[object]]]) -> SpanScore:
    """Return the score over texts, each with its marked and its found spans, which are of any kind and distinct."""
    both = marked = found = 0
    for gold, answers in pairs:
        both += len(set(gold) & set(answers))
        marked, found = marked + len(gold), found + len(answers)
    return SpanScore(both / found, both / marked)
