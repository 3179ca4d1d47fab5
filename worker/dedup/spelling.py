"""Whether two words are one, written or inflected differently.

In: two folded words. Out: yes or no, from their letters alone: an ending that differs, one letter, doubled letters, or
letters that transliterations write for one another. It knows no word; places known by name are kept apart elsewhere.
"""

from functools import lru_cache
from itertools import groupby

LEAST_LETTERS = 4
"""Letters below which a word is what is printed and nothing else."""

LONGEST_ENDING = 3
"""Letters that an ending may add: of "minister" in "ministerial", more is another word."""

STEM_SHARE = 0.65
"""Of the longer word, what both must begin with to be inflections of one."""

LONGEST_WORD = 40
"""Letters of a word that are looked at; what is longer is no word."""

HANDLE = 2
"""Letters by which words that may be alike are found."""

VERB_LEAST = 3
SKELETON_LEAST = 5
"""Consonants that must be the same where vowels differ: with fewer, Salman is Suleiman."""

SLIP_LEAST = 6
VOWEL_SLIP_LEAST = 5
"""Letters of a word from which on one wrong or missing letter is a slip; sooner where it is a vowel: labor, labour."""

LATIN_VOWELS = frozenset("aeiouy")
VOWELS = LATIN_VOWELS | frozenset("аеёиоуыэюяіїєاويى")
SOUNDS = str.maketrans(
    {
        **dict.fromkeys("gqk", "c"),
        **dict.fromkeys("zß", "s"),
        **dict.fromkeys("wf", "v"),
        **dict.fromkeys("جغق", "ك"),
        **dict.fromkeys("پ", "ب"),
        **dict.fromkeys("ڤ", "ف"),
        **dict.fromkeys("ط", "ت"),
        **dict.fromkeys("ذظض", "د"),
        **dict.fromkeys("صث", "س"),
        "ґ": "г",
    }
)
"""Consonants that transliterations write for one another: Gaddafi and Qaddafi, غوغل and جوجل."""

VERB_LETTERS = frozenset("يتنا")
"""Arabic letters that open a verb's forms, the alef its noun too: يعلن, تعلن, اعلن, اعلان."""

CLITICS = frozenset("بلكوف")
CLITIC_LEAST = 3
"""Arabic prepositions and conjunctions of one letter, and the letters of a word from which on they are taken for it."""

FUTURE = "س"
"""The letter before these that puts a verb into the future."""

VERB_OPENINGS = VERB_LETTERS | {FUTURE}


@lru_cache(maxsize=1 << 16)
def are_alike(one: str, other: str) -> bool:
    """Tell whether two different words are likely forms or spellings of one. Symmetric."""
    short, long = sorted((one[:LONGEST_WORD], other[:LONGEST_WORD]), key=lambda word: (len(word), word))
    if len(short) >= CLITIC_LEAST and long[0] in CLITICS and long[1:] == short:
        return True
    if len(short) < LEAST_LETTERS or not (short.isalpha() and long.isalpha()):
        return False
    return _is_inflected(short, long) or _sounds_like(short, long) or _is_slip(short, long)


@lru_cache(maxsize=1 << 16)
def handles(word: str) -> frozenset[str]:
    """Return what two words that are alike nearly always have one of in common: how their variants begin."""
    own = word[:LONGEST_WORD]
    if not own.isalpha():
        return frozenset()
    variants = {own, own[1:]} if own[0] in CLITICS else {own}
    if own[0] in VERB_OPENINGS:
        variants |= _verb_cores(own)
    sounds = [_sounds(variant) for variant in variants]
    return frozenset([text[:HANDLE] for text in (*sounds, *map(_skeleton, sounds)) if len(text) >= HANDLE])


def _is_inflected(short: str, long: str) -> bool:
    same = _common_start(short, long)
    if same == len(short):
        return len(long) - same <= LONGEST_ENDING
    return (same >= LEAST_LETTERS and same >= STEM_SHARE * len(long)) or _is_verb_form(short, long)


def _common_start(short: str, long: str) -> int:
    for at, letter in enumerate(short):
        if long[at] != letter:
            return at
    return len(short)


def _is_verb_form(one: str, other: str) -> bool:
    """Tell whether two Arabic words are forms of one verb, or a verb and its noun."""
    if one[0] not in VERB_OPENINGS and other[0] not in VERB_OPENINGS:
        return False
    cores = _verb_cores(one) & _verb_cores(other)
    return any(len(core) >= VERB_LEAST for core in cores)


def _verb_cores(word: str) -> set[str]:
    if len(word) > 1 and word[0] == FUTURE and word[1] in VERB_LETTERS:
        word = word[1:]
    cores = {word}
    if word[0] in VERB_LETTERS:
        cores.add(word[1:])
    if word[0] == "م" and word[-1] == "ه":
        cores.add(word[1:-1])
    return cores | {core[:-2] + core[-1] for core in cores if len(core) > VERB_LEAST and core[-2] in "اي"}


def _sounds_like(short: str, long: str) -> bool:
    sounds, others = _sounds(short), _sounds(long)
    if sounds == others:
        return True
    skeleton = _skeleton(sounds)
    return len(skeleton) >= SKELETON_LEAST and skeleton == _skeleton(others)


def _sounds(word: str) -> str:
    """Return the word's letters without what transliterations differ in, and none twice in a row."""
    return "".join(letter for letter, _ in groupby(word.translate(SOUNDS)))


def _skeleton(sounds: str) -> str:
    return "".join(letter for letter in sounds if letter not in VOWELS)


def _is_slip(short: str, long: str) -> bool:
    """Tell whether one letter is wrong, missing, or two have changed places; the first one is right."""
    if len(long) - len(short) > 1 or short[0] != long[0]:
        return False
    same = _common_start(short, long)
    rest, others = short[same:], long[same:]
    if len(short) < len(long):
        least = VOWEL_SLIP_LEAST if others[0] in LATIN_VOWELS else SLIP_LEAST
        return len(short) >= least and rest == others[1:]
    is_turned = rest[:2] == others[1::-1] and rest[2:] == others[2:]
    return len(short) >= SLIP_LEAST and (is_turned or rest[1:] == others[1:])
