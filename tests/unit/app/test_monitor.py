"""The watchdog: it barks at a worker that has work and does none, and at no other."""

import asyncio
from contextlib import nullcontext
from types import SimpleNamespace
from typing import cast

import pytest

from worker import guard
from worker.app import monitor
from worker.app.factory import Half
from worker.app.monitor import Monitor, Watchdog
from worker.settings import Settings


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


def test_progress_makes_it_forget_that_it_has_barked() -> None:
    """What barks again without progress in between barks for the second time."""
    dog = Watchdog(2)
    looks(dog, 1, 1, 1)
    dog.reset(has_barked=True)
    assert (looks(dog, 1, 1), dog.has_barked) == ([False, True], True)
    assert (looks(dog, 2), dog.has_barked) == ([False], False)


def test_what_was_alone_at_any_look_is_told_until_progress_or_reset() -> None:
    """A coordinator that was found again a look ago has not had its time yet."""
    dog = Watchdog(3)
    looks(dog, 1)
    dog.is_stalled(1, is_waiting=True, has_coordinator=False)
    assert (looks(dog, 1, 1), dog.lacked_coordinator) == ([False, True], True)
    dog.reset(has_barked=True)
    assert (looks(dog, 1, 1, 1), dog.lacked_coordinator) == ([False, False, True], False)
    dog.is_stalled(1, is_waiting=True, has_coordinator=False)
    assert (looks(dog, 2), dog.lacked_coordinator) == ([False], False)


@pytest.mark.parametrize(
    ("has_coordinator", "answers", "ended"),
    [
        (True, [True], 1),
        (True, [False, False, False], 0),
        (False, [True, True], 1),
        (False, [True], 0),
        (False, [True, False, True], 0),
    ],
)
def test_a_stall_with_a_broker_that_answers_ends_the_process(
    monkeypatch: pytest.MonkeyPatch,
    has_coordinator: bool,
    answers: list[bool],
    ended: int,
) -> None:
    """At once where the group is known; else at the second time: the client may ask where no broker is any more."""
    reasons, left = list[str](), iter(answers)

    async def is_reachable(_settings: Settings) -> bool:
        return next(left)

    consumer = SimpleNamespace(has_coordinator=lambda: has_coordinator)
    watching = Monitor("split", Settings())
    monkeypatch.setattr(monitor, "is_reachable", is_reachable)
    monkeypatch.setattr(monitor, "abandon", lambda error: reasons.append(error.reason))
    monkeypatch.setattr(monitor, "_progress", lambda _half: 1)
    monkeypatch.setattr(
        watching, "_state", lambda: "waiting_for_partitions" if has_coordinator else "waiting_for_broker"
    )
    for _ in answers:
        watching._watchdog._looks = round(monitor.STALL_SECONDS / monitor.LAG_SECONDS)
        watching._watchdog._seen = 1
        asyncio.run(watching._watch_progress(cast("Half", SimpleNamespace(consumer=consumer))))
    assert reasons == ["stalled"] * ended


@pytest.mark.parametrize("look", ["_beat", "_measure", "_pass_marks"])
def test_a_monitor_that_cannot_look_ends_the_process(monkeypatch: pytest.MonkeyPatch, look: str) -> None:
    """With a word: without its heartbeat a half that does its work looks dead."""
    words = list[str]()

    async def fail(*_arguments: object) -> None:
        raise AttributeError

    watching = Monitor("split", Settings())
    watching.watch(cast("Half", SimpleNamespace(app=SimpleNamespace(crashed=False))))
    monkeypatch.setattr(monitor, "LAG_SECONDS", 0)
    for name in ("_beat", "_measure", "_pass_marks"):
        monkeypatch.setattr(watching, name, fail if name == look else forever)
    monkeypatch.setattr(guard.log, "last_word", lambda _level, event, **_fields: words.append(event))
    monkeypatch.setattr(guard.os, "_exit", words.append)
    asyncio.run(guard.or_abandon(watching.run()))
    assert words == ["abandoned", guard.EXIT_ABANDONED]


async def forever(*_arguments: object) -> None:
    """Look on."""
    await asyncio.Event().wait()


@pytest.mark.parametrize(("is_draining", "raises"), [(True, False), (False, True)])
def test_a_look_at_a_thread_that_has_ended_matters_while_the_half_serves(is_draining: bool, raises: bool) -> None:
    """While it ends, the thread ends before the monitor does."""
    watching = Monitor("split", Settings())
    watching.watch(cast("Half", SimpleNamespace()))

    async def look(_half: Half) -> None:
        if is_draining:
            watching.drain()
        raise RuntimeError

    with pytest.raises(RuntimeError) if raises else nullcontext():
        asyncio.run(watching._look_with(look, 0))
