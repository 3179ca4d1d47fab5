"""Retention that is shorter than an outage: what was deleted before it was read is told, and the rest is done."""

import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

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


@contextmanager
def caught_up(client: KafkaClient, settings: Settings, pages: int) -> Iterator[WorkerProcess]:
    """Yield a worker that has done the first so many pages."""
    client.produce(settings.topics.raw, [good(number) for number in range(pages)])
    with WorkerProcess(settings) as worker:
        worker.wait_until(lambda: is_consumed(client, settings), LONG_SECONDS, "consumed")
        yield worker


def assert_told(worker: WorkerProcess, client: KafkaClient, settings: Settings, pages: int) -> None:
    """All that is left of so many pages is done, and of what is not each partition's offsets are told and counted."""
    worker.wait_until(lambda: is_consumed(client, settings), LONG_SECONDS, "consumed")
    told = worker.events("records_deleted_unread", topic=settings.topics.raw)
    skipped = worker.metric("newsworker_skipped_offsets_total")
    assert worker.stop() == 0
    assert [line["offsets"] for line in told] == [DELETED] * settings.partitions
    assert skipped == DELETED * settings.partitions
    assert len({record.key for record in client.consume(settings.topics.page)}) == pages - skipped


def delete_some(settings: Settings, ends: Mapping[int, int]) -> None:
    """Let each partition begin a little behind where it ended."""
    topic = settings.topics.raw
    delete_records(settings, [TopicPartition(topic, partition, end + DELETED) for partition, end in ends.items()])


def test_records_that_were_deleted_before_they_were_read_are_counted(
    settings: Settings, kafka_client: KafkaClient
) -> None:
    """The worker was away for longer than the topic keeps its records."""
    raw = settings.topics.raw
    with caught_up(kafka_client, settings, 40) as worker:
        assert worker.stop() == 0
    ends = kafka_client.end_offsets(raw)
    kafka_client.produce(raw, [good(number) for number in range(40, 100)])
    delete_some(settings, ends)
    with WorkerProcess(settings) as worker:
        assert_told(worker, kafka_client, settings, 100)


def test_records_that_are_deleted_under_a_running_worker_are_counted(
    settings: Settings, kafka_client: KafkaClient
) -> None:
    """It is behind by more than the topic keeps: it goes on at what is left, and says what it has never read (F32)."""
    raw = settings.topics.raw
    with caught_up(kafka_client, settings, 20) as worker:
        ends, split = kafka_client.end_offsets(raw), worker.child("split")
        os.kill(split, signal.SIGSTOP)
        time.sleep(1.5)  # the broker answers the fetch that is under way: there is nothing new
        kafka_client.produce(raw, [good(number) for number in range(20, 60)])
        delete_some(settings, ends)
        os.kill(split, signal.SIGCONT)
        assert_told(worker, kafka_client, settings, 60)
