"""What the worker needs from a broker, on both local brokers: explicit topics, records in order, commits."""

import pytest
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient
from kafka_client import KafkaClient, Sent

from worker import topics
from worker.settings import Settings

pytestmark = pytest.mark.all_forms


def test_topics_have_the_partitions_that_were_asked_for(settings: Settings) -> None:
    """Every topic of the contract is there with the partition count of the settings."""
    metadata = AdminClient({"bootstrap.servers": settings.broker}).list_topics(timeout=10)
    found = {name: len(metadata.topics[name].partitions) for name in topics.partitions(settings)}
    assert found == topics.partitions(settings)


def test_records_come_back_as_they_were_produced(settings: Settings, kafka_client: KafkaClient) -> None:
    """Key, value, headers, timestamp and order within a partition survive, tombstones included."""
    sent = [
        Sent(b"first", key=b"k", headers={"content-type": b"text/plain"}, timestamp_ms=1_740_000_000_000, partition=1),
        Sent(None, key=b"k", partition=1),
        Sent("ثالث".encode(), partition=0),
    ]
    assert kafka_client.produce(settings.topics.raw, sent) == 3
    third, first, second = kafka_client.consume(settings.topics.raw)
    assert (first.key, first.value, first.headers) == (b"k", b"first", {"content-type": b"text/plain"})
    assert (first.timestamp_ms, first.offset) == (1_740_000_000_000, 0)
    assert (second.value, second.offset) == (None, 1)
    assert (third.key, third.value) == (None, "ثالث".encode())


def test_a_group_finds_what_it_committed(settings: Settings, kafka_client: KafkaClient) -> None:
    """Committed offsets are kept for the group, and lag counts what is left."""
    topic = settings.topics.raw
    kafka_client.produce(topic, [Sent(b"x", partition=0) for _ in range(5)])
    assert kafka_client.committed(settings.group, topic) == {}
    assert kafka_client.lag(settings.group, topic) == 5
    consumer = Consumer({"bootstrap.servers": settings.broker, "group.id": settings.group})
    consumer.commit(offsets=[TopicPartition(topic, 0, 3)], asynchronous=False)
    consumer.close()
    assert kafka_client.committed(settings.group, topic) == {0: 3}
    assert kafka_client.lag(settings.group, topic) == 2
