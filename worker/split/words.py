"""Words the shapes of lines are told by: what a line of date and time consists of, and how captions open.

In: ``worker/data/markers``. Out: folded words, to `shapes` and `comments`. Words that mark a line's meaning are in
`markers`.
"""

import tomllib
from importlib import resources

from worker.split.fold import fold

_FILES = resources.files("worker") / "data" / "markers"


_READ = {
    entry.name: tomllib.loads(entry.read_text("utf-8")) for entry in _FILES.iterdir() if entry.name.endswith(".toml")
}


def _read_calendar(table: str) -> frozenset[str]:
    languages = _READ["calendar.toml"][table]
    return frozenset(fold(phrase) for phrases in languages.values() for phrase in phrases)


def _read_words(name: str) -> frozenset[str]:
    return frozenset(fold(word) for file in _READ.values() for word in file.get(name, ()))


CALENDAR = frozenset(word for phrase in _read_calendar("calendar") for word in phrase.split())
AGO_BEFORE = sorted(_read_calendar("ago_before"))
AGO_AFTER = sorted(_read_calendar("ago_after"))
AGO_ENDINGS = sorted(_read_calendar("ago_endings"))
CAPTION_OPENERS = _read_words("caption_openers")
COMMENTS_COUNTED = _read_words("comments_counted")
