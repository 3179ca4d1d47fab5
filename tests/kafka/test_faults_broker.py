"""Faults of the broker in the middle of the work: slow, frozen, short of replicas, stopped. All is there afterwards."""

import asyncio
import os
import re
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest
from kafka_client import KafkaClient
from pages import SIGHTINGS, good
from whole import assert_whole, is_consumed
from worker_process import WorkerProcess

from worker import topics
from worker.broker import KafkaBroker
from worker.settings import Settings

pytestmark = pytest.mark.timeout(300)

PAGES = 600
"""More than the split half does while they are produced."""

PORTION = 100
BEGUN = 20
"""Pages that are produced first. When both halves have met them the rest follows, and upon it the fault."""

PERIOD_SECONDS = 0.5
STOPPED_SECONDS = 0.4
SLOW_SECONDS = 8.0

FROZEN_SECONDS = 8.0
"""Longer than a session of these tests (6 s) and than their `publish_timeout_seconds`."""

TIMEOUT_SECONDS = 1.0

ANSWERED_SECONDS = 150.0
"""Longer than a request may take (120 s): where `min.insync.replicas` changes while a broker appends, it may answer
only then. Seen once in 180 changes of a topic that is written without pause."""

WAITING = re.compile("publishing_retried|waiting_for_broker")

deliveries = pytest.mark.parametrize("delivery", ["effectively_once", "exactly_once"])


@pytest.fixture
def settings(settings: Settings, delivery: str) -> Settings:
    """Small batches, so that faults meet the middle of the work, and a publisher that soon says that it waits."""
    update = {"delivery": delivery, "batch_messages": 20, "publish_timeout_seconds": TIMEOUT_SECONDS}
    return settings.model_copy(update=update)


@contextmanager
def working(client: KafkaClient, settings: Settings) -> Iterator[WorkerProcess]:
    """Yield a worker in the middle of its work; afterwards wait for the rest, stop it, and look at the topics."""
    produce(client, settings, range(BEGUN))
    with WorkerProcess(settings) as worker:
        worker.wait_until(lambda: len(worker.events("message", role="dedupe")) >= BEGUN * SIGHTINGS, what="begun")
        produce(client, settings, range(BEGUN, PAGES))
        assert len(worker.events("message", role="split")) < PAGES
        yield worker
        worker.wait_until(lambda: is_consumed(client, settings), 150, "consumed")
        worker.wait_until_ready()
        assert worker.metric("newsworker_skipped_offsets_total") == 0
        assert worker.stop() == 0
    assert_whole(client, settings, PAGES)


def produce(client: KafkaClient, settings: Settings, numbers: Iterable[int]) -> None:
    """Put pages onto the raw topic."""
    client.produce(settings.topics.raw, [good(number) for number in numbers])


def is_unready(worker: WorkerProcess, role: str = "") -> bool:
    """Whether /ready says that a role (any, where none is named) waits for the broker."""
    status, answer = worker.get("/ready")
    states = [line for line in answer.splitlines() if line.startswith(role)]
    return status == 503 and any(WAITING.search(line) for line in states)


class TestTakenAway:
    """The broker's process itself is stopped."""

    @pytest.fixture
    def broker(self, own_kafka_broker: KafkaBroker) -> KafkaBroker:
        """A broker of this test's own."""
        return own_kafka_broker

    @deliveries
    def test_a_slow_broker_delays_and_loses_nothing(
        self, broker: KafkaBroker, settings: Settings, kafka_client: KafkaClient
    ) -> None:
        """A broker that runs for a fifth of the time gets the work done all the same."""
        with working(kafka_client, settings) as worker:
            done = len(worker.events("message"))
            slow_down(broker)
            assert len(worker.events("message")) > done

    @deliveries
    def test_a_frozen_broker_is_waited_for(
        self, broker: KafkaBroker, settings: Settings, kafka_client: KafkaClient
    ) -> None:
        """A broker that does not answer for longer than a publish may take: not ready meanwhile, then all goes on."""
        with working(kafka_client, settings) as worker, frozen(broker):
            worker.wait_until(lambda: is_unready(worker), what="unready")
            assert len(worker.events("message", role="split")) < PAGES
            time.sleep(FROZEN_SECONDS)
            assert is_unready(worker)
            assert worker.get("/live")[0] == 200

    @deliveries
    def test_a_broker_that_is_stopped_and_started_delays_and_loses_nothing(
        self, broker: KafkaBroker, settings: Settings, kafka_client: KafkaClient
    ) -> None:
        """A clean stop in the middle of the work, as for an upgrade: not ready meanwhile, then all goes on."""
        with working(kafka_client, settings) as worker:
            broker.stop()
            worker.wait_until(lambda: is_unready(worker), what="unready")
            broker.start()


@contextmanager
def frozen(broker: KafkaBroker) -> Iterator[None]:
    """Stop the broker's process for a while."""
    assert broker.pid is not None
    os.kill(broker.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(broker.pid, signal.SIGCONT)


def slow_down(broker: KafkaBroker) -> None:
    """Let the broker run for a fifth of the time, for a while."""
    deadline = time.monotonic() + SLOW_SECONDS
    while time.monotonic() < deadline:
        with frozen(broker):
            time.sleep(STOPPED_SECONDS)
        time.sleep(PERIOD_SECONDS - STOPPED_SECONDS)


class TestShortOfReplicas:
    """A topic lacks a replica that it must have: the broker refuses its records, and takes all others."""

    @pytest.fixture
    def broker(self, short_kafka_broker: KafkaBroker) -> KafkaBroker:
        """A broker whose topics may ask for a replica that nobody has."""
        return short_kafka_broker

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        """Topics of two replicas, of which there is one."""
        name = f"{settings.group}-two"
        settings = settings.model_copy(update={"group": name, "topic_prefix": name, "replication": 2})
        asyncio.run(topics.apply(settings))
        return settings

    @deliveries
    def test_a_topic_short_of_replicas_is_waited_for(self, settings: Settings, kafka_client: KafkaClient) -> None:
        """What a topic does not take is retried until it does: not ready meanwhile, and no message is put aside."""
        story, mention, changelog = settings.topics.story, settings.topics.mention, topics.changelogs(settings)[0]
        phases = (("split", story), ("dedupe", mention), ("dedupe", changelog))
        with WorkerProcess(settings) as worker:
            worker.wait_until_ready()
            for phase, (role, topic) in enumerate(phases):
                worker.wait_until(lambda: is_consumed(kafka_client, settings), ANSWERED_SECONDS, "consumed")
                kafka_client.alter(topic, min_insync_replicas="2")
                produce(kafka_client, settings, range(phase * PORTION, (phase + 1) * PORTION))
                worker.wait_until(lambda role=role: is_unready(worker, role), what=f"unready for {topic}")
                time.sleep(2 * TIMEOUT_SECONDS)
                assert is_unready(worker, role)
                kafka_client.alter(topic, min_insync_replicas="1")
                worker.wait_until_ready(ANSWERED_SECONDS)
            worker.wait_until(lambda: is_consumed(kafka_client, settings), ANSWERED_SECONDS, "consumed")
            assert worker.stop() == 0
        assert_whole(kafka_client, settings, PORTION * len(phases))
