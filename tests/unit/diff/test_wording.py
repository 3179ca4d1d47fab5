"""Where two values begin to differ."""

import time

import pytest

from worker.diff.model import Json
from worker.diff.wording import show


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("the old bridge", "the new bridge", (("the ", "old", " bridge"), ("the ", "new", " bridge"))),
        ("same", "same", (("", "same", ""), ("", "same", ""))),
        ("bridges", "bridge", (("", "bridges", ""), ("", "bridge", ""))),
        ("a b", "a b c", (("a ", "b", ""), ("a ", "b c", ""))),
        (None, "x", (("", "null", ""), ("", "x", ""))),
        ("", "x", (("", "", ""), ("", "x", ""))),
        (1, 1.5, (("", "1", ""), ("", "1.5", ""))),
    ],
)
def test_what_both_have_stands_around_what_differs(
    old: Json, new: Json, parts: tuple[tuple[str, str, str], tuple[str, str, str]]
) -> None:
    """Words are not cut in their middle, and nothing is lost or said twice."""
    one, other = show(old, new, 100)
    assert ((one.before, one.own, one.behind), (other.before, other.own, other.behind)) == parts


def test_long_values_are_cut_around_the_difference() -> None:
    """It is in the middle of what is shown."""
    text = "word " * 1000
    one, _ = show(f"{text}old {text}", f"{text}new {text}", 20)
    assert one.text == "…word word word word old word word word word…"


def test_large_values_take_linear_time() -> None:
    """Ten megabytes are no matter of minutes, even without a space."""
    started = time.monotonic()
    show("a" * 10_000_000 + "b", "a" * 10_000_000 + "c", 100)
    assert time.monotonic() - started < 30
