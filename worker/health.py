"""Health: what the roles' gauges say about being live and ready, and asking a running worker for it.

In: samples of the metrics, and whether each child runs, from the supervisor. Out: answers for /live and /ready, and
for `newsworker probe`. It holds no state, so that a busy worker cannot delay an answer.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

from prometheus_client import Metric

from worker.settings import Settings

STATES = (
    "starting",
    "waiting_for_broker",
    "waiting_for_partitions",
    "recovering",
    "running",
    "publishing_retried",
    "storing_retried",
    "breaker_open",
    "draining",
)
"""What a role may be doing; exactly one at a time. Only `running` is ready."""

MEANINGS: Mapping[str, str] = {
    "starting": "the process is starting",
    "waiting_for_broker": "the broker does not answer or refuses this client, or topics are missing",
    "waiting_for_partitions": "the consumer group has not given partitions out yet",
    "recovering": "tables are recovered from their changelogs",
    "publishing_retried": "publishing is retried: the broker does not acknowledge",
    "storing_retried": "the local state cannot be written: is its disk full?",
    "breaker_open": "too many dead letters: consuming has stopped until the next start",
    "draining": "the worker is ending",
}

HEARTBEAT_SECONDS = 60.0
"""An event loop silent for so long is dead: the largest allowed page holds it for a few seconds."""

DEADLINES = 2
"""Nor is it dead for so many times a stage's deadline, which counts CPU seconds: half a processor takes as long."""

READY_SECONDS = 15.0
"""One silent for so long is given no more work to wait for: well above such a page, well below a dead loop."""

PROBE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: `healthy` is 200, otherwise 503; a line a role says what is missing."""

    healthy: bool
    text: str
    media_type: str = "text/plain"


@dataclass(slots=True)
class RoleHealth:
    """What the gauges say of a role."""

    state: str = "starting"
    heartbeat: float | None = None
    partitions: int = 0


@dataclass(frozen=True, slots=True)
class Judge:
    """Answers from samples; `clock` is the machine's monotonic one: the wall clock may jump between beat and answer.

    `stage_deadline_seconds` is what a stage of a message may take, and hold the event loop for.
    """

    clock: Callable[[], float] = field(default=time.monotonic)
    stage_deadline_seconds: float = 0.0

    def live(self, running: Mapping[str, bool], samples: Iterable[Metric]) -> Answer:
        """Tell whether every role's process runs and its event loop turns."""
        healths = read(running, samples)
        longest = max(HEARTBEAT_SECONDS, DEADLINES * self.stage_deadline_seconds)
        lacks = {role: self._death(running[role], health, longest) for role, health in healths.items()}
        return _answer(lacks, healths)

    def ready(self, running: Mapping[str, bool], samples: Iterable[Metric]) -> Answer:
        """Tell whether every role is consuming, or is a spare that has joined its group."""
        healths = read(running, samples)
        lacks = {
            role: self._death(running[role], health, READY_SECONDS) or _lack(health) for role, health in healths.items()
        }
        return _answer(lacks, healths)

    def _death(self, is_running: bool, health: RoleHealth, longest_silence: float) -> str | None:
        if not is_running:
            return "the process has ended"
        silent = self.clock() - health.heartbeat if health.heartbeat is not None else 0.0
        return f"the event loop is silent for {silent:.0f} s" if silent > longest_silence else None


def read(roles: Iterable[str], samples: Iterable[Metric]) -> dict[str, RoleHealth]:
    """Return what the gauges say of each role; a role that has not written any is starting."""
    healths = {role: RoleHealth() for role in roles}
    for metric in samples:
        for sample in metric.samples:
            health = healths.get(sample.labels.get("role", ""))
            if health is not None:
                _take(health, sample.name, sample.labels, sample.value)
    return healths


def _take(health: RoleHealth, name: str, labels: Mapping[str, str], value: float) -> None:
    if name == "newsworker_worker_state" and value:
        health.state = labels["state"]
    elif name == "newsworker_loop_heartbeat_monotonic_seconds":
        health.heartbeat = value
    elif name == "newsworker_partitions_assigned":
        health.partitions = int(value)


def probe(settings: Settings, kind: str) -> tuple[bool, str]:
    """Ask a running worker whether it is `live` or `ready`; return the verdict and its words."""
    connection = HTTPConnection(settings.web_host, settings.web_port, timeout=PROBE_SECONDS)
    try:
        connection.request("GET", f"/{kind}")
        response = connection.getresponse()
        return response.status == HTTPStatus.OK, response.read().decode("utf-8", "replace").strip()
    except (OSError, HTTPException) as error:
        return False, f"no worker answers on {settings.web_host}:{settings.web_port}: {error}"
    finally:
        connection.close()


def _lack(health: RoleHealth) -> str | None:
    return None if health.state == "running" else f"{health.state}: {MEANINGS[health.state]}"


def _answer(lacks: Mapping[str, str | None], healths: Mapping[str, RoleHealth]) -> Answer:
    lines = [f"{role}: {lack or _well(healths[role])}" for role, lack in lacks.items()]
    return Answer(not any(lacks.values()), "\n".join(lines) + "\n")


def _well(health: RoleHealth) -> str:
    return f"ok, {health.state}, {health.partitions} partitions" if health.state == "running" else f"ok, {health.state}"
