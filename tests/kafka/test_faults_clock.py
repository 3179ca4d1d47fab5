"""A wall clock that jumps while the worker runs, on a real broker: it is not what the worker waits or judges by."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fake_clock import FakeClock
from kafka_client import KafkaClient
from pages import SIGHTINGS, good
from whole import assert_whole, is_consumed
from worker_process import LONG_SECONDS, WorkerProcess

from worker import topics
from worker.settings import Settings

PAGES = 120

HOUR, DAY = 3600, 24 * 3600

JUMPS = (-HOUR, 0, HOUR, 0, 2 * DAY, 0, -365 * DAY, 0)
"""Where the clock stands one time after the other, in seconds from the right time."""


@pytest.fixture
def clock(tmp_path: Path) -> FakeClock:
    """The worker's clock."""
    return FakeClock(tmp_path)


@contextmanager
def living(worker: WorkerProcess) -> Iterator[list[str]]:
    """Ask /live without pause while the block runs; yield the answers that say no."""
    complaints: list[str] = []
    is_over = threading.Event()

    def ask() -> None:
        while not is_over.wait(0.05):
            status, text = worker.get("/live")
            if status != 200:
                complaints.append(text)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield complaints
    finally:
        is_over.set()
        asking.join()


def test_a_jump_of_the_clock_is_not_noticed(settings: Settings, kafka_client: KafkaClient, clock: FakeClock) -> None:
    """There and back again: every message is done once, by the same processes, and nobody takes them for dead."""
    kafka_client.produce(settings.topics.raw, [good(number) for number in range(PAGES)])
    with WorkerProcess(settings, **clock.environment) as worker:
        worker.wait_until(lambda: len(worker.events("message", role="dedupe")) > 100, what="begun")
        children = worker.children()
        with living(worker) as complaints:
            for times, offset in enumerate(JUMPS, 1):
                clock.move(offset)
                pages = range(times * PAGES, (times + 1) * PAGES)
                kafka_client.produce(settings.topics.raw, [good(number) for number in pages])
                worker.wait_until(lambda: is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
        assert complaints == []
        assert worker.children() == children
        assert not worker.events("publish_retried")
        assert worker.metric("newsworker_skipped_offsets_total") == 0
        assert len(worker.events("message", role="dedupe")) == (1 + len(JUMPS)) * SIGHTINGS * PAGES
        assert worker.stop() == 0
    assert_whole(kafka_client, settings, (1 + len(JUMPS)) * PAGES)


@pytest.mark.parametrize("delivery", ["effectively_once", "exactly_once"])
def test_records_that_are_refused_for_their_time_are_repeated_until_it_is_right(
    settings: Settings, kafka_client: KafkaClient, clock: FakeClock, delivery: str
) -> None:
    """Where the topics take the worker's time for true, the worker waits, says so, and then goes on by itself."""
    settings = settings.model_copy(update={"delivery": delivery, "batch_messages": 50})
    take_times_for_true(settings)
    kafka_client.produce(settings.topics.raw, [good(number) for number in range(PAGES)])
    with WorkerProcess(settings, **clock.environment) as worker:
        worker.wait_until(lambda: len(worker.events("message", role="dedupe")) > 100, what="begun")
        children = worker.children()
        with living(worker) as complaints:
            clock.move(2 * DAY)
            kafka_client.produce(settings.topics.raw, [good(number) for number in range(PAGES, 2 * PAGES)])
            worker.wait_until(lambda: "split: publishing_retried" in worker.get("/ready")[1], what="publishing_retried")
            time.sleep(3)
            clock.move(0)
            worker.wait_until(lambda: is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
        assert complaints == []
        assert worker.events("publish_retried", cause="InvalidTimestampError")
        assert worker.children() == children
        assert len(worker.events("message", role="dedupe")) == 2 * SIGHTINGS * PAGES
        assert worker.stop() == 0
    assert_whole(kafka_client, settings, 2 * PAGES)


def take_times_for_true(settings: Settings) -> None:
    """Let the topics keep the times that producers give, as those do that `topics apply` did not make."""
    client = KafkaClient(settings.broker)
    for spec in topics.specs(settings):
        client.alter(spec.name, message_timestamp_type="CreateTime")
