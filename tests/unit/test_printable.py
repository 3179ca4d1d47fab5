"""Strangers' text on a terminal."""

import json

import orjson
import pytest

from worker.printable import HARMFUL, escape_controls, escape_json, excerpt, excerpt_bytes


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


def test_line_ends_stay_where_they_are_kept() -> None:
    """And nothing else does."""
    assert escape_controls("a\n\tb\r\x1b\u202e", keep="\n\t") == "a\n\tb\\u000d\\u001b\\u202e"


@pytest.mark.parametrize("text", ["\x1b[2J\x9b1m\x7f\u202e\u2028\\", "\\\u009b", "عنوان", "plain", "\ufeff\U0001f4f0"])
def test_json_means_the_same_and_commands_nothing(text: str) -> None:
    """C1 controls and what reorders a line are escaped too; other scripts stay readable."""
    line = escape_json(orjson.dumps({text: [text]}))
    assert json.loads(line) == {text: [text]}
    assert not HARMFUL.search(line.decode())
    assert HARMFUL.search(text) or line == orjson.dumps({text: [text]})
