"""When a process is told to end: SIGTERM and SIGINT, waited for in the main thread.

In: signals. Out: whether one has come. They come through a pipe, into which they are written as they arrive. Neither an
event nor a queue will do: `Event.set` waits for a lock that the thread may hold just when the signal interrupts it, and
a wait for a lock that begins just after the signal sleeps on. Either way the process would be deaf to its end.
"""

import os
import select
import signal
import time

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Ending:
    """Whether this process has been told to end. Make one, in the main thread, and wait there."""

    def __init__(self) -> None:
        """Take the signals from now on."""
        self._pipe, into = os.pipe()
        os.set_blocking(into, False)
        self._is_told = False
        signal.set_wakeup_fd(into)
        for number in SIGNALS:
            signal.signal(number, _leave_to_the_pipe)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is told, or for so long; tell whether it was."""
        until = None if seconds is None else time.monotonic() + seconds
        while not self._is_told:
            left = None if until is None else max(until - time.monotonic(), 0)
            if not select.select([self._pipe], [], [], left)[0]:
                break
            self._is_told = not set(os.read(self._pipe, select.PIPE_BUF)).isdisjoint(SIGNALS)
        return self._is_told


def _leave_to_the_pipe(_number: int, _frame: object) -> None:
    """Do nothing: only a signal that has a handler is written."""
