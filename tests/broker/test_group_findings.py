"""What aiokafka and Faust do wrong with the group and its offsets, each with our cure as in `test_faust_findings`."""

import asyncio

import pytest
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import GroupLoadInProgressError, KafkaConnectionError
from aiokafka.protocol.commit import OffsetFetchRequest, OffsetFetchResponse_v3
from aiokafka.protocol.metadata import MetadataRequest
from faust.transport.consumer import RecordMap
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread
from faust.types import TP
from halves import BATCH_SECONDS, Gate, half_with, having_read, numbered, running, until
from kafka_client import KafkaClient

from worker.app import vitals
from worker.app.child import new_loop
from worker.app.thread import ConsumerThread
from worker.incoming import Incoming
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


def test_f26_a_rebalance_during_the_seek_of_the_last_one_lets_nothing_be_read(settings: Settings) -> None:
    """The seek's answer comes when the partitions have been given up again: the next assignment reads, and only it."""

    async def scenario() -> list[str]:
        half = half_with(settings, Gate())
        consumer, steps, first = half.consumer, list[str](), asyncio.Event()
        seek, resume, revoked = consumer.seek_sources, consumer.resume_partitions, consumer.on_partitions_revoked

        async def seek_and_rebalance() -> None:
            await seek()
            steps.append("sought")
            if steps.count("sought") == 1:
                thread = consumer._thread
                thread.thread_loop.call_soon_threadsafe(thread._ensure_consumer()._coordinator.request_rejoin)
                await first.wait()

        async def noted_revoked(partitions: set[TP]) -> None:
            await revoked(partitions)
            steps.append("revoked")
            if "sought" in steps:
                first.set()

        def noted_resume(partitions: set[TP]) -> None:
            steps.extend(["resumed"] if any(tp.topic == half.source for tp in partitions) else [])
            resume(partitions)

        consumer.seek_sources = seek_and_rebalance  # type: ignore[method-assign]
        consumer.on_partitions_revoked = noted_revoked  # type: ignore[method-assign]
        consumer.resume_partitions = noted_resume  # type: ignore[method-assign,assignment]
        async with running(half):
            return list(steps)

    assert asyncio.run(scenario())[-4:] == ["sought", "revoked", "sought", "resumed"]


def test_f26_what_a_fetch_brings_after_its_partitions_were_given_up_reaches_nobody(
    settings: Settings, kafka_client: KafkaClient
) -> None:
    """It would be taken for records of the next assignment, which has begun when the fetch comes back."""

    async def scenario() -> list[object]:
        gate, asked, came = Gate(), asyncio.Event(), asyncio.Event()
        async with running(half_with(settings, gate)) as consumer:
            fetch = consumer._thread.getmany

            async def fetch_and_give_up(active: set[TP] | None, timeout: float) -> RecordMap:  # noqa: ASYNC109
                asked.set()
                records = await fetch(active, timeout)
                if records:
                    consumer.reading = None
                    came.set()
                return records

            consumer._thread.getmany = fetch_and_give_up  # type: ignore[method-assign]
            await asked.wait()
            kafka_client.produce(settings.topics.raw, numbered(10))
            await came.wait()
            await asyncio.sleep(2 * BATCH_SECONDS)
            gate.is_open.set()
            return [message.offset for message in gate.seen]

    assert asyncio.run(scenario()) == []


def test_f26_a_source_is_not_fetched_from_when_it_was_given_up(settings: Settings, kafka_client: KafkaClient) -> None:
    """Neither by the fetch that is under way then nor by the following ones: the position stays."""

    async def scenario() -> tuple[list[Incoming], int | None]:
        gate = Gate()
        async with running(half_with(settings, gate)) as consumer:
            consumer.reading = None
            kafka_client.produce(settings.topics.raw, numbered(10))
            await asyncio.sleep(2 * BATCH_SECONDS)
            return gate.seen, await consumer.position(TP(settings.topics.raw, 0))

    assert asyncio.run(scenario()) == ([], 0)


def test_f26_what_was_taken_before_a_seek_is_not_handed_over(
    settings: Settings, source: TP, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A seek between two steps of a fetch: what follows is read from there, and nothing comes before it."""
    take = AIOKafkaConsumerThread._fetch_records

    async def seek_and_take(
        thread: ConsumerThread, kafka_consumer: object, active: set[TP], seconds: float, count: int
    ) -> RecordMap:
        if seconds == 0:
            monkeypatch.setattr(AIOKafkaConsumerThread, "_fetch_records", take)
            await thread._write_mark(source, 5, "")
            thread.consumer._next_to_handle = dict(await thread._seek_to_committed(thread.app.consumer_generation_id))
            seconds = 5.0
        return await take(thread, kafka_consumer, active, seconds, count)

    async def scenario() -> list[object]:
        gate = Gate()
        async with running(half_with(settings, gate)):
            await until(lambda: bool(gate.seen) and gate.seen[-1].offset == 9)
            gate.is_open.set()
        return [message.offset for message in gate.seen]

    monkeypatch.setattr(AIOKafkaConsumerThread, "_fetch_records", seek_and_take)
    assert asyncio.run(scenario()) == list(range(5, 10))


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
