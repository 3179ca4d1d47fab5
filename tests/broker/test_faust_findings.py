"""What Faust and aiokafka do wrong, each with our cure: every test here fails without it.

An upgrade that makes one pass without the cure is an upgrade after which the cure can go.
"""

import asyncio
import time
from collections.abc import Awaitable, Coroutine, Mapping, Sequence
from typing import cast

import pytest
from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from faust.types import TP
from halves import Gate, half_with, numbered, running, until
from kafka_client import KafkaClient, Sent

from worker import metrics, topics
from worker.app import factory
from worker.app.factory import App
from worker.app.thread import ConsumerThread
from worker.app.transport import Producer
from worker.errors import Fatal
from worker.incoming import Incoming
from worker.settings import Settings


@pytest.mark.parametrize("role", ["split", "dedupe"])
def test_f1_reading_begins_after_the_seek(settings: Settings, role: str) -> None:
    """Partitions are sought and queues cleared before a source partition is resumed."""

    async def scenario() -> list[str]:
        half = factory.build(cast("factory.Role", role), settings)
        consumer, steps = half.consumer, list[str]()
        seek, resume, clear = consumer.seek_sources, consumer.resume_partitions, half.app.flow_control.resume

        async def noted_seek() -> None:
            await seek()
            steps.append("sought")

        def noted_resume(partitions: set[TP]) -> None:
            steps.extend(["resumed"] if any(tp.topic == half.source for tp in partitions) else [])
            resume(partitions)

        def noted_clear() -> None:
            steps.append("cleared")
            clear()

        consumer.seek_sources = noted_seek  # type: ignore[method-assign]
        consumer.resume_partitions = noted_resume  # type: ignore[method-assign,assignment]
        half.app.flow_control.resume = noted_clear  # type: ignore[method-assign]
        async with running(half):
            return steps

    steps = asyncio.run(scenario())
    assert steps[-3:] == ["sought", "cleared", "resumed"]
    assert steps.count("resumed") == 1


def test_f2_a_partition_without_a_commit_is_read_from_its_beginning(
    settings: Settings, kafka_client: KafkaClient
) -> None:
    """After a rebalance it is sought there; aiokafka alone would leave it behind the records that were dropped."""
    kafka_client.produce(settings.topics.raw, numbered(10))
    source = TP(settings.topics.raw, 0)

    async def scenario() -> list[int | None]:
        gate = Gate()
        async with running(half_with(settings, gate)) as consumer:
            await gate.wait_for(10)
            consumer.stop_flow()
            before = await consumer.position(source)
            await consumer.seek_sources()
            after = await consumer.position(source)
            gate.is_open.set()
            return [before, after]

    assert asyncio.run(scenario()) == [10, 0]


def test_f3_acknowledgements_of_faust_commit_nothing(settings: Settings, kafka_client: KafkaClient) -> None:
    """Only what an agent has finished is committed, in order: never past a message that is still under way."""
    kafka_client.produce(settings.topics.raw, numbered(10))
    group = settings.group_of("split")

    async def scenario() -> dict[int, int]:
        gate = Gate()
        async with running(half_with(settings, gate)) as consumer:
            await gate.wait_for(10)
            for message in list(consumer.unacked):
                message.ack(consumer)
            await consumer.commit()
            committed = await asyncio.to_thread(kafka_client.committed, group, settings.topics.raw)
            gate.is_open.set()
            return committed

    assert asyncio.run(scenario()) == {}
    assert kafka_client.committed(group, settings.topics.raw) == {0: 10}


def test_f3_one_actor_takes_the_messages_in_order(settings: Settings, kafka_client: KafkaClient) -> None:
    """Batches neither overlap nor swap."""
    kafka_client.produce(settings.topics.raw, numbered(500))
    under_way, seen = 0, list[int]()

    async def handle(messages: Sequence[Incoming]) -> Sequence[Incoming]:
        nonlocal under_way
        under_way += 1
        assert under_way == 1
        await asyncio.sleep(0.001)
        seen.extend(message.offset for message in messages)
        under_way -= 1
        return messages

    async def scenario() -> None:
        async with running(half_with(settings, handle)):
            await until(lambda: len(seen) >= 500)

    asyncio.run(scenario())
    assert seen == list(range(500))


