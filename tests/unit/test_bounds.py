"""Words for the ends of a range."""

from datetime import UTC, datetime

import pytest

from worker.bounds import Bound, Moment, Offset, parse_bound, parse_partitions
from worker.errors import Fatal

NOW = datetime(2025, 3, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        (None, None),
        ("0", Offset(0)),
        ("1200", Offset(1200)),
        ("2025-03-04T10:00:00Z", Moment(1_741_082_400_000)),
        ("2025-03-04T12:00+02:00", Moment(1_741_082_400_000)),
        ("2h", Moment(1_741_082_400_000)),
        ("120m", Moment(1_741_082_400_000)),
        ("1969-01-01T00:00:00Z", Moment(0)),
    ],
)
def test_an_offset_a_time_and_a_while_ago_are_bounds(text: str | None, bound: Bound | None) -> None:
    """An offset is a number, a time has its zone, a while ago its unit."""
    assert parse_bound(text, NOW) == bound


@pytest.mark.parametrize("text", ["", "-1", "yesterday", "2025-03-04T10:00:00", "2y", "١٢", "1e3"])
def test_anything_else_is_refused(text: str) -> None:
    """A time without a zone too: an operator's and a server's differ."""
    with pytest.raises(Fatal, match="is not an offset") as caught:
        parse_bound(text, NOW)
    assert caught.value.reason == "bad_input"


def test_partitions_are_a_list_of_numbers() -> None:
    """In order and once each; anything else is refused."""
    assert parse_partitions(None) == ()
    assert parse_partitions("5,0,5") == (0, 5)
    with pytest.raises(Fatal, match="0,2,5"):
        parse_partitions("0-5")
