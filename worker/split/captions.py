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

LEAST_NAME = 2
"""Characters of a name; one letter is an initial."""

SIGN = "©"

WORD = re.compile(r"\w+")


def has_credit(text: str, folded: str) -> bool:
    """Tell whether a line that is no sentence names, near its end, somebody whom pictures are credited to."""
    if len(text) < LEAST_CAPTION or ends_sentence(text):
        return False
    end = folded[-CREDIT_LENGTH:]
    return SIGN in end or bool(find_phrases(WORD.findall(end), NAMES))


def _read_names() -> Iterator[str]:
    data = resources.files("worker") / "data"
    yield from phrases_of("caption")
    for agency in tomllib.loads((data / "agencies.toml").read_text("utf-8"))["agency"]:
        if "country" in agency:  # "agencies" is nobody's name
            yield from map(fold, agency["aliases"])
    for names in tomllib.loads((data / "pictures.toml").read_text("utf-8")).values():
        yield from map(fold, names)


NAMES = file_by_word(words for name in _read_names() if len("".join(words := WORD.findall(name))) >= LEAST_NAME)
