"""Chaos: a short run for CI, and proof that the comparison sees what it has to see."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from chaos.books import Books, Difference, Pair, compare
from chaos.schedule import KILLS, MAX_WORKERS, plan
from chaos.stream import messages

from worker.broker import KafkaBroker

TESTS = Path(__file__).parents[1]

SEEDS = {"effectively_once": 1026, "exactly_once": 1203}
"""Those that bring every kind of fault within ten kills; the first's workers are static members."""

EXPECTED: dict[str, set[Pair]] = {
    "story": {(b"s1", b"one"), (b"s2", b"two")},
    "headline": {(b"h1", b"latest")},
    "deadletter": {((b"k", b"bad"), None)},
}


@pytest.mark.kafka
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("delivery", "seed"), SEEDS.items())
def test_ten_kills_lose_nothing(kafka_broker: KafkaBroker, tmp_path: Path, delivery: str, seed: int) -> None:
    """Ten kills and what else the seed brings: the same records as without, no more and no less."""
    assert kafka_broker.is_running()  # the tools are there; the run has a broker of its own
    options = ["--kills", "10", "--seed", str(seed), "--delivery", delivery, "--state", str(tmp_path / "state")]
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    command = [sys.executable, "-m", "chaos", *options]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    found = json.loads(answer.stdout.splitlines()[-1])
    assert (found["kills"], answer.returncode) == (10, 0), answer.stdout + answer.stderr
    assert {name: found[name] for name in ("lost", "differing", "extra_ids", "dead_letters_missing", "unfinished")} == {
        "lost": 0,
        "differing": 0,
        "extra_ids": 0,
        "dead_letters_missing": 0,
        "unfinished": 0,
    }
    assert found["repeated"] == 0 or delivery == "effectively_once"


@pytest.mark.parametrize("seed", SEEDS.values())
def test_the_runs_of_ci_have_every_kind_of_fault(seed: int) -> None:
    """A kill of either half and of both, a stop, a frozen process, a broker that is away, and a rebalance."""
    kinds = {fault.kind for fault in plan(10, f"{seed}/0").faults}
    assert {*KILLS, "terminate"} <= kinds
    assert all(kinds & some for some in ({"freeze_split", "freeze_dedupe"}, {"stop_broker", "kill_broker"}, {"join"}))


def test_a_seed_fixes_the_schedule() -> None:
    """The same seed gives the same faults after the same messages; another one gives others."""
    assert plan(20, "1/0") == plan(20, "1/0") != plan(20, "2/0")
    schedule = plan(20, "1/0")
    assert sum(fault.kind in KILLS for fault in schedule.faults) == 20
    assert all(fault.worker < fault.workers <= MAX_WORKERS for fault in schedule.faults)


def test_a_seed_fixes_the_messages() -> None:
    """The same seed gives the same messages, bad ones and tombstones among them."""
    assert messages(300, 1) == messages(300, 1)
    assert len(messages(300, 1)) == 300
    assert sum(one.value is None for one in messages(300, 1)) > 0


@pytest.mark.parametrize(
    ("changed", "difference"),
    [
        ({}, Difference()),
        ({"story": {(b"s1", b"one")}}, Difference(lost=1)),
        ({"story": {(b"s1", b"one"), (b"s2", b"other")}}, Difference(differing=1)),
        ({"story": {(b"s1", b"one"), (b"s2", b"two"), (b"s2", b"other")}}, Difference(differing=1)),
        ({"story": EXPECTED["story"] | {(b"s3", b"three")}}, Difference(extra_ids=1)),
        ({"headline": {(b"h1", b"earlier")}}, Difference(differing=1)),
        ({"deadletter": set()}, Difference(dead_letters_missing=1)),
        ({"deadletter": EXPECTED["deadletter"] | {((b"k2", b"good"), None)}}, Difference(extra_ids=1)),
    ],
)
def test_every_kind_of_difference_is_seen(changed: dict[str, set[Pair]], difference: Difference) -> None:
    """What is missing, changed or too much is counted, each in its own column."""
    assert compare(Books(EXPECTED), Books({**EXPECTED, **changed})) == difference
