"""The books: one outcome and one line for each message."""

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from worker.guard import Failure
from worker.incoming import Incoming
from worker.ledger import Ledger

MESSAGE = Incoming("news.raw.v1", 1, 2, 3, b"key", b"the text of an article")


def count(name: str, **labels: str) -> float:
    """Return a counter's value."""
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.mark.parametrize("outcome", ["published", "no_story", "tombstone"])
def test_a_closed_message_is_counted_once(outcome: str) -> None:
    """As consumed, and under its outcome; the line tells where it stood and how long it took."""
    before = count("newsworker_messages_consumed_total", role="split")
    outcomes = count("newsworker_messages_total", role="split", outcome=outcome)
    with capture_logs() as lines:
        Ledger("split").close(MESSAGE, outcome, 0.0, page_id="p", stories=2)
    assert count("newsworker_messages_consumed_total", role="split") == before + 1
    assert count("newsworker_messages_total", role="split", outcome=outcome) == outcomes + 1
    (line,) = lines
    assert line.items() >= {"event": "message", "outcome": outcome, "offset": 2, "partition": 1, "stories": 2}.items()
    assert line["seconds"] > 0


def test_a_dead_letter_is_counted_by_stage_and_reason() -> None:
    """And never logged with its text."""
    failure = Failure("too_deep", "decode", "Permanent", "40 levels")
    before = count("newsworker_dead_letters_total", stage="decode", reason="too_deep")
    with capture_logs() as lines:
        Ledger("dedupe").close_failed(MESSAGE, failure, 0.0)
    assert count("newsworker_dead_letters_total", stage="decode", reason="too_deep") == before + 1
    assert lines[0].items() >= {"outcome": "dead_letter", "reason": "too_deep", "message": "40 levels"}.items()
    assert "the text" not in str(lines)