def test_f5_bytes_come_in_as_they_are(settings: Settings, kafka_client: KafkaClient) -> None:
    """Keys and values that are no text, and tombstones, reach the handler, and so does what follows."""
    odd = [
        Sent(b"\xff\xfe", b"\x80key", {"content-type": b"\xff"}, timestamp_ms=1_700_000_000_123, partition=0),
        Sent(None, b"gone", partition=0),
        Sent(b"{not json", None, partition=0),
        Sent(b"", b"", partition=0),
        Sent(b"last", None, partition=0),
    ]
    kafka_client.produce(settings.topics.raw, odd)

    async def scenario() -> list[Incoming]:
        gate = Gate()
        gate.is_open.set()
        async with running(half_with(settings, gate)):
            await gate.wait_for(len(odd))
        return gate.seen

    seen = asyncio.run(scenario())
    assert [(one.key, one.value) for one in seen] == [(one.key, one.value) for one in odd]
    assert (seen[0].headers, seen[0].timestamp_ms) == ((("content-type", b"\xff"),), 1_700_000_000_123)


def test_f6_and_f7_and_f10_the_clients_are_set_as_they_must_be(settings: Settings) -> None:
    """No transactions; a spare stays in its group; an idempotent producer; no web server of Faust's."""

    async def scenario() -> None:
        half = factory.build("dedupe", settings)
        async with running(half) as consumer:
            kafka_consumer = consumer._thread._ensure_consumer()
            assert kafka_consumer._coordinator._max_poll_interval == factory.YEAR_SECONDS
            assert kafka_consumer._fetcher._fetch_max_wait_ms == 500
            producer = cast("Producer", half.app.producer)._ensure_producer()
            assert producer._txn_manager is not None
            assert producer._txn_manager.transactional_id is None
            assert not half.app.in_transaction
            assert not half.app.boot_strategy._should_enable_web()  # type: ignore[attr-defined]

    asyncio.run(scenario())


def test_f11_a_fetch_without_active_partitions_takes_nothing(settings: Settings, kafka_client: KafkaClient) -> None:
    """Aiokafka takes an empty set for all partitions."""
    kafka_client.produce(settings.topics.raw, numbered(10))
    assert asyncio.run(_fetch_while_paused(settings, named=False)) == ({}, 0)


def test_f11_records_of_a_paused_partition_are_put_back(settings: Settings, kafka_client: KafkaClient) -> None:
    """A fetch that was under way when its partition was paused does not move the position."""
    kafka_client.produce(settings.topics.raw, numbered(10))
    assert asyncio.run(_fetch_while_paused(settings, named=True)) == ({}, 0)


async def _fetch_while_paused(settings: Settings, *, named: bool) -> tuple[object, int | None]:
    source = TP(settings.topics.raw, 0)
    gate = Gate()
    async with running(half_with(settings, gate)) as consumer:
        await gate.wait_for(10)
        consumer.pause_partitions({source})
        await consumer.seek_sources()
        thread = cast("ConsumerThread", consumer._thread)
        fetch: Coroutine[object, object, object] = thread.call_thread(
            thread._fetch_records, thread._ensure_consumer(), {source} if named else set(), timeout=2.0, max_records=5
        )
        records = await fetch
        position = await consumer.position(source)
        gate.is_open.set()
        return records, position


def test_f13_a_slow_step_of_the_recovery_does_not_end_it(settings: Settings) -> None:
    """Faust takes a timeout for being stopped, and never recovers again."""

    async def scenario() -> None:
        recovery = App("id", **factory._options("dedupe", settings)).tables.recovery  # type: ignore[attr-defined]
        await recovery._wait(asyncio.sleep(0.1), timeout=0.01)

    asyncio.run(scenario())


def test_f14_a_recovery_that_is_quicker_than_its_waiter_ends(settings: Settings, kafka_client: KafkaClient) -> None:
    """The changelogs are read while the fetcher is still being started, before anybody waits for their end."""
    kafka_client.produce(topics.changelogs(settings)[0], [Sent(b"{}", b"key", partition=0)])

    async def scenario() -> None:
        half = factory.build("dedupe", settings)
        start_fetcher = half.app._fetcher.maybe_start

        async def start_slowly() -> bool:
            started = await start_fetcher()
            await asyncio.sleep(3)
            return started

        half.app._fetcher.maybe_start = start_slowly  # type: ignore[method-assign]
        async with running(half):
            assert half.app.tables["headline"].data.get(b"key") == b"{}"

    asyncio.run(scenario())


