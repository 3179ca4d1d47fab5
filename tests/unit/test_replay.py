"""What a replay says when it cannot begin."""

import asyncio
import socket
from pathlib import Path

import pytest

from worker.errors import Fatal, Transient
from worker.replay import replay_file
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
