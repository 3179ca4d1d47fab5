"""The command line as a user runs it: in a process of its own, without the caller's settings."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SECONDS = 60


def newsworker(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        _command(arguments), env=_environment(variables), capture_output=True, text=True, timeout=SECONDS, check=False
    )


@contextmanager
def started(*arguments: str, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a command, which is killed at the end of the block; what it says goes nowhere."""
    with subprocess.Popen(_command(arguments), env=_environment(variables), stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


def _command(arguments: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "worker", *arguments]


def _environment(variables: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("NEWSWORKER_")} | variables
