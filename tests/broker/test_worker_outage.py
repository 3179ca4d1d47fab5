"""The worker and a broker that goes away: it waits, says so, and loses nothing."""

import time
from collections.abc import Callable

import pytest
from kafka_client import KafkaClient
from pages import SIGHTINGS, good
from whole import is_consumed
from worker_process import LONG_SECONDS, WorkerProcess

from worker.broker import EmbeddedBroker, KafkaBroker
from worker.settings import Settings

OUTAGE_SECONDS = 8.0
"""Longer than a session of these tests (6 s)."""


@pytest.fixture
def broker(own_broker: EmbeddedBroker | KafkaBroker) -> EmbeddedBroker | KafkaBroker:
    """A broker of this test's own."""
    return own_broker


@pytest.fixture
def switch(broker: EmbeddedBroker | KafkaBroker) -> tuple[Callable[[], None], Callable[[], None]]:
    """What takes the broker away, and what brings it back with its records."""
    if isinstance(broker, EmbeddedBroker):
        return broker.down, broker.up
    return broker.kill, broker.start


Switch = tuple[Callable[[], None], Callable[[], None]]


def test_a_worker_waits_for_a_broker_that_is_away(
    settings: Settings, kafka_client: KafkaClient, switch: Switch
) -> None:
    """It does not end, says what it waits for in one line a while, is live and not ready, and starts when it can."""
    down, up = switch
    kafka_client.produce(settings.topics.raw, [good(1)])
    down()
    with WorkerProcess(settings) as worker:
        worker.wait_until(lambda: len(worker.events("waiting_for_broker")) == 2)
        time.sleep(2)
        assert len(worker.complaints()) < 12, worker.complaints()
        assert worker.get("/live")[0] == 200
        status, answer = worker.get("/ready")
        assert status == 503
        assert answer.count("waiting_for_broker") == 2
        up()
        worker.wait_until_ready()
        worker.wait_until(lambda: is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
        assert worker.stop() == 0


def test_f36_a_worker_whose_broker_has_gone_can_be_stopped(
    settings: Settings, kafka_client: KafkaClient, switch: Switch
) -> None:
    """SIGTERM ends a worker that had nothing left to do, while its client asks for the broker again and again."""
    kafka_client.produce(settings.topics.raw, [good(1)])
    with WorkerProcess(settings) as worker:
        worker.wait_until(lambda: is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
        switch[0]()
        # Longer than the client takes to find that there is nobody.
        time.sleep(OUTAGE_SECONDS)
        assert worker.stop() == 0


def test_a_worker_that_waits_can_be_stopped(settings: Settings, switch: Switch) -> None:
    """SIGTERM ends a worker that waits for its broker, with exit code 0."""
    switch[0]()
    with WorkerProcess(settings) as worker:
        worker.wait_until(lambda: worker.events("waiting_for_broker"))
        assert worker.stop() == 0
        assert worker.left_behind() == []


def test_an_outage_delays_and_loses_nothing(settings: Settings, kafka_client: KafkaClient, switch: Switch) -> None:
    """While the broker is away /ready is false and the log stays short; afterwards all is published."""
    down, up = switch
    settings = settings.model_copy(update={"publish_timeout_seconds": 2, "batch_messages": 5})
    with WorkerProcess(settings) as worker:
        worker.wait_until_ready()
        kafka_client.produce(settings.topics.raw, [good(number) for number in range(300)])
        worker.wait_until(lambda: worker.metric("newsworker_messages_consumed_total", role="split") > 10)
        down()
        worker.wait_until(lambda: worker.get("/ready")[0] == 503, what="unready")
        time.sleep(OUTAGE_SECONDS)
        assert worker.get("/live")[0] == 200
        assert worker.get("/ready")[0] == 503
        assert any(line["state"] != "running" for line in worker.events("state", before="running"))
        up()
        worker.wait_until(lambda: is_consumed(kafka_client, settings), 90, "consumed")
        worker.wait_until_ready()
        assert len(worker.complaints()) < 100, worker.complaints()
        outcomes = worker.metric("newsworker_messages_total", role="split", outcome="published")
        assert worker.stop() == 0
    assert outcomes >= 300
    assert len({record.key for record in kafka_client.consume(settings.topics.story)}) == 300
    assert len(kafka_client.consume(settings.topics.sighting)) >= 300 * SIGHTINGS
    mentions = {(record.key, record.value) for record in kafka_client.consume(settings.topics.mention)}
    assert len({(value or b"").split(b'"page_id"')[1][:40] for _, value in mentions}) == 300


@pytest.mark.full
def test_a_drain_is_bounded_when_the_broker_is_away(
    settings: Settings, kafka_client: KafkaClient, switch: Switch
) -> None:
    """SIGTERM during an outage ends within `drain_seconds`, unclean, and what was under way is read again."""
    down, up = switch
    settings = settings.model_copy(update={"drain_seconds": 3, "publish_timeout_seconds": 1})
    with WorkerProcess(settings, role="split") as worker:
        worker.wait_until_ready()
        kafka_client.produce(settings.topics.raw, [good(number) for number in range(200)])
        down()
        worker.wait_until(lambda: worker.get("/ready")[0] == 503, what="unready")
        started = time.monotonic()
        assert worker.stop() == 1
        assert time.monotonic() - started < 10
        assert worker.left_behind() == []
    up()
    with WorkerProcess(settings) as worker:
        worker.wait_until(lambda: is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
        assert worker.stop() == 0
    assert len({record.key for record in kafka_client.consume(settings.topics.story)}) == 200
