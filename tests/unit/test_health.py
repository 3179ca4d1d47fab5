"""What /live and /ready answer, and what `probe` makes of it."""

from collections.abc import Iterable

import pytest
from prometheus_client import CollectorRegistry, Gauge, Metric

from worker.health import HEARTBEAT_SECONDS, MEANINGS, READY_SECONDS, STATES, Judge, probe
from worker.settings import Settings

NOW = 1_000_000.0
JUDGE = Judge(clock=lambda: NOW)


def samples(states: dict[str, str], heartbeat: float = NOW, partitions: int = 2) -> Iterable[Metric]:
    """Return the gauges of roles in these states."""
    registry = CollectorRegistry()
    state = Gauge("newsworker_worker_state", "State.", ["role", "state"], registry=registry)
    beat = Gauge("newsworker_loop_heartbeat_monotonic_seconds", "Heartbeat.", ["role"], registry=registry)
    assigned = Gauge("newsworker_partitions_assigned", "Partitions.", ["role"], registry=registry)
    for role, current in states.items():
        for one in STATES:
            state.labels(role, one).set(one == current)
        beat.labels(role).set(heartbeat)
        assigned.labels(role).set(partitions)
    return registry.collect()


def test_running_roles_are_ready() -> None:
    """A line a role says so."""
    answer = JUDGE.ready({"split": True, "dedupe": True}, samples({"split": "running", "dedupe": "running"}))
    assert answer.healthy
    assert answer.text == "split: ok, running, 2 partitions\ndedupe: ok, running, 2 partitions\n"


def test_an_idle_spare_is_ready() -> None:
    """A role that has joined its group and got no partition is well."""
    assert JUDGE.ready({"split": True}, samples({"split": "running"}, partitions=0)).healthy


@pytest.mark.parametrize("state", sorted(MEANINGS))
def test_every_other_state_is_not_ready_but_live(state: str) -> None:
    """The answer says which role lacks what."""
    running = {"split": True, "dedupe": True}
    found = list(samples({"split": "running", "dedupe": state}))
    ready = JUDGE.ready(running, found)
    assert not ready.healthy
    assert f"dedupe: {state}: {MEANINGS[state]}" in ready.text
    assert JUDGE.live(running, found).healthy


def test_every_state_but_running_is_explained() -> None:
    """No state is without words."""
    assert set(MEANINGS) | {"running"} == set(STATES)


def test_a_role_that_has_written_nothing_is_starting() -> None:
    """It is live, and not ready."""
    assert JUDGE.live({"split": True}, []).healthy
    assert "split: starting" in JUDGE.ready({"split": True}, []).text


def test_an_ended_process_is_not_live() -> None:
    """Whatever its last gauges say."""
    answer = JUDGE.live({"split": False}, samples({"split": "running"}))
    assert (answer.healthy, answer.text) == (False, "split: the process has ended\n")


def test_a_silent_event_loop_is_not_live() -> None:
    """The heartbeat may be late by a long page, not by a minute."""
    assert JUDGE.live({"split": True}, samples({"split": "running"}, NOW - HEARTBEAT_SECONDS)).healthy
    late = JUDGE.live({"split": True}, samples({"split": "running"}, NOW - HEARTBEAT_SECONDS - 1))
    assert (late.healthy, late.text) == (False, "split: the event loop is silent for 61 s\n")


def test_a_page_within_its_deadline_kills_nobody() -> None:
    """Where stages may take long, the event loop may be silent for longer: twice as long, on half a processor."""
    judge = Judge(JUDGE.clock, stage_deadline_seconds=100)
    assert judge.live({"split": True}, samples({"split": "running"}, NOW - 200)).healthy
    assert not judge.live({"split": True}, samples({"split": "running"}, NOW - 201)).healthy


def test_a_silent_event_loop_is_not_ready() -> None:
    """What the gauges said last is not believed for as long as it takes to call the loop dead."""
    assert JUDGE.ready({"split": True}, samples({"split": "running"}, NOW - READY_SECONDS)).healthy
    found = list(samples({"split": "running"}, NOW - READY_SECONDS - 1))
    late = JUDGE.ready({"split": True}, found)
    assert (late.healthy, late.text) == (False, "split: the event loop is silent for 16 s\n")
    assert JUDGE.live({"split": True}, found).healthy


def test_probing_nobody_is_an_answer() -> None:
    """Where no worker answers the probe fails and says where it asked."""
    healthy, answer = probe(Settings(web_port=1), "ready")
    assert not healthy
    assert answer.startswith("no worker answers on 127.0.0.1:1")
