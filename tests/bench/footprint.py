"""How fast the worker is ready on the embedded broker, and how much memory it takes (`make bench`)."""

from pathlib import Path

from worker_process import WorkerProcess

from worker import topics
from worker.broker import EmbeddedBroker
from worker.settings import MIB, Settings


def start_and_weigh(state_dir: Path) -> tuple[float, float]:
    """Return (seconds from the start to ready, MiB resident in the supervisor and its children together)."""
    settings = Settings(partitions=2, web_port=0, state_dir=state_dir, log_format="json")
    with EmbeddedBroker(topics.partitions(settings)) as broker:
        settings = settings.model_copy(update={"broker": broker.bootstrap})
        with WorkerProcess(settings) as worker:
            seconds = worker.wait_until_ready()
            pids = [worker.process.pid, *worker.children()]
            resident = sum(resident_bytes(pid) for pid in pids) / MIB
            worker.stop()
    return seconds, resident


def resident_bytes(pid: int | str) -> int:
    """Return the resident memory of a process, `self` for this one."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
