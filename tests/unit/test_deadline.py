"""Deadlines: what is too slow is cut, and nothing else ever is."""

import asyncio
import ctypes
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from operator import call

import pytest

from worker.deadline import within
from worker.errors import Permanent

SOON = 0.05
"""CPU seconds: several ticks of any kernel."""

ALARM = signal.ITIMER_PROF


def burn(seconds: float) -> None:
    """Use this thread's CPU in Python code."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def spin() -> None:
    """Never end."""
    while True:
        pass


def match_for_ever() -> None:
    """Match what has two to the power of forty ways not to match."""
    re.search("(a+)+$", "a" * 40 + "b")


@contextmanager
def cut(stage: str) -> Iterator[None]:
    """Expect the work to be cut in a stage soon after `SOON`, with no timer left."""
    began = time.thread_time()
    with pytest.raises(Permanent) as caught:
        yield
    assert (caught.value.reason, caught.value.stage) == ("deadline_exceeded", stage)
    assert SOON <= time.thread_time() - began < SOON + 1
    assert signal.getitimer(ALARM) == (0, 0)


@pytest.mark.parametrize("work", [spin, match_for_ever])
def test_endless_work_is_cut(work: object) -> None:
    """A loop and a regular expression that would not end in our time do so, as the message's own fault."""
    assert callable(work)
    with cut("split"), within(SOON)("split"):
        work()


def test_the_failure_says_how_long_was_too_long() -> None:
    """It is what the dead letter's headers show."""
    with pytest.raises(Permanent, match=r"^it took more than 0\.05 CPU seconds$"), within(SOON)("enrich"):
        spin()


def test_work_in_time_is_left_alone() -> None:
    """Its value comes back, and no timer is left, neither then nor when it fails by itself."""
    with within(SOON)("decode"):
        value = 7
    assert (value, signal.getitimer(ALARM)) == (7, (0, 0))
    with pytest.raises(ValueError, match="its own"), within(SOON)("decode"):
        raise ValueError("its own")
    assert signal.getitimer(ALARM) == (0, 0)


def test_nothing_is_cut_after_the_block() -> None:
    """Work below uses more than the deadline of a block that is over."""
    with within(SOON)("decode"):
        burn(SOON / 2)
    burn(4 * SOON)


def test_each_stage_has_the_whole_time() -> None:
    """What earlier ones took is not counted."""
    stage = within(SOON)
    for name in ("decode", "split", "enrich", "assemble"):
        with stage(name):
            burn(0.6 * SOON)


def test_a_late_stage_is_late_though_nothing_could_cut_it() -> None:
    """A call of a C library that heeds no signals runs to its end, and the kernel's ticks are coarse."""
    for _ in range(50):
        with pytest.raises(Permanent) as caught, within(0.0001)("split"):
            burn(0.0003)
        assert (caught.value.reason, caught.value.stage) == ("deadline_exceeded", "split")


def test_a_failure_that_was_swallowed_comes_again() -> None:
    """Somebody's destructor or broad `except` may take the first one."""
    taken = []
    with cut("split"), within(SOON)("split"):
        while True:
            try:
                spin()
            except Permanent as error:
                if taken:
                    raise
                taken.append(error)
    assert len(taken) == 1


def test_waiting_is_not_working() -> None:
    """Neither a process that is stopped nor a machine that is busy puts a page aside."""
    with within(SOON)("decode"):
        time.sleep(4 * SOON)


def test_another_thread_s_work_does_not_count() -> None:
    """The Kafka client works in one of its own."""
    other = threading.Thread(target=burn, args=(6 * SOON,))
    with within(SOON)("decode"):
        other.start()
        other.join()


