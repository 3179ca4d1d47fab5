"""Dates in texts."""

from datetime import date

import pytest

from worker.enrich.dates import find_dates
from worker.enrich.passage import passage_of

THURSDAY = date(2025, 2, 27)


def found(text: str, language: str, today: date | None = THURSDAY) -> list[tuple[str, str]]:
    """Return what is found in a text, as (words, value), holding the offsets against the text."""
    dates = find_dates((passage_of(text, 100),), language, today)
    assert all(text[each.start - 100 : each.end - 100] == each.text for each in dates)
    return [(each.text, each.value) for each in dates]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ar", "افتتح الجسر امس ، ويغلق اليوم الخميس.", [("امس", "2025-02-26"), ("اليوم الخميس", "2025-02-27")]),
        ("ar", "وكانت محادثات الخميس قصيرة", [("الخميس", "2025-02-27")]),
        ("ar", "في الـ18 من فبراير الجاري", [("الـ18 من فبراير الجاري", "2025-02-18")]),
        ("ar", "في بيان نشرته الأربعاء - عن عام 2018،", [("الأربعاء", "2025-02-26"), ("عام 2018", "2018")]),
        ("ar", "منذ 24 نيسان / أبريل 2020", [("24 نيسان / أبريل 2020", "2020-04-24")]),
        ("ar", "أول أمس الثلاثاء، وغداً الجمعة", [("أول أمس الثلاثاء", "2025-02-25"), ("غداً الجمعة", "2025-02-28")]),
        ("ar", "الشهر الماضي والعام المقبل", [("الشهر الماضي", "2025-01"), ("العام المقبل", "2026")]),
        ("ar", "الاثنين المقبل، مساء السبت", [("الاثنين المقبل", "2025-03-03"), ("مساء السبت", "2025-03-01")]),
        ("ar", "في ٢٧ شباط ٢٠٢٥ و3 مارس", [("٢٧ شباط ٢٠٢٥", "2025-02-27"), ("3 مارس", "2025-03-03")]),
        ("ar", "في اليوم التالي من اليوم الأول", []),
        ("ar", "منذ 2003 وبين العامين 1910 و1912", [("2003", "2003"), ("1910", "1910"), ("1912", "1912")]),
        ("ar", "فيلم الميناء (1949) ثم غزو 2003م، ورقمه 2004", [("1949", "1949"), ("2003م", "2003")]),
        ("ar", "هذا العام وأوائل شهر مارس الماضي", [("هذا العام", "2025"), ("أوائل شهر مارس الماضي", "2024-03")]),
        ("ar", "في كانون الثاني الماضي", [("كانون الثاني الماضي", "2025-01")]),
        ("en", "on Thursday, Feb. 20, 2025", [("Thursday, Feb. 20, 2025", "2025-02-20")]),
        (
            "en",
            "last March, in 2018, yesterday",
            [("last March", "2024-03"), ("2018", "2018"), ("yesterday", "2025-02-26")],
        ),
        (
            "en",
            "Next Friday, 3 May; last month",
            [("Next Friday", "2025-02-28"), ("3 May", "2025-05-03"), ("last month", "2025-01")],
        ),
        (
            "en",
            "the day before yesterday, on Sunday",
            [("the day before yesterday", "2025-02-25"), ("Sunday", "2025-02-23")],
        ),
        ("en", "27.02.2025 or 2025-02-27 or 99/99/2025", [("27.02.2025", "2025-02-27"), ("2025-02-27", "2025-02-27")]),
        ("en", "He may march in 1800 boots with 2000 men", [("1800", "1800")]),
        ("de", "am Mittwoch, 26. Februar 2025", [("Mittwoch, 26. Februar 2025", "2025-02-26")]),
        ("de", "vergangenen Freitag im Jahr 2018", [("vergangenen Freitag", "2025-02-21"), ("Jahr 2018", "2018")]),
        (
            "fr",
            "mercredi 26 février 2025, hier, le mois dernier",
            [("mercredi 26 février 2025", "2025-02-26"), ("hier", "2025-02-26"), ("le mois dernier", "2025-01")],
        ),
        (
            "es",
            "el miércoles 26 de febrero de 2025, ayer",
            [("miércoles 26 de febrero de 2025", "2025-02-26"), ("ayer", "2025-02-26")],
        ),
        (
            "ru",
            "в среду, 26 февраля, и в прошлом месяце",
            [("среду, 26 февраля", "2025-02-26"), ("прошлом месяце", "2025-01")],
        ),
        (
            "tr",
            "26 Şubat 2025 Çarşamba günü, geçen yıl",
            [("26 Şubat 2025 Çarşamba", "2025-02-26"), ("geçen yıl", "2024")],
        ),
        ("fa", "دیروز چهارشنبه و سال گذشته", [("دیروز چهارشنبه", "2025-02-26"), ("سال گذشته", "2024")]),
        ("it", "ieri, il mese scorso", [("ieri", "2025-02-26"), ("il mese scorso", "2025-01")]),
        ("pt", "ontem, 26 de fevereiro de 2025", [("ontem", "2025-02-26"), ("26 de fevereiro de 2025", "2025-02-26")]),
        ("xx", "yesterday", []),
    ],
)
def test_dates_are_found_and_resolved(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    """Days, weekdays, months and years in the words of each language, against the page's own day."""
    assert found(text, language) == expected


def test_without_a_day_of_its_own_only_full_dates_are_given() -> None:
    """Relative dates are left out of a page that is not dated, never guessed."""
    assert found("yesterday, on 26 February 2025, last month, 3 May", "en", None) == [
        ("26 February 2025", "2025-02-26")
    ]


def test_a_weekday_wins_over_today() -> None:
    """A page dated a day late still means the weekday that it prints."""
    assert found("اليوم الأربعاء", "ar") == [("اليوم الأربعاء", "2025-02-26")]


@pytest.mark.parametrize(
    ("weekday", "value"),
    [("Sunday", "2025-02-23"), ("Thursday", "2025-02-27"), ("Friday", "2025-02-28"), ("Saturday", "2025-03-01")],
)
def test_a_weekday_alone_is_the_nearest(weekday: str, value: str) -> None:
    """From four days back to two days ahead."""
    assert found(f"on {weekday}", "en") == [(weekday, value)]


@pytest.mark.parametrize("today", [date.min, date.max])
def test_the_calendar_ends_quietly(today: date) -> None:
    """Days beyond the calendar are left out."""
    find_dates((passage_of("yesterday, tomorrow, last month, next year, 3 May", 0),), "en", today)
