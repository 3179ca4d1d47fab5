"""Deadlines: pure work that takes too long is cut, so that one page never holds the worker for minutes.

In: the CPU seconds that a stage may take, and its work in a block. Out: what the work comes to, or a `Permanent` with
the reason `deadline_exceeded`, raised out of the middle of it. A block never fires when it is over, and must not hold
an `await`.

What counts is the CPU time of the thread that works: a frozen process, a clock that jumps or a busy machine puts no
innocent page aside. The process's timer of CPU time only wakes us, as it counts the Kafka client's thread too; whether
the stage is late is read off the thread's own clock. `ITIMER_PROF` and not `ITIMER_VIRTUAL`: that one would not see a
page that keeps the kernel busy, by asking for memory.

Signals are heeded between two steps of Python code and by `re` while it matches. C libraries (selectolax, langdetect,
orjson) are not cut: their call runs to its end, and then the message is put aside. So it is outside the main thread,
where no signal can be handled: there the whole stage runs to its end first.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from signal import ITIMER_PROF, SIGPROF, setitimer, signal
from sys import _getframe
from threading import get_ident, main_thread
from time import thread_time
from types import FrameType, TracebackType

from worker.errors import Permanent

REASON = "deadline_exceeded"

REPEAT_SECONDS = 0.1
"""CPU seconds from one alarm to the next. The first may come too early, when other threads were busy; and what is
raised within a destructor or a callback from C is swallowed there."""

AT_ONCE_SECONDS = 1e-6
"""The shortest that a timer can be set to: zero would stop it."""

Stage = Callable[[str], AbstractContextManager[object]]
"""Called with a stage's name around that stage's work, as `pipeline.Context` has it."""


def within(seconds: float, measure: Stage = nullcontext) -> Stage:
    """Return what gives every stage so many CPU seconds; `measure` is entered before them and left after.

    A stage costs about 3 microseconds more (Python 3.11), a page of four stages 12.
    """
    return lambda stage: _Block(stage, seconds, measure(stage))


class _Block:
    """One stage's work. Blocks may be nested: the deadline that comes first counts."""

    __slots__ = ("_is_in_main", "_measure", "_outer", "_seconds", "_stage", "ends", "entered_in")

    def __init__(self, stage: str, seconds: float, measure: AbstractContextManager[object]) -> None:
        self._stage = stage
        self._seconds = seconds
        self._measure = measure
        self.entered_in: FrameType | None = None

    def __enter__(self) -> None:
        self._measure.__enter__()
        self.ends = thread_time() + self._seconds
        self._is_in_main = get_ident() == main_thread().ident
        self._outer = _alarm.block if self._is_in_main else None
        self.entered_in = _getframe(1)
        if self._is_in_main and (self._outer is None or self.ends < self._outer.ends):
            _alarm.set_for(self, self._seconds)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        left = _alarm.go_back_to(self._outer) if self._is_in_main else 0.0
        self.entered_in = None
        # The clock costs as much as all the rest: it is not asked where the timer has just said that there is time.
        is_late = kind is None and left <= REPEAT_SECONDS and thread_time() >= self.ends
        self._measure.__exit__(kind, error, trace)
        if is_late:
            raise self.exceeded()

    def is_at_work(self, frame: FrameType | None) -> bool:
        """Tell whether a frame belongs to the work in the block.

        Not our own code, or what it calls: a block that is being entered could not be left any more, and one that is
        being left is over. Nor the frame that the block stands in, which calls the work and does none: it is what
        Python 3.12 names at the first step of `__exit__`, which would never come to its second.
        """
        if frame is self.entered_in:
            return False
        while frame is not None and frame is not self.entered_in:
            if frame.f_code.co_filename == __file__:
                return False
            frame = frame.f_back
        return frame is not None

    def exceeded(self) -> Permanent:
        """Return the failure of a message that was too slow."""
        return Permanent(REASON, self._stage, f"it took more than {self._seconds:g} CPU seconds")


class _Alarm:
    """The process's one timer of CPU time, and the block that it is set for."""

    def __init__(self) -> None:
        self.block: _Block | None = None
        self._is_heard = False

    def set_for(self, block: _Block, seconds: float) -> None:
        """Set the timer to ring for a block, again and again."""
        if not self._is_heard:
            # For good: the last ring of a block may come when the block is over, and unheard would end the process.
            signal(SIGPROF, self._ring)
            self._is_heard = True
        self.block = block
        setitimer(ITIMER_PROF, max(seconds, AT_ONCE_SECONDS), REPEAT_SECONDS)

    def go_back_to(self, outer: _Block | None) -> float:
        """Stop the timer, or set it for the block around the one that is over; return what was left of it."""
        self.block = None
        left, _ = setitimer(ITIMER_PROF, 0)
        if outer is not None:
            self.set_for(outer, outer.ends - thread_time())
        return left

    def _ring(self, _number: int, frame: FrameType | None) -> None:
        block = self.block
        if block is not None and block.is_at_work(frame) and thread_time() >= block.ends:
            raise block.exceeded()


_alarm = _Alarm()
