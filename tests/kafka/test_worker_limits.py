"""Limits: memory stays flat whatever comes and however slow the broker is, and a long page breaks no heartbeat."""

import asyncio
import os
import random
import signal
import string
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient
from kafka_client import KafkaClient, Sent
from pages import good, raw
from worker_process import LONG_SECONDS, WorkerProcess

from worker import topics
from worker.broker import KafkaBroker
from worker.settings import MIB, Settings

LARGEST = 60
"""Pages of nearly the largest size: 600 MiB."""

MOST_MIB = 512
"""For them: 112 at rest, 64 in flight and one page more, one page fetched ahead for each of two partitions, and the
page being handled with its records, 150: 340 where measured, and 420 where the messages are not compressed. Bounded by
number alone it was 1500."""

SMALL = 1500
SMALL_SIZE = 20_000
SMALL_LIMIT = 2 * MIB
"""A fifteenth of what the small pages have together."""

MOST_MORE_MIB = 32
"""What a slow broker may cost: the noise of two runs was 8 where measured."""

WORD = "".join(random.Random(1).choices(string.ascii_lowercase, k=997))

LONG_PAGES = 2
"""Each takes 7 s or more: the broker would take a commit in between for a heartbeat."""

TURNS = 2
PAGES_A_TURN = 1000
"""More than are handled while a worker starts or ends."""


@pytest.fixture
def broker(own_kafka_broker: KafkaBroker) -> KafkaBroker:
    """A real Apache Kafka of each test's own, which may be stopped, and whose large topics go with it."""
    return own_kafka_broker


