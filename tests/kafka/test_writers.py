"""The writers of the dedupe half on a real Kafka: only the last one who claimed a partition can write (F16)."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import ProducerFenced
from kafka_client import KafkaClient

from worker.app.writers import TRANSACTION_TIMEOUT_MS, Offset, Writers
from worker.errors import Fatal, Permanent
from worker.publish import Outgoing, Patience
from worker.settings import Settings

GIVEN_UP_SECONDS = 30


def record(settings: Settings, value: bytes) -> Outgoing:
    """A record for one key of the copy topic."""
    return Outgoing("copy", settings.topics.copy, b"key", value, partition=0)


@asynccontextmanager
async def a_process(settings: Settings) -> AsyncIterator[Writers]:
    """Writers as one worker process has them."""

    def new_producer(transactional_id: str) -> AIOKafkaProducer:
        return AIOKafkaProducer(
            bootstrap_servers=settings.broker,
            transactional_id=transactional_id,
            transaction_timeout_ms=TRANSACTION_TIMEOUT_MS,
        )

    patience = Patience(role="dedupe", timeout_seconds=30)
    writers = Writers(settings.group_of("dedupe"), settings.topics.sighting, new_producer, patience)
    try:
        yield writers
    finally:
        await writers.close()


def values(client: KafkaClient, settings: Settings) -> list[bytes | None]:
    """Return what a reader of committed records finds."""
    return [one.value for one in client.consume(settings.topics.copy)]


def test_f16_a_process_that_wakes_up_cannot_write(settings: Settings, kafka_client: KafkaClient) -> None:
    """After another process has claimed its partition a writer is refused, and what it had written is taken back."""

    async def scenario() -> None:
        async with a_process(settings) as asleep, a_process(settings) as successor:
            await asleep.claim({0: [record(settings, b"first claim")]})
            writer = asleep.of([0])[0]
            await writer.commit([record(settings, b"committed")])
            await writer._producer.begin_transaction()
            await (await writer._producer.send(settings.topics.copy, b"under way", b"key", 0))
            await successor.claim({0: [record(settings, b"second claim")]})
            with pytest.raises(ProducerFenced):
                await writer._producer.commit_transaction()
            await successor.of([0])[0].commit([record(settings, b"successor's")])

    asyncio.run(scenario())
    assert values(kafka_client, settings) == [b"first claim", b"committed", b"second claim", b"successor's"]


def test_f16_a_fenced_writer_begins_nothing_new(settings: Settings, kafka_client: KafkaClient) -> None:
    """A batch decided before the sleep and published after it reaches no topic."""

    async def scenario() -> None:
        async with a_process(settings) as asleep, a_process(settings) as successor:
            await asleep.claim({0: [record(settings, b"first claim")]})
            writer = asleep.of([0])[0]
            await successor.claim({0: [record(settings, b"second claim")]})
            with pytest.raises(Fatal, match="ProducerFenced"):
                await writer.commit([record(settings, b"stale")])

    asyncio.run(scenario())
    assert values(kafka_client, settings) == [b"first claim", b"second claim"]


def test_a_partition_without_a_claim_is_refused(settings: Settings) -> None:
    """Nothing is decided on sightings of a partition that is not ours."""

    async def scenario() -> None:
        async with a_process(settings) as writers:
            await writers.claim({0: [record(settings, b"claim")]})
            with pytest.raises(Fatal, match=r"not claimed: \[1\]"):
                writers.of([0, 1])

    asyncio.run(scenario())


def test_what_a_topic_refuses_is_taken_back_whole(settings: Settings, kafka_client: KafkaClient) -> None:
    """A record that is too large takes its transaction with it, and the writer goes on with the next."""
    kafka_client.alter(settings.topics.copy, max_message_bytes="2000")

    async def scenario() -> None:
        async with a_process(settings) as writers:
            await writers.claim({0: [record(settings, b"claim")]})
            writer = writers.of([0])[0]
            with pytest.raises(Permanent) as refusal:
                await writer.commit(
                    [record(settings, b"beside it"), record(settings, random.Random(1).randbytes(9000))]
                )
            assert refusal.value.reason == "record_too_large"
            await writer.commit([record(settings, b"next")])

    asyncio.run(scenario())
    assert values(kafka_client, settings) == [b"claim", b"next"]


def test_a_writer_that_was_given_up_repeats_nothing(settings: Settings, kafka_client: KafkaClient) -> None:
    """When its partition has been claimed anew, by the same process too, no attempt follows: all is read again."""

    async def scenario() -> None:
        async with a_process(settings) as writers:
            await writers.claim({0: [record(settings, b"claim")]})
            former = writers.of([0])[0]
            await writers.claim({0: [record(settings, b"second claim")]})
            with pytest.raises(Fatal) as lost:
                await former.commit([record(settings, b"stale")])
            assert lost.value.reason == "writer_lost"
            await writers.of([0])[0].commit([record(settings, b"current")])

    asyncio.run(scenario())
    assert values(kafka_client, settings) == [b"claim", b"second claim", b"current"]


def test_f27_giving_up_a_partition_ends_what_waits_for_its_transaction(settings: Settings) -> None:
    """The broker has not answered: what its stopped producer has begun is never told to end."""

    async def scenario() -> None:
        async with a_process(settings) as writers, asyncio.timeout(GIVEN_UP_SECONDS):
            await writers.claim({0: [record(settings, b"claim")]})
            writer = writers.of([0])[0]
            begun, answered = asyncio.Event(), asyncio.Event()

            async def without_an_answer(*_: object) -> None:
                begun.set()
                await answered.wait()

            writer._producer.send_offsets_to_transaction = without_an_answer  # type: ignore[method-assign]
            advancing = asyncio.create_task(writers.advance(Offset(settings.topics.sighting, 0, 5)))
            await begun.wait()
            await writers.claim({0: [record(settings, b"second claim")]})
            with pytest.raises(Fatal) as lost:
                await advancing
            assert lost.value.reason == "writer_lost"
            await writers.advance(Offset(settings.topics.sighting, 0, 5))

    asyncio.run(scenario())


def test_a_writer_whose_id_was_claimed_while_it_began_again_repeats_nothing(
    settings: Settings, kafka_client: KafkaClient
) -> None:
    """Between its abort and its new claim another has claimed, and done, the partition: its batch is not its own."""
    kafka_client.alter(settings.topics.copy, max_message_bytes="2000")

    async def scenario() -> None:
        async with a_process(settings) as asleep, a_process(settings) as successor:
            await asleep.claim({0: [record(settings, b"first claim")]})
            writer = asleep.of([0])[0]
            stop = writer._stop

            async def stop_and_sleep() -> None:
                writer._stop = stop  # type: ignore[method-assign]
                await stop()
                await successor.claim({0: [record(settings, b"second claim")]})
                await successor.of([0])[0].commit([record(settings, b"successor's")])

            writer._stop = stop_and_sleep  # type: ignore[method-assign]
            with pytest.raises(Fatal) as lost:
                await writer.commit([record(settings, b"beside"), record(settings, random.Random(1).randbytes(9000))])
            assert lost.value.reason == "writer_lost"

    asyncio.run(scenario())
    assert values(kafka_client, settings) == [b"first claim", b"second claim", b"successor's"]
