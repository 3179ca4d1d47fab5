"""How much of a title's wording comes back in a text: tells whose title it is.

In: a title and a text. Out: a share between 0 and 1, to whoever looks for a title. Works without word lists in any
language.
"""

from collections.abc import Collection, Iterable

from worker.split.fold import fold, fold_letters
from worker.split.shapes import is_wide

GRAM = 4
"""Length of the letter sequences compared: short enough to bridge inflection (Arabic, Russian, Turkish)."""

WIDE_GRAM = 2
"""The same for Han and kana, where two characters make a word."""


def share_in(title: str, text: str) -> float:
    """Return which share of the title's letter sequences also stands in the text."""
    return share_found(letter_sequences(title), fold_letters(text))


def share_found(sequences: Collection[str], folded: str, least: float = 0.0) -> float:
    """Return which share of letter sequences stands in a folded text, 0 if less than `least` do.

    So many missing ones that it cannot be end the search.
    """
    missing, most_missing = 0, (1 - least) * len(sequences)
    for sequence in sequences:
        if sequence not in folded:
            missing += 1
            if missing > most_missing:
                return 0.0
    return (len(sequences) - missing) / len(sequences) if sequences and least <= 1 else 0.0


def letter_sequences(title: str) -> set[str]:
    """Return the folded letter sequences of a title's words."""
    size = WIDE_GRAM if is_wide(title) else GRAM
    return {word[at : at + size] for word in fold(title).split() for at in range(len(word) - size + 1)}


def word_beginnings(title: str, words: Iterable[str]) -> set[str]:
    """Return how a title's longer words, given folded, begin, which inflection leaves alone; if wide, its sequences."""
    if is_wide(title):
        return letter_sequences(title)
    return {word[:GRAM] for word in words if len(word) >= GRAM}
