"""Whom a picture is credited to: what the caption of a picture ends with, in a text page too.

In: a line, from `features`. Out: yes or no. Names are data (`worker/data`): the phrases that mark captions, news
agencies, picture agencies.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import resources

from worker.split.fold import TOKEN, fold
from worker.split.markers import file_by_word, find_phrases, phrases_of
from worker.split.shapes import CLOSERS, EXCLAMATIONS, ends_sentence, is_name

LEAST_CAPTION = 25
"""Characters of a caption with a credit; shorter lines are names and buttons."""

CREDIT_LENGTH = 60
"""Characters at the end of a line that hold its credit: "(Photo: Name Surname/Agency via Library)"."""

OWNER_LENGTH = 90
"""The same of a notice of rights."""

LEAST_NAME = 2
"""Characters of a name; one letter is an initial."""

OPENINGS = ("(", "[", "（", "［")
CLOSINGS = (")", "]", "）", "］")

BRACKETED = re.compile(r"[(\[（［]([^()\[\]（）［］]{2,121})[)\]）］]$")
"""Brackets at the end of a line."""

PARTS = re.compile(r"[/|,:：]")
"""What stands between photographer and owner, and between two agencies."""

LINK = re.compile(r"\.(?:com|co|net|org)/\S*$")

SIGN = "©"
COPYRIGHT = "opyright"
"""What `OWNED` has with either first letter: few lines hold it, and the pattern is looked for in no others."""

OWNED = re.compile(r"(?:©|[Cc]opyright \d{4}\b)(?! ?[a-z])")
"""With a name or nothing behind it; the word alone, and the sign in a sentence, are a topic of news."""

NOTICE_ENDS = ".!)"
NOTICE_AFTER = (*'.!?:/|(-–—©،؟。»”"',)
"""What a notice of rights is set off by from the words above it; "his copyright" ends with its words as well."""

WORD = re.compile(TOKEN)
WORDS_ONLY = bytes(ord(sign.lower() if sign.isascii() and WORD.match(sign) else " ") for sign in map(chr, range(256)))
"""ASCII in lower case, with blanks for its signs; as bytes, which are translated in a third of the time."""


def has_credit(text: str) -> bool:
    """Tell whether a line that is no sentence names, near its end, somebody whom pictures are credited to."""
    if len(text) < LEAST_CAPTION or ends_sentence(text):
        return False
    end = text[-CREDIT_LENGTH:]
    return SIGN in end or (_has_name(end) and not _is_credited_text(text))


def is_credit(text: str) -> bool:
    """Tell whether a short line is a picture's credit and nothing else: "(Jo Doe / AP)", "Jo Doe/Getty Images"."""
    if len(text) > CREDIT_LENGTH or ends_sentence(text):
        return False
    if text.startswith(OPENINGS):
        return text.endswith(CLOSINGS) and _has_name(text)
    if "/" not in text:
        return False
    parts = [part.strip() for part in text.split("/")]
    named = [tuple(_words_of(part)) in LENDERS for part in parts]
    others = (part for part, is_lender in zip(parts, named, strict=True) if not is_lender)
    return any(named) and all(part and is_name(part) for part in others)


def names_agencies(text: str) -> bool:
    """Tell whether a text is nothing but agencies, as those stand below a report that it is from: "(dpa/AFP)"."""
    return all(tuple(_words_of(part)) in SOURCES for part in PARTS.split(text))


def ends_with_credit(text: str) -> bool:
    """Tell whether a line ends with a picture's credit in brackets: "(Jo Doe/AP)", "(Foto: Jo Doe)"."""
    found = _find_bracketed(text)
    if found is None or not PARTS.search(found[1]):
        return False
    return not names_agencies(found[1]) and _has_name(found[1])


def ends_with_link(text: str) -> bool:
    """Tell whether a line ends with a link, as posts do: a site that lends pictures is one that people write on too."""
    return LINK.search(text[-CREDIT_LENGTH:]) is not None


def names_owner(text: str) -> bool:
    """Tell whether a line ends with a notice of rights: "... Jo Doe/Copyright 2026 AP. All rights reserved."."""
    end = text[-OWNER_LENGTH:]
    if (SIGN in end or COPYRIGHT in end) and OWNED.search(end):
        return True
    notices = NOTICES.get(fold(end.rsplit(maxsplit=1)[-1]).rstrip(NOTICE_ENDS))
    if notices is None:  # as of most lines
        return False
    folded = fold(end).rstrip(NOTICE_ENDS)
    above = next((folded.removesuffix(notice) for notice in notices if folded.endswith(notice)), "")
    return above.rstrip().endswith(NOTICE_AFTER)


def _is_credited_text(text: str) -> bool:
    """Tell whether agencies stand in brackets behind a sentence: the text is from them, not a picture."""
    found = _find_bracketed(text)
    if found is None or not names_agencies(found[1]):
        return False
    above = text[: found.start()].rstrip().rstrip(CLOSERS)
    return ends_sentence(above) or above.endswith(EXCLAMATIONS)


def _find_bracketed(text: str) -> re.Match[str] | None:
    return BRACKETED.search(text) if text.endswith(CLOSINGS) else None


def _has_name(text: str) -> bool:
    return bool(find_phrases(_words_of(text), NAMES))


def _words_of(text: str) -> list[str]:
    """Return the folded words without the signs between them; of ASCII in a sixth of the time."""
    return text.encode().translate(WORDS_ONLY).decode().split() if text.isascii() else WORD.findall(fold(text))


def _read_agencies() -> Iterator[tuple[bool, str]]:
    """Yield the agencies' names, and whether each is somebody's: "agencies" is nobody's."""
    for agency in tomllib.loads((_DATA / "agencies.toml").read_text("utf-8"))["agency"]:
        yield from (("country" in agency, fold(alias)) for alias in agency["aliases"])


def _read_lenders() -> Iterator[str]:
    yield from (name for is_own, name in _read_agencies() if is_own)
    for names in tomllib.loads((_DATA / "pictures.toml").read_text("utf-8")).values():
        yield from map(fold, names)


_DATA = resources.files("worker") / "data"

LENDERS = frozenset(tuple(_words_of(name)) for name in _read_lenders())
NAMES = file_by_word(
    words for words in (*LENDERS, *map(_words_of, phrases_of("caption"))) if len("".join(words)) >= LEAST_NAME
)

SOURCES = frozenset(tuple(_words_of(name)) for name in (*(name for _, name in _read_agencies()), *phrases_of("credit")))
"""Whom a text is from: agencies, and the words for "Source"."""


def _file_by_last_word(phrases: Iterable[str]) -> Mapping[str, Sequence[str]]:
    filed: dict[str, list[str]] = {}
    for phrase in phrases:
        filed.setdefault(phrase.rpartition(" ")[2], []).append(phrase)
    return filed


NOTICES = _file_by_last_word(phrase for phrase in phrases_of("copyright") if " " in phrase)
"""The phrases that say whose something is, by their last words; a single word is a topic of news."""
