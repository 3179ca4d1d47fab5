"""The books: one outcome and one line for each message."""

import time
from dataclasses import replace

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from worker.guard import Failure
from worker.incoming import REDRIVE_COUNT, REPLAY_ID, Incoming
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


def finished(message: Incoming) -> tuple[float, float]:
    """Close the books of a message; return how many end-to-end times that adds, and their seconds."""
    name = "newsworker_end_to_end_seconds"
    before = count(f"{name}_count", role="split"), count(f"{name}_sum", role="split")
    Ledger("split").close(message, "published", 0.0)
    return count(f"{name}_count", role="split") - before[0], count(f"{name}_sum", role="split") - before[1]


def test_a_message_took_as_long_as_its_timestamp_says() -> None:
    """To the last acknowledgement; of one that is dated in the future it is no time at all."""
    now = int(1000 * time.time())
    one, seconds = finished(replace(MESSAGE, timestamp_ms=now - 5000))
    assert one == 1
    assert 5 <= seconds < 15
    assert finished(replace(MESSAGE, timestamp_ms=now + 60_000)) == (1, 0)


@pytest.mark.parametrize("again", [REPLAY_ID, REDRIVE_COUNT])
def test_a_message_that_is_sent_again_took_no_time_that_counts(again: str) -> None:
    """It has the timestamp of its first life; nor does one that has none."""
    assert finished(replace(MESSAGE, headers=((again, b"1"),))) == (0, 0)
    assert finished(replace(MESSAGE, timestamp_ms=-1)) == (0, 0)


def test_every_outcome_is_shown_before_it_is_counted() -> None:
    """An alert does not see the rise of a series that was not there."""
    Ledger("dedupe")
    assert (
        REGISTRY.get_sample_value("newsworker_messages_total", {"role": "dedupe", "outcome": "dead_letter"}) is not None
    )


def test_a_dead_letter_is_counted_by_stage_and_reason() -> None:
    """And never logged with its text."""
    failure = Failure("too_deep", "decode", "Permanent", "40 levels")
    before = count("newsworker_dead_letters_total", stage="decode", reason="too_deep")
    with capture_logs() as lines:
        Ledger("dedupe").close_failed(MESSAGE, failure, 0.0)
    assert count("newsworker_dead_letters_total", stage="decode", reason="too_deep") == before + 1
    assert lines[0].items() >= {"outcome": "dead_letter", "reason": "too_deep", "message": "40 levels"}.items()
    assert "the text" not in str(lines)
