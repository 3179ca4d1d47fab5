"""What stands behind a headline's last mark and may be its source's name, though no lexicon knows it.

In: a headline, or such words with the source that printed them. Out: its `Tail`; whether the words are the source's own
name, letter by letter. It keeps nothing but a bounded cache; what is learned of tails is in `learned`.

Behind a bar stand names and sections, behind a dash what is news as well: speakers, towns, second thoughts. Of 40 tails
behind a dash in Cyrillic headlines of the development data 16 tell who said it and one is its source's name; of 85
behind a bar, in all scripts, none tells who said it. So only a tail behind a bar is learned by counting.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from worker.dedup.affixes import BARS, LEAST_BESIDE_SOURCE, LONGEST_NAME, STROKES, WINDOW, has_words, take_core
from worker.dedup.lexicon import lexicon
from worker.dedup.normalise import as_shown, key
from worker.dedup.reading import LONGEST_REMEMBERED, Reading, read
from worker.dedup.units import Unit, find_sides, find_units, plain

TAILS_KEPT = 4096
"""Tails remembered: a headline's is asked for with every comparison."""

LEAST_LETTERS = 2
"""Of a name that is told by its letters alone."""

ARTICLE = "the"
"""What a name has in print and not in its domain, or the other way round."""

_SIGN = re.compile(rf"[{STROKES}{BARS}]")
_MARK = re.compile(rf"(?P<bar>[{BARS}])[\s{BARS}]*|(?<=\s)[{STROKES}]+\s+")


@dataclass(frozen=True, slots=True)
class Source:
    """Who prints headlines: by domain, or by name where there is none; and what its pages call it, if known."""

    id: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Tail:
    """What stands behind the last mark: `words`, folded. `rest` is the headline without them, as shown.

    `is_countable`: a source that prints them behind many headlines shows that they are no news. `is_namable`: a source
    that bears the name shows it at once.
    """

    words: str
    rest: str
    is_countable: bool
    is_namable: bool


def find_tail(headline: str, language: str | None = None) -> Tail | None:
    """Return what stands behind a headline; None where nothing does, or hardly a headline would be left.

    What is too long to be remembered has none: no headline is, and it would be looked for with each comparison.
    """
    if len(headline) > LONGEST_REMEMBERED or not _SIGN.search(headline) or not _MARK.search(headline):
        return None  # spares most headlines the rest
    return _find(headline, language)


def is_own_name(words: str, source: str, name: str | None = None) -> bool:
    """Tell whether folded words are the name of a source, given as its domain or name, and as its pages call it."""
    letters = _letters(words)
    label = source if " " in source else source.partition(".")[0]
    return len(letters) >= LEAST_LETTERS and letters in (_letters(label), _letters(name or ""))


@lru_cache(TAILS_KEPT)
def _find(headline: str, language: str | None) -> Tail | None:
    shown = as_shown(headline)
    core = take_core(shown)
    start = max(len(core.text) - WINDOW, 0)
    mark = max(_MARK.finditer(core.text, start), key=re.Match.end, default=None)
    if mark is None or core.cut == "end":
        return None
    words = key(core.text[mark.end() :])
    if len(words.split()) > LONGEST_NAME or not any(map(str.isalpha, words)) or any(map(str.isdigit, words)):
        return None
    if not has_words(key(core.text[: mark.start()]), LEAST_BESIDE_SOURCE):
        return None
    before = shown[: shown.index(core.text)]
    reading = read(words, read(headline, language).language)
    units = list(find_units(reading))
    return Tail(
        words,
        before + core.text[: mark.start()].rstrip(),
        is_countable=mark["bar"] is not None and not _is_news(reading, units),
        is_namable=not all(unit.code for unit in units),
    )


def _is_news(reading: Reading, units: Iterable[Unit]) -> bool:
    """Tell whether the lexicons know that words tell headlines apart: a figure, a negation, or one of the words."""
    return bool(reading.figures) or reading.negations > 0 or any(_tells_apart(unit, reading.language) for unit in units)


def _tells_apart(unit: Unit, language: str) -> bool:
    """Tell whether a word is a place, an office, a day, a month, a contrary, or denies."""
    known = lexicon(language)
    is_told = any(unit.text in table for table in (known.weekdays, known.months, known.denials))
    return bool(unit.code or unit.is_title or find_sides(unit, language) or is_told)


def _letters(name: str) -> str:
    """Return a name's letters without accents and article."""
    return plain(key(name).replace(" ", ""), "Latn").removeprefix(ARTICLE)