def test_a_record_that_is_lost_on_the_way_is_not_committed_past(settings: Settings) -> None:
    """Two records before one never reached the agent: they are counted, and the process must end before handling it."""
    source = TP(settings.topics.raw, 0)

    async def scenario() -> int:
        async with running(half_with(settings, Gate())) as consumer:
            consumer._next_to_handle = {source: 3}
            message = consumer._to_message(source, ConsumerRecord(*source, 5, 0, 0, None, b"", None, -1, 0, ()))
            with pytest.raises(Fatal, match="2 records"):
                consumer.refuse_gaps([message])
            return consumer._next_to_handle[source]

    assert asyncio.run(scenario()) == 3
    assert metrics.SKIPPED_OFFSETS.labels(settings.topics.raw)._value.get() == 2


def test_what_follows_a_lost_record_is_not_handled(
    settings: Settings, kafka_client: KafkaClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever handles a batch may commit behind it: first it is looked whether the batch begins where it has to."""
    ended = list[BaseException]()
    monkeypatch.setattr(factory, "or_abandon", lambda work: _end_in(work, ended))

    async def scenario() -> list[Incoming]:
        gate = Gate()
        gate.is_open.set()
        async with running(half_with(settings, gate)) as consumer:
            consumer._next_to_handle = {TP(settings.topics.raw, 0): -2}
            kafka_client.produce(settings.topics.raw, [Sent(b"x", partition=0)])
            await until(lambda: bool(ended))
        return gate.seen

    assert asyncio.run(scenario()) == []
    assert [str(error) for error in ended] == [f"2 records of {settings.topics.raw}/0 before 0"]


async def _end_in(work: Awaitable[None], ended: list[BaseException]) -> None:
    try:
        await work
    except Fatal as error:
        ended.append(error)


def test_a_partition_that_does_not_answer_holds_up_nobody(settings: Settings) -> None:
    """The consumer's thread takes two calls at once: a look at the lag that waited for ever would stop all commits."""

    async def scenario() -> Mapping[TP, int]:
        async with running(half_with(settings, Gate())) as consumer:
            for _ in range(3):
                with pytest.raises((KafkaError, TimeoutError)):
                    await consumer.ends([TP(settings.topics.raw, 99)], 0.3)
            return await consumer.ends([TP(settings.topics.raw, 0)], 10)

    assert asyncio.run(scenario()) == {TP(settings.topics.raw, 0): 0}


def test_f33_what_is_finished_during_a_commit_is_committed_at_the_end(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Faust's last commit before a rebalance, or a stop, is none where the one of every second is under way."""
    source = TP(settings.topics.raw, 0)

    async def scenario() -> list[int]:
        async with running(half_with(settings, Gate())) as consumer:
            committed, may_end = list[int](), asyncio.Event()

            async def commit(offsets: Mapping[TP, int]) -> bool:
                committed.append(offsets[source])
                await may_end.wait()
                return True

            monkeypatch.setattr(consumer, "_commit", commit)
            consumer._finished[source] = 1
            await until(lambda: committed == [1])
            consumer._finished[source] = 2
            ending = asyncio.create_task(consumer.commit_and_end_transactions())
            await asyncio.sleep(0.1)
            may_end.set()
            await ending
            found = committed.copy()
            monkeypatch.undo()
            consumer._finished.clear()
            return found

    assert asyncio.run(scenario()) == [1, 2]


def test_f34_a_position_that_is_looked_for_ends_no_consumer(settings: Settings) -> None:
    """As where the record that was to be read next has been deleted: the crash is a matter of the moment."""

    async def scenario() -> None:
        async with running(half_with(settings, Gate())) as consumer:
            subscription = consumer._thread._ensure_consumer()._subscription.subscription
            state = subscription.assignment.state_value(TopicPartition(settings.topics.raw, 0))
            position, state._position, state.timestamp = state._position, None, time.time() * 1000
            try:
                await consumer.verify_all_partitions_active()
            finally:
                state._position = position

    asyncio.run(scenario())


def test_f19_the_environment_changes_no_setting(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that is meant for another program does not send the worker to another broker."""
    monkeypatch.setenv("BROKER_URL", "kafka://another.example:9092")
    options = factory._options("split", settings)
    assert [str(url) for url in App("id", **options).conf.broker_consumer] == [f"kafka://{settings.broker}"]
