"""What a newspaper puts around a headline: urgent tags, its own name, marks where the headline was cut.

In: a headline as shown. Out: its `Core`. A tag is known by its words and the mark that parts it from the headline; a
source by a name that the lexicons know, a word that newspapers' names have, or the look of a domain. Other words behind
a stroke are the headline's own, and in its key (`tails` tells which are left out where headlines are compared).
Languages are not asked: an Arabic page tags with English words too.
"""

import re
from dataclasses import dataclass
from itertools import islice

from worker.dedup.lexicon import every
from worker.dedup.normalise import fold_point, key_of_shown

WINDOW = 80
"""Characters at an end in which an affix stands; the longest name in the lexicons has 40."""

TAG_WINDOW = 40
"""Characters before a headline in which a tag or an agency's name ends, the longest having 23."""

LONGEST_NAME = 4
"""Words of a source that is known only by one of them ("Hillsboro Daily Times", "صحيفة المدينة المنورة")."""

LEAST_BESIDE_TAG = 2
LEAST_BESIDE_SOURCE = 3
"""Words that must stay. "Home | BBC News" and "Sport | BBC News" are not one headline under two names."""

LETTERS_A_WORD = 2
"""In a script without blanks, that many letters count as a word."""

MARKS_TRIED = 3
"""Marks at an end behind which an affix is looked for: names hold some of their own ("Asharq Al-Awsat | News")."""

BARS = "|｜¦"
COLONS = f":：{BARS}"

STROKES = "-\u2010-\u2015\u2212/／•·»›"
_MARK_BEFORE = re.compile(
    rf"""(?P<firm>\s?[{COLONS}] | (?<=\s)[{STROKES}]+(?=\s) | [-\u2012-\u2015/](?=\s) | (?<=\d)-(?=[^\W\d]))
      | (?P<loose>\.\.+ | …+ | [!！]+ | [)\]）］】》>] | ["”»’'](?=\s?[:：|]))""",
    re.VERBOSE,
)
_MARK_BEHIND = re.compile(
    rf"""(?P<firm>\s+[{STROKES}]+ | [{BARS}]+ | [/\u2013\u2014](?=\s) | [(\[（［【])
      | (?P<loose>\.\.+ | …+ | [!！?؟])""",
    re.VERBOSE,
)
_CUT_START = re.compile(r"\s*(?:\.\.|…)[\s.…]*")
_CUT_END = re.compile(r"(?:\.\.|…)[\s\"'”»’).…]*\Z")
_DOMAIN = re.compile(r"(?:www\.)?(?:[\w-]+\.){1,4}(?:[a-z]{2,6}|نت|كوم)", re.IGNORECASE)
_TRIMMED = "".join(chr(code) for code in range(0x21, 0x7F) if not chr(code).isalnum()) + "…،؛–—«»“”‘’｜：【】（）"
_HAS_MARK = re.compile(rf"[{STROKES}{COLONS}.…!！?؟()\[\]（）［］【】》>\"”»’']")
_DOTS = re.compile(r"\.\.|…")
_WORD_CHARACTER = re.compile(r"\w")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Core:
    """A headline without what stood around it, and its key.

    `cut` is "start" or "end" where marks say that words are missing.
    """

    text: str
    key: str
    affixes: tuple[str, ...] = ()
    cut: str = ""


@dataclass(slots=True)
class _Stretch:
    """What is left of the headline, by its ends: copying a long one for every tag would take quadratic time."""

    shown: str
    start: int
    end: int
    first: str
    """Its first word, folded."""
    cut: str = ""

    def head(self) -> str:
        return self.shown[self.start : min(self.end, self.start + WINDOW)]

    def tail(self) -> str:
        return self.shown[max(self.start, self.end - WINDOW) : self.end]


def take_core(shown: str) -> Core:
    """Take off what is no part of the headline, again and again; a headline never loses all of its words."""
    folded = key_of_shown(shown)
    rest = _Stretch(shown, 0, len(shown), folded.partition(" ")[0])
    before: list[str] = []
    behind: list[str] = []
    while _take_cut(rest) or _take_tag(rest, before) or _take_end(rest, behind):
        pass
    if rest.start == 0 and rest.end == len(shown):
        return Core(shown, folded)
    text = shown[rest.start : rest.end].strip(f"{COLONS} ")
    if not _WORD_CHARACTER.search(text):
        return Core(shown, folded)
    return Core(text, key_of_shown(text), (*before, *reversed(behind)), rest.cut)


