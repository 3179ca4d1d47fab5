"""A process that ends: what it says of the work that it does not wait for any longer."""

import asyncio

import pytest

from worker.app import child


async def wait() -> None:
    """Wait for what never comes."""
    await asyncio.Event().wait()


def test_a_drain_that_is_cut_off_says_what_it_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The places where its tasks stand; from another thread, for the loop may stand still."""
    words: list[object] = []
    monkeypatch.setattr(
        child.log, "last_word", lambda _level, event, **fields: words.extend([event, fields["waiting"]])
    )
    monkeypatch.setattr(child.os, "_exit", words.append)

    async def scenario() -> None:
        task = asyncio.create_task(wait())
        await asyncio.sleep(0)
        await asyncio.to_thread(child._cut_off, asyncio.get_running_loop())
        task.cancel()

    asyncio.run(scenario())
    assert words[0] == "drain_cut_off"
    assert any(str(place).startswith("test_child.py:") for place in list(words[1])), words  # type: ignore[call-overload]
    assert words[2] == child.EXIT_CUT_OFF
