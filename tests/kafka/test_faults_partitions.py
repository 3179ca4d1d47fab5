"""Partitions that are added while the worker runs, on a real broker: of the topic that it reads, and of its own."""

import time
from dataclasses import replace

import pytest
from confluent_kafka.admin import AdminClient, NewPartitions
from kafka_client import KafkaClient, Sent
from pages import SIGHTINGS, again, good
from whole import assert_whole, is_consumed
from worker_process import LONG_SECONDS, WorkerProcess

from worker.settings import Settings

PAGES = 200


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Partitions that are added are known after a second."""
    return settings.model_copy(update={"metadata_seconds": 1, "batch_messages": 50, "instance_id": "worker-0"})


def add_partitions(settings: Settings, topic: str, total: int) -> None:
    """Let a topic have so many partitions."""
    client = AdminClient({"bootstrap.servers": settings.broker})
    client.create_partitions([NewPartitions(topic, total)])[topic].result(20)


def pages(first: int, partition: int) -> list[Sent]:
    """Return pages for one partition."""
    return [replace(good(number), partition=partition) for number in range(first, first + PAGES)]


@pytest.mark.parametrize("delivery", ["effectively_once", "exactly_once"])
def test_partitions_added_to_the_raw_topic_are_read_without_a_restart(
    settings: Settings, kafka_client: KafkaClient, delivery: str
) -> None:
    """From their beginning, which may be before anybody knew of them; every message is done once."""
    settings = settings.model_copy(update={"delivery": delivery})
    kafka_client.produce(settings.topics.raw, pages(0, 0))
    with WorkerProcess(settings) as worker:
        worker.wait_until(lambda: worker.events("message", role="dedupe"), what="begun")
        children = worker.children()
        add_partitions(settings, settings.topics.raw, 4)
        for partition in (1, 2, 3):
            kafka_client.produce(settings.topics.raw, pages(partition * PAGES, partition))
        worker.wait_until(lambda: is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
        assert worker.children() == children
        assert worker.metric("newsworker_partitions_assigned", role="split") == 4
        assert worker.metric("newsworker_skipped_offsets_total", topic=settings.topics.raw) == 0
        done = [(line["partition"], line["offset"]) for line in worker.events("message", role="split")]
        assert len(done) == len(set(done)) == 4 * PAGES
        assert len(worker.events("message", role="dedupe")) == 4 * SIGHTINGS * PAGES
        assert worker.stop() == 0
    assert_whole(kafka_client, settings, 4 * PAGES)


def test_partitions_added_to_the_sighting_topic_end_the_worker(settings: Settings, kafka_client: KafkaClient) -> None:
    """It says what differs, as its next start does, and writes nothing that would stand in a wrong partition."""
    kafka_client.produce(settings.topics.raw, pages(0, 0))
    with WorkerProcess(settings) as worker:
        worker.wait_until(lambda: is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
        add_partitions(settings, settings.topics.sighting, 3)
        assert worker.wait() == 1
        assert worker.events("abandoned", role="dedupe", reason="partitions_differ")
    for role in ("split", "dedupe"):
        with WorkerProcess(settings, role=role) as worker:
            assert worker.wait() == 1
            (line,) = worker.events("ended", role=role, reason="partitions_differ")
            assert f"has 2 partitions and {settings.topics.sighting} 3" in line["message"]
    assert_whole(kafka_client, settings, PAGES)


def test_a_running_split_half_keeps_its_keys_where_they_are(settings: Settings, kafka_client: KafkaClient) -> None:
    """Partitions added to the sighting topic meanwhile get nothing: what is known of a key is in its old one."""
    kafka_client.produce(settings.topics.raw, pages(0, 0))
    with WorkerProcess(settings, role="split") as worker:
        raw = settings.topics.raw
        worker.wait_until(lambda: kafka_client.lag(settings.group_of("split"), raw) == 0, LONG_SECONDS, "consumed")
        before = places(kafka_client, settings)
        add_partitions(settings, settings.topics.sighting, 4)
        time.sleep(3 * settings.metadata_seconds)
        kafka_client.produce(settings.topics.raw, [again(number, "elsewhere") for number in range(PAGES)])
        worker.wait_until(lambda: kafka_client.lag(settings.group_of("split"), raw) == 0, LONG_SECONDS, "consumed")
        assert worker.stop() == 0
    assert places(kafka_client, settings) == before


def places(client: KafkaClient, settings: Settings) -> dict[bytes | None, set[int]]:
    """Return the partitions in which each key of the sighting topic stands."""
    found: dict[bytes | None, set[int]] = {}
    for record in client.consume(settings.topics.sighting):
        found.setdefault(record.key, set()).add(record.partition)
    return found
