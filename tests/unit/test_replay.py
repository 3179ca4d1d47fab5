"""A replay without a broker, and what one says when it cannot begin."""

import asyncio
import socket
import time
from pathlib import Path

import pytest

from worker import recording
from worker.errors import Fatal, Transient
from worker.incoming import Incoming
from worker.pace import Pace
from worker.replay import Play, play_into, replay_file
from worker.settings import Settings


def test_a_missing_file_is_named_before_the_broker_is_asked(tmp_path: Path) -> None:
    """A wrong name is the caller's to mend."""
    with pytest.raises(Fatal, match=r"pages\.jsonl: no such file") as caught:
        asyncio.run(replay_file([str(tmp_path / "pages.jsonl")], Settings(), topic="news.raw.v1", rate=0))
    assert caught.value.reason == "bad_input"


def test_a_broker_that_does_not_answer_is_named(tmp_path: Path) -> None:
    """The error says where nobody answered and what to do."""
    (tmp_path / "pages.jsonl").write_bytes(b"{}\n")
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{unheard.getsockname()[1]}"
        with pytest.raises(Transient, match=f"no broker answers at {address}") as caught:
            asyncio.run(replay_file([str(tmp_path)], Settings(broker=address), topic="news.raw.v1", rate=0))
    assert caught.value.reason == "broker_unreachable"


@pytest.mark.parametrize("pace", [Pace(rate=20), Pace(factor=1), Pace(factor=10)])
def test_the_pipeline_is_played_through_at_any_speed(tmp_path: Path, pace: Pace) -> None:
    """At a rate, at the recorded speed and at ten times that: eleven messages in half a second, and never less."""
    step_ms = 50 * round(pace.factor or 1)
    lines = [recording.encode(Incoming("t", 0, n, 1_740_000_000_000 + n * step_ms, None, b"{}")) for n in range(11)]
    (tmp_path / "raw.jsonl").write_bytes(b"\n".join(lines))
    started = time.monotonic()
    summary = asyncio.run(play_into(Play([str(tmp_path / "raw.jsonl")]), Settings(), tmp_path / "out", pace=pace))
    assert summary.outcomes == {"dead_letter": 11}
    assert 0.5 <= time.monotonic() - started < 10
