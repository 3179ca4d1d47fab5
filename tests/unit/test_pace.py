"""How fast a replay goes."""

import pytest

from worker.errors import Fatal
from worker.pace import Pace, parse_pace


def test_a_rate_spaces_messages_evenly() -> None:
    """Whatever their timestamps are."""
    assert [Pace(rate=4).due_seconds(number, 99) for number in range(3)] == [0.0, 0.25, 0.5]


def test_the_recorded_speed_keeps_the_gaps() -> None:
    """Divided by the factor; a message that was recorded before the first one is due at once."""
    assert [Pace(factor=10).due_seconds(9, elapsed) for elapsed in (0, 5000, -5000)] == [0.0, 0.5, 0.0]


def test_full_speed_waits_for_nothing() -> None:
    """It is the default."""
    assert Pace().due_seconds(10**6, 10**6) == 0


@pytest.mark.parametrize(
    ("rate", "speed", "pace"),
    [(0, None, Pace()), (5, None, Pace(rate=5)), (0, "recorded", Pace(factor=1)), (0, "0.5", Pace(factor=0.5))],
)
def test_options_make_a_pace(rate: float, speed: str | None, pace: Pace) -> None:
    """A rate, or the recorded speed, or a factor of it."""
    assert parse_pace(rate, speed) == pace


@pytest.mark.parametrize(("rate", "speed"), [(1, "recorded"), (0, "fast"), (0, "0"), (0, "-1"), (0, "inf"), (0, "nan")])
def test_a_pace_that_is_none_is_refused(rate: float, speed: str) -> None:
    """Both at once, and factors that are not above zero."""
    with pytest.raises(Fatal):
        parse_pace(rate, speed)
