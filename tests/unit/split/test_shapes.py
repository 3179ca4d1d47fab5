"""What single lines look like."""

import pytest

from worker.split.shapes import is_blank


@pytest.mark.parametrize(
    "text", ["\u200b", "\u200b \u200b", "\ufe0f", "\u3164", "\u202e\u2066", "\x00\x1b", "\u00ad", "\ud800"]
)
def test_what_shows_nothing_is_blank(text: str) -> None:
    """Whatever Python calls printable, blanks between invisible characters among it."""
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "\u200bب\u200b", "***", "\ue000\uf101", "\U0002ebf0", "\u0301"])
def test_what_shows_something_is_not(text: str) -> None:
    """Icons of a page's own font and characters newer than this Python are shown."""
    assert not is_blank(text)
