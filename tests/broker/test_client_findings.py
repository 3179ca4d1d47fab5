"""What aiokafka's clients do wrong, each with our cure as in `test_faust_findings`."""

import asyncio
from contextlib import suppress
from typing import Any, cast

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.client import AIOKafkaClient
from aiokafka.cluster import ClusterMetadata
from aiokafka.errors import KafkaConnectionError
from aiokafka.producer import message_accumulator
from aiokafka.producer import producer as producing
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy
from halves import Gate, half_with, numbered, running
from kafka_client import KafkaClient

from worker.app.transport import Producer
from worker.incoming import Incoming
from worker.settings import Settings


class RawName(str):
    """A header name whose bytes are not those of its characters."""

    __slots__ = ()

    def encode(self, _encoding: str = "utf-8", _errors: str = "strict") -> bytes:
        """Return what goes to the broker."""
        return b"feed-\xff"


async def produce_raw_name(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Produce three messages in one batch, the second with a header name that is no UTF-8."""
    # The parser in C takes no other strings than Python's own.
    for module in (producing, message_accumulator):
        monkeypatch.setattr(module, "DefaultRecordBatchBuilder", _DefaultRecordBatchBuilderPy)
    async with AIOKafkaProducer(bootstrap_servers=settings.broker, linger_ms=50, compression_type="lz4") as producer:
        names = [("feed", b"first"), (RawName("feed"), None), ("feed", b"last")]
        for number, header in enumerate(names):
            await producer.send(settings.topics.raw, str(number).encode(), partition=0, headers=[header])
        await producer.flush()


def test_f15_a_header_name_that_is_no_utf8_stops_nothing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message comes like every other, the wrong bytes of the name escaped; so do those before and after it."""

    async def scenario() -> list[Incoming]:
        await produce_raw_name(settings, monkeypatch)
        gate = Gate()
        gate.is_open.set()
        async with running(half_with(settings, gate)):
            await gate.wait_for(3)
        return gate.seen

    seen = asyncio.run(scenario())
    assert [message.value for message in seen] == [b"0", b"1", b"2"]
    assert [message.headers for message in seen] == [
        (("feed", b"first"),),
        ((r"feed-\xff", None),),
        (("feed", b"last"),),
    ]


def test_f28_a_transaction_outlives_a_connection_that_is_lost_while_its_coordinator_is_looked_for(
    settings: Settings,
) -> None:
    """Aiokafka gives up the producer for it, and the process would end whenever its broker does at that moment."""

    async def scenario() -> int:
        half, losses = half_with(settings, Gate()), 2
        producer = cast("AIOKafkaProducer", cast("Producer", half.app.producer).transactional("an-id"))
        look_up = producer.client.coordinator_lookup

        async def lose_twice(kind: int, key: str) -> int:
            nonlocal losses
            if losses:
                losses -= 1
                raise KafkaConnectionError
            found: int = await look_up(kind, key)
            return found

        producer.client.coordinator_lookup = lose_twice
        async with running(half), asyncio.timeout(30), producer, producer.transaction():
            await producer.send_and_wait(settings.topics.copy, b"value", b"key")
        return losses

    assert asyncio.run(scenario()) == 0


def test_f29_a_first_answer_that_names_no_broker_is_no_end(
    settings: Settings, kafka_client: KafkaClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a broker answers for a moment after it was frozen, and whoever connects then asserted that it names one."""
    update, told_nothing = ClusterMetadata.update_metadata, set[ClusterMetadata]()

    def name_nobody_first(cluster: ClusterMetadata, metadata: Any) -> None:
        if cluster not in told_nothing:
            told_nothing.add(cluster)
            metadata.brokers = []
        update(cluster, metadata)

    async def scenario() -> list[Incoming]:
        gate = Gate()
        gate.is_open.set()
        half = half_with(settings, gate)
        producer = cast("AIOKafkaProducer", cast("Producer", half.app.producer).transactional("an-id"))
        async with running(half), asyncio.timeout(30), producer, producer.transaction():
            await producer.send_and_wait(settings.topics.copy, b"value", b"key")
            await gate.wait_for(3)
        return gate.seen

    kafka_client.produce(settings.topics.raw, numbered(3))
    monkeypatch.setattr(ClusterMetadata, "update_metadata", name_nobody_first)
    assert [message.offset for message in asyncio.run(scenario())] == [0, 1, 2]
    assert len(told_nothing) >= 3  # the consumer's, the producer's and the transaction's


def test_a_client_that_is_still_told_of_the_brokers_has_no_coordinator(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The monitor asks from the beginning of a start, which takes as long as the broker does."""
    bootstrap, answers = AIOKafkaClient.bootstrap, list[bool]()

    async def scenario() -> bool:
        half = half_with(settings, Gate())
        consumer = half.consumer

        async def bootstrap_and_ask(client: AIOKafkaClient) -> None:
            with suppress(AttributeError):
                answers.append(consumer.has_coordinator())
            await bootstrap(client)

        monkeypatch.setattr(AIOKafkaClient, "bootstrap", bootstrap_and_ask)
        async with running(half):
            return consumer.has_coordinator()

    assert asyncio.run(scenario())
    assert answers == [False, False]  # the producer's and the consumer's
