"""A broker's command in a process of its own, as the command line runs it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

EMBEDDED = "from worker.broker import run_embedded; run_embedded({'served': 3})"
KAFKA = "from worker.broker import run_kafka; run_kafka()"


@dataclass(frozen=True, slots=True)
class Served:
    """The process, and the address that it printed."""

    process: subprocess.Popen[str]
    address: str


@contextmanager
def serving(source: str, temporary: Path) -> Iterator[Served]:
    """Run the Python source with its temporary files in `temporary`; kill it at the end if it still runs."""
    command = [sys.executable, "-c", source]
    environ = os.environ | {"TMPDIR": str(temporary)}
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Served(process, process.stdout.readline().strip())
        finally:
            process.kill()