def test_in_another_thread_the_verdict_falls_at_the_end() -> None:
    """There no signal can be handled: late work runs to its end, and is put aside all the same."""
    ends: list[object] = []

    def work(seconds: float) -> None:
        try:
            with within(SOON)("split"):
                burn(seconds)
                ends.append(seconds)
        except Permanent as error:
            ends.append((error.reason, error.stage))

    for seconds in (SOON / 2, 2 * SOON):
        thread = threading.Thread(target=work, args=(seconds,))
        thread.start()
        thread.join()
    assert ends == [SOON / 2, 2 * SOON, ("deadline_exceeded", "split")]


def test_of_nested_deadlines_the_first_to_come_counts() -> None:
    """Inside as outside, and the outer one is back in force when the inner block is over."""
    with cut("outer"), within(SOON)("outer"), within(10)("inner"):
        spin()
    with cut("inner"), within(10)("outer"), within(SOON)("inner"):
        spin()
    with cut("outer"), within(SOON)("outer"):
        with within(SOON / 2)("inner"):
            pass
        spin()


def test_the_measure_sees_all_and_is_never_cut() -> None:
    """It is entered before the time runs and left when it is over, also by a failure."""
    seen: list[str] = []

    @contextmanager
    def measure(stage: str) -> Iterator[None]:
        burn(2 * SOON)
        seen.append(f"{stage} begins")
        try:
            yield
        finally:
            burn(2 * SOON)
            seen.append(f"{stage} ends")

    stage = within(SOON, measure)
    with stage("decode"):
        pass
    with pytest.raises(Permanent), stage("split"):
        spin()
    assert seen == ["decode begins", "decode ends", "split begins", "split ends"]


def test_it_cuts_within_a_loop() -> None:
    """The pure work is synchronous code of a coroutine; the loop goes on afterwards, and a thread beside it works."""

    async def work() -> list[str]:
        stages = []
        for stage in ("split", "enrich"):
            with cut(stage), within(SOON)(stage):
                spin()
            stages.append(stage)
            await asyncio.sleep(0)
        # A signal also wakes the loop, which would call its handler here.
        await asyncio.to_thread(burn, 2 * SOON)
        burn(2 * SOON)
        return stages

    with asyncio.Runner() as runner:
        assert runner.run(work()) == ["split", "enrich"]


def test_an_alarm_that_rings_as_the_block_is_left_leaves_it_alone() -> None:
    """Raised there, the failure would keep the timer from being stopped."""
    block = within(1e-9)("split")
    ring = partial(getattr(ctypes.CDLL(None), "raise"), signal.SIGPROF)
    # Called one after the other by C, with no step of Python code in between that would heed the signal.
    calls = map(call, [block.__enter__, ring, partial(block.__exit__, None, None, None)])
    with pytest.raises(Permanent):
        list(calls)
    assert signal.getitimer(ALARM) == (0, 0)


def test_no_alarm_strikes_outside_the_block() -> None:
    """Whenever it rings: another process rings without a pause while blocks begin and end, some of them late."""
    with within(1)("warm up"):
        pass
    code = "import os, sys\nwhile True: os.kill(int(sys.argv[1]), int(sys.argv[2]))"
    with subprocess.Popen([sys.executable, "-c", code, str(_pid()), str(int(signal.SIGPROF))]) as ringer:
        try:
            late, in_time = _enter_and_leave(seconds=1, times=100)
        finally:
            ringer.kill()
    assert late > 100
    assert in_time > 100


def _pid() -> int:
    return threading.get_native_id()


def _enter_and_leave(*, seconds: float, times: int) -> tuple[int, int]:
    """Return how many blocks were late and in time, each more than `times` unless that takes ten times the seconds.

    What strikes elsewhere goes up to the test.
    """
    counts = [0, 0]
    begun = time.thread_time()
    turns = 0
    while (spent := time.thread_time() - begun) < seconds or (min(counts) <= times and spent < 10 * seconds):
        turns += 1
        counts[_is_in_time(turns % 40)] += 1
        assert signal.getitimer(ALARM) == (0, 0)
    return counts[0], counts[1]


def _is_in_time(length: int) -> bool:
    try:
        with within(0.00005)("split"):
            sum(range(20 * length))
    except Permanent:
        return False
    return True