def long_word(number: int, size: int) -> Sent:
    """A page of so many bytes, nearly all of them one word: quick to read, and its story is three times as much."""
    word = (WORD * (size // len(WORD) + 1))[:size]
    return Sent(raw(number, content=f"Harbour council {number} votes\n\n{word}"), key=f"page-{number}".encode())


def quotations(number: int) -> Sent:
    """A page of nearly the largest size that takes longer than any other: quotations and dates all along."""
    line = '"We waited {0} days for it," said mayor Ida Holm on {1} March 2025. '
    lines = (line.format(100_000 + one, 1 + one % 28) for one in range(138_000))
    paragraphs = ["Harbour council votes", *("".join(five) for five in zip(*[lines] * 5, strict=True))]
    return Sent(raw(number, content="\n\n".join(paragraphs)), key=f"page-{number}".encode())


def peak_mib(worker: WorkerProcess) -> float:
    """Return the most memory that the split half has ever held (proc(5): VmHWM)."""
    lines = Path(f"/proc/{worker.child('split')}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024 / MIB


def handled(worker: WorkerProcess) -> Counter[tuple[int, int]]:
    """Return how often each message was handled."""
    return Counter((line["partition"], line["offset"]) for line in worker.events("message", role="split"))


def assert_whole(client: KafkaClient, settings: Settings, pages: int) -> None:
    """Every page is on its topic, all is committed, and nothing was put aside."""
    assert len({record.key for record in client.consume(settings.topics.page)}) == pages
    assert client.lag(settings.group_of("split"), settings.topics.raw) == 0
    assert sum(client.end_offsets(settings.topics.deadletter).values()) == 0


@pytest.mark.full
def test_memory_is_flat_whatever_the_number_of_largest_pages(settings: Settings, kafka_client: KafkaClient) -> None:
    """Sixty pages of nearly 10 MiB, packed by their producer, take no more memory than ten do, and all come through."""
    kafka_client.produce(
        settings.topics.raw, (long_word(number, 10 * MIB - 1000) for number in range(LARGEST)), codec="lz4"
    )
    with WorkerProcess(settings, role="split") as worker:
        worker.wait_until(lambda: len(handled(worker)) >= 10, LONG_SECONDS, "begun")
        early = peak_mib(worker)
        worker.wait_until(lambda: len(handled(worker)) == LARGEST, LONG_SECONDS, "handled")
        peak = peak_mib(worker)
        worker.wait_until(lambda: worker.metric("newsworker_in_flight_bytes", role="split") == 0, 5, "finished")
        assert worker.stop() == 0
    assert peak < min(MOST_MIB, 1.25 * early), f"{early} MiB for ten, {peak} MiB for all"
    assert_whole(kafka_client, settings, LARGEST)


@contextmanager
def stuttering(broker: KafkaBroker) -> Iterator[None]:
    """Stop the broker's process for half a second, and let it go on for a quarter, again and again."""
    pid, is_over = broker.pid, threading.Event()
    assert pid is not None

    def stutter() -> None:
        while not is_over.is_set():
            os.kill(pid, signal.SIGSTOP)
            time.sleep(0.5)
            os.kill(pid, signal.SIGCONT)
            is_over.wait(0.25)

    thread = threading.Thread(target=stutter)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def consume_small(settings: Settings) -> tuple[float, float]:
    """Put the small pages through a worker; return the peak of its memory and of its bytes in flight."""
    most = 0.0

    def is_done(worker: WorkerProcess) -> bool:
        nonlocal most
        most = max(most, worker.metric("newsworker_in_flight_bytes", role="split"))
        return len(handled(worker)) == SMALL

    with WorkerProcess(settings, role="split") as worker:
        worker.wait_until(lambda: is_done(worker), LONG_SECONDS, "handled")
        peak = peak_mib(worker)
        assert set(handled(worker).values()) == {1}
        assert worker.stop() == 0
    return peak, most


def test_memory_is_flat_when_the_broker_is_slow(
    broker: KafkaBroker, settings: Settings, kafka_client: KafkaClient
) -> None:
    """With a broker that stands still most of the time the worker holds no more, and nothing is lost or repeated."""
    quick = settings.model_copy(update={"max_in_flight_bytes": SMALL_LIMIT})
    slow = quick.model_copy(update={"group": f"{quick.group}-slow", "topic_prefix": f"{quick.topic_prefix}-slow"})
    asyncio.run(topics.apply(slow))
    for one in (quick, slow):
        kafka_client.produce(one.topics.raw, (long_word(number, SMALL_SIZE) for number in range(SMALL)))
    peak, most = consume_small(quick)
    with stuttering(broker):
        slow_peak, slow_most = consume_small(slow)
    assert slow_peak < peak + MOST_MORE_MIB, f"{slow_peak} MiB, and {peak} with a quick broker"
    assert 0 < max(most, slow_most) < SMALL_LIMIT + 1.1 * SMALL_SIZE
    for one in (quick, slow):
        assert_whole(kafka_client, one, SMALL)


def test_rebalances_while_the_limit_is_reached_stop_nothing(settings: Settings, kafka_client: KafkaClient) -> None:
    """What a rebalance throws away makes room: workers that come and go leave none that waits for ever."""
    # Small batches, so that most of what is in flight waits in Faust's queue, which a rebalance empties.
    settings = settings.model_copy(update={"max_in_flight_bytes": 20_000, "batch_messages": 2})
    with WorkerProcess(settings, role="split") as worker:
        worker.wait_until_ready()
        for turn in range(TURNS):
            with WorkerProcess(settings, role="split") as other:
                other.wait_until(lambda: other.metric("newsworker_partitions_assigned"), LONG_SECONDS, "shared out")
                numbers = range(turn * PAGES_A_TURN, (turn + 1) * PAGES_A_TURN)
                kafka_client.produce(settings.topics.raw, [good(number) for number in numbers])
                other.wait_until(lambda: handled(other), LONG_SECONDS, "begun")
                assert other.stop() == 0
        group, raw_topic = settings.group_of("split"), settings.topics.raw
        worker.wait_until(lambda: kafka_client.lag(group, raw_topic) == 0, LONG_SECONDS, "consumed")
        assert worker.stop() == 0
    assert_whole(kafka_client, settings, TURNS * PAGES_A_TURN)


def test_a_page_that_keeps_the_processor_busy_breaks_no_heartbeat(
    broker: KafkaBroker, settings: Settings, kafka_client: KafkaClient
) -> None:
    """While pages take longer than the session timeout the group keeps its member, and each is read once."""
    kafka_client.produce(settings.topics.raw, [quotations(number) for number in range(LONG_PAGES)])
    client, group = AdminClient({"bootstrap.servers": broker.bootstrap}), settings.group_of("split")
    members = set[tuple[str, bool]]()

    def is_done(worker: WorkerProcess) -> bool:
        description = client.describe_consumer_groups([group])[group].result(20)
        members.update((member.member_id, bool(member.assignment.topic_partitions)) for member in description.members)
        return len(handled(worker)) == LONG_PAGES

    with WorkerProcess(settings, role="split") as worker:
        worker.wait_until_ready()
        worker.wait_until(lambda: is_done(worker), LONG_SECONDS, "handled")
        pages = worker.events("message", role="split")
        assert worker.stop() == 0
    assert sum(page["seconds"] for page in pages) > settings.session_timeout_seconds
    # Their stories would be larger than the topic takes.
    assert [page["reason"] for page in pages] == ["record_too_large"] * LONG_PAGES
    assert len(members) == 1, members
    assert set(handled(worker).values()) == {1}
    assert len(kafka_client.consume(settings.topics.deadletter)) == LONG_PAGES
