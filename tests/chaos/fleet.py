"""One to four workers of the same groups, and what is done to them.

In: faults of the schedule. Out: dead, frozen, stopped and new processes. Every worker has its own folder for local
state, which a killed one finds again unless the fault deletes it.
"""

import os
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from chaos.schedule import Fault, Schedule
from worker_process import WorkerProcess

from worker.broker import KafkaBroker
from worker.settings import Settings

HEARING_SECONDS = 30.0
"""Longest wait for a worker to hear SIGTERM: before it does, the signal ends it as it ends any process."""

EXPECTED = frozenset({"library", "child_died", "child_restarted", "waiting_for_broker", "publish_retried"})
"""Log lines above information that every kill and outage brings about."""


class Fleet:
    """The running workers; leave the block to end them."""

    def __init__(self, settings: Settings, broker: KafkaBroker, schedule: Schedule) -> None:
        self._settings = settings
        self._broker = broker
        self._is_static = schedule.is_static
        self._started = 0
        self.complaints = Counter[str]()
        self._workers: list[tuple[Path, WorkerProcess]] = []
        for _ in range(schedule.workers):
            self._join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for _, worker in self._workers:
            self._bury(worker)

    def suffer(self, fault: Fault) -> None:
        """Do what the fault says."""
        faults: Mapping[str, Callable[[Fault], None]] = {
            "kill_split": lambda fault: self._kill_role(fault, "split"),
            "kill_dedupe": lambda fault: self._kill_role(fault, "dedupe"),
            "kill_worker": self._kill,
            "terminate": self._terminate,
            "freeze_split": lambda fault: self._freeze(fault, "split"),
            "freeze_dedupe": lambda fault: self._freeze(fault, "dedupe"),
            "stop_broker": lambda fault: self._outage(fault, self._broker.stop),
            "kill_broker": lambda fault: self._outage(fault, self._broker.kill),
            "join": lambda _: self._join(),
            "leave": self._leave,
        }
        faults[fault.kind](fault)

    def revive(self) -> None:
        """Start anew the workers that ended by themselves, as an orchestrator would."""
        for number, (_, worker) in enumerate(self._workers):
            if worker.process.poll() is not None:
                self._restart(number, wipe=False)

    def drain(self) -> list[int]:
        """Tell all workers to end, once they can hear it, and return the exit codes, also of those that had ended."""
        codes = [worker.process.poll() for _, worker in self._workers]
        running = [worker for (_, worker), code in zip(self._workers, codes, strict=True) if code is None]
        for worker in running:
            with suppress(AssertionError):  # it has just ended: its code says how
                worker.wait_until(partial(worker.events, "serving"), HEARING_SECONDS, "serving")
        return [code for code in codes if code is not None] + [worker.stop() for worker in running]

    def _join(self) -> None:
        self._started += 1
        folder = self._settings.state_dir / str(self._started)
        self._workers.append((folder, self._start(folder)))

    def _start(self, folder: Path) -> WorkerProcess:
        own = {"state_dir": folder, "instance_id": folder.name if self._is_static else None}
        return WorkerProcess(self._settings.model_copy(update=own))

    def _kill_role(self, fault: Fault, role: str) -> None:
        worker = self._worker(fault)
        with suppress(StopIteration, ProcessLookupError):  # it has not started it yet, or has just ended
            os.kill(worker.child(role), signal.SIGKILL)
        if worker.children():
            worker.wait()
        self._restart(fault.worker, wipe=fault.wipe)

    def _kill(self, fault: Fault) -> None:
        self._restart(fault.worker, wipe=fault.wipe)

    def _terminate(self, fault: Fault) -> None:
        self._worker(fault).stop()
        self._restart(fault.worker, wipe=fault.wipe)

    def _freeze(self, fault: Fault, role: str) -> None:
        with suppress(StopIteration, ProcessLookupError):
            child = self._worker(fault).child(role)
            os.kill(child, signal.SIGSTOP)
            time.sleep(fault.seconds)
            os.kill(child, signal.SIGCONT)

    def _outage(self, fault: Fault, end: Callable[[], None]) -> None:
        end()
        time.sleep(fault.seconds)
        self._broker.start()

    def _leave(self, fault: Fault) -> None:
        _, worker = self._workers.pop(fault.worker)
        worker.stop()
        self._bury(worker)

    def _worker(self, fault: Fault) -> WorkerProcess:
        return self._workers[fault.worker][1]

    def _restart(self, number: int, *, wipe: bool) -> None:
        folder, worker = self._workers[number]
        self._bury(worker)
        if wipe:
            shutil.rmtree(folder, ignore_errors=True)
        self._workers[number] = folder, self._start(folder)

    def _bury(self, worker: WorkerProcess) -> None:
        worker.__exit__(None, None, None)
        lines = [line for line in worker.complaints() if line["event"] not in EXPECTED]
        self.complaints.update(f"{line['event']}: {_details(line)}" for line in lines)


def _details(line: Mapping[str, object]) -> object:
    """Return what a complaint says beside its event: a cut off drain tells for what it was waiting."""
    return next((line[name] for name in ("message", "text", "waiting") if name in line), "")
