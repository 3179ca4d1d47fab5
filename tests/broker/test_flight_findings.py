"""What Faust does wrong with how much it holds in flight, each with our cure as in `test_faust_findings`."""

import asyncio
from collections.abc import Sequence

import pytest
from faust.types import TP
from halves import Gate, half_with, running, until
from kafka_client import KafkaClient, Sent

from worker.app import factory
from worker.app.flight import Load
from worker.incoming import Incoming
from worker.settings import Settings


def large(count: int) -> list[Sent]:
    """Return messages of a thousand bytes; all go to partition 0."""
    return [Sent(b"%03d" % number + b"x" * 997, partition=0) for number in range(count)]


def test_f20_reading_waits_while_the_limit_is_in_flight(settings: Settings, kafka_client: KafkaClient) -> None:
    """Faust would hold a thousand messages of any size; the client answers all other calls meanwhile."""
    kafka_client.produce(settings.topics.raw, large(100))
    source = TP(settings.topics.raw, 0)

    async def scenario() -> tuple[Load, int | None, list[bytes | None]]:
        gate = Gate()
        half = half_with(settings, gate)
        half.app.max_in_flight_bytes = 9_500
        async with running(half) as consumer:
            await until(lambda: consumer.flight.room <= 0)
            await asyncio.sleep(2)  # two of the turns in which Faust would read on
            async with asyncio.timeout(1):
                position = await consumer.position(source)
            load = consumer.flight.load
            gate.is_open.set()
            await gate.wait_for(100)
        return load, position, [message.value for message in gate.seen]

    load, position, seen = asyncio.run(scenario())
    assert (load, position) == (Load(10, 10_000), 10)
    assert seen == [one.value for one in large(100)]


def test_f20_a_message_larger_than_the_limit_comes_alone(settings: Settings, kafka_client: KafkaClient) -> None:
    """Where nothing is in flight there is always room for one."""
    kafka_client.produce(settings.topics.raw, large(5))
    loads = list[int]()

    async def scenario() -> None:
        half = half_with(settings, handle)
        half.app.max_in_flight_bytes = 10
        async with running(half):
            await until(lambda: len(loads) == 5)

    async def handle(messages: Sequence[Incoming]) -> Sequence[Incoming]:
        loads.append(len(messages))
        await asyncio.sleep(0.1)
        return messages

    asyncio.run(scenario())
    assert loads == [1] * 5


def test_f20_a_batch_is_handled_in_portions(
    settings: Settings, kafka_client: KafkaClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is finished before the next begins; at the end of the worker the rest is left for the next one."""
    monkeypatch.setattr(factory, "PORTION_BYTES", 3_000)
    kafka_client.produce(settings.topics.raw, large(10))
    group = settings.group_of("split")

    async def scenario() -> list[Incoming]:
        gate = Gate()
        half = half_with(settings, gate)
        async with running(half):
            await gate.wait_for(3)
            stopping = asyncio.create_task(half.app.stop())
            await until(lambda: not half.consumer.flow_active)
            gate.is_open.set()
            await stopping
        return gate.seen

    assert [message.offset for message in asyncio.run(scenario())] == [0, 1, 2]
    assert kafka_client.committed(group, settings.topics.raw) == {0: 3}
