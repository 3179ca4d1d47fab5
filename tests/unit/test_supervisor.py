"""What the supervisor shows of its children; running them is tested on the brokers."""

import os
import subprocess
import sys
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest

from worker.health import Judge
from worker.settings import Settings
from worker.supervisor import ChildrenCollector, Supervisor

CHILD = """
from worker import metrics
metrics.OUTCOMES.labels("split", "published").inc({count})
metrics.STATE.labels("split", "running").set(1)
"""


def write(folder: Path, count: int) -> None:
    """Let a process write metrics and end."""
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder)}
    subprocess.run([sys.executable, "-c", CHILD.format(count=count)], env=environment, check=True)


def served(folder: Path) -> str:
    """Return the page of metrics."""
    registry = CollectorRegistry()
    registry.register(ChildrenCollector(str(folder)))
    return generate_latest(registry).decode()


def test_metrics_are_summed_over_the_children(tmp_path: Path) -> None:
    """Counters also over those that have ended."""
    write(tmp_path, 2)
    write(tmp_path, 3)
    assert 'newsworker_messages_total{outcome="published",role="split"} 5.0' in served(tmp_path)
    assert 'newsworker_worker_state{role="split",state="running"} 1.0' in served(tmp_path)


def test_a_file_that_is_just_being_made_is_no_error(tmp_path: Path) -> None:
    """It has no length for an instant."""
    write(tmp_path, 2)
    (tmp_path / "counter_1.db").touch()
    assert served(tmp_path) == ""


def test_before_the_children_start_nobody_is_ready_and_nobody_has_ended(tmp_path: Path) -> None:
    """Every role is named as starting."""
    running = Supervisor(Settings(), ("split", "dedupe"), str(tmp_path))._running()
    assert Judge().live(running, []).healthy
    ready = Judge().ready(running, [])
    assert (ready.healthy, ready.text.count("starting")) == (False, 4)


def test_the_children_get_their_settings_from_the_supervisor_alone(tmp_path: Path) -> None:
    """No variable of ours is inherited: the settings in force may come from elsewhere."""
    os.environ["NEWSWORKER_GROUP"] = "from-the-environment"
    try:
        environment = Supervisor(Settings(), ("split",), str(tmp_path))._environment()
    finally:
        del os.environ["NEWSWORKER_GROUP"]
    assert not [name for name in environment if name.startswith("NEWSWORKER_")]
    assert environment["PROMETHEUS_MULTIPROC_DIR"] == str(tmp_path)
