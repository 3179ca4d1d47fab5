"""The lines of a feed gathered into its distinct headlines.

In: lines, which the store gives sorted by headline. Out: to the store, each headline once, with its number, when it was
seen, how each sighting matches an earlier one, and its keys. It compares nothing but spellings.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import chain, groupby
from operator import attrgetter

from worker.dedup.reading import read
from worker.dedup.signature import keys_of
from worker.feed.store import Known, Seen, Store
from worker.feed.window import Spans

FIRST, EXACT, NORMALISED = range(3)
"""How a sighting matches an earlier one of its headline: there is none, word for word, spelled differently."""

MOST_SPELLINGS = 10_000
"""Spellings of one headline that are remembered; it bounds memory, and a later one counts as normalised."""


def gather(store: Store, window: int) -> int:
    """Make headlines of the lines in the store and return how many there are; the window is in milliseconds."""
    number = -1
    for number, (_, lines) in enumerate(groupby(store.lines_by_headline(), attrgetter("id"))):
        first = next(lines)
        gathering = _Gathering(first, first, Spans(window))
        store.add_sightings(number, gathering.take(chain([first], lines)))
        known = gathering.known(number)
        store.add_headline(known, keys_of(read(known.shown, known.language)))
    return number + 1


@dataclass(slots=True)
class _Gathering:
    """One headline so far.

    It is spelled as its earliest sighting, and of several as the smallest: what is compared does not depend on the
    order of lines.
    """

    first: Seen
    speller: Seen
    spans: Spans
    spellings: set[bytes] = field(default_factory=set)

    def take(self, lines: Iterable[Seen]) -> Iterator[tuple[int, int]]:
        """Yield the number of each line and its match, and take it in."""
        for line in lines:
            spelling = blake2b(line.shown.encode(), digest_size=8).digest()
            yield line.number, self._match(line, spelling)
            self.spans.add(line.time)
            self.speller = min(self.speller, line, key=_precedence)
            if len(self.spellings) < MOST_SPELLINGS:
                self.spellings.add(spelling)

    def known(self, number: int) -> Known:
        """Return the headline, once all its lines are taken in."""
        first, speller = self.first, self.speller
        spans = self.spans.encode()
        return Known(number, first.id, speller.shown, speller.language, speller.source, spans, first.time, first.number)

    def _match(self, line: Seen, spelling: bytes) -> int:
        if line.number == self.first.number:
            return FIRST
        return EXACT if spelling in self.spellings else NORMALISED


def _precedence(line: Seen) -> tuple[int, str, str, str]:
    return line.time, line.shown, line.language or "", line.source or ""
