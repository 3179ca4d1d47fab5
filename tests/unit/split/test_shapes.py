"""What single lines look like."""

import pytest

from worker.split.shapes import is_blank, is_time


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


@pytest.mark.parametrize(
    "text",
    [
        "Wednesday, March 6, 2026 7:12 am",
        "Mi., 6. März 2026, 07:12 Uhr",
        "quarta-feira, 6 de março de 2026",
        "बुधवार, 6 मार्च 2026 07:12 पूर्वाह्न",
        "6 अग॰ 2026",
        "6 mars 2026 à 7h12",
        "6 марта 2026, 07:12",
        "الجمعة 6 مارس 2026 07:12",
    ],
)
def test_a_date_and_nothing_else_is_a_time(text: str) -> None:
    """However its words are joined, cut short or written with vowel signs."""
    assert is_time(text)
    assert not is_time(f"{text} Lowestrand")
