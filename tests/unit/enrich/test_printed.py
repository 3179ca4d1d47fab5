"""Times as pages print them."""

import pytest

from worker.enrich.printed import parse


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
    "printed", ["", "14:30", "31.02.2025", "February 2025", "2025", "27/02/25", "0000-01-01", "call 1-2-3"]
)
def test_what_is_no_full_date_is_no_moment(printed: str) -> None:
    """A bare time, a month, an impossible day or a two-digit year is not guessed at."""
    assert parse(printed) is None


def test_days_come_before_months() -> None:
    """Where both orders are dates, the day stands first."""
    moment = parse("01/12/2020")
    assert moment is not None
    assert moment.value == "2020-12-01"
