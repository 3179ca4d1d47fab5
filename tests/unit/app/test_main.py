"""A role's process is started by the supervisor, and says so to anyone else."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("arguments", "code", "text"), [([], 1, "usage:"), (["split"], 2, "started by `newsworker run`")]
)
def test_started_by_hand_it_says_how_it_is_started(arguments: list[str], code: int, text: str) -> None:
    """In one line, whatever is missing."""
    command = [sys.executable, "-m", "worker.app", *arguments]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert (ended.returncode, len(ended.stderr.splitlines())) == (code, 1)
    assert text in ended.stderr
