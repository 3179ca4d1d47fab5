"""SIGKILL between any two steps of the order of effects, by the fault points of `worker.guard`."""

import signal
from collections import Counter
from collections.abc import Iterator

import pytest
from kafka_client import KafkaClient
from pages import SIGHTINGS, good
from whole import is_consumed
from worker_process import LONG_SECONDS, WorkerProcess

from worker.settings import STEPS, Delivery, Role, Settings

PAGES = 40
"""For each kill."""

COMES_AT = {"taken": 17, "worked": 17, "published": 9, "counted": 17, "sent": 2, "stored": 2, "finished": 2}
"""Which time a step is met when the process dies there: in the middle of a batch, where it is each message's."""

NEVER_MET: dict[tuple[Role, Delivery], set[str]] = {
    ("split", "effectively_once"): {"sent", "stored"},
    ("split", "exactly_once"): {"stored"},
    ("dedupe", "effectively_once"): set(),
    ("dedupe", "exactly_once"): set(),
}
"""Without a transaction nothing is sent before it is committed; the split half has no state."""


def steps(role: Role, delivery: Delivery) -> Iterator[tuple[str, int]]:
    """Yield the steps that a role comes to, and which time it is to die there."""
    for step in STEPS:
        if step not in NEVER_MET[role, delivery]:
            # A transaction is one for all messages of a batch.
            is_batched = step == "published" and (role, delivery) != ("split", "effectively_once")
            yield step, 2 if is_batched else COMES_AT[step]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Small batches, so that a step is met again and again; one that keeps its place in the group over a kill."""
    changes = {"batch_messages": 10, "instance_id": "the-one", "state_store": "rocksdb", "partitions": 2}
    return settings.model_copy(update=changes)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("delivery", ["effectively_once", "exactly_once"])
@pytest.mark.parametrize("role", ["split", "dedupe"])
def test_a_kill_between_any_two_steps_loses_nothing(
    settings: Settings, kafka_client: KafkaClient, role: Role, delivery: Delivery
) -> None:
    """Every record of every page is there after the process has died at each step; once only, where that is set."""
    settings = settings.model_copy(update={"delivery": delivery})
    points = list(steps(role, delivery))
    kafka_client.produce(settings.topics.raw, [good(page) for page in range(PAGES * len(points))])
    if role == "dedupe":
        split_all(settings, kafka_client)
    for step, time in points:
        point = f"{role}:{step}:{time}"
        with WorkerProcess(settings.model_copy(update={"fault_point": point}), role=role) as worker:
            assert worker.wait() == 1, point
            assert worker.events("fault_point", step=step), point
            assert worker.events("child_died", child=role, exit_code=-signal.SIGKILL), point
    with WorkerProcess(settings) as worker:
        worker.wait_until(lambda: is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
        assert worker.stop() == 0
    assert_whole(kafka_client, settings, PAGES * len(points))
    if delivery == "exactly_once":
        assert_once(kafka_client, settings)


def split_all(settings: Settings, client: KafkaClient) -> None:
    """Let the split half do all its work."""
    with WorkerProcess(settings, role="split") as worker:
        worker.wait_until(
            lambda: client.lag(settings.group_of("split"), settings.topics.raw) == 0, LONG_SECONDS, "split"
        )
        assert worker.stop() == 0


def assert_whole(client: KafkaClient, settings: Settings, pages: int) -> None:
    """Every record that the pages make is there, and nothing else; nothing is a dead letter."""
    kinds = ("story", "page", "copy", "sighting", "mention", "headline")
    found = {kind: times(client, settings, kind) for kind in kinds}
    assert {len(found[kind]) for kind in kinds[:3]} == {pages}
    assert len(found["headline"]) == 2 * pages + 1
    assert found["sighting"].total() >= SIGHTINGS * pages
    assert found["mention"].total() >= 2 * pages
    assert client.consume(settings.topics.deadletter) == []


def assert_once(client: KafkaClient, settings: Settings) -> None:
    """A reader of committed records finds no record twice."""
    assert set(times(client, settings, "story").values()) == {1}
    assert set(times(client, settings, "page").values()) == {1}
    pages = len(times(client, settings, "page"))
    assert times(client, settings, "sighting").total() == SIGHTINGS * pages
    assert times(client, settings, "mention").total() == 2 * pages


def times(client: KafkaClient, settings: Settings, kind: str) -> Counter[bytes | None]:
    """Return how often each key stands on a topic."""
    return Counter(record.key for record in client.consume(getattr(settings.topics, kind)))
