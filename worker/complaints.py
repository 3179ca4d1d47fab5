"""What went wrong lately in a role's process, kept for who looks at the status page.

In: log events, as a structlog processor. Out: a small file in the folder of the run, written by the monitor every few
seconds; and from it lines, to the status page. They are the lines of the log, so they hold no text of an article; those
of which there are too many are in the log alone.
"""

import json
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from structlog.typing import EventDict, WrappedLogger

MOST_COMPLAINTS = 20
"""Of each role."""

LEVELS = frozenset({"warning", "error", "critical"})

SUFFIX = ".complaints.json"


@dataclass(frozen=True, slots=True)
class Complaint:
    """A line of the log: when, whose, how bad, its event, and its other fields."""

    timestamp: str
    role: str
    level: str
    event: str
    fields: Mapping[str, object]


class Complaints:
    """The latest warnings, errors and dead letters of a process."""

    def __init__(self, folder: Path, role: str) -> None:
        """Begin without any; they are for `folder`, under a role's name."""
        self._path = folder / f"{role}{SUFFIX}"
        self._latest: deque[EventDict] = deque(maxlen=MOST_COMPLAINTS)
        self._is_written = True

    def take(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """Keep the event where it is one, and pass it on."""
        # What libraries say in an outage would push out what matters; the log has it.
        is_ours = event.get("level") in LEVELS and event.get("event") != "library"
        if is_ours or event.get("outcome") == "dead_letter":
            # With a time of its own: that of a line on a terminal has no day.
            self._latest.append({**event, "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds")})
            self._is_written = False
        return event

    def write(self) -> None:
        """Write them where `read` finds them, if there is anything new."""
        if self._is_written:
            return
        # Before it is done: another thread may complain meanwhile.
        self._is_written = True
        new = self._path.with_suffix(".new")
        try:
            new.write_text(json.dumps(list(self._latest), default=str), encoding="utf-8")
            # Whoever reads finds the earlier file or this one, whole.
            new.replace(self._path)
        except OSError:
            # The log has them all the same; a page for a person is nothing to end a worker for.
            self._is_written = False


def read(folder: Path) -> Sequence[Complaint]:
    """Return the complaints of all roles, the latest first."""
    found = [
        _complaint(event) for path in folder.glob(f"*{SUFFIX}") for event in reversed(json.loads(path.read_bytes()))
    ]
    return sorted(found, key=lambda one: one.timestamp, reverse=True)


def _complaint(event: dict[str, object]) -> Complaint:
    timestamp, role, level, name = (str(event.pop(key, "")) for key in ("timestamp", "role", "level", "event"))
    return Complaint(timestamp, role, level, name, event)
