"""Verbs of speech and phrases ("according to") among the words of a sentence.

In: `Words`. Out: `Cue`s. A noun of the same letters ("the claim", "su cuenta") is none, nor is a verb whose object says
that it reports nothing ("said goodbye").
"""

from collections.abc import Iterator
from typing import NamedTuple

from worker.enrich.voice import Voice
from worker.enrich.words import Words


class Cue(NamedTuple):
    """A verb or phrase: its first and last word, and how it is printed, without a letter attached to it."""

    first: int
    last: int
    is_phrase: bool
    verb: str

    def counted_from(self, index: int) -> "Cue":
        """Return the cue as it stands in the words from `index` on."""
        return Cue(self.first - index, self.last - index, self.is_phrase, self.verb)


def find_cues(words: Words, lexicon: Voice) -> Iterator[Cue]:
    """Give the verbs of speech and phrases in order, none overlapping."""
    done = -1
    for index, key in enumerate(words.keys):
        if key in lexicon.cues and index > done and (cue := cue_at(words, index, lexicon)):
            done = cue.last
            yield cue


def cue_at(words: Words, index: int, lexicon: Voice) -> Cue | None:
    """Return the cue that begins with a word, the longest of several."""
    keys = words.keys
    key = keys[index]
    if key not in lexicon.cues or (index and keys[index - 1] in lexicon.determiners and not words.gaps[index]):
        return None
    for cue, is_phrase in lexicon.cues[key]:
        end = index + len(cue)
        if len(cue) == 1 or tuple(keys[index + 1 : end]) == cue[1:]:
            if end < len(keys) and keys[end] in lexicon.not_reported and not words.gaps[end]:
                return None
            attached = len(key) - len(cue[0])
            printed = words.printed[index] if len(cue) == 1 else " ".join(words.printed[index:end])
            return Cue(index, end - 1, is_phrase, printed[attached:])
    return None
