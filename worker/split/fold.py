"""One form for the spellings of a word, so that a phrase is found however the page writes it.

In: a line or a phrase. Out: the folded form, to `markers` and the comparisons of this room. For comparing only: what
is published is never folded, and headline keys are made by the dedup room.
"""

import re
import unicodedata

FOLDED_RANGES = (
    (0x0000, 0x0600),  # Latin, Greek, Cyrillic, Armenian, Hebrew
    (0x0600, 0x0780),  # Arabic and its supplement
    (0x0900, 0x0980),  # Devanagari
    (0x1E00, 0x2070),  # Latin additional, Greek extended, general punctuation
    (0xFB50, 0xFEFF),  # Arabic presentation forms
    (0xFF00, 0xFFF0),  # full-width forms
)
"""The blocks whose letters have several forms. Others (kana, Han, Hangul) pass unchanged."""

ARABIC_LETTERS = str.maketrans("أإآٱىئیيېكکةۃهھہوؤگ", "اااايييييككهههههووگ", "ءـ")
"""Spellings that Arabic-script newspapers mix: alef and hamza forms, ya and alef maqsura, kaf, ta marbuta and ha."""

MARKS = frozenset({"Mn", "Me", "Cf"})
"""Vowel signs, accents, and format characters such as bidi marks and the zero-width joiners: dropped."""


def _fold_character(character: str) -> str:
    decomposed = unicodedata.normalize("NFKD", character.casefold())
    kept = "".join(part for part in decomposed if unicodedata.category(part) not in MARKS)
    return kept.translate(ARABIC_LETTERS).replace("ı", "i")


def _keeps_marks(code: int) -> bool:
    # Devanagari vowel signs are letters of the word, not decoration.
    return 0x0900 <= code < 0x0980  # noqa: PLR2004 - the block's own bounds


VOWEL_SIGNS = "\u0900-\u0903\u093a-\u093c\u093e-\u094f\u0951-\u0957\u0962\u0963"
"""Those of Devanagari as a range of a pattern: folding keeps them, and `\\w` has none of them."""

WORD = re.compile(rf"(?:[^\W\d_]|[{VOWEL_SIGNS}])+")
"""A word of folded text: letters and nothing else."""

TOKEN = rf"[\w{VOWEL_SIGNS}]+"
"""The pattern of a word or a number."""

TABLE = {
    code: chr(code) if _keeps_marks(code) else _fold_character(chr(code))
    for first, end in FOLDED_RANGES
    for code in range(first, end)
}
"""Code point to folded text."""

BASIC_PLANE = 0x10000

FOLDED = [TABLE.get(code, code) for code in range(BASIC_PLANE)]
"""The same for every character that is not rare: translating with a list takes half of what a mapping does that has no
kana, Han and Hangul. What lies beyond stays as it is."""

FINAL_SIGMA = "Σ"
"""The one letter whose lower case depends on what stands around it."""

_LOWERED = "".join(
    chr(code) for code, folded in TABLE.items() if folded == chr(code).lower() and chr(code) != FINAL_SIGMA
)
UNLIKE_LOWER = re.compile(f"[^{re.escape(_LOWERED)}]")
"""A character that folds to something else than its lower case, or stands outside the table."""

CHANGED = {chr(code): folded for code, folded in TABLE.items() if folded != chr(code)}
CHANGED |= {" ": " ", "\u1680": " ", "\u3000": " "}
"""The characters that folding changes, and blanks, with what becomes of them: a letter, a blank, several letters
(ligatures), nothing (vowel signs)."""


def fold(text: str) -> str:
    """Return the text in lower case without vowel signs, accents and spelling variants, blanks collapsed to one."""
    return " ".join(fold_letters(text).split())


def fold_letters(text: str) -> str:
    """Return the text folded but for its blanks: enough to look for words in it, or to take it apart."""
    # Most lines of Latin script are ASCII but for quotation marks: lower case is all, at a third of the cost.
    is_plain = text.isascii() or not UNLIKE_LOWER.search(text)
    return text.lower() if is_plain else text.translate(FOLDED)


def are_alike(text: str, other: str) -> bool:
    """Tell whether two texts that are not empty fold to the same; folds them only where they begin with one letter."""
    if text == other:
        return True
    first, second = CHANGED.get(text[0], text[0]).strip(), CHANGED.get(other[0], other[0]).strip()
    return (first[:1] == second[:1] or not first or not second) and fold(text) == fold(other)
