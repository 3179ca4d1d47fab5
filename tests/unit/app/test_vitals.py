"""The tasks that aiokafka's clients live in: their failure is heard, their end is not."""

import asyncio
from collections.abc import Coroutine

import pytest

from worker.app import vitals


async def sleep() -> None:
    """Sleep for ever."""
    await asyncio.Event().wait()


async def fail() -> None:
    """Fail."""
    raise RuntimeError


@pytest.mark.parametrize(("work", "ends"), [(sleep(), []), (fail(), ["aiokafka's fetching ended: RuntimeError"])])
def test_a_task_that_fails_ends_the_process(
    monkeypatch: pytest.MonkeyPatch, work: Coroutine[None, None, None], ends: list[str]
) -> None:
    """With a reason; a task that is cancelled has been told to end."""
    found: list[BaseException] = []
    monkeypatch.setattr(vitals, "abandon", found.append)

    async def scenario() -> None:
        task = asyncio.create_task(work)
        vitals.watch(task, "fetching")
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])

    asyncio.run(scenario())
    assert [str(error) for error in found] == ends
