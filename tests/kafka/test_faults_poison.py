"""A message at which the process dies, and messages that all fail: the one is put aside, the others stop the worker."""

import signal
from collections import Counter

import pytest
from halves import BATCH_SECONDS
from kafka_client import KafkaClient, Sent
from pages import good
from worker_process import LONG_SECONDS, WorkerProcess

from worker.settings import Delivery, Role, Settings

PAGES = 30
POISON = 12
"""The offset of the message that kills."""


def on_one_partition(count: int) -> list[Sent]:
    """Return pages whose offsets are known."""
    return [Sent(good(number).value, good(number).key, partition=0) for number in range(count)]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A worker that keeps its place in the group over a death, and takes what is there as one batch.

    A message that kills in a second batch takes one process more to be found.
    """
    batch = {"batch_messages": PAGES, "batch_seconds": BATCH_SECONDS}
    return settings.model_copy(update={"instance_id": "the-one", "poison_restarts": 2, **batch})


@pytest.mark.parametrize("delivery", ["effectively_once", "exactly_once"])
def test_a_message_that_kills_is_put_aside(settings: Settings, kafka_client: KafkaClient, delivery: Delivery) -> None:
    """A process dies in a batch with it, and two alone with it; the next one makes it a dead letter, and no other."""
    settings = settings.model_copy(update={"delivery": delivery, "fault_point": f"split:taken=0/{POISON}"})
    kafka_client.produce(settings.topics.raw, on_one_partition(PAGES))
    for _ in range(3):
        assert_dies(settings, "split")
    with WorkerProcess(settings, role="split") as worker:
        group, topic = settings.group_of("split"), settings.topics.raw
        worker.wait_until(lambda: kafka_client.lag(group, topic) == 0, LONG_SECONDS, "consumed")
        assert worker.events("poison_found", offset=POISON)
        assert worker.metric("newsworker_dead_letters_total", reason="poison", stage="work") == 1
        assert worker.stop() == 0
    (letter,) = kafka_client.consume(settings.topics.deadletter)
    assert (letter.key, letter.value) == (good(POISON).key, good(POISON).value)
    assert letter.headers["error.reason"] == b"poison"
    assert b"2 processes ended" in letter.headers["error.message"]
    assert len({record.key for record in kafka_client.consume(settings.topics.story)}) == PAGES - 1


def test_a_sighting_that_kills_is_put_aside(settings: Settings, kafka_client: KafkaClient) -> None:
    """The dedupe half finds it in the same way."""
    kafka_client.produce(settings.topics.raw, on_one_partition(PAGES))
    with WorkerProcess(settings, role="split") as worker:
        kafka_client.wait_until_consumed(settings.group_of("split"), settings.topics.raw)
        assert worker.stop() == 0
    settings = settings.model_copy(update={"fault_point": f"dedupe:taken=1/{POISON}"})
    for _ in range(3):
        assert_dies(settings, "dedupe")
    with WorkerProcess(settings, role="dedupe") as worker:
        group, topic = settings.group_of("dedupe"), settings.topics.sighting
        worker.wait_until(lambda: kafka_client.lag(group, topic) == 0, LONG_SECONDS, "consumed")
        assert worker.stop() == 0
    (letter,) = kafka_client.consume(settings.topics.deadletter)
    places = [(one.partition, one.offset, one.value) for one in kafka_client.consume(settings.topics.sighting)]
    assert (1, POISON, letter.value) in places


def test_a_death_while_publishing_accuses_no_message(settings: Settings, kafka_client: KafkaClient) -> None:
    """However often it happens: the work was over, so the message is none that kills."""
    settings = settings.model_copy(update={"fault_point": f"split:published=0/{POISON}"})
    kafka_client.produce(settings.topics.raw, on_one_partition(PAGES))
    for _ in range(5):
        assert_dies(settings, "split")
    settings = settings.model_copy(update={"fault_point": None})
    with WorkerProcess(settings, role="split") as worker:
        kafka_client.wait_until_consumed(settings.group_of("split"), settings.topics.raw)
        assert worker.stop() == 0
    assert kafka_client.consume(settings.topics.deadletter) == []
    assert len({record.key for record in kafka_client.consume(settings.topics.story)}) == PAGES


def assert_dies(settings: Settings, role: Role) -> None:
    """Start a worker and see it die at its fault point."""
    with WorkerProcess(settings, role=role) as worker:
        assert worker.wait() == 1
        assert worker.events("child_died", child=role, exit_code=-signal.SIGKILL)


@pytest.mark.parametrize("delivery", ["effectively_once", "exactly_once"])
def test_the_breaker_stops_a_worker_that_puts_everything_aside(
    settings: Settings, kafka_client: KafkaClient, delivery: Delivery
) -> None:
    """It says so, is live and not ready, leaves the rest where it is, ends in order; a mended one reads the rest."""
    settings = settings.model_copy(update={"delivery": delivery, "breaker_consecutive": 20})
    bad = [Sent(b"{broken %d" % number, partition=0) for number in range(100)]
    raw = settings.topics.raw
    kafka_client.produce(raw, [*on_one_partition(10), *bad, *on_one_partition(10)])
    with WorkerProcess(settings, role="split") as worker:
        worker.wait_until(lambda: "breaker_open" in worker.get("/ready")[1], 30, "open")
        assert worker.get("/ready")[0] == 503
        assert worker.get("/live")[0] == 200
        assert worker.events("breaker_opened", in_a_row=20)
        worker.wait_until(lambda: worker.metric("newsworker_messages_consumed_total") >= 29, what="finished")
        assert worker.metric("newsworker_messages_consumed_total") == 29
        assert worker.stop() == 0
    assert len(kafka_client.consume(settings.topics.deadletter)) == 19
    assert kafka_client.committed(settings.group_of("split"), raw) == {0: 29}
    mended = settings.model_copy(update={"breaker_consecutive": 0})
    with WorkerProcess(mended, role="split") as worker:
        worker.wait_until(lambda: kafka_client.lag(settings.group_of("split"), raw) == 0, LONG_SECONDS, "consumed")
        assert worker.stop() == 0
    letters = Counter(letter.value for letter in kafka_client.consume(settings.topics.deadletter))
    assert letters == Counter(one.value for one in bad)
