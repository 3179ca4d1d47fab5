"""What a line looks like by itself: a sentence, a time, names with dashes between them.

In: the text of one line. Out: yes or no, to `view` and `classify`. Knows neither place nor phrase.
"""

import re

from worker.printable import HARMFUL, IGNORABLE
from worker.split.fold import WORD, fold
from worker.split.words import CALENDAR, CAPTION_OPENERS

LONG_LINE = 140
"""Characters from which a line is prose whatever its end; the longest of 12,000 headlines measured
(Arabic, English, German, French, 2013-2026) has 116."""

SHORT_SENTENCE = 40
"""Least characters of a line that a full stop makes prose; a shorter one may be a headline or a heading."""

SHORT_EXCLAMATION = 100
"""The same for question and exclamation marks, which headlines end with too."""

WIDE_FACTOR = 2.5
"""A Han or kana character counts for so many letters: a Japanese headline has 25 to 35, an English one 60 to 90."""

WIDE = re.compile(r"[\u2e80-\ufaff]")
"""From the CJK radicals to the Hangul syllables; beyond lie Latin ligatures and Arabic presentation forms."""

WIDE_SAMPLE = 8
"""Characters looked at to tell the script of a line; numbers and Latin names stand between them."""

CLOSERS = "\"'”’»›“)]）］』」】"
FULL_STOPS = (".", "。", "．", "।", "۔", "｡")
EXCLAMATIONS = ("!", "?", "؟", "！", "？", ":", "：", "؛", ";")
COLONS = (":", "：")
ELLIPSES = ("..", "…")


def is_prose(text: str) -> bool:
    """Tell whether a line reads as running text: long, or a whole sentence."""
    length: float = len(text)
    if length >= LONG_LINE:
        return has_words(text)
    if length * WIDE_FACTOR < SHORT_SENTENCE:
        return False
    if ends_sentence(text):
        return length >= SHORT_SENTENCE or is_wide(text)
    if length * WIDE_FACTOR < SHORT_EXCLAMATION:  # the script, which costs most to tell, makes no difference
        return False
    if is_wide(text):
        length *= WIDE_FACTOR
    return length >= LONG_LINE or (length >= SHORT_EXCLAMATION and text.rstrip(CLOSERS).endswith(EXCLAMATIONS))


LONG_DECK = 80
"""Characters from which a line without a full stop can be a paragraph of a page that has none."""


def ends_sentence(text: str) -> bool:
    """Tell whether the line ends with a full stop."""
    if text[-1:].isalnum():  # as most lines do, and sooner told
        return False
    ending = text.rstrip(CLOSERS)
    return ending.endswith(FULL_STOPS) and not ending.endswith(ELLIPSES)


WORDS = re.compile(r"[^\W_]")


def has_words(text: str) -> bool:
    """Tell whether the line holds a letter or a digit at all: others are rules, bullets and ornaments."""
    return WORDS.search(text) is not None


SHOWN = re.compile(rf"[^\s{HARMFUL.pattern[1:-1]}{IGNORABLE.pattern[1:-1]}]")


def is_blank(text: str) -> bool:
    """Tell whether the line shows nothing: zero-width characters, bidi controls, control characters and the like."""
    if "!" <= text[:1] <= "~":  # as most lines begin, and sooner told
        return False
    return SHOWN.search(text) is None


SHORTEST_TITLE = 8
"""Least characters of a title; below are buttons and names."""


def is_title(text: str) -> bool:
    """Tell whether a text that a link phrase points to can be a headline."""
    return len(text) >= SHORTEST_TITLE and not is_prose(text)


def is_wide(text: str) -> bool:
    """Tell whether the line is written in Han, kana or Hangul, by most of a few characters spread over it."""
    if text.isascii():
        return False
    sample = text[:: len(text) // WIDE_SAMPLE + 1]
    if sample.isascii():  # as where one letter has an accent, or a quotation mark is printed well
        return False
    return len(WIDE.findall(sample)) * 2 > len(sample)


def count_letters(text: str) -> float:
    """Return a line's length as if it were written in an alphabet."""
    if text.isascii():
        return len(text)
    return len(text) * WIDE_FACTOR if is_wide(text) else len(text)


STAMP = re.compile(r"\d{4}-\d\d-\d\d[@T ]\s?\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|GMT|UTC|[+-]\d\d:?\d\d)?")
"""A machine's time stamp, such as crawlers print."""

TIME_LINE_LENGTH = 70
"""Longest line that is a date and nothing else: weekday, two month names, day, year, time and zone."""

HAS_DATE = re.compile(r"\d\D{0,20}\d")
NUMBER = re.compile(r"\d+(?:st|nd|rd|th|er|ème|º|ª)?")


def is_time(text: str) -> bool:
    """Tell whether the line is a date, a time or both, and nothing else."""
    if len(text) > TIME_LINE_LENGTH or not HAS_DATE.search(text):
        return False
    if STAMP.fullmatch(text):
        return True
    return all(word in CALENDAR for word in WORD.findall(fold(NUMBER.sub(" ", text))))


DATELINE_WORDS = 9
DATELINE_LENGTH = 75
"""Most words and characters of a line of place, agency and name: `القطيف - منير النمر`, `WASHINGTON (AP)`."""

DATELINE_SEPARATOR = re.compile(r"\s[-–—ـ/|:]\s?|[-–—ـ/|:]\s|/|\([^)]+\)|[،,]\s")
DATELINE_ENDS = (":", "-", "–", "—")
NAME_WORDS = 4
WIDE_NAME = 10
"""Most words of a line that is only a name; most characters where words are not parted."""

PARTICLE = 3
"""Longest word in a name that may be in lower case: von, de la, bin, et."""

HOST = re.compile(r"(?:[\w-]{1,40}\.){1,4}[a-z]{2,10}")
"""A site's address in a byline's place."""


def is_dateline(text: str) -> bool:
    """Tell whether a short line has the form of places, agencies and names with signs between them."""
    if text.endswith(DATELINE_ENDS) and _is_short_label(text, NAME_WORDS):
        return True
    text = text.rstrip("".join(DATELINE_ENDS))
    return _is_short_label(text, DATELINE_WORDS) and DATELINE_SEPARATOR.search(text) is not None


def is_name(text: str) -> bool:
    """Tell whether a short line may be somebody's name: few words, capitalised where the script has capitals."""
    if is_wide(text):
        return len(text) <= WIDE_NAME
    words = text.split()
    return (
        _is_short_label(text, NAME_WORDS)
        and fold(words[0]) not in CAPTION_OPENERS
        and (HOST.fullmatch(text) is not None or all(not word[0].islower() or len(word) <= PARTICLE for word in words))
    )


LABEL_NEVER_ENDS = (*FULL_STOPS, *EXCLAMATIONS[:5])


def _is_short_label(text: str, most_words: int) -> bool:
    return (
        len(text) <= DATELINE_LENGTH
        and len(text.split()) <= most_words
        and not text.endswith(LABEL_NEVER_ENDS)
        and not any(map(str.isdigit, text))
    )
