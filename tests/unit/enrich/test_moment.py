"""Moments and their spellings."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from worker.enrich.moment import Moment, Precision, from_milliseconds, to_timestamp, to_utc

NOON = datetime(2025, 2, 27, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("milliseconds", "spelled"),
    [
        (1740620197000, "2025-02-27T01:36:37Z"),
        (1740620197042, "2025-02-27T01:36:37.042Z"),
        (-1, "1970-01-01T00:00:00Z"),
        (10**20, "9999-12-31T23:59:59.999Z"),
    ],
)
def test_kafka_timestamps_become_rfc_3339(milliseconds: int, spelled: str) -> None:
    """Milliseconds show only where there are any; a timestamp out of range becomes the nearer end of the range."""
    assert to_timestamp(from_milliseconds(milliseconds)) == spelled


def test_times_leave_in_utc() -> None:
    """A time with an offset is converted, one at the end of the calendar keeps its digits."""
    cairo = timezone(timedelta(hours=2))
    assert to_timestamp(datetime(2025, 2, 27, 3, 36, 37, tzinfo=cairo)) == "2025-02-27T01:36:37Z"
    assert to_utc(datetime(1, 1, 1, tzinfo=cairo)).year == 1


@pytest.mark.parametrize(
    ("at", "precision", "is_future"),
    [
        (datetime.fromisoformat("2025-02-27"), "day", False),
        (datetime.fromisoformat("2025-02-28"), "day", False),
        (datetime.fromisoformat("2025-03-01"), "day", True),
        (datetime.fromisoformat("2025-02-27T20:00"), "minute", False),
        (datetime(2025, 2, 27, 12, 5, tzinfo=UTC), "minute", False),
        (datetime(2025, 2, 27, 13, 0, tzinfo=UTC), "minute", True),
    ],
)
def test_the_future_is_what_no_time_zone_explains(at: datetime, precision: Precision, is_future: bool) -> None:
    """A day or a time without an offset may be one that has begun somewhere; a time with one may be ten minutes off."""
    assert Moment(at, precision).is_after(NOON) is is_future
