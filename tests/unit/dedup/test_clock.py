"""The clock of the pages."""

from worker.dedup.clock import Clock, decode

DAY = 86_400
YEAR = 365 * DAY


def after(clock: Clock, seconds: int, pages: int) -> Clock:
    """Return the clock after so many pages of one time."""
    for number in range(pages):
        clock = clock.tick(seconds, number.to_bytes(8, "big"))
    return clock


def test_a_page_from_the_future_moves_it_by_minutes() -> None:
    """Whatever it claims, and all its sightings together once."""
    clock = Clock(0)
    for _ in range(50):
        clock = clock.tick(70 * YEAR, b"one page")
    assert 0 < clock.now <= 120


def test_nor_does_one_after_hundreds_in_their_order() -> None:
    """Pages that the clock has reached, one after another, lend no speed to one that it cannot reach."""
    clock = Clock(0)
    for number in range(1000):
        clock = clock.tick(60 * number, number.to_bytes(8, "big"))
    assert clock.now == 60 * 999
    assert clock.tick(70 * YEAR, b"the odd1").now - clock.now <= 120


def test_single_odd_pages_among_others_do_not_carry_it_away() -> None:
    """One page in ten from the future, one from the past: it stays with the eight."""
    clock = Clock(0)
    for number in range(5000):
        time = {0: 20 * YEAR, 5: -20 * YEAR}.get(number % 10, 30 * number)
        clock = clock.tick(time, number.to_bytes(8, "big"))
    assert abs(clock.now - 30 * 5000) < DAY // 2


def test_it_follows_a_gap() -> None:
    """After three days without pages some hundred are enough."""
    assert after(Clock(0), 3 * DAY, 120).now == 3 * DAY


def test_it_comes_back_from_a_first_page_of_the_future() -> None:
    """A stream that begins seventy years ahead is right after some hundreds of pages."""
    assert after(Clock(70 * YEAR), 0, 400).now == 0


def test_it_goes_backwards_as_it_goes_forward() -> None:
    """A replay of older pages takes it back."""
    assert after(Clock(10 * DAY), 3 * DAY, 200).now == 3 * DAY


def test_what_was_encoded_is_decoded() -> None:
    """Before 1970, too."""
    clock = after(Clock(-5), 100, 3)
    assert decode(clock.encode()) == clock
