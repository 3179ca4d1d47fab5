"""Words the shapes of lines are told by: what a line of date and time consists of, and how captions open.

In: ``worker/data``. Out: folded words, to `shapes`, `comments` and `features`. Words that mark a line's meaning are in
`markers`.
"""

import tomllib
from importlib import resources

from worker.split.fold import WORD, fold

_FILES = resources.files("worker") / "data" / "markers"


_READ = {
    entry.name: tomllib.loads(entry.read_text("utf-8")) for entry in _FILES.iterdir() if entry.name.endswith(".toml")
}


WORD_ENDS = ("", ".", ",", ":", ";", "!", "?", ")", '"', "'", "،", "؛", "؟", "।", "…")
"""Signs behind a word."""


def _read_calendar(table: str) -> frozenset[str]:
    languages = _READ["calendar.toml"][table]
    return frozenset(fold(phrase) for phrases in languages.values() for phrase in phrases)


def _read_words(name: str) -> frozenset[str]:
    return frozenset(fold(word) for file in _READ.values() for word in file.get(name, ()))


CALENDAR = frozenset(word for phrase in _read_calendar("calendar") for word in WORD.findall(phrase))
AGO_BEFORE = sorted(_read_calendar("ago_before"))
AGO_AFTER = sorted(_read_calendar("ago_after"))
AGO_ENDINGS = sorted(_read_calendar("ago_endings"))
CAPTION_OPENERS = _read_words("caption_openers")
COMMENTS_COUNTED = _read_words("comments_counted")
SERVICE = frozenset(
    fold(word) + end
    for words in tomllib.loads((resources.files("worker") / "data" / "service.toml").read_text("utf-8")).values()
    for word in words
    for end in WORD_ENDS
)
"""With what may stand behind them, so that a line's words need not be taken apart for them: a set costs nothing."""
