"""Retention that is shorter than an outage: what was deleted before it was read is told, and the rest is done."""

import os
import signal
import time

from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient
from kafka_client import KafkaClient
from pages import good
from whole import is_consumed
from worker_process import LONG_SECONDS, WorkerProcess

from worker.settings import Settings

DELETED = 4


def delete_records(settings: Settings, ends: list[TopicPartition]) -> None:
    """Let partitions begin at these offsets, as their retention would."""
    client = AdminClient({"bootstrap.servers": settings.broker})
    for future in client.delete_records(ends).values():
        future.result(20)


def test_records_that_were_deleted_before_they_were_read_are_counted(
    settings: Settings, kafka_client: KafkaClient
) -> None:
    """The worker was away for longer than the topic keeps its records."""
    raw = settings.topics.raw
    for numbers in (range(40), range(40, 100)):
        kafka_client.produce(raw, [good(number) for number in numbers])
        committed = kafka_client.committed(settings.group_of("split"), raw)
        if committed:
            ends = [TopicPartition(raw, partition, offset + DELETED) for partition, offset in committed.items()]
            delete_records(settings, ends)
        with WorkerProcess(settings) as worker:
            worker.wait_until(lambda: is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
            told = worker.events("records_deleted_unread", topic=raw)
            skipped = worker.metric("newsworker_skipped_offsets_total")
            assert worker.stop() == 0
    assert [line["offsets"] for line in told] == [DELETED] * settings.partitions
    assert skipped == DELETED * settings.partitions
    assert len({record.key for record in kafka_client.consume(settings.topics.page)}) == 100 - skipped


def test_records_that_are_deleted_under_a_running_worker_are_counted(
    settings: Settings, kafka_client: KafkaClient
) -> None:
    """It is behind by more than the topic keeps: it goes on at what is left, and says what it has never read (F32)."""
    raw = settings.topics.raw
    kafka_client.produce(raw, [good(number) for number in range(20)])
    with WorkerProcess(settings) as worker:
        worker.wait_until(lambda: is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
        ends = kafka_client.end_offsets(raw)
        split = worker.child("split")
        os.kill(split, signal.SIGSTOP)
        time.sleep(1.5)  # the broker answers the fetch that is under way: there is nothing new
        kafka_client.produce(raw, [good(number) for number in range(20, 60)])
        delete_records(settings, [TopicPartition(raw, partition, end + DELETED) for partition, end in ends.items()])
        os.kill(split, signal.SIGCONT)
        worker.wait_until(lambda: is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
        told = worker.events("records_deleted_unread", topic=raw)
        skipped = worker.metric("newsworker_skipped_offsets_total")
        assert worker.stop() == 0
    assert [line["offsets"] for line in told] == [DELETED] * settings.partitions
    assert skipped == DELETED * settings.partitions
    assert len({record.key for record in kafka_client.consume(settings.topics.page)}) == 60 - skipped
