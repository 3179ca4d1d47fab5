"""Times as pages print them."""

import pytest

from worker.enrich.printed import parse, put_months_first


@pytest.mark.parametrize(
    ("printed", "value", "precision"),
    [
        ("2025-02-27@01:36:37 GMT", "2025-02-27T01:36:37Z", "second"),
        ("27th, February 2025 GMT", "2025-02-27", "day"),
        ("07:14 GMT 27.02.2025", "2025-02-27T07:14Z", "minute"),
        ("2025-02-27T09:22:00.000+02:00", "2025-02-27T09:22:00+02:00", "second"),
        ("الخميس 27 فيفري 2025", "2025-02-27", "day"),
        ("24 نيسان / أبريل 2020 09:22 مساءً", "2020-04-24T21:22", "minute"),
        ("٠٢:٠٠ الثلاثاء ١ / ١٢ / ٢٠٢٠", "2020-12-01T02:00", "minute"),
        ("٠٦ أغسطس ٢٠١٥ - ١٢:٠٩ م", "2015-08-06T12:09", "minute"),
        ("8 كانون الثاني 2025", "2025-01-08", "day"),
        ("15 غشت 2023", "2023-08-15", "day"),
        ("Feb. 27, 2025 9:05 a.m. EST", "2025-02-27T09:05-05:00", "minute"),
        ("27. Februar 2025, 14:30 Uhr", "2025-02-27T14:30", "minute"),
        ("27 février 2025 à 14h30", "2025-02-27T14:30", "minute"),
        ("27 de febrero de 2025", "2025-02-27", "day"),
        ("27 февраля 2025, 10:15 мск", "2025-02-27T10:15+03:00", "minute"),
        ("Thu, 27 Feb 2025 07:14:00 +0000", "2025-02-27T07:14:00Z", "second"),
        ("27 Şubat 2025 Perşembe 10:11", "2025-02-27T10:11", "minute"),
        ("۲۷ فوریه ۲۰۲۵", "2025-02-27", "day"),
        ("2025年2月27日 10:00", "2025-02-27T10:00", "minute"),
        ("12/31/2024", "2024-12-31", "day"),
        ("L'article est paru le 27 février 2025 à 09:22", "2025-02-27T09:22", "minute"),
        ("27 February 2025, 10:00-12:00", "2025-02-27T10:00", "minute"),
        ("27 February 2025, 10:30 -5 C", "2025-02-27T10:30", "minute"),
        ("2025-02-27T10:00-05:00", "2025-02-27T10:00-05:00", "minute"),
        ("2025-02-27 10:00:00-0500", "2025-02-27T10:00:00-05:00", "second"),
        ("27.04.24 um 07:39 Uhr", "2024-04-27T07:39", "minute"),
        ("28.09.1912:44", "2019-09-28T12:44", "minute"),
        ("26.10.202326.10.2023", "2023-10-26", "day"),
        ("28. Juni 201914. Januar 2020", "2019-06-28", "day"),
        ("8 січня 2026, 17:46", "2026-01-08T17:46", "minute"),
        ("10. marts 2020 kl. 20:00", "2020-03-10T20:00", "minute"),
        ("2020년 3월 1일", "2020-03-01", "day"),
        ("دوشنبه ۲ تير ۱۳۹۹", "2020-06-22", "day"),
        ("۱۳۹۸/۱۱/۲۹ - ۱۲:۰۹", "2020-02-18T12:09", "minute"),
        ("الخميس 28 شعبان 1446 هـ", "2025-02-27", "day"),
        ("28/8/1446", "2025-02-27", "day"),
        ("28 شعبان 1446 هـ الموافق 27 فبراير 2025م", "2025-02-27", "day"),
        ("12 AM, 27 Feb 2025, 12:05 am", "2025-02-27T00:05", "minute"),
        ("27 Feb 2025 | 14:00 GMT+3", "2025-02-27T14:00+03:00", "minute"),
        ("27 Feb 2025 14:00 GMT-99", "2025-02-27T14:00", "minute"),
    ],
)
def test_printed_times_are_read_at_their_precision(printed: str, value: str, precision: str) -> None:
    """Day, minute or second as printed, with Z or an offset exactly where one is printed."""
    moment = parse(printed)
    assert moment is not None
    assert (moment.value, moment.precision) == (value, precision)


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "14:30",
        "31.02.2025",
        "31 شعبان 1446",
        "5 مهر 2020",
        "27 می 1399",
        "February 2025",
        "2025",
        "27/02/25",
        "0000-01-01",
        "call 1-2-3",
    ],
)
def test_what_is_no_full_date_is_no_moment(printed: str) -> None:
    """A bare time, a month, an impossible day or a two-digit year is not guessed at."""
    assert parse(printed) is None


def test_days_come_before_months() -> None:
    """Where both orders are dates, the day stands first."""
    moment = parse("01/12/2020")
    assert moment is not None
    assert moment.value == "2020-12-01"


@pytest.mark.parametrize(("printed", "value"), [("11/8/2023", "2023-11-08"), ("31/12/2024", "2024-12-31")])
def test_months_come_first_where_they_do(printed: str, value: str) -> None:
    """Where the page puts them so, and a date is one that way."""
    moment = parse(printed, month_first=True)
    assert moment is not None
    assert moment.value == value


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("12/31/2024 and 1/2/2025", True),
        ("31/12/2024, 1/2/2025", False),
        ("1/2/2025", None),
        ("31/12/2024 12/31/2024", None),
    ],
)
def test_the_order_is_told_by_the_dates_that_have_but_one(text: str, told: bool | None) -> None:
    """A figure above twelve is a day."""
    assert put_months_first(text) is told
