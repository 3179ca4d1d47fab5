"""A process that is told to end hears it, whatever it is doing at that moment."""

import subprocess
import sys

TIMES = 250
LONGEST_SECONDS = 60

INTERRUPTED = f"""
import os, signal, time
from worker.ending import Ending

for number in range({TIMES}):
    ending = Ending()
    pid = os.getpid()
    if not (teller := os.fork()):
        time.sleep(number % 7 / 10_000)
        os.kill(pid, signal.SIGTERM)
        os._exit(0)
    while not ending.wait(1e-6):
        pass
    os.waitpid(teller, 0)
assert ending.wait() and ending.wait(0), "it stays told"
"""
"""Waits so short that most signals come while the one or the other wait begins or ends."""


def test_a_signal_in_the_middle_of_a_wait_hangs_nothing() -> None:
    """Neither it nor the wait: events and queues of the standard library hang here within a hundred signals."""
    ended = subprocess.run([sys.executable, "-c", INTERRUPTED], timeout=LONGEST_SECONDS, check=False)
    assert ended.returncode == 0


def test_it_waits_no_longer_than_it_is_asked() -> None:
    """It tells that nothing came."""
    code = "from worker.ending import Ending; assert Ending().wait(0.05) is False"
    assert subprocess.run([sys.executable, "-c", code], timeout=LONGEST_SECONDS, check=False).returncode == 0
