"""A headline read once: what every comparison of it needs.

In: a headline as printed and, where known, its page's language. Out: a `Reading`. It looks at the one headline only,
keeps nothing but a bounded cache, raises for no input, and takes time in proportion to the headline's length.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from hashlib import blake2b

from worker.dedup.affixes import take_core
from worker.dedup.language import find_language, find_script
from worker.dedup.lexicon import Lexicon, lexicon
from worker.dedup.normalise import as_shown
from worker.dedup.numbers import Figure, read_figures
from worker.dedup.stems import light_stem
from worker.dedup.tokens import tokens_of

__all__ = ["Figure", "Reading", "key", "read", "read_beginning"]

READINGS_KEPT = 4096
"""Headlines remembered: one is met several times on its way, and those of an hour's news again and again."""

LONGEST_REMEMBERED = 512
"""Characters of a headline that is remembered, so that the caches are bounded in bytes too."""

LONGEST_COMPARED = 1024
"""Characters of a headline that the stream compares: twice what the units of a comparison have in most scripts."""

STEMS_KEPT = 65_536
LONGEST_WORD = 40
"""Characters of a word that is stemmed; a longer one is no word of a language."""

QUESTION_MARKS = "?؟？"


@dataclass(frozen=True, slots=True)
class Reading:
    """What is to be known of a headline.

    `key`: see `key`. `script` is ISO 15924, `language` a BCP 47 primary code, both "" where unknown. `words` are folded
    and in order, without affixes, each figure as one of them by its value; `stems` and `stops` (is it a function word?)
    go with them one by one. `negations` counts negating words. `cut` is "start" or "end" where marks say that words are
    missing. `affixes` are as shown.
    """

    shown: str
    key: str
    script: str
    language: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    stops: tuple[bool, ...]
    figures: tuple[Figure, ...]
    cut: str
    is_question: bool
    negations: int
    affixes: tuple[str, ...]


def read(headline: str, language: str | None = None) -> Reading:
    """Read a headline; `language` (BCP 47) is believed where the headline is written in a script of it."""
    return (_remembered_reading if len(headline) <= LONGEST_REMEMBERED else _read)(headline, language)


def read_beginning(headline: str, language: str | None = None) -> Reading:
    """Read as much of a headline as is compared: it may meet hundreds of others, each as long.

    What goes on behind that in another way has another key.
    """
    reading, rest = read(headline[:LONGEST_COMPARED], language), headline[LONGEST_COMPARED:]
    if not rest:
        return reading
    return replace(reading, key=f"{reading.key} {blake2b(rest.encode('utf-8', 'surrogatepass')).hexdigest()}")


def key(headline: str) -> str:
    """Return what all spellings of a headline share, with and without urgent tags and its newspaper's name.

    `ids.headline_id` is made of it. Folded as in `normalise.key`; empty only where the headline shows nothing. The key
    of a key, and of what the headline shows, is the key itself.
    """
    return (_remembered_key if len(headline) <= LONGEST_REMEMBERED else _key)(headline)


def _key(headline: str) -> str:
    return take_core(as_shown(headline)).key


def _read(headline: str, language: str | None) -> Reading:
    shown = as_shown(headline)
    core = take_core(shown)
    folded = core.key
    script = find_script(core.text)
    code = find_language(core.text, folded.split(), script, language)
    known = lexicon(code)
    words, figures = read_figures(tokens_of(core.text, known), known)
    stops = known.stops
    return Reading(
        shown=shown,
        key=folded,
        script=script,
        language=code,
        words=tuple(words),
        stems=tuple([_stem(word, code) if len(word) <= LONGEST_WORD else word for word in words]),
        stops=tuple([word in stops for word in words]),
        figures=tuple(figures),
        cut=core.cut,
        is_question=_is_question(shown, folded, words, known),
        negations=_count_negations(folded, words, known),
        affixes=core.affixes,
    )


_remembered_reading: Callable[[str, str | None], Reading] = lru_cache(READINGS_KEPT)(_read)
_remembered_key: Callable[[str], str] = lru_cache(READINGS_KEPT)(_key)


@lru_cache(STEMS_KEPT)
def _stem(word: str, language: str) -> str:
    return light_stem(word, lexicon(language).stems)


def _is_question(shown: str, folded: str, words: list[str], known: Lexicon) -> bool:
    if any(mark in shown for mark in QUESTION_MARKS) or not known.questions.isdisjoint(words):
        return True
    starts = bool(words) and words[0] in known.question_starts
    return starts or bool(known.question_parts and _parts(known.question_parts).search(folded))


def _count_negations(folded: str, words: list[str], known: Lexicon) -> int:
    count = sum([word in known.negations for word in words])
    return count + len(_parts(known.negation_parts).findall(folded)) if known.negation_parts else count


@cache
def _parts(parts: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for parts of words, of which "*" says on which side the word goes on."""
    return re.compile("|".join(rf"\b{part}\b".replace(r"\b*", "").replace(r"*\b", "") for part in parts))
