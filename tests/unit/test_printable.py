"""Strangers' text on a terminal."""

import pytest

from worker.printable import excerpt, excerpt_bytes


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("عنوان الخبر", "عنوان الخبر"),
        ("\x1b[2Jgone\x9b1m", "\\u001b[2Jgone\\u009b1m"),
        ("two\nlines\r", "two\\u000alines\\u000d"),
        ("evil\u202etxt.exe", "evil\\u202etxt.exe"),
        ("\u2028\u2066x\u2069", "\\u2028\\u2066x\\u2069"),
        ("\ud800", "\\ud800"),
    ],
)
def test_nothing_in_a_text_commands_the_terminal(text: str, shown: str) -> None:
    """Controls, line ends and characters that reorder a line are escapes; letters of all scripts stay."""
    assert excerpt(text, 100) == shown
    shown.encode()


def test_a_long_text_is_cut_and_says_so() -> None:
    """In characters, not in bytes."""
    assert excerpt("ج" * 20, 10) == "ج" * 9 + "…"
    assert excerpt_bytes("ج".encode() * 2000, 10) == "ج" * 9 + "…"


def test_bytes_that_are_no_text_are_escaped() -> None:
    """Whatever they are."""
    assert excerpt_bytes(b"a\xff\x00", 10) == "a\\xff\\u0000"
    assert len(excerpt_bytes(bytes(range(256)) * 1000, 50)) < 500
