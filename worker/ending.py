"""When a process is told to end: SIGTERM and SIGINT, waited for in the main thread.

In: signals. Out: whether one has come. `threading.Event` will not do: its `set` waits for a lock that the waiting
thread may hold just when the signal interrupts it, and the process then hangs for ever, deaf to every further signal.
"""

import signal
from contextlib import suppress
from queue import Empty, SimpleQueue

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Ending:
    """Whether this process has been told to end. Make it in the main thread, and wait there."""

    def __init__(self) -> None:
        """Take the signals from now on."""
        # Its `put` may interrupt a `get` of the same thread, which no other queue promises.
        self._told: SimpleQueue[int] = SimpleQueue()
        self._is_told = False
        for number in SIGNALS:
            signal.signal(number, lambda number, _frame: self._told.put(number))

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is told, or for so long; tell whether it was."""
        if not self._is_told:
            with suppress(Empty):
                self._told.get(timeout=seconds)
                self._is_told = True
        return self._is_told
