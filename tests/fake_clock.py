"""The wall clock of a process, moved while it runs: Debian's libfaketime, loaded before everything else.

In: seconds. Out: variables for the process's environment. It moves no monotonic clock, as no administrator could.
"""

import os
from pathlib import Path

import pytest

FOLDER = Path("/usr/lib")
LIBRARY = "*/faketime/libfaketimeMT.so.1"
"""Its variant for processes with threads, where Debian's package `libfaketime` puts it."""

VARIABLES = {
    "FAKETIME_NO_CACHE": "1",
    "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    # With its own idea of how threads wait by the monotonic clock, Python's wait 0.1 s and more for each other.
    "FAKETIME_FORCE_MONOTONIC_FIX": "0",
}

SLEEP = """import threading, time
time.sleep = lambda seconds: threading.Event().wait(seconds) and None
"""
"""Version 0.9.10 refuses the system call by which Python sleeps: EINVAL."""


class FakeClock:
    """A wall clock that is right at first."""

    def __init__(self, folder: Path) -> None:
        """Keep the offset in a file of the folder. Skips the test where the library is missing; in CI it fails."""
        libraries = sorted(FOLDER.glob(LIBRARY))
        if not libraries:
            end = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
            end("libfaketime is missing: install Debian's package `faketime`")
        self._file = folder / "offset"
        (folder / "sitecustomize.py").write_text(SLEEP, encoding="ascii")
        self.environment = {
            "LD_PRELOAD": str(libraries[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "PYTHONPATH": str(folder),
            **VARIABLES,
        }
        self.move(0)

    def move(self, seconds: int) -> None:
        """Let the clock be wrong by so much from now on."""
        written = self._file.with_suffix(".new")
        written.write_text(f"{seconds:+d}", encoding="ascii")
        written.replace(self._file)
