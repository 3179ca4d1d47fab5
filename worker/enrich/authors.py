"""The writers of a story: from its byline, its dateline, or the page's HTML."""

import re
from dataclasses import dataclass
from functools import cache

from worker.enrich.dateline import Context, agency_in, is_publisher, lexicon
from worker.enrich.lexicon import alternatives, fold
from worker.enrich.printed import parse

LONGEST_NAME = 6
"""Words of a person's name; a longer segment of a byline is a sentence about the writer."""

_CUT = re.compile(r"[,،;|/()\[\]]|\s[-–—ـ·•]\s|\n")
_EDGES = ' \t\u00a0-–—ـ:،,.;|/()[]«»"“”@·•'
_BRACKETS = re.compile(r"\([^()]*\)")
_NO_NAME = re.compile(r"[@\d»«\"“”]|https?:|www\.|\w\.[a-z]{2,4}$")


@dataclass(frozen=True, slots=True)
class Byline:
    """The people and the agencies that a byline names."""

    authors: tuple[str, ...]
    agencies: tuple[str, ...]


NOBODY = Byline((), ())


def read_byline(line: str, context: Context) -> Byline:
    """Return whom a byline names; the publisher itself, dates and addresses are passed over."""
    segments = [cleaned for part in _joints().split(line) for piece in _CUT.split(part) if (cleaned := _cleaned(piece))]
    agencies = [name for segment in segments if (name := agency_in(segment))]
    authors = [segment for segment in segments if _is_name(segment, context)]
    return Byline(tuple(dict.fromkeys(authors)), tuple(dict.fromkeys(agencies)))


def read_stated(authors: tuple[str, ...], context: Context) -> Byline:
    """Return whom a page's HTML states as authors, lists cut and initials in brackets left out."""
    return read_byline("\n".join([_BRACKETS.sub("", author) for author in authors]), context) if authors else NOBODY


def _is_name(segment: str, context: Context) -> bool:
    return (
        agency_in(segment) is None
        and not is_publisher(segment, context.publisher)
        and _NO_NAME.search(segment) is None
        and parse(segment) is None
        and 1 <= len(segment.split()) <= LONGEST_NAME
        and any(character.isalpha() for character in segment)
    )


def _cleaned(segment: str) -> str:
    return _opener().sub("", segment.strip(_EDGES)).strip(_EDGES).strip()


@cache
def _opener() -> re.Pattern[str]:
    return re.compile(rf"^{alternatives(lexicon().writers)}(?:\s*:\s*|\s+|$)", re.IGNORECASE)


@cache
def _joints() -> re.Pattern[str]:
    joints = [joint for joint in lexicon().joints if fold(joint) != fold("من")]
    # The Arabic "and" is written together with the name behind it, and some names begin with its letter.
    waw = rf"و(?!{alternatives([name[1:] for name in lexicon().waw_names])}(?!\w))(?=\w+\s\w)"
    return re.compile(rf"\s(?:{alternatives(joints)}\s|{waw})", re.IGNORECASE)
