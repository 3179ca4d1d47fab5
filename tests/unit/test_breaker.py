"""When the breaker opens, and that it stays open."""

import pytest

from worker.breaker import Breaker
from worker.settings import Settings


def breaker(consecutive: int = 0, ratio: float = 0.0, window: int = 10) -> Breaker:
    """Return a closed breaker."""
    return Breaker(Settings(breaker_consecutive=consecutive, breaker_ratio=ratio, breaker_window=window))


def admitted(one: Breaker, failures: str) -> int:
    """Return how many of the messages are admitted; `x` is one that failed."""
    return sum(one.admits(failed=sign == "x") for sign in failures)


@pytest.mark.parametrize(
    ("failures", "count"),
    [("xx.xx.xx.", 9), ("xxx", 2), (".xxx......", 3), ("xx.xxx.....", 5)],
)
def test_failures_in_a_row_open_it(failures: str, count: int) -> None:
    """At the third one in a row, which is not admitted, and nothing after it; a good message begins the count anew."""
    assert admitted(breaker(consecutive=3), failures) == count


@pytest.mark.parametrize(
    ("failures", "count"),
    [("x.x.x.x.x", 9), ("x.x.x.x.x.", 10), ("x.x.x.x.x.x", 10), (".........." + "x.x.x.x.x", 18)],
)
def test_a_share_of_a_whole_window_opens_it(failures: str, count: int) -> None:
    """Half of the last ten, and only once there are ten; it opens at a message that failed."""
    assert admitted(breaker(ratio=0.5), failures) == count


def test_nothing_opens_it_where_both_are_off() -> None:
    """Zero means never."""
    assert admitted(breaker(), "x" * 5000) == 5000


def test_refusals_of_a_topic_open_it_though_all_work_succeeds() -> None:
    """They are known later than the work of the messages after them: each kind has its own count."""
    one = breaker(consecutive=3)
    for _ in range(2):
        assert one.admits(failed=False)
        one.note_delivery(failed=True)
    one.note_delivery(failed=False)
    for _ in range(3):
        assert one.admits(failed=False)
        one.note_delivery(failed=True)
    assert one.is_open
    assert not one.admits(failed=False)
