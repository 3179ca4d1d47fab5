"""The watchdog: it barks at a worker that has work and does none, and at no other."""

from worker.app.monitor import Watchdog


def looks(dog: Watchdog, *progress: object, is_waiting: bool = True) -> list[bool]:
    """Take a look at each progress."""
    return [dog.is_stalled(one, is_waiting=is_waiting) for one in progress]


def test_f8_no_progress_with_work_to_do_is_a_stall() -> None:
    """After as many looks as the limit says, counted from the last progress."""
    assert looks(Watchdog(3), 1, 1, 1, 1) == [False, False, False, True]
    assert looks(Watchdog(3), 1, 1, 2, 2, 2, 2) == [False] * 5 + [True]


def test_an_idle_worker_never_stalls() -> None:
    """Without work, or while the broker is away, nothing has to move."""
    assert not any(looks(Watchdog(3), *[1] * 100, is_waiting=False))


def test_work_that_comes_after_idling_has_the_whole_time() -> None:
    """The count starts when there is something to wait for."""
    dog = Watchdog(3)
    looks(dog, *[1] * 100, is_waiting=False)
    assert looks(dog, 1, 1, 1) == [False, False, True]


def test_a_reset_starts_again() -> None:
    """When the broker was away the stall was not the worker's."""
    dog = Watchdog(2)
    looks(dog, 1, 1)
    dog.reset()
    assert looks(dog, 1, 1) == [False, True]
