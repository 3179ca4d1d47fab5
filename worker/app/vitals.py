"""The tasks in which aiokafka's clients live: where one ends by an error, the process ends.

In: clients that have started. Out: nothing, or the end of the process (`client_failed`). aiokafka starts no such task
again and tells nobody: what asks the client waits for ever, and the half looks as if it waited for the broker (F24), or
as if it had nothing to do (F25).
"""

import asyncio
from functools import partial

from aiokafka.consumer.group_coordinator import GroupCoordinator

from worker.errors import Fatal
from worker.guard import abandon
from worker.handshake import denial


def watch(task: "asyncio.Task[None]", name: str) -> None:
    """End the process when the task ends by an error; what is cancelled has been told to end."""
    task.add_done_callback(partial(_look, name))


def _look(name: str, task: "asyncio.Task[None]") -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None:
        _end(name, error)


def heed_coordination(coordinator: GroupCoordinator) -> None:
    """End the process on an error that the coordinator stands still with until somebody asks for it (F25)."""
    coordinator._push_error_to_user = partial(_end, "coordination")


def _end(name: str, error: BaseException) -> None:
    fatal = denial(error, "app") or Fatal("client_failed", "app", f"aiokafka's {name} ended: {type(error).__name__}")
    fatal.__traceback__ = error.__traceback__
    abandon(fatal)
