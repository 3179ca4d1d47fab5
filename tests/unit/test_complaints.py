"""What went wrong lately: kept of a process, and read for the status page."""

from pathlib import Path

import structlog

from worker.complaints import MOST_COMPLAINTS, Complaints, read

LOGGER = structlog.get_logger()


def line(level: str, event: str, second: int = 0, role: str = "split", **fields: object) -> dict[str, object]:
    """Return a log line."""
    return {"timestamp": f"2025-03-04T10:15:{second:02}Z", "level": level, "event": event, "role": role, **fields}


def test_warnings_errors_and_dead_letters_are_kept(tmp_path: Path) -> None:
    """Of all roles; what went well is not, nor what libraries say."""
    split, dedupe = Complaints(tmp_path, "split"), Complaints(tmp_path, "dedupe")
    split.take(LOGGER, "info", line("info", "message", 1, outcome="published"))
    split.take(LOGGER, "info", line("info", "message", 2, outcome="dead_letter", reason="too_deep"))
    dedupe.take(LOGGER, "error", line("error", "state_not_stored", 3, "dedupe", cause=OSError("No space left")))
    split.take(LOGGER, "warning", line("warning", "publish_retried", 4))
    split.take(LOGGER, "warning", line("warning", "library", 5, message="Failed fetch messages from 1"))
    split.write()
    dedupe.write()
    found = read(tmp_path)
    assert {(one.role, one.level, one.event): dict(one.fields) for one in found} == {
        ("split", "warning", "publish_retried"): {},
        ("dedupe", "error", "state_not_stored"): {"cause": "No space left"},
        ("split", "info", "message"): {"outcome": "dead_letter", "reason": "too_deep"},
    }


def test_a_line_is_passed_on_as_it_was(tmp_path: Path) -> None:
    """The log has it all the same."""
    event = line("warning", "publish_retried")
    assert Complaints(tmp_path, "split").take(LOGGER, "warning", event) == line("warning", "publish_retried")


def test_only_the_latest_are_kept(tmp_path: Path) -> None:
    """The latest first, however many dead letters a bad deployment makes."""
    complaints = Complaints(tmp_path, "split")
    for number in range(50):
        complaints.take(LOGGER, "warning", line("warning", "x", number=number))
    complaints.write()
    assert [one.fields["number"] for one in read(tmp_path)] == list(range(49, 49 - MOST_COMPLAINTS, -1))


def test_a_folder_that_is_gone_or_full_ends_nothing(tmp_path: Path) -> None:
    """The log has the lines; they are written when there is room again."""
    folder = tmp_path / "gone"
    complaints = Complaints(folder, "split")
    complaints.take(LOGGER, "warning", line("warning", "x", name="\udce9"))
    complaints.write()
    folder.mkdir()
    complaints.write()
    assert [one.event for one in read(folder)] == ["x"]


def test_nothing_is_written_where_nothing_is_new(tmp_path: Path) -> None:
    """A quiet worker leaves the disk alone."""
    complaints = Complaints(tmp_path, "split")
    complaints.write()
    assert list(tmp_path.iterdir()) == []
    assert read(tmp_path) == []
