"""One message, one outcome: what fails inside becomes a value, what fails around it ends the process."""

import asyncio
import subprocess
import sys

import pytest

from worker.errors import Fatal, Permanent, Transient
from worker.guard import EXIT_ABANDONED, Failure, attempt, or_abandon, try_out

SECRET = "the text of an article"


def test_a_result_is_returned() -> None:
    """What the work returns comes back as it is."""
    assert attempt(lambda: 7) == 7


def test_a_permanent_error_becomes_a_value() -> None:
    """Its reason, stage, class and message are kept."""

    def work() -> int:
        raise Permanent("too_large", "decode", "12 bytes")

    assert attempt(work) == Failure("too_large", "decode", "Permanent", "12 bytes")


@pytest.mark.parametrize("error", [ValueError(SECRET), RecursionError(SECRET), MemoryError(), KeyError(SECRET)])
def test_an_unexpected_error_is_internal_and_tells_no_text(error: Exception) -> None:
    """Its message names the class and the place, never what the exception says, which may quote the article."""

    def work() -> int:
        raise error

    failure = attempt(work)
    assert isinstance(failure, Failure)
    assert (failure.reason, failure.error_type) == ("internal_error", type(error).__name__)
    assert SECRET not in failure.message


def test_the_stage_of_an_unexpected_error_is_the_room_it_came_from() -> None:
    """It is read off the deepest frame of our own code."""
    failure = attempt(lambda: __import__("worker.ids").ids.story_id(None, "place"))
    assert isinstance(failure, Failure)
    assert failure.stage == "ids"
    assert failure.message.startswith("unexpected TypeError at ids.py:")


def test_a_fatal_error_is_nobodys_dead_letter() -> None:
    """It is not the message's fault, so it goes up."""

    def work() -> int:
        raise Fatal("bad_state", "dedupe", "unreadable")

    with pytest.raises(Fatal):
        attempt(work)


def test_a_deadline_in_a_librarys_call_is_the_messages() -> None:
    """It is raised wherever the work is, in the middle of a read of the store too."""

    def late() -> int:
        raise Permanent("deadline_exceeded", "decide", "it took more than 30 CPU seconds")

    with pytest.raises(Permanent):
        try_out(late)


def test_a_finished_batch_goes_on() -> None:
    """Without an exception nothing happens."""
    asyncio.run(or_abandon(asyncio.sleep(0)))


def test_a_cancelled_batch_is_no_error() -> None:
    """Cancelling is how Faust ends an agent: it goes through."""

    async def cancelled() -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(or_abandon(cancelled()))


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (f"ValueError({SECRET!r})", "internal_error"),
        (f"ExceptionGroup('tasks', [ValueError({SECRET!r})])", "internal_error"),
        ("Transient('broker_unreachable', 'publish', 'no answer')", "broker_unreachable"),
    ],
)
def test_an_exception_out_of_a_batch_ends_the_process_before_anything_is_acknowledged(error: str, reason: str) -> None:
    """The process ends at once with its own exit code and one line that tells no text."""
    code = f"""
import asyncio, atexit
from worker import log
from worker.errors import Transient
from worker.guard import or_abandon
log.configure("json", "info")
atexit.register(print, "cleaned up")
async def fail(): raise {error}
asyncio.run(or_abandon(fail()))
print("went on")
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == EXIT_ABANDONED
    assert ended.stdout == ""
    assert f'"reason":"{reason}"' in ended.stderr
    assert SECRET not in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_transient_error_inside_the_work_is_internal() -> None:
    """The pipeline is pure: infrastructure cannot fail in it."""

    def work() -> int:
        raise Transient("broker_unreachable", "publish", "no answer")

    failure = attempt(work)
    assert isinstance(failure, Failure)
    assert failure.reason == "internal_error"


def test_the_reason_is_that_of_the_one_error_in_a_group() -> None:
    """Tasks end in groups; who reads the log asks for the cause."""
    code = """
import asyncio
from worker import guard, log
from worker.errors import Fatal
log.configure("json", "info")
async def work():
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(fail())
async def fail():
    raise Fatal("records_skipped", "app", "2 records")
asyncio.run(guard.or_abandon(work()))
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == EXIT_ABANDONED
    assert '"reason":"records_skipped"' in ended.stderr


def test_a_process_ends_even_where_nobody_reads_what_it_says() -> None:
    """Standard error is a pipe that is full: the reason is lost, and the process is not stuck."""
    code = """
import asyncio, os
from worker import guard, log
log.configure("json", "info")
log.LAST_WORD_SECONDS = 0.2
os.set_blocking(2, False)
try:
    while True:
        os.write(2, b"x" * 65536)
except BlockingIOError:
    os.set_blocking(2, True)
guard.abandon(ValueError())
"""
    with subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) as process:
        try:
            assert process.wait(20) == EXIT_ABANDONED
        finally:
            process.kill()


def test_a_process_ends_even_where_no_thread_can_be_started() -> None:
    """The reason is lost, and nothing runs on behind it."""
    code = """
import threading
from worker import guard
def start(thread): raise RuntimeError("can't start new thread")
threading.Thread.start = start
guard.abandon(ValueError())
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=20)
    assert (ended.returncode, ended.stderr) == (EXIT_ABANDONED, "")
