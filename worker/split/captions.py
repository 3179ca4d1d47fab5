"""Whom a picture is credited to: what the caption of a picture ends with, in a text page too.

In: a line and its folded form, from `features`. Out: yes or no. Names are data (`worker/data`): the phrases that mark
captions, news agencies, picture agencies.
"""

import re
import tomllib
from collections.abc import Iterator
from importlib import resources

from worker.split.fold import fold
from worker.split.markers import file_by_word, find_phrases, phrases_of
from worker.split.shapes import ends_sentence

LEAST_CAPTION = 25
"""Characters of a caption with a credit; shorter lines are names and buttons."""

CREDIT_LENGTH = 60
"""Characters at the end of a line that hold its credit: "(Photo: Name Surname/Agency via Library)"."""

OWNER_LENGTH = 90
"""The same of a notice of rights."""

LEAST_NAME = 2
"""Characters of a name; one letter is an initial."""

OPENINGS = ("(", "[", "（", "［")
NOTICE_ENDS = ".!)"
CLOSINGS = (")", "]", "）", "］")

BRACKETED = re.compile(r"[(\[（［]([^()\[\]（）［］]{2,60}[/:：][^()\[\]（）［］]{1,60})[)\]）］]$")
"""Brackets at the end of a line, with the stroke or colon that stands between photographer and owner."""

TEXT_CREDIT = re.compile(r"[.!?؟。][\"”»'’]?\s?[(\[（][^()\[\]/:：]{2,20}[)\]）]$")
"""An agency alone behind the last sentence: the text is from it, as papers say below a report."""

SIGN = "©"

YEAR_OWNED = re.compile(r"[Cc]opyright \d{4}\b")
"""The word alone is a topic of news."""

WORD = re.compile(r"\w+")


def has_credit(text: str, folded: str) -> bool:
    """Tell whether a line that is no sentence names, near its end, somebody whom pictures are credited to."""
    if len(text) < LEAST_CAPTION or ends_sentence(text):
        return False
    end = folded[-CREDIT_LENGTH:]
    return SIGN in end or (bool(find_phrases(WORD.findall(end), NAMES)) and not TEXT_CREDIT.search(text))


def is_credit(text: str) -> bool:
    """Tell whether a short line is a picture's credit and nothing else: "(Jo Doe / AP)", "Jo Doe/Getty Images"."""
    if len(text) > CREDIT_LENGTH or not ("/" in text or text.startswith(OPENINGS)) or ends_sentence(text):
        return False
    return bool(find_phrases(WORD.findall(fold(text)), NAMES))


def ends_with_credit(text: str) -> bool:
    """Tell whether a line ends with a picture's credit in brackets: "(Jo Doe/AP)", "(Foto: Jo Doe)"."""
    found = BRACKETED.search(text) if text.endswith(CLOSINGS) else None
    return found is not None and bool(find_phrases(WORD.findall(fold(found[1])), NAMES))


def names_owner(text: str) -> bool:
    """Tell whether a line ends with a notice of rights: "... Jo Doe/Copyright 2026 AP. All rights reserved."."""
    end = text[-OWNER_LENGTH:]
    if SIGN in end or YEAR_OWNED.search(end):
        return True
    last = fold(end.rsplit(maxsplit=1)[-1].rstrip(NOTICE_ENDS))
    return last in OWNERS_LAST and bool(find_phrases(WORD.findall(fold(end)), OWNERS))


def _read_names() -> Iterator[str]:
    data = resources.files("worker") / "data"
    yield from phrases_of("caption")
    for agency in tomllib.loads((data / "agencies.toml").read_text("utf-8"))["agency"]:
        if "country" in agency:  # "agencies" is nobody's name
            yield from map(fold, agency["aliases"])
    for names in tomllib.loads((data / "pictures.toml").read_text("utf-8")).values():
        yield from map(fold, names)


NAMES = file_by_word(words for name in _read_names() if len("".join(words := WORD.findall(name))) >= LEAST_NAME)

_NOTICES = [words for phrase in phrases_of("copyright") if len(words := WORD.findall(phrase)) > 1]
OWNERS = file_by_word(_NOTICES)
"""By word, the phrases that say whose something is; and the words they end with, which few lines end with."""
OWNERS_LAST = frozenset(words[-1] for words in _NOTICES)
