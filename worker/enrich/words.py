"""Words with what stands before them: the form in which sentences are read for who speaks."""

from typing import NamedTuple

from worker.enrich.lexicon import fold

OBJECT = "\ufffc"
"""Stands for every character of a quotation, so that none of its words is read as part of the sentence around it."""

_MARKS = f".,،:;؛!?؟。()[]{{}}<>\"“”«»„‘’'‹›「」-–—ـ/|…*•\u200e\u200f{OBJECT}"
_BREAKS = frozenset(f",،:;؛()[]–—-{OBJECT}")


class Word(NamedTuple):
    """A word as printed, folded, and the marks between it and the word before, blanks left out."""

    text: str
    key: str
    gap: str

    @property
    def follows_break(self) -> bool:
        """Whether a mark parts it from the word before; a full stop does not, for abbreviations have one."""
        return bool(self.gap) and not _BREAKS.isdisjoint(self.gap)


def words_of(text: str) -> list[Word]:
    """Return the words of a text, printed and folded. Cut at blanks, which is four times as fast as a regex here."""
    printed, gaps, before = [], [], ""
    for token in text.split():
        word = token.strip(_MARKS)
        if len(word) == len(token):
            printed.append(token)
            gaps.append(before)
            before = ""
        elif word:
            start = token.index(word)
            printed.append(word)
            gaps.append(before + token[:start])
            before = token[start + len(word) :]
        else:
            before += token
    # One call folds all: no printed word holds a blank, and folding makes none.
    return list(map(Word, printed, fold(" ".join(printed)).split(" "), gaps))
