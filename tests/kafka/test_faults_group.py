"""Faults of the consumer group in the middle of the work: members come, go, freeze, and take each other's names."""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import pytest
from kafka_client import KafkaClient
from pages import SIGHTINGS, good
from whole import assert_whole, is_consumed
from worker_process import LONG_SECONDS, WorkerProcess

from worker.settings import Settings

PORTION = 4
PORTION_SECONDS = 0.2
"""So that both halves have work most of the time: a portion takes them about half as long, and longer beside others."""

SESSION_SECONDS = 6
"""Of the settings of the tests."""

LONG_SESSION_SECONDS = 60
"""Where a member is to be back long before its session is over."""


@pytest.fixture(params=["effectively_once", "exactly_once"])
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """Small batches, so that faults meet the middle of the work; once for each way of delivering."""
    return settings.model_copy(update={"delivery": request.param, "batch_messages": 20})


class Stream:
    """Pages that are produced one portion after the other, until the block is left."""

    def __init__(self, client: KafkaClient, settings: Settings) -> None:
        self._client = client
        self._topic = settings.topics.raw
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.pages = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(PORTION_SECONDS):
            self._client.produce(self._topic, [good(self.pages + number) for number in range(PORTION)])
            self.pages += PORTION


def done(workers: Sequence[WorkerProcess], role: str) -> Counter[tuple[int, int]]:
    """Return how often each message of a role was finished, by partition and offset."""
    lines = (line for worker in workers for line in worker.events("message", role=role))
    return Counter((line["partition"], line["offset"]) for line in lines)


def wait_until_working(worker: WorkerProcess) -> None:
    """Wait until both halves of a worker finish messages."""
    for role in ("split", "dedupe"):
        before = len(worker.events("message", role=role))
        worker.wait_until(lambda role=role, before=before: len(worker.events("message", role=role)) > before, what=role)


def finish(client: KafkaClient, settings: Settings, worker: WorkerProcess, pages: int) -> None:
    """Wait until all is consumed, and look at the topics."""
    worker.wait_until(lambda: is_consumed(client, settings), LONG_SECONDS, "consumed")
    assert worker.metric("newsworker_skipped_offsets_total") == 0
    assert worker.stop() == 0
    assert_whole(client, settings, pages)


