"""The sentences of a paragraph in which somebody may speak: their words, their verbs of speech, and their places.

In: a paragraph whose quotations are masked. Out: `Sentence`s in order, those without a verb of speech left out. A full
stop ends a sentence unless it ends an abbreviation or the number of a day, or a small letter follows it.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from worker.enrich.cues import Cue, find_cues
from worker.enrich.voice import Voice
from worker.enrich.words import OBJECT, Words, words_of

LONGEST_SENTENCE = 200
"""Words: longer is no sentence, and would be read in quadratic time."""

LONGEST_ORDINAL = 2
"""Digits of a day: German and Turkish dates have a full stop behind it."""

_STOPS = frozenset(".!?؟。…")
_COMMAS = frozenset(",،;؛–—")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence's words and cues, in a paragraph of which it begins with the word `since`."""

    masked: str
    paragraph: Words
    places: list[tuple[int, int]]
    since: int
    words: Words
    cues: list[Cue]

    @property
    def begin(self) -> int:
        """Where the sentence begins, with a quotation before its first word."""
        return self._stop_before(self.since)

    @property
    def end(self) -> int:
        """Where the sentence ends, with a quotation behind its last word and without the full stop."""
        return self._stop_before(self.since + len(self.words.keys))

    def start_of(self, index: int) -> int:
        """Return where a word begins."""
        return self._place(self.since + index)[0]

    def end_of(self, index: int) -> int:
        """Return where a word ends."""
        return self._place(self.since + index)[1]

    def parts_at(self, index: int) -> int:
        """Return where a comma or dash parts a word from what stands before it, a quotation included."""
        end = self.end_of(index - 1)
        gap = self.masked[end : self.start_of(index)]
        comma = max(map(gap.rfind, _COMMAS))
        return end + max(0, comma)

    def commas(self, first: int, last: int) -> list[int]:
        """Return the words from `first` to `last` that a comma or a dash parts from the one before."""
        gaps = self.words.gaps
        return [index for index in range(first, last + 1) if gaps[index] and not _COMMAS.isdisjoint(gaps[index])]

    def _place(self, index: int) -> tuple[int, int]:
        if not self.places:
            self.places.extend(self.paragraph.places_in(self.masked))
        return self.places[index]

    def _stop_before(self, index: int) -> int:
        """Return where the full stop between two sentences stands, of which the second begins with a word."""
        if index == 0:
            return 0
        start = self._place(index - 1)[1]
        is_last = index == len(self.paragraph.keys)
        gap = self.masked[start : len(self.masked) if is_last else self._place(index)[0]]
        return start + next((at for at, character in enumerate(gap) if character in _STOPS), len(gap))


def read_sentences(masked: str, lexicon: Voice) -> Iterator[Sentence]:
    """Give the sentences in which there is a verb of speech or a phrase such as "according to"."""
    words = words_of(masked)
    if lexicon.cues.keys().isdisjoint(words.keys):
        return
    cues, places = deque(find_cues(words, lexicon)), list[tuple[int, int]]()
    for since, until in pairwise((0, *_sentence_starts(words, lexicon), len(words.keys))) if cues else ():
        near: list[Cue] = []
        while cues and cues[0].first < until:
            near.append(cues.popleft().counted_from(since))
        if near and until - since <= LONGEST_SENTENCE:
            yield Sentence(masked, words, places, since, words.cut(range(since, until)), near)


def _sentence_starts(words: Words, lexicon: Voice) -> Iterator[int]:
    """Give the words that begin a sentence: behind a full stop that ends no abbreviation and no German ordinal."""
    for index, gap in enumerate(words.gaps):
        if index and gap and not _STOPS.isdisjoint(gap):
            if OBJECT not in gap and words.printed[index][0].islower():
                continue
            before = words.keys[index - 1]
            is_short = "." in before or (len(before) == 1 and before.isalpha()) or before in lexicon.abbreviations
            is_ordinal = lexicon.has_ordinals and before.isdigit() and len(before) <= LONGEST_ORDINAL
            if gap[0] != "." or not (is_short or is_ordinal):
                yield index
