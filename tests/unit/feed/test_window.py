"""Sightings of two headlines near each other in time."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from worker.feed.window import Spans, is_within

times = st.lists(st.integers(-40, 200), min_size=1, max_size=8).map(sorted)


def spans_of(some: list[int], window: int) -> bytes:
    """Return the spans of times that rise."""
    spans = Spans(window)
    for time in some:
        spans.add(time)
    return spans.encode()


@given(times, times, st.integers(0, 30))
def test_any_two_sightings_within_the_window_are_enough(some: list[int], others: list[int], window: int) -> None:
    """Spans tell what comparing every sighting of one with every one of the other would, from either side."""
    wanted = any(abs(one - other) <= window for one, other in product(some, others))
    left, right = spans_of(some, window), spans_of(others, window)
    assert is_within(left, right, window) == is_within(right, left, window) == wanted


def test_a_headline_that_is_seen_all_the_time_takes_one_span() -> None:
    """A million sightings an hour apart weigh as much as two."""
    assert len(spans_of(list(range(0, 3600 * 10_000, 3600)), 7200)) == len(spans_of([0, 3600], 7200))
