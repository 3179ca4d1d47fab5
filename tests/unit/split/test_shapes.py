"""What single lines look like."""

from datetime import datetime, timedelta

import pytest
from babel.dates import format_date, format_datetime

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


LANGUAGES = (
    *("ar", "fa", "ur", "tr", "en", "de", "fr", "es", "pt", "it", "pl", "cs", "ru", "el", "zh", "zh_TW", "ja", "ko"),
    *("hi", "nl", "sv", "nb", "da", "fi", "uk", "sr", "hr", "sk", "ro", "hu", "id", "vi", "he"),
)
DAYS = [datetime(2026, 1, 5, 7, 12) + timedelta(days=29 * number, hours=number) for number in range(13)]  # noqa: DTZ001


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_writes_dates(language: str) -> None:
    """Every month and every weekday, long and short, as the CLDR has them."""
    dates = [format_date(day, width, locale=language) for day in DAYS for width in ("full", "long", "medium")]
    times = [format_datetime(day, "medium", locale=language) for day in DAYS]
    assert [one for one in (*dates, *times) if not is_time(one)] == []