def _take_cut(rest: _Stretch) -> bool:
    tail, head = rest.tail(), rest.head()
    if found := _CUT_END.search(tail) if _DOTS.search(tail) else None:
        rest.end -= len(tail) - found.start()
        rest.cut = rest.cut or "end"
    elif found := _CUT_START.match(head):
        _advance(rest, found.end())
        rest.cut = rest.cut or "start"
    return found is not None


def _advance(rest: _Stretch, length: int) -> None:
    rest.start += length
    rest.first = key_of_shown(rest.head()).partition(" ")[0]


def _take_tag(rest: _Stretch, taken: list[str]) -> bool:
    head = rest.head()[:TAG_WINDOW]
    for mark in islice(_MARK_BEFORE.finditer(head), MARKS_TRIED) if _HAS_MARK.search(head) else ():
        words = head[: mark.start()]
        if _is_tag(words, is_firm=mark["firm"] is not None) and _is_enough(
            rest, rest.start + mark.end(), rest.end, LEAST_BESIDE_TAG
        ):
            return _take_before(rest, taken, words, mark.end())
    return _take_bare(rest, taken)


def _take_bare(rest: _Stretch, taken: list[str]) -> bool:
    if rest.first not in every("urgent_bare"):
        return False
    head = rest.head()
    length = _first_word_length(head)
    return _is_enough(rest, rest.start + length, rest.end, LEAST_BESIDE_TAG) and _take_before(
        rest, taken, head[:length], length
    )


def _first_word_length(head: str) -> int:
    """Return where the first word ends, as its key would have it: at the first character behind it that parts words."""
    parts = [fold_point(ord(character)) == " " for character in head]
    start = parts.index(False) if False in parts else 0
    return parts.index(True, start) if True in parts[start:] else len(head)


def _take_before(rest: _Stretch, taken: list[str], words: str, length: int) -> bool:
    taken.append(_trim(words))
    _advance(rest, length)
    return True


def _is_tag(words: str, *, is_firm: bool) -> bool:
    folded = key_of_shown(words)
    return folded in every("urgent") or (is_firm and folded in every("agencies"))


def _take_end(rest: _Stretch, taken: list[str]) -> bool:
    tail = rest.tail()
    if not _HAS_MARK.search(tail):
        return False
    for mark in list(_MARK_BEHIND.finditer(tail))[: -MARKS_TRIED - 1 : -1]:
        words = tail[mark.end() :]
        end = rest.end - len(tail) + mark.start()
        least = _least_beside(words, is_firm=mark["firm"] is not None)
        if least and _is_enough(rest, rest.start, end, least):
            taken.append(_trim(words))
            rest.end = end
            return True
    return False


def _trim(words: str) -> str:
    return words.strip().strip(_TRIMMED).strip()


def _least_beside(words: str, *, is_firm: bool) -> int:
    """Return how many words must stay beside what was found at the end, 0 where it is no affix."""
    folded = key_of_shown(words)
    if folded in every("urgent_end"):
        return LEAST_BESIDE_TAG
    return LEAST_BESIDE_SOURCE if is_firm and is_source(words, folded) else 0


def is_source(words: str, folded: str) -> bool:
    """Tell whether words, given as shown and folded, are the name of a newspaper or agency."""
    if folded in every("papers") or folded in every("agencies") or _DOMAIN.fullmatch(_trim(words)):
        return True
    parts = folded.split()
    if not 0 < len(parts) <= LONGEST_NAME or "," in words or " ".join(parts[-2:]) in every("not_sources"):
        return False
    firsts = every("sources_first")
    return parts[0] in firsts or " ".join(parts[:2]) in firsts or parts[-1] in every("sources_last")


def _is_enough(rest: _Stretch, start: int, end: int, least: int) -> bool:
    return has_words(key_of_shown(rest.shown[start : min(end, start + WINDOW)]), least)


def has_words(folded: str, least: int) -> bool:
    """Tell whether a folded text has so many words, or the letters of so many."""
    return len(folded.split()) >= least or len(_UNSPACED.findall(folded)) >= least * LETTERS_A_WORD
