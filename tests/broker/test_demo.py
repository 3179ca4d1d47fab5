"""The demo, as a newcomer runs it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from worker_process import is_alive

LONGEST_SECONDS = 60.0


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path, float]:
    """Run the demo once for this module: its answer, its folder, its seconds."""
    out = tmp_path_factory.mktemp("demo") / "out"
    started = time.monotonic()
    command = [sys.executable, "-m", "worker", "demo", "--out", str(out)]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=150, check=False)
    return answer, out, time.monotonic() - started


def records(out: Path, kind: str) -> list[dict[str, object]]:
    """Return the records of a kind that the demo left."""
    return [json.loads(line) for line in (out / f"{kind}.jsonl").read_text("utf-8").split("\n") if line]


def test_the_demo_ends_well_within_a_minute(demo: tuple[subprocess.CompletedProcess[str], Path, float]) -> None:
    """Exit code 0, in under a minute, with both halves' books balanced."""
    answer, _, seconds = demo
    assert answer.returncode == 0, answer.stderr
    assert seconds < LONGEST_SECONDS
    assert answer.stdout.count(" balanced ") == 2


def test_the_demo_leaves_every_kind_of_record(demo: tuple[subprocess.CompletedProcess[str], Path, float]) -> None:
    """Stories, an embedded one among them, headlines, repeats, a copy and a dead letter lie in the folder."""
    _, out, _ = demo
    assert {story["kind"] for story in records(out, "story")} == {"main", "embedded"}
    assert {"repeat", "same_as_story"} <= {mention["verdict"] for mention in records(out, "mention")}
    assert "duplicate" in {copy["status"] for copy in records(out, "copy")}
    assert len(records(out, "page")) == 9
    assert len(records(out, "deadletter")) == 1
    assert records(out, "headline")


def descendants(pid: int) -> list[int]:
    """Return the process ids of a process's children and theirs (proc(5))."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    children = [int(child) for child in path.read_text().split()] if path.exists() else []
    return [*children, *(one for child in children for one in descendants(child))]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_demo_that_is_told_to_end_leaves_nothing_behind(tmp_path: Path, number: signal.Signals) -> None:
    """Neither a process nor a temporary folder."""
    out, temporary = tmp_path / "out", tmp_path / "temporary"
    temporary.mkdir()
    command = [sys.executable, "-m", "worker", "demo", "--out", str(out)]
    with subprocess.Popen(command, env={**os.environ, "TMPDIR": str(temporary)}, stdout=subprocess.DEVNULL) as process:
        started = time.monotonic()
        while len(found := descendants(process.pid)) < 3 or not list(temporary.glob("newsworker-metrics-*")):
            assert time.monotonic() - started < LONGEST_SECONDS
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(number)
        assert process.wait(LONGEST_SECONDS) == 128 + number
    assert not any(is_alive(pid) for pid in found)
    assert list(temporary.iterdir()) == []
