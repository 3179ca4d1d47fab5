"""A replay of a range of the live topic, beside the worker that consumes it: nobody there notices."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient, NewTopic
from kafka_client import KafkaClient
from pages import good
from worker_process import LONG_SECONDS, WorkerProcess

from worker.bounds import Offset
from worker.pace import Pace
from worker.reader import Range
from worker.record import record_range
from worker.replay import Onto, Play, play_into, play_onto
from worker.settings import ROLES, Settings

PAGES = 200


@dataclass(frozen=True, slots=True)
class Group:
    """What a broker knows of a consumer group: its state, its members with their partitions, its offsets."""

    state: str
    members: frozenset[tuple[str, str, frozenset[tuple[str, int]]]]
    committed: tuple[tuple[int, int], ...]


def groups(settings: Settings) -> tuple[frozenset[str], tuple[Group, ...]]:
    """Return the names of all groups of the broker, and the worker's two groups as they are now."""
    admin, client = AdminClient({"bootstrap.servers": settings.broker}), KafkaClient(settings.broker)
    names = frozenset(one.group_id for one in admin.list_consumer_groups().result(20).valid)
    sources = (settings.topics.raw, settings.topics.sighting)
    found = []
    for role, source in zip(ROLES, sources, strict=True):
        group = admin.describe_consumer_groups([settings.group_of(role)])[settings.group_of(role)].result(20)
        members = frozenset(
            (
                member.member_id,
                member.client_id,
                frozenset((tp.topic, tp.partition) for tp in member.assignment.topic_partitions),
            )
            for member in group.members
        )
        committed = client.committed(settings.group_of(role), source)
        found.append(Group(group.state.name, members, tuple(sorted(committed.items()))))
    return names, tuple(found)


@contextmanager
def watching(settings: Settings, seen: list[object]) -> Iterator[None]:
    """Look at the groups again and again while the block runs."""
    is_over = threading.Event()

    def look() -> None:
        while not is_over.is_set():
            seen.append(groups(settings))

    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(look)
        try:
            yield
        finally:
            is_over.set()
        looking.result()


@pytest.fixture
def worker(settings: Settings, kafka_client: KafkaClient) -> Iterator[WorkerProcess]:
    """A worker that has consumed all there is and stays."""
    kafka_client.produce(settings.topics.raw, [good(number) for number in range(PAGES)])
    with WorkerProcess(settings) as running:
        running.wait_until_ready()
        for role, source in zip(ROLES, (settings.topics.raw, settings.topics.sighting), strict=True):
            running.wait_until(
                lambda role=role, source=source: kafka_client.lag(settings.group_of(role), source) == 0,
                LONG_SECONDS,
                "consumed",
            )
        yield running


def test_the_live_groups_are_untouched(
    settings: Settings, kafka_client: KafkaClient, worker: WorkerProcess, tmp_path: Path
) -> None:
    """No offset, member, assignment or group is another one at any moment, and the worker goes on as before."""
    test_topic = f"{settings.topic_prefix}.test.v1"
    admin = AdminClient({"bootstrap.servers": settings.broker})
    admin.create_topics([NewTopic(test_topic, 3, 1)])[test_topic].result(20)
    before, logged = groups(settings), len(worker.lines)
    assert [group.state for group in before[1]] == ["STABLE", "STABLE"]
    assert all(group.members and group.committed for group in before[1])
    # Not to the end: an offset committed there would be the worker's own.
    wanted = Range(settings.topics.raw, (), Offset(10), Offset(60))
    seen: list[object] = []
    with watching(settings, seen):
        sent = asyncio.run(play_onto(Play(wanted=wanted), settings, Onto(test_topic, Pace(rate=50))))
        asyncio.run(record_range(settings, wanted, tmp_path / "raw.jsonl"))
        asyncio.run(play_into(Play(wanted=wanted), settings, tmp_path / "out"))
    assert sent == 100 == sum(kafka_client.end_offsets(test_topic).values())
    assert len(seen) > 3
    assert {*seen, groups(settings)} == {before}
    assert worker.lines[logged:] == []
    kafka_client.produce(settings.topics.raw, [good(PAGES)])
    consumed = "newsworker_messages_consumed_total"
    worker.wait_until(lambda: worker.metric(consumed, role="split") == PAGES + 1, what="consumed")
    assert worker.metric("newsworker_skipped_offsets_total") == 0
    assert worker.stop() == 0
