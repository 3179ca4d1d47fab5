"""Points in time at the precision that was printed, and their three spellings in the contract.

`CalendarTime` (ISO 8601 at the printed precision), `Time` (a value with its origin) and `Timestamp` (RFC 3339 in UTC).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from schemas.record import CalendarTime, Timestamp
from schemas.story import Time

Precision = Literal["second", "minute", "day"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST_MILLISECOND = 253_402_300_799_999
"""9999-12-31T23:59:59.999Z, the last instant that RFC 3339 can spell."""

EARLIEST_OFFSET = timedelta(hours=14)
"""UTC+14 (Line Islands) is where a day begins first: IANA tz database."""

CLOCK_SKEW = timedelta(minutes=10)
"""A printed time with an offset may be this far ahead of the crawler's clock."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A day or a time of day, aware where the page prints an offset and naive where it does not."""

    at: datetime
    precision: Precision

    @property
    def day(self) -> date:
        """The calendar day as printed."""
        return self.at.date()

    @property
    def value(self) -> CalendarTime:
        """The `CalendarTime` spelling."""
        if self.precision == "day":
            return self.day.isoformat()
        unit = "minutes" if self.precision == "minute" else "seconds"
        return self.at.isoformat(timespec=unit).replace("+00:00", "Z")

    def as_time(self, raw: str, method: str) -> Time:
        """Return the moment as the contract's `Time`."""
        return Time(value=self.value, precision=self.precision, raw=raw, method=method)

    def is_after(self, seen_at: datetime) -> bool:
        """Tell whether the moment lies in the future of `seen_at` wherever on earth it was printed."""
        if self.precision == "day" or self.at.tzinfo is None:
            return _ordinal_seconds(self.at.replace(tzinfo=None)) > _ordinal_seconds(seen_at) + _seconds(
                EARLIEST_OFFSET
            )
        return _ordinal_seconds(self.at) > _ordinal_seconds(seen_at) + _seconds(CLOCK_SKEW)


def to_timestamp(at: datetime) -> Timestamp:
    """Return an aware time as RFC 3339 in UTC, with milliseconds only where there are any."""
    utc = to_utc(at)
    milliseconds = utc.microsecond // 1000
    return utc.isoformat(timespec="milliseconds" if milliseconds else "seconds").replace("+00:00", "Z")


def to_utc(at: datetime) -> datetime:
    """Return an aware time in UTC; at the calendar's two ends, where that would leave it, the offset is dropped."""
    try:
        return at.astimezone(UTC)
    except OverflowError:
        return at.replace(tzinfo=UTC)


def from_milliseconds(timestamp_ms: int) -> datetime:
    """Return a Kafka record's timestamp as an aware time; one out of range (-1: none) is the range's nearer end."""
    return EPOCH + timedelta(milliseconds=max(0, min(timestamp_ms, LAST_MILLISECOND)))


def _ordinal_seconds(at: datetime) -> float:
    # Plain arithmetic: datetime's own would overflow near year 1 and 9999.
    offset = at.utcoffset() or timedelta()
    return at.toordinal() * 86_400 + at.hour * 3600 + at.minute * 60 + at.second - _seconds(offset)


def _seconds(span: timedelta) -> float:
    return span.total_seconds()
