"""The command line as a user runs it: in a process of its own, without the caller's settings."""

import os
import subprocess
import sys

SECONDS = 60


def newsworker(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        _command(arguments), env=_environment(variables), capture_output=True, text=True, timeout=SECONDS, check=False
    )


def start(*arguments: str, **variables: str) -> subprocess.Popen[bytes]:
    """Start a command, which the caller ends; what it says goes nowhere."""
    return subprocess.Popen(_command(arguments), env=_environment(variables), stderr=subprocess.DEVNULL)


def _command(arguments: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "worker", *arguments]


def _environment(variables: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("NEWSWORKER_")} | variables
