"""Words the shapes of lines are told by: what a line of date and time consists of, and how captions open.

In: ``worker/data/markers``. Out: folded word sets, to `shapes`. Words that mark a line's meaning are in `markers`.
"""

import tomllib
from importlib import resources

from worker.split.fold import fold

_FILES = resources.files("worker") / "data" / "markers"


def _read_calendar() -> frozenset[str]:
    languages = tomllib.loads((_FILES / "calendar.toml").read_text("utf-8"))["calendar"]
    return frozenset(word for words in languages.values() for phrase in words for word in fold(phrase).split())


def _read_openers() -> frozenset[str]:
    files = (entry for entry in _FILES.iterdir() if entry.name.endswith(".toml"))
    openers = (tomllib.loads(file.read_text("utf-8")).get("caption_openers", ()) for file in files)
    return frozenset(fold(word) for words in openers for word in words)


CALENDAR = _read_calendar()
CAPTION_OPENERS = _read_openers()
