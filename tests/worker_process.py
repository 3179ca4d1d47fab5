"""A running worker for the tests: `newsworker run` in a process of its own, asked over HTTP and by its log."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from worker.app.child import STACKS
from worker.settings import Settings, as_environment

START_SECONDS = 120.0
"""Longest wait for a start: 3 s where measured, and the machine may be shared."""

LONG_SECONDS = 120.0
"""Longest wait for work to be done, or to be shared out anew."""

STOP_SECONDS = 40.0
STACKS_SECONDS = 0.5
POLL_SECONDS = 0.05
LONGEST_POLL_SECONDS = 0.5
"""Rest until the next look: at least and at most. In between it is four times as long as a look takes."""

SAMPLE = re.compile(r"^(?P<name>\w+?)(?:\{(?P<labels>.*)\})? (?P<value>\S+)$")


class WorkerProcess:
    """A worker with its own folder for temporary files, so that a test can see that it leaves none."""

    def __init__(self, settings: Settings, *, role: str = "all", **environment: str) -> None:
        """Start it; `environment` is added to the settings' variables."""
        self.temporary = Path(tempfile.mkdtemp(prefix="worker-tmp-"))
        self.lines: list[dict[str, Any]] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "worker", "run", "--role", role],
            env={**os.environ, **as_environment(settings), "TMPDIR": str(self.temporary), **environment},
            stderr=subprocess.PIPE,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for pid in self.children():
            with suppress(ProcessLookupError):  # it has just ended
                os.kill(pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()
        self._reader.join()
        for path in sorted(self.temporary.rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
        self.temporary.rmdir()

    def events(self, event: str, **fields: object) -> list[dict[str, Any]]:
        """Return the log lines of an event with these fields."""
        return [line for line in list(self.lines) if line["event"] == event and fields.items() <= line.items()]

    def complaints(self) -> list[dict[str, Any]]:
        """Return the log lines above the level of information, those first that say why a process has ended."""
        complaints = [line for line in list(self.lines) if line.get("level") != "info"]
        return sorted(complaints, key=lambda line: line.get("level") != "critical")

    def children(self) -> list[int]:
        """Return the process ids of the roles."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()] if path.exists() else []

    def child(self, role: str) -> int:
        """Return the process id of a role."""
        commands = {pid: Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0") for pid in self.children()}
        return next(pid for pid, command in commands.items() if role.encode() in command)

    def stacks(self) -> str:
        """Return where each thread of the roles stands."""
        before = len(self.events("text"))
        for pid in self.children():
            os.kill(pid, STACKS)
        time.sleep(STACKS_SECONDS)
        return "\n".join(line["text"].rstrip() for line in self.events("text")[before:])

    def get(self, path: str) -> tuple[int, str]:
        """Return status and text of a page; (0, "") while nobody answers."""
        serving = self.events("serving")
        if not serving:
            return 0, ""
        connection = HTTPConnection(serving[0]["url"].removeprefix("http://"), timeout=10)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except OSError:
            return 0, ""
        finally:
            connection.close()

    def metrics(self, name: str) -> dict[frozenset[tuple[str, str]], float]:
        """Return the samples of a metric by their labels."""
        found = (SAMPLE.match(line) for line in self.get("/metrics")[1].splitlines())
        return {_labels(one["labels"]): float(one["value"]) for one in found if one and one["name"] == name}

    def metric(self, name: str, **labels: str) -> float:
        """Return the sum of the samples that have these labels."""
        return sum(value for found, value in self.metrics(name).items() if labels.items() <= found)

    def wait_until_ready(self, seconds: float = START_SECONDS) -> float:
        """Wait for /ready; return the seconds it took."""
        return self.wait_until(lambda: self.get("/ready")[0] == 200, seconds, "ready")

    def wait_until(self, condition: Callable[[], object], seconds: float = START_SECONDS, what: str = "true") -> float:
        """Wait until a condition holds; return the seconds it took. Fails when the worker ends before."""
        started = looked = time.monotonic()
        while not condition():
            now = time.monotonic()
            waited, took = now - started, now - looked
            if waited >= seconds:
                states = self.get("/ready")[1]
                raise AssertionError(f"not {what} after {seconds} s: {states}{self.complaints()}\n{self.stacks()}")
            assert self.process.poll() is None, f"ended with {self.process.returncode}: {self.complaints()}"
            # Looking costs the machine that is waited for.
            time.sleep(min(max(POLL_SECONDS, 4 * took), LONGEST_POLL_SECONDS))
            looked = time.monotonic()
        return time.monotonic() - started

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to end and return its exit code."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """Wait for its end and return its exit code."""
        try:
            code = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired as error:
            states = self.get("/ready")[1]
            raise AssertionError(f"not ended after {STOP_SECONDS} s: {states}{self.lines[-8:]}") from error
        self._reader.join(STOP_SECONDS)
        return code

    def left_behind(self) -> list[str]:
        """Return the names of files it has left in the temporary folder."""
        return sorted(str(path.relative_to(self.temporary)) for path in self.temporary.rglob("*"))

    def _read(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as stream:
            for line in stream:
                try:
                    self.lines.append(json.loads(line))
                except ValueError:
                    self.lines.append({"event": "text", "text": line.decode(errors="replace")})


def is_alive(pid: int) -> bool:
    """Tell whether a process runs (and is no zombie)."""
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def _labels(text: str | None) -> frozenset[tuple[str, str]]:
    pairs: Mapping[str, str] = dict(re.findall(r'(\w+)="([^"]*)"', text or ""))
    return frozenset(pairs.items())
