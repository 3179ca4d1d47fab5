"""How much of a title's wording comes back in a text: tells whose title it is.

In: a title and a text. Out: a share between 0 and 1, to `sections`. Works without word lists in any language.
"""

from worker.split.fold import fold
from worker.split.shapes import is_wide

GRAM = 4
"""Length of the letter sequences compared: short enough to bridge inflection (Arabic, Russian, Turkish)."""

WIDE_GRAM = 2
"""The same for Han and kana, where two characters make a word."""


def share_in(title: str, text: str) -> float:
    """Return which share of the title's letter sequences also stands in the text."""
    grams = _grams(title)
    folded = fold(text)
    return sum(gram in folded for gram in grams) / len(grams) if grams else 0.0


def _grams(title: str) -> set[str]:
    size = WIDE_GRAM if is_wide(title) else GRAM
    return {word[at : at + size] for word in fold(title).split() for at in range(len(word) - size + 1)}
