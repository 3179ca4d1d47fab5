"""What aiokafka and Faust do wrong with the group and its offsets, each with our cure as in `test_faust_findings`."""

import asyncio

import pytest
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import GroupLoadInProgressError, KafkaConnectionError
from aiokafka.protocol.commit import OffsetFetchRequest, OffsetFetchResponse_v3
from aiokafka.protocol.metadata import MetadataRequest
from faust.types import TP
from halves import Gate, half_with, having_read, numbered, running, until
from kafka_client import KafkaClient

from worker.app import vitals
from worker.app.child import new_loop
from worker.settings import Settings


@pytest.fixture
def source(settings: Settings, kafka_client: KafkaClient) -> TP:
    """A source partition with ten messages."""
    kafka_client.produce(settings.topics.raw, numbered(10))
    return TP(settings.topics.raw, 0)


def test_f21_a_coordinator_that_is_loading_is_asked_again(settings: Settings, source: TP) -> None:
    """Its answer is for the group as a whole, with no partition in it: that is not a group without commits."""

    async def scenario() -> int | None:
        async with having_read(settings, 10) as consumer:
            await consumer.commit()
            answers_as_if_loading(consumer._thread._ensure_consumer()._coordinator._client)
            return (await consumer.seek_to_committed())[source]

    assert asyncio.run(scenario()) == 10


def test_f22_a_fetch_in_the_middle_of_a_rebalance_seeks_nothing(settings: Settings, source: TP) -> None:
    """What is under way then is committed a moment later: the position of before would have it read again."""

    async def scenario() -> int | None:
        async with having_read(settings, 10) as consumer:
            await consumer.perform_seek()
            return await consumer.position(source)

    assert asyncio.run(scenario()) == 10


def test_f22_a_seek_of_an_earlier_assignment_counts_no_more(settings: Settings, source: TP) -> None:
    """Its answer is older than what the present assignment is told."""

    async def scenario() -> tuple[object, int | None]:
        async with having_read(settings, 10) as consumer:
            coordinator = consumer._thread._ensure_consumer()._coordinator
            fetch = coordinator.fetch_committed_offsets

            async def fetch_and_assign(partitions: object) -> object:
                answer = await fetch(partitions)
                consumer.app.consumer_generation_id += 1
                return answer

            coordinator.fetch_committed_offsets = fetch_and_assign
            return await consumer.seek_to_committed(), await consumer.position(source)

    assert asyncio.run(scenario()) == ({}, 10)


def test_f23_a_member_that_has_lost_its_session_commits_nothing(settings: Settings) -> None:
    """As it would do in no group's name, which the broker allows where no member is left."""

    async def scenario() -> bool:
        async with running(half_with(settings, Gate())) as consumer:
            coordinator = consumer._thread._ensure_consumer()._coordinator
            coordinator.reset_generation()
            return await consumer.write_mark(settings.topics.raw, 0, 5, "begun")

    assert not asyncio.run(scenario())


@pytest.mark.parametrize("turns", range(6))
def test_f24_what_is_asked_over_a_connection_that_has_just_been_lost_fails_as_expected(
    settings: Settings, turns: int
) -> None:
    """For some turns of the loop aiokafka does not know of the loss. Another error ends the task that meets it."""

    async def scenario() -> None:
        client = AIOKafkaClient(bootstrap_servers=settings.broker)
        await client.bootstrap()
        connection = await client._get_conn(client.get_random_node())
        connection._writer.transport.abort()
        for _ in range(turns):
            await asyncio.sleep(0)
        with pytest.raises(KafkaConnectionError):
            await connection.send(MetadataRequest([]))
        await client.close()

    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(scenario())


@pytest.mark.parametrize("whose", ["consumer", "producer"])
def test_f24_a_client_that_refreshes_its_metadata_no_more_ends_the_process(
    settings: Settings, ends: list[BaseException], whose: str
) -> None:
    """What asks it would wait for ever, and nobody would know that it is not for the broker."""

    async def scenario() -> None:
        half = half_with(settings, Gate())
        async with running(half) as consumer:
            ours = half.publisher._producers.current().client
            client = ours if whose == "producer" else consumer._thread._ensure_consumer()._client
            refresh, client._metadata_update = client._metadata_update, fail
            client._loop.call_soon_threadsafe(client.force_metadata_update)
            await until(lambda: bool(ends))
            client._metadata_update = refresh
            client._loop.call_soon_threadsafe(refresh_again, client)

    asyncio.run(scenario())
    assert [str(error) for error in ends] == ["aiokafka's metadata ended: RuntimeError"]


def test_f25_an_error_that_the_coordinator_cannot_go_on_after_ends_the_process(
    settings: Settings, ends: list[BaseException]
) -> None:
    """It would keep it until somebody asks, and stand still meanwhile."""

    async def scenario() -> None:
        async with running(half_with(settings, Gate())) as consumer:
            consumer._thread._ensure_consumer()._coordinator._push_error_to_user(GroupLoadInProgressError())

    asyncio.run(scenario())
    assert [str(error) for error in ends] == ["aiokafka's coordination ended: GroupLoadInProgressError"]


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """What would have ended the process."""
    found: list[BaseException] = []
    monkeypatch.setattr(vitals, "abandon", found.append)
    return found


def refresh_again(client: AIOKafkaClient) -> None:
    """Let it go on, so that it can be closed."""
    client._sync_task = client._loop.create_task(client._md_synchronizer())


async def fail(*_arguments: object) -> bool:
    """Fail as nobody expects."""
    raise RuntimeError


def answers_as_if_loading(client: AIOKafkaClient) -> None:
    """Let the first question for committed offsets be answered as by a coordinator that is still loading."""
    send, left = client.send, [GroupLoadInProgressError.errno]

    async def answer(node: int, request: object, **options: object) -> object:
        if isinstance(request, OffsetFetchRequest) and left:
            return OffsetFetchResponse_v3(throttle_time_ms=0, topics=[], error_code=left.pop())
        return await send(node, request, **options)

    client.send = answer
