"""Light stems: what stays of a word without articles, clitics and common endings.

In: a folded word and the affixes of its language. Out: its stem, for comparing only, never for showing.
"""

from dataclasses import dataclass

ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Stems:
    """Affixes that are taken off, longest first; an ending with what is put in its place. `least` letters stay."""

    prefixes: tuple[str, ...] = ()
    suffixes: tuple[tuple[str, str], ...] = ()
    least: int = 3


def light_stem(word: str, stems: Stems) -> str:
    """Return the word without its longest known prefix and suffix, in two rounds; what is no plain word stays.

    The second round lets forms meet that have an affix more or less: الوزير and وزير both come to زير.
    """
    if not word.isalpha():
        return word
    for _ in range(ROUNDS):
        word = _without_suffix(_without_prefix(word, stems), stems)
    return word


def _without_prefix(word: str, stems: Stems) -> str:
    for prefix in stems.prefixes:
        if word.startswith(prefix) and len(word) - len(prefix) >= stems.least:
            return word[len(prefix) :]
    return word


def _without_suffix(word: str, stems: Stems) -> str:
    for ending, instead in stems.suffixes:
        if word.endswith(ending) and len(word) - len(ending) >= stems.least:
            return word[: len(word) - len(ending)] + instead
    return word
