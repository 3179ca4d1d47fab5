"""Phrases by which pages mark their own parts, in many languages: "Read also", "Source:", "Most read".

In: the text of one line. Out: a `Mark` (what the phrase stands for, how it stands in the line), to `sections` and
`classify`. A mark is evidence, never a verdict: place and shape decide there.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Literal, get_args

from worker.split.fold import CHANGED, fold

Kind = Literal[
    "read_also",
    "related",
    "most_read",
    "latest",
    "digest",
    "credit",
    "published",
    "updated",
    "byline",
    "caption",
    "promo",
    "share",
    "subscribe",
    "copyright",
    "tags",
    "comments",
    "navigation",
    "cookie",
    "paywall",
]
Form = Literal["whole", "label", "prefix"]

KINDS: tuple[Kind, ...] = get_args(Kind)

PHRASE_WINDOW = 64
"""Characters of a line that can hold a phrase; the longest one in the data has 45."""

PREFIX_LINE_LENGTH: dict[Kind, int] = {
    "published": 80,
    "updated": 80,
    "byline": 80,
    "promo": 120,
    "share": 60,
    "subscribe": 140,
    "copyright": 160,
    "comments": 40,
    "cookie": 400,
    "paywall": 300,
    "caption": 300,
}
"""Longest line that a kind's phrase may open without a colon behind it: a line this long can still be only what the
phrase says, a longer one is prose. Kinds left out need the phrase alone in its line, or a colon."""

LABEL_LINE_LENGTH: dict[Kind, int] = {
    "credit": 60,
    "caption": 300,
    "tags": 2000,
    "cookie": 2000,
    "paywall": 400,
    "read_also": 240,
    "related": 240,
    "byline": 60,
    "share": 60,
    "navigation": 0,
}
SHORT_LABEL_LINE = 120
"""Longest line that is a phrase and what it labels, and its default. A credit names an agency or two; a longer line is
a headline ("Source: talks have failed") or prose. Captions, tag lists and notices run longer; links have a title."""

ONE_WORD_PREFIXES = frozenset({"published", "updated", "byline", "copyright"})
"""Kinds for which one word without a colon is enough ("By ..."); elsewhere it is a common word ("Share prices")."""

DATED = frozenset({"published", "updated"})
"""Kinds that say a date; without a digit the words are prose ("Updated rules")."""

HAS_DIGIT = re.compile(r"\d")

DECORATION = " +\t\xa0\u200e\u200f\u202a\u202b\ufeff•●▪◦■□◆►▶▸»›>‹<*|#=_~-–—·【[(（《〈※☛👈👉\"'“”«…"
DECORATED = frozenset(DECORATION)
CLOSING = " +:：.…»›>«|-–—!?؟،】])）》〉*=_~↓→←⬇👇\"'"
SEPARATOR = re.compile(r"\s*(?:[:：|/…»›>]|\.\.+)\s*")
"""What parts a phrase from what it labels."""

SEPARATOR_END = re.compile(r"[:：|/…»›>.](?:(?<!\.)|\.+)\s*")
"""The same without the blanks before it: a search for one of a set of characters is up to 3 times as fast."""


@dataclass(slots=True)
class Mark:
    """A phrase found in a line: alone (`whole`), before a colon (`label`) or before other words (`prefix`).

    `rest` is where the labelled words start, in code points from the start of the line; its length where there are
    none.
    """

    kind: Kind
    form: Form
    rest: int


Filed = tuple[tuple[str, Kind], ...]


class Opening(dict[str, "Opening"]):
    """Folded letters that phrases begin with: leads to the openings with one more letter.

    `filed` holds the phrases of at most so many letters, longest first; where they suffice to tell phrases, all.
    """

    __slots__ = ("filed",)

    filed: Filed


def find_mark(text: str) -> Mark | None:
    """Return the mark that the trimmed line opens with, if any."""
    window = text[:PHRASE_WINDOW]
    if text[:1] in DECORATED:
        window = window.lstrip(DECORATION)
    first = window.partition(" ")[0]
    if first.isascii() and first.isalpha() and first.lower() not in FIRST_WORDS:  # as of most lines, and at once
        return None
    filed = _file_of(window, PHRASES if len(text) <= LONG_LINE else LONG_PHRASES)
    if not filed:
        return None
    folded = fold(window)
    for phrase, kind in filed:
        if folded.startswith(phrase):
            mark = _judge(text, folded[len(phrase) :], phrase, kind)
            if mark:
                return mark
    return None


def _file_of(window: str, opening: Opening) -> Filed:
    """Return the phrases the line may open with.

    Folds letter by letter and stops where no phrase goes on: most lines fall out at the second or third letter, for a
    sixth of what folding the window costs.
    """
    for character in window:
        further = opening.get(character)
        if further is None:
            letter = CHANGED.get(character)
            if letter is None:
                break
            further = opening.get(letter)
            if further is None:
                if letter.strip():
                    break
                continue  # a vowel sign, or one more blank
        opening = further
    return opening.filed


def _judge(text: str, after: str, phrase: str, kind: Kind) -> Mark | None:
    if not after.strip(CLOSING) and len(text) <= PHRASE_WINDOW:
        return Mark(kind, "whole", len(text))
    if kind in DATED and not HAS_DIGIT.search(text):
        return None
    if SEPARATOR.match(after):
        return _label(text, kind) if len(text) <= LABEL_LINE_LENGTH.get(kind, SHORT_LABEL_LINE) else None
    if len(text) <= PREFIX_LINE_LENGTH.get(kind, 0) and _opens(phrase, after, kind):
        return Mark(kind, "prefix", len(text))
    return None


def _label(text: str, kind: Kind) -> Mark | None:
    opening = len(text) - len(text.lstrip(DECORATION))
    separator = SEPARATOR_END.search(text, opening + 1)
    return Mark(kind, "label", separator.end()) if separator else None


def _opens(phrase: str, after: str, kind: Kind) -> bool:
    """Whether the phrase is enough without a colon: it ends at a word's end and says more than a common word.

    Where words are not parted, those for a picture begin longer ones: a library, a photographer.
    """
    if after[:1].isalnum() and phrase[-1:].isalnum() and _is_spaced(phrase):
        return False
    return kind in ONE_WORD_PREFIXES or " " in phrase or (kind != "caption" and not _is_spaced(phrase))


def _is_spaced(phrase: str) -> bool:
    """Whether the script puts blanks between words (Han, kana and Thai do not)."""
    return not "\u2e80" <= phrase[0] < "\ua000"


OPENING_LETTERS = 8
"""Letters by which phrases are filed: of the lines without a phrase, 4 % meet a candidate (29 % by three)."""

LIGATURES = frozenset(folded for folded in CHANGED.values() if len(folded) > 1)
"""What one character folds to where that is several letters: lam-alef, "ss", dots."""

LIGATURES_FROM = {
    first: tuple(ligature for ligature in LIGATURES if ligature[0] == first) for first in "".join(LIGATURES)
}

LONG_LINE = 160
"""Characters beyond which only the kinds that run longer are looked for."""


def _read_files() -> Iterator[tuple[str, Kind]]:
    folder = resources.files("worker") / "data" / "markers"
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            phrases = tomllib.loads(file.read_text("utf-8")).get("phrases", {})
            yield from ((fold(phrase), kind) for kind in KINDS for phrase in phrases.get(kind, ()))


def _file_phrases(phrases: Iterable[tuple[str, Kind]]) -> Opening:
    kinds: dict[str, Kind] = {}
    for phrase, kind in phrases:
        kinds.setdefault(phrase, kind)
    files: dict[str, list[str]] = {}
    for phrase in sorted(kinds, key=lambda phrase: (-len(phrase), phrase)):
        files.setdefault(phrase[:OPENING_LETTERS], []).append(phrase)
    openings = {phrase[:length]: Opening() for phrase in kinds for length in range(OPENING_LETTERS + 1)}
    for letters, opening in openings.items():
        beginnings = (letters[:length] for length in range(len(letters), 0, -1))
        opening.filed = tuple((phrase, kinds[phrase]) for part in beginnings for phrase in files.get(part, ()))
        if letters:
            openings[letters[:-1]][letters[-1]] = opening
    for phrase in kinds:
        _lead_by_ligatures(phrase, openings)
    return openings[""]


def _lead_by_ligatures(phrase: str, openings: dict[str, Opening]) -> None:
    for start in range(min(len(phrase), OPENING_LETTERS)):
        for ligature in LIGATURES_FROM.get(phrase[start], ()):
            if phrase.startswith(ligature, start):
                end = min(start + len(ligature), OPENING_LETTERS)
                openings[phrase[:start]][ligature] = openings[phrase[:end]]


def _runs_long(kind: Kind) -> bool:
    return max(PREFIX_LINE_LENGTH.get(kind, 0), LABEL_LINE_LENGTH.get(kind, SHORT_LABEL_LINE)) > LONG_LINE


_LEXICON = tuple(_read_files())

PHRASES = _file_phrases(_LEXICON)
"""Folded phrases by their first letters. Where languages share one, the first file's kind holds."""

