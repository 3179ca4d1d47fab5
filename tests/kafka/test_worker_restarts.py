"""Stops, kills and rebalances on a real broker: nothing is lost, and the state is what it would have been without."""

import asyncio
import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient
from kafka_client import KafkaClient
from pages import SIGHTINGS, good
from whole import assert_whole, is_consumed
from worker_process import LONG_SECONDS, WorkerProcess

from worker import topics
from worker.broker import KafkaBroker
from worker.settings import Settings

PAGES = 1000
"""Sightings of these fill several of the driver's fetches of 500: the loss that was found came in such portions."""

ROUNDS = 4


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Small batches, so that stops meet the middle of the work."""
    return settings.model_copy(update={"batch_messages": 50})


@pytest.mark.full
@pytest.mark.parametrize("store", ["memory", "rocksdb"])
def test_clean_stops_lose_and_repeat_nothing(settings: Settings, kafka_client: KafkaClient, store: str) -> None:
    """SIGTERM in the middle of the work, again and again: every message is consumed exactly once."""
    settings = settings.model_copy(update={"state_store": store})
    kafka_client.produce(settings.topics.raw, [good(number) for number in range(PAGES)])
    done = {"split": 0, "dedupe": 0}
    for number in range(ROUNDS + 1):
        with WorkerProcess(settings) as worker:
            if number == ROUNDS:
                worker.wait_until(lambda: is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
            else:
                worker.wait_until(lambda: worker.events("message", role="dedupe"), what="begun")
                time.sleep(0.3 * number)
            assert worker.metric("newsworker_skipped_offsets_total") == 0
            assert worker.stop() == 0
            done = {role: count + len(worker.events("message", role=role)) for role, count in done.items()}
    assert done == {"split": PAGES, "dedupe": SIGHTINGS * PAGES}
    assert_whole(kafka_client, settings, PAGES)


@pytest.mark.parametrize(
    "store", [pytest.param("memory", marks=pytest.mark.full), pytest.param("rocksdb", marks=pytest.mark.full), "wiped"]
)
def test_kills_lose_nothing(settings: Settings, kafka_client: KafkaClient, store: str, tmp_path: Path) -> None:
    """SIGKILL of either role, in one of two workers of the group; with the state kept, and with it gone."""
    choice = random.Random(7)
    kind = "memory" if store == "memory" else "rocksdb"
    both = [settings.model_copy(update={"state_store": kind, "state_dir": tmp_path / name}) for name in "ab"]
    kafka_client.produce(settings.topics.raw, [good(number) for number in range(PAGES)])
    workers = [WorkerProcess(one) for one in both]
    try:
        for _ in range(ROUNDS):
            time.sleep(choice.uniform(1.5, 3.5))
            number = choice.randrange(2)
            victims = workers[number].children()
            if victims:
                os.kill(choice.choice(victims), signal.SIGKILL)
                assert workers[number].wait() == 1
            workers[number].__exit__(None, None, None)
            if store == "wiped":
                shutil.rmtree(both[number].state_dir, ignore_errors=True)
            workers[number] = WorkerProcess(both[number])
        workers[0].wait_until(lambda: is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
        assert [worker.metric("newsworker_skipped_offsets_total") for worker in workers] == [0, 0]
    finally:
        for worker in workers:
            worker.__exit__(None, None, None)
    assert_whole(kafka_client, settings, PAGES)


def test_state_ahead_of_its_changelog_is_wiped_and_rebuilt(
    broker: KafkaBroker, settings: Settings, kafka_client: KafkaClient
) -> None:
    """When the changelog was made anew the local state cannot be trusted: the worker says so and goes on."""
    settings = settings.model_copy(update={"state_store": "rocksdb"})
    kafka_client.produce(settings.topics.raw, [good(number) for number in range(50)])
    with WorkerProcess(settings) as worker:
        worker.wait_until(lambda: is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
        assert worker.stop() == 0
    client = AdminClient({"bootstrap.servers": broker.bootstrap})
    for future in client.delete_topics(list(topics.changelogs(settings))).values():
        future.result(20)
    asyncio.run(topics.apply(settings))
    kafka_client.produce(settings.topics.raw, [good(number) for number in range(50, 60)])
    with WorkerProcess(settings) as worker:
        worker.wait_until(lambda: is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
        assert worker.events("state_wiped", cause="ahead_of_changelog")
        assert worker.stop() == 0
    assert len({record.key for record in kafka_client.consume(settings.topics.story)}) == 60


def test_f8_an_idle_spare_is_ready(settings: Settings, kafka_client: KafkaClient) -> None:
    """A worker for which no partition is left joins, is ready, and takes over when another one goes."""
    workers = [WorkerProcess(settings, role="split") for _ in range(3)]
    try:
        workers[0].wait_until(
            lambda: sorted(int(worker.metric("newsworker_partitions_assigned")) for worker in workers) == [0, 1, 1],
            90,
            "shared out",
        )
        spare = next(worker for worker in workers if worker.metric("newsworker_partitions_assigned") == 0)
        spare.wait_until_ready()
        assert "0 partitions" in spare.get("/ready")[1]
        busy = next(worker for worker in workers if worker.metric("newsworker_partitions_assigned") == 1)
        assert busy.stop() == 0
        workers.remove(busy)
        kafka_client.produce(settings.topics.raw, [good(number) for number in range(100)])
        workers[0].wait_until(lambda: kafka_client.lag(settings.group_of("split"), settings.topics.raw) == 0, 60)
        assert [worker.stop() for worker in workers] == [0, 0]
        busy.__exit__(None, None, None)
    finally:
        for worker in workers:
            worker.__exit__(None, None, None)
