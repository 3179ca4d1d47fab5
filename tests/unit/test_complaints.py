"""What went wrong lately: kept of a process, and read for the status page."""

from pathlib import Path

import structlog

from worker.complaints import MOST_COMPLAINTS, Complaints, read

LOGGER = structlog.get_logger()


def line(level: str, event: str, second: int = 0, role: str = "split", **fields: object) -> dict[str, object]:
    """Return a log line."""
    return {"timestamp": f"2025-03-04T10:15:{second:02}Z", "level": level, "event": event, "role": role, **fields}


def test_warnings_errors_and_dead_letters_are_kept(tmp_path: Path) -> None:
    """Of all roles, the latest first; what went well is not."""
    split, dedupe = Complaints(tmp_path, "split"), Complaints(tmp_path, "dedupe")
    split.take(LOGGER, "info", line("info", "message", 1, outcome="published"))
    split.take(LOGGER, "info", line("info", "message", 2, outcome="dead_letter", reason="too_deep"))
    dedupe.take(LOGGER, "error", line("error", "state_not_stored", 3, "dedupe", cause=OSError("No space left")))
    split.take(LOGGER, "warning", line("warning", "publish_retried", 4))
    split.write()
    dedupe.write()
    found = read(tmp_path)
    assert [(one.role, one.level, one.event) for one in found] == [
        ("split", "warning", "publish_retried"),
        ("dedupe", "error", "state_not_stored"),
        ("split", "info", "message"),
    ]
    assert [dict(one.fields) for one in found[1:]] == [
        {"cause": "No space left"},
        {"outcome": "dead_letter", "reason": "too_deep"},
    ]


def test_a_line_is_passed_on_as_it_was(tmp_path: Path) -> None:
    """The log has it all the same."""
    event = line("warning", "publish_retried")
    assert Complaints(tmp_path, "split").take(LOGGER, "warning", event) == line("warning", "publish_retried")


def test_only_the_latest_are_kept(tmp_path: Path) -> None:
    """However many dead letters a bad deployment makes."""
    complaints = Complaints(tmp_path, "split")
    for second in range(50):
        complaints.take(LOGGER, "warning", line("warning", "x", second))
    complaints.write()
    assert [one.timestamp[17:19] for one in read(tmp_path)] == [f"{second}" for second in range(49, 29, -1)]
    assert len(read(tmp_path)) == MOST_COMPLAINTS


def test_nothing_is_written_where_nothing_is_new(tmp_path: Path) -> None:
    """A quiet worker leaves the disk alone."""
    complaints = Complaints(tmp_path, "split")
    complaints.write()
    assert list(tmp_path.iterdir()) == []
    assert read(tmp_path) == []
