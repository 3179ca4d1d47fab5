"""The boundary of one message: a failure inside becomes a value, a failure around it ends the process.

In: the pure work of a message, and the agent's handling of a batch. Out: a result or a `Failure`, to become a dead
letter; or the end of the process before anything is acknowledged. This is the only place with a broad `except`:
Faust acknowledges a message whose agent raises, so nothing may leave an agent.
"""

import logging
import os
import signal
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from worker import log
from worker.errors import MAX_MESSAGE_LENGTH, Fatal, NewsworkerError, Permanent
from worker.incoming import Incoming
from worker.settings import FAULT_POINT, Role

EXIT_ABANDONED = 70
"""`EX_SOFTWARE` of sysexits.h: an internal error. A new process reads the batch again."""

PACKAGE = Path(__file__).parent

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a message cannot be processed, as its dead letter's headers will say."""

    reason: str
    stage: str
    error_type: str
    message: str


def attempt(work: Callable[[], T]) -> T | Failure:
    """Return what `work` returns, or why it failed; an unexpected exception is `internal_error`.

    Raises:
        Fatal: The process cannot go on; it is not the message's fault.
    """
    try:
        return work()
    except Fatal:
        raise
    except Permanent as error:
        return failure_of(error)
    except Exception as error:  # noqa: BLE001 - a message must never stop the worker
        return _internal_error(error)


class FaultPoint:
    """A step in the order of effects at which a role kills its process, as the worst moment would."""

    def __init__(self) -> None:
        """Be armed nowhere."""
        self._step: str | None = None
        self._place: tuple[int, int] | None = None
        self._left = 0

    def arm(self, text: str | None, role: Role) -> None:
        """Arm the point that a setting names, where it names this role."""
        found = FAULT_POINT.fullmatch(text or "")
        if found is None or found["role"] != role:
            return
        self._step, self._left = found["step"], int(found["time"] or 1)
        if found["place"]:
            partition, offset = found["place"].split("/")
            self._place = int(partition), int(offset)

    def passes(self, step: str, message: Incoming | None = None) -> None:
        """Come to a step, with a message where the step is a message's own; dies there if that is the armed point."""
        if step != self._step:
            return
        if self._place is not None and (message is None or self._place != (message.partition, message.offset)):
            return
        self._left -= 1
        if not self._left:
            log.get().critical("fault_point", step=step)
            log.flush()
            os.kill(os.getpid(), signal.SIGKILL)


fault_point = FaultPoint()
"""This process's point; `worker.settings.STEPS` has the order."""


def try_out(work: Callable[[], T]) -> T | Exception:
    """Return what `work` returns, or the exception: for a library that raises plain `Exception`, such as RocksDB's.

    Raises:
        Permanent: `deadline_exceeded`, out of the middle of it: that is the message's and not the library's.
    """
    try:
        return work()
    except Permanent:
        raise
    except Exception as error:  # noqa: BLE001 - the library has no class of its own
        return error


async def or_abandon(work: Awaitable[None]) -> None:
    """Await the handling of a batch; any exception ends the process at once, before the batch is acknowledged."""
    try:
        await work
    except Exception as error:  # noqa: BLE001 - nothing may leave an agent (see the module's docstring)
        abandon(error)


def abandon(error: BaseException) -> None:
    """Log the error and end the process without any clean-up, so that nothing more is acknowledged or committed."""
    cause = _only(error)
    reason = cause.reason if isinstance(cause, NewsworkerError) else "internal_error"
    message = str(cause) if isinstance(cause, NewsworkerError) else type(cause).__name__
    log.last_word(logging.CRITICAL, "abandoned", reason=reason, message=message, traceback=_frames(error))
    os._exit(EXIT_ABANDONED)


def _only(error: BaseException) -> BaseException:
    """Return the one exception that a group of tasks ended with; of several, the group."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error


def failure_of(error: NewsworkerError) -> Failure:
    """Return a known error as a value."""
    return Failure(error.reason, error.stage, type(error).__name__, str(error))


def _internal_error(error: Exception) -> Failure:
    # The exception's own text may quote the article: its class and place say enough.
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(PACKAGE)]
    place = Path(own[-1].filename).relative_to(PACKAGE) if own else Path("guard.py")
    where = f"{place}:{own[-1].lineno}" if own else str(place)
    message = f"unexpected {type(error).__name__} at {where}"[:MAX_MESSAGE_LENGTH]
    return Failure("internal_error", place.parts[0].removesuffix(".py"), type(error).__name__, message)


def _frames(error: BaseException) -> list[str]:
    # Every exception of a group; frames without source lines or messages, which may quote an article.
    if isinstance(error, BaseExceptionGroup):
        return [line for one in error.exceptions for line in _frames(one)]
    frames = traceback.extract_tb(error.__traceback__)
    return [type(error).__name__, *(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)]
