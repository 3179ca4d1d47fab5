"""What `newsworker run` does: one process a role, their signals, and one port for metrics and health.

In: settings and roles, from the command line. Out: the exit code: 0 after a clean drain, 1 where a process died or had
to be cut off. It imports no Faust and touches no message, so that a busy worker can always be asked how it is.
"""

import logging
import os
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import CollectorRegistry, Metric, make_wsgi_app
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from worker import __version__, complaints, health, log, status
from worker.ending import Ending
from worker.health import Answer, Judge
from worker.settings import ENV_PREFIX, Role, Settings
from worker.web import Server

EXIT_TRY_AGAIN = 75
"""`EX_TEMPFAIL` of sysexits.h: a child lost the broker while it was starting and is started anew."""

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Tells a child the folder of the run: the metrics' own library, and what it writes for the status page."""

EXIT_FAILED = 1

CLEAN_EXITS = (0, -signal.SIGTERM)
"""What a child that was told to end may return: the signal itself, before it handles it and has begun anything."""

LOOK_SECONDS = 0.2
"""How often the children are looked at."""

GRACE_SECONDS = 3.0
"""After `drain_seconds` a child ends by itself; after this much more it is killed."""

RESTART_SECONDS = 1.0

READ_TRIES = 5
READ_SECONDS = 0.02


class ChildrenCollector(Collector):
    """Reads what the children have written, summed over them."""

    def __init__(self, folder: str) -> None:
        """Read the files in `folder`."""
        self._files = MultiProcessCollector(None, path=folder)  # type: ignore[no-untyped-call]

    def collect(self) -> list[Metric]:
        """Return every metric; none where a file is just being made, even after a moment."""
        for _ in range(READ_TRIES):
            # A file has no length for an instant after it was made; and a process has only so many descriptors.
            with suppress(struct.error, OSError):
                return list(self._files.collect())  # type: ignore[no-untyped-call]
            time.sleep(READ_SECONDS)
        return []


@dataclass(slots=True)
class Child:
    """A role and its process."""

    role: Role
    process: subprocess.Popen[bytes]

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self.process.poll() is None


def run(settings: Settings, roles: Sequence[Role]) -> int:
    """Run the roles until SIGTERM or SIGINT; return the exit code. Call it in the main thread.

    Raises:
        Fatal: `web_port_taken`.
    """
    log.configure(settings.log_format, settings.log_level, role="supervisor")
    ending = Ending()
    with tempfile.TemporaryDirectory(prefix="newsworker-metrics-") as folder:
        return Supervisor(settings, roles, folder).run(ending)


class Supervisor:
    """The children of one run."""

    def __init__(self, settings: Settings, roles: Sequence[Role], folder: str) -> None:
        """Keep the children's metrics in `folder`."""
        self._settings = settings
        self._roles = roles
        self._folder = folder
        self._registry = CollectorRegistry()
        self._registry.register(ChildrenCollector(folder))
        self._children: dict[Role, Child] = {}
        self._rates = status.Rates()

    def run(self, ending: Ending) -> int:
        """Start the children and serve until the end; drain; return the exit code."""
        judge = Judge(stage_deadline_seconds=self._settings.stage_deadline_seconds)
        pages = {
            "/": lambda: self._status(judge),
            "/live": lambda: judge.live(self._running(), self._samples()),
            "/ready": lambda: judge.ready(self._running(), self._samples()),
        }
        host, port = self._settings.web_host, self._settings.web_port
        with Server(host, port, pages, make_wsgi_app(self._registry)) as server:
            log.get().info("serving", version=__version__, url=f"http://{host}:{server.port}", roles=list(self._roles))
            for role in self._roles:
                self._children[role] = self._start(role)
            failed = self._watch(ending)
            return self._drain() if failed is None else self._drain_after(failed)

    def _start(self, role: Role) -> Child:
        command = [sys.executable, "-m", "worker.app", role]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, env=self._environment())  # noqa: S603 - ourselves
        assert process.stdin is not None
        # The settings in force, not where they came from: a file may have changed since. The pipe stays open: the child
        # takes its end for ours.
        process.stdin.write(self._settings.model_dump_json().encode() + b"\n")
        process.stdin.flush()
        return Child(role, process)

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(ENV_PREFIX)}
        return {**inherited, FOLDER_VARIABLE: self._folder}

    def _watch(self, ending: Ending) -> Child | None:
        """Return the child that failed, or None when it is time to end."""
        while not ending.wait(LOOK_SECONDS):
            if self._rates.is_due and (samples := status.samples_of(self._samples())):
                self._rates.look(samples)
            for child in list(self._children.values()):
                if child.is_running:
                    continue
                self._bury(child)
                if child.process.returncode != EXIT_TRY_AGAIN:
                    return child
                log.get().warning("child_restarted", child=child.role, cause="the broker went away while it started")
                ending.wait(RESTART_SECONDS)
                self._children[child.role] = self._start(child.role)
        return None

    def _drain_after(self, failed: Child) -> int:
        log.last_word(logging.ERROR, "child_died", child=failed.role, exit_code=failed.process.returncode)
        self._drain()
        return EXIT_FAILED

    def _drain(self) -> int:
        """Tell the children to end, wait, and kill those that do not; return the exit code."""
        children = list(self._children.values())
        deadline = time.monotonic() + self._settings.drain_seconds + GRACE_SECONDS
        for child in children:
            child.process.terminate()
        codes = [_end(child, deadline) for child in children]
        return EXIT_FAILED if any(code not in CLEAN_EXITS for code in codes) else 0

    def _bury(self, child: Child) -> None:
        # Its live gauges would be shown for ever.
        mark_process_dead(child.process.pid, self._folder)  # type: ignore[no-untyped-call]

    def _running(self) -> Mapping[str, bool]:
        # A role whose process is about to be started is not an ended one.
        children = ((role, self._children.get(role)) for role in self._roles)
        return {role: child is None or child.is_running for role, child in children}

    def _status(self, judge: Judge) -> Answer:
        running, samples = self._running(), list(self._samples())
        answers = {"/live": judge.live(running, samples), "/ready": judge.ready(running, samples)}
        found = complaints.read(Path(self._folder))
        page = status.Status(
            self._settings, health.read(running, samples), answers, status.samples_of(samples), self._rates, found
        )
        return Answer(healthy=True, text=page.render(), media_type="text/html")

    def _samples(self) -> Iterable[Metric]:
        return self._registry.collect()


def _end(child: Child, deadline: float) -> int:
    """Wait for a child's end until `deadline`, then kill it; return its exit code."""
    try:
        code = child.process.wait(max(deadline - time.monotonic(), 0))
    except subprocess.TimeoutExpired:
        child.process.kill()
        code = child.process.wait()
        log.last_word(logging.ERROR, "child_killed", child=child.role)
    if child.process.stdin is not None:
        child.process.stdin.close()
    return code
