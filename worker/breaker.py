"""The circuit breaker: it stops a worker that would put everything aside.

In: of each message, in order, whether it failed. Out: whether the worker may go on. After a bad deploy, or when a
source changes its format, all messages fail: they are then better left on their topic, where nothing has to be
redriven, than moved to the dead letters. It never closes by itself: the next process begins with a closed one.
"""

from collections import deque
from collections.abc import Mapping

from worker import log
from worker.settings import Settings


class Breaker:
    """Counts failures in a row and their share in the last messages; open once either is reached.

    Messages that fail by themselves and those whose records a topic refuses are counted apart: what the second kind
    comes to is known later, when others have succeeded.
    """

    def __init__(self, settings: Settings) -> None:
        """Open at `breaker_consecutive` in a row, or `breaker_ratio` of the last `breaker_window` messages."""
        self._worked = _Tally(settings)
        self._delivered = _Tally(settings)
        self.is_open = False

    def admits(self, *, failed: bool) -> bool:
        """Take note of a message; tell whether it may be finished: not one that opens the breaker, nor a later one."""
        self._note(self._worked, failed=failed)
        return not self.is_open

    def note_delivery(self, *, failed: bool) -> None:
        """Take note of whether a topic has refused what came of a message."""
        self._note(self._delivered, failed=failed)

    def _note(self, tally: "_Tally", *, failed: bool) -> None:
        if self.is_open:
            return
        tally.note(failed=failed)
        self.is_open = failed and tally.is_too_much
        if self.is_open:
            log.get().critical("breaker_opened", **tally.counts())


class _Tally:
    """Failures in a row, and in the last messages."""

    def __init__(self, settings: Settings) -> None:
        self._consecutive = settings.breaker_consecutive
        self._ratio = settings.breaker_ratio
        self._last: deque[bool] = deque(maxlen=settings.breaker_window)
        self._in_a_row = 0
        self._failed = 0

    def note(self, *, failed: bool) -> None:
        if len(self._last) == self._last.maxlen:
            self._failed -= self._last[0]
        self._last.append(failed)
        self._failed += failed
        self._in_a_row = self._in_a_row + 1 if failed else 0

    @property
    def is_too_much(self) -> bool:
        # A share of less than a whole window would let two bad messages at a start stop the worker.
        is_whole = len(self._last) == self._last.maxlen
        in_a_row = 0 < self._consecutive <= self._in_a_row
        return in_a_row or (is_whole and 0 < self._ratio <= self._failed / len(self._last))

    def counts(self) -> Mapping[str, int]:
        return {"in_a_row": self._in_a_row, "failed": self._failed, "of": len(self._last)}
