"""A worker's work on secured brokers: its user, its pages, and that all of it is done."""

from kafka_client import KafkaClient
from pages import good
from whole import assert_whole, is_consumed
from worker_process import WorkerProcess

from worker.settings import Settings

USER = "worker"
PASSWORD = "opens-sesame-7"
PAGES = 6
SECONDS = 300
"""Longest wait for a start, or for work: the machine may be shared."""


def produce(client: KafkaClient, settings: Settings, first: int = 0, count: int = PAGES) -> None:
    """Put pages onto the raw topic."""
    client.produce(settings.topics.raw, [good(number) for number in range(first, first + count)])


def wait_until_done(worker: WorkerProcess, client: KafkaClient, settings: Settings, pages: int = PAGES) -> None:
    """Wait until all is consumed, and see that it is whole and that nobody was started anew for it."""
    worker.wait_until(lambda: is_consumed(client, settings), SECONDS, "consumed")
    worker.wait_until_ready(SECONDS)
    assert worker.metric("newsworker_skipped_offsets_total") == 0
    assert not worker.events("child_restarted")
    assert_whole(client, settings, pages)