FIRST_WORDS = frozenset(phrase.partition(" ")[0] for phrase, _ in _LEXICON)
"""Of phrases. Where a line begins with another word, and no sign is a part of that, it opens with none of them."""

LONG_PHRASES = _file_phrases((phrase, kind) for phrase, kind in _LEXICON if _runs_long(kind))
"""Those of the kinds whose lines run longer than `LONG_LINE`."""


Filing = Mapping[str, Sequence[tuple[int, list[str]]]]
"""Phrases, each a row of words, by their longest word, which is the rarest mostly, and how many stand before it."""


def file_by_word(phrases: Iterable[Sequence[str]]) -> Filing:
    """Return the phrases by words that few lines have: no others are looked at twice."""
    filing: dict[str, list[tuple[int, list[str]]]] = {}
    for words in sorted(set(map(tuple, phrases))):
        longest = max(words, key=len)
        filing.setdefault(longest, []).append((words.index(longest), list(words)))
    return filing


def phrases_of(kind: Kind) -> Iterator[str]:
    """Yield the folded phrases of a kind, of every language."""
    return (phrase for phrase, own in _LEXICON if own == kind)


def find_phrases(words: list[str], filing: Filing) -> Sequence[int]:
    """Return at which of the words phrases begin."""
    found: list[int] = []
    if filing.keys().isdisjoint(words):  # as of most lines, and at once
        return found
    for at, word in enumerate(words):
        if word in filing:
            for before, phrase in filing[word]:
                first = at - before
                if first >= 0 and words[first : first + len(phrase)] == phrase:
                    found.append(first)
    return found
