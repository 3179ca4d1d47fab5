"""What went wrong lately in a role's process, kept for who looks at the status page.

In: log events, as a structlog processor. Out: a small file in the folder of the run, written by the monitor every few
seconds; and from it lines, to the status page. They are the lines of the log, so they hold no text of an article; those
of which there are too many are in the log alone.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson
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
        self._latest: deque[bytes] = deque(maxlen=MOST_COMPLAINTS)
        self._is_written = True

    def take(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """Keep the event where it is one, and pass it on."""
        if event.get("level") in LEVELS or event.get("outcome") == "dead_letter":
            self._latest.append(orjson.dumps(event, default=str))
            self._is_written = False
        return event

    def write(self) -> None:
        """Write them where `read` finds them, if there is anything new."""
        if self._is_written:
            return
        new = self._path.with_suffix(".new")
        new.write_bytes(b"[" + b",".join(self._latest) + b"]")
        # Whoever reads finds the earlier file or this one, whole.
        new.replace(self._path)
        self._is_written = True


def read(folder: Path) -> Sequence[Complaint]:
    """Return the complaints of all roles, the latest first."""
    found = [_complaint(event) for path in folder.glob(f"*{SUFFIX}") for event in orjson.loads(path.read_bytes())]
    return sorted(found, key=lambda one: one.timestamp, reverse=True)


def _complaint(event: dict[str, object]) -> Complaint:
    timestamp, role, level, name = (str(event.pop(key, "")) for key in ("timestamp", "role", "level", "event"))
    return Complaint(timestamp, role, level, name, event)