def test_members_that_join_and_leave_repeat_nothing(settings: Settings, kafka_client: KafkaClient) -> None:
    """A second and a third worker join under load, the first leaves: every message is finished exactly once."""
    with ExitStack() as stack:
        workers = [stack.enter_context(WorkerProcess(settings))]
        stream = stack.enter_context(Stream(kafka_client, settings))
        wait_until_working(workers[0])
        for _ in range(2):
            workers.append(stack.enter_context(WorkerProcess(settings)))
            workers[-1].wait_until(lambda: len(workers[-1].events("partitions_assigned")) == 2, LONG_SECONDS, "joined")
        assert workers[0].stop() == 0
        wait_until_working(workers[1])
        stream.__exit__()
        workers[1].wait_until(lambda: is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
        assert [worker.metric("newsworker_skipped_offsets_total") for worker in workers[1:]] == [0, 0]
        assert [worker.stop() for worker in workers[1:]] == [0, 0]
    for role, count in (("split", stream.pages), ("dedupe", SIGHTINGS * stream.pages)):
        times = done(workers, role)
        assert (len(times), times.total()) == (count, count), role
    assert_whole(kafka_client, settings, stream.pages)


def test_a_named_member_that_was_killed_comes_back_to_its_partitions(
    settings: Settings, kafka_client: KafkaClient, tmp_path: Path
) -> None:
    """Started again within its session, even on another host, it goes on at once, and the other member never stops."""
    settings = settings.model_copy(update={"session_timeout_seconds": LONG_SESSION_SECONDS})
    named = [settings.model_copy(update={"instance_id": name}) for name in ("a", "b")]
    with ExitStack() as stack:
        killed, other = (stack.enter_context(WorkerProcess(one)) for one in named)
        stream = stack.enter_context(Stream(kafka_client, settings))
        other.wait_until(
            lambda: has_partitions(killed, [1, 1]) and has_partitions(other, [1, 1]), LONG_SECONDS, "shared out"
        )
        wait_until_working(killed)
        assigned = other.events("partitions_assigned")
        kill(killed)
        killed_at = time.monotonic()
        again = stack.enter_context(WorkerProcess(named[0], PYTHONPATH=str(another_host(tmp_path))))
        again.wait_until(lambda: has_partitions(again, [1, 1]), LONG_SECONDS, "assigned")
        wait_until_working(again)
        assert time.monotonic() - killed_at < LONG_SESSION_SECONDS / 2
        stream.__exit__()
        finish(kafka_client, settings, again, stream.pages)
        assert other.events("partitions_assigned") == assigned


def test_a_member_whose_name_is_taken_ends_and_says_so(settings: Settings, kafka_client: KafkaClient) -> None:
    """Of two workers with one name the older ends, with one reason in its log; the newer goes on undisturbed."""
    settings = settings.model_copy(update={"instance_id": "a"})
    with ExitStack() as stack:
        older = stack.enter_context(WorkerProcess(settings))
        stream = stack.enter_context(Stream(kafka_client, settings))
        wait_until_working(older)
        newer = stack.enter_context(WorkerProcess(settings))
        assert older.wait() == 1
        assert {line["reason"] for line in older.events("abandoned")} == {"instance_fenced"}
        wait_until_working(newer)
        stream.__exit__()
        finish(kafka_client, settings, newer, stream.pages)
        assert len(newer.events("partitions_assigned")) == 2


def has_partitions(worker: WorkerProcess, counts: list[int]) -> bool:
    """Whether the roles' last assignments are of so many partitions."""
    last = {line["role"]: len(line["partitions"]) for line in worker.events("partitions_assigned")}
    return [last.get(role) for role in ("split", "dedupe")] == counts


def another_host(folder: Path) -> Path:
    """Return a folder that lets Python take its host for another one."""
    (folder / "sitecustomize.py").write_text("import socket\nsocket.gethostname = lambda: 'another.example'\n")
    return folder


def kill(worker: WorkerProcess) -> None:
    """Kill all of a worker's processes at once, as the loss of its machine would."""
    for pid in [worker.process.pid, *worker.children()]:
        os.kill(pid, signal.SIGKILL)
    worker.process.wait()


@pytest.mark.parametrize("role", ["split", pytest.param("dedupe", marks=pytest.mark.full)])
def test_a_frozen_process_adds_nothing_when_it_wakes_up(
    settings: Settings, kafka_client: KafkaClient, role: str
) -> None:
    """Beyond its session its partitions are another's: it ends or joins anew, and what it had begun is not added."""
    with ExitStack() as stack:
        sleeper, other = (stack.enter_context(WorkerProcess(settings)) for _ in range(2))
        stream = stack.enter_context(Stream(kafka_client, settings))
        other.wait_until(
            lambda: has_partitions(sleeper, [1, 1]) and has_partitions(other, [1, 1]), LONG_SECONDS, "shared out"
        )
        wait_until_working(sleeper)
        freeze(sleeper, role, until_taken_over_by=other)
        stream.__exit__()
        other.wait_until(lambda: is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
        assert [line for line in sleeper.events("abandoned") if line["reason"] != "writer_lost"] == []
        finish(kafka_client, settings, other, stream.pages)


@pytest.mark.parametrize("settings", ["effectively_once"], indirect=True)
def test_a_named_member_that_was_frozen_joins_anew(settings: Settings, kafka_client: KafkaClient) -> None:
    """Its session over, nobody has its name: it takes that and its partition again, and does not end."""
    named = [settings.model_copy(update={"instance_id": name}) for name in ("a", "b")]
    with ExitStack() as stack:
        sleeper, other = (stack.enter_context(WorkerProcess(one)) for one in named)
        stream = stack.enter_context(Stream(kafka_client, settings))
        other.wait_until(
            lambda: has_partitions(sleeper, [1, 1]) and has_partitions(other, [1, 1]), LONG_SECONDS, "shared out"
        )
        freeze(sleeper, "split", until_taken_over_by=other)
        sleeper.wait_until_ready()
        assert has_partitions(sleeper, [1, 1])
        assert sleeper.events("abandoned") == []
        stream.__exit__()
        finish(kafka_client, settings, other, stream.pages)


@pytest.mark.parametrize("settings", ["exactly_once"], indirect=True)
def test_clean_stops_under_load_repeat_nothing(settings: Settings, kafka_client: KafkaClient) -> None:
    """SIGTERM in the middle of the work: what was begun is committed, and the next worker goes on behind it."""
    workers = list[WorkerProcess]()
    with Stream(kafka_client, settings) as stream:
        for _ in range(2):
            with WorkerProcess(settings) as worker:
                wait_until_working(worker)
                assert worker.stop() == 0
            workers.append(worker)
    with WorkerProcess(settings) as worker:
        finish(kafka_client, settings, worker, stream.pages)
    workers.append(worker)
    for role, count in (("split", stream.pages), ("dedupe", SIGHTINGS * stream.pages)):
        times = done(workers, role)
        assert (len(times), times.total()) == (count, count), role


def freeze(sleeper: WorkerProcess, role: str, *, until_taken_over_by: WorkerProcess) -> None:
    """Stop the process of a role until another worker has its partitions; wait until it has woken up, or ended."""
    other = until_taken_over_by
    process = sleeper.child(role)
    os.kill(process, signal.SIGSTOP)
    try:
        other.wait_until(lambda: partitions_of(other, role) == 2, LONG_SECONDS, "taken over")
        wait_until_working(other)
    finally:
        os.kill(process, signal.SIGCONT)
    other.wait_until(
        lambda: partitions_of(other, role) == 1 or sleeper.process.poll() is not None, LONG_SECONDS, "awake"
    )


def partitions_of(worker: WorkerProcess, role: str) -> int:
    """Return how many partitions a role was last assigned."""
    return len(worker.events("partitions_assigned", role=role)[-1]["partitions"])
