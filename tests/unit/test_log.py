"""Log lines: one JSON object each, with the context, and libraries' lines kept short."""

import logging
import subprocess
import sys

import orjson
import pytest

from worker.log import RateLimit

CODE = """
import logging
from worker import log
log.configure("{format}", "{level}", role="split")
log.get().info("message", outcome="published", offset=7)
for number in range(1000):
    logging.getLogger("aiokafka.conn").error("Unable to connect to %s", number)
logging.getLogger("faust").info("Worker ready")
log.get().debug("detail")
"""


def lines(log_format: str, level: str) -> list[str]:
    """Return what a process logs."""
    code = CODE.format(format=log_format, level=level)
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == ""
    return ended.stderr.splitlines()


def test_lines_are_json_with_level_time_and_context() -> None:
    """Ours, and a library's once."""
    ours, theirs = [orjson.loads(line) for line in lines("json", "info")]
    assert ours.items() >= {"event": "message", "outcome": "published", "role": "split", "level": "info"}.items()
    assert ours["timestamp"].endswith("Z")
    assert theirs.items() >= {"event": "library", "logger": "aiokafka.conn", "level": "error"}.items()


def test_without_a_terminal_auto_is_json() -> None:
    """A pipe gets what a machine reads."""
    assert all(line.startswith("{") for line in lines("auto", "info"))


def test_console_lines_are_for_people() -> None:
    """No JSON, the same facts."""
    first = lines("console", "info")[0]
    assert "message" in first
    assert "outcome=published" in first


HARMFUL = """
import logging
from worker import log
log.configure("{format}", "info", role="split")
log.get().warning("message", cause="\\x1b[2J\\x9b1m\\u202e", lines="two\\nlines")
try:
    raise ValueError("\\x1b[2J\\u202e")
except ValueError:
    logging.getLogger("aiokafka").exception("from \\x1b]0;title\\x07")
"""


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_no_line_commands_a_terminal(log_format: str) -> None:
    """Escapes of a terminal, and characters that reorder a line, are text in ours and in a library's."""
    code = HARMFUL.format(format=log_format)
    logged = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stderr
    assert not set(logged) & set("\x1b\x07\x9b\u202e")
    assert "\\u001b[2J\\u009b1m\\u202e" in logged
    assert "two\\u000alines" in logged or "two\\nlines" in logged
    assert "ValueError" in logged


@pytest.mark.parametrize(("level", "count"), [("error", 1), ("warning", 1), ("info", 2), ("debug", 4)])
def test_the_level_decides_what_is_logged(level: str, count: int) -> None:
    """Faust's steps appear at debug only."""
    assert len(lines("json", level)) == count


def test_a_repeated_template_passes_once_in_a_while_and_tells_what_was_left_out() -> None:
    """Ten seconds later, with the number of lines suppressed since."""
    now = 0.0
    limit = RateLimit(seconds=10, clock=lambda: now)
    records = [logging.LogRecord("aiokafka", logging.ERROR, "", 0, "to %s", (number,), None) for number in range(4)]
    assert [limit.filter(record) for record in records[:3]] == [True, False, False]
    now = 10.0
    assert limit.filter(records[3])
    assert records[3].suppressed == 2  # type: ignore[attr-defined]


def test_different_templates_do_not_silence_each_other() -> None:
    """Nor do levels or loggers."""
    limit = RateLimit(seconds=10, clock=lambda: 0.0)
    kinds = [("a", 40, "x"), ("a", 40, "y"), ("b", 40, "x"), ("a", 30, "x")]
    assert all(limit.filter(logging.LogRecord(name, level, "", 0, text, (), None)) for name, level, text in kinds)
