"""One message, one outcome: what fails inside becomes a value, what fails around it ends the process."""

import asyncio
import subprocess
import sys

import pytest

from worker.errors import Fatal, Permanent, Transient
from worker.guard import EXIT_ABANDONED, Failure, attempt, or_abandon

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
