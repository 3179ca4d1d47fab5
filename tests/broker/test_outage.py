"""A broker that goes away: it refuses clients, comes back with its records, and leaves nothing when it is closed."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from kafka_client import KafkaClient, Sent, is_answering

from worker.broker import EmbeddedBroker, KafkaBroker
from worker.settings import Settings


@dataclass(frozen=True, slots=True)
class Outage:
    """A broker and the two ways of its kind to go and to come back."""

    broker: EmbeddedBroker | KafkaBroker
    begin: Callable[[], None]
    end: Callable[[], None]


@pytest.fixture
def outage(own_broker: EmbeddedBroker | KafkaBroker) -> Outage:
    """An outage of a broker that no other test uses."""
    if isinstance(own_broker, KafkaBroker):
        return Outage(own_broker, own_broker.stop, own_broker.start)
    return Outage(own_broker, own_broker.down, own_broker.up)


@pytest.fixture
def broker(own_broker: EmbeddedBroker | KafkaBroker) -> EmbeddedBroker | KafkaBroker:
    """The same broker for the other fixtures."""
    return own_broker


@pytest.mark.all_forms
def test_records_survive_an_outage(outage: Outage, settings: Settings, kafka_client: KafkaClient) -> None:
    """While it is away nobody is served; afterwards the records are there, at the same address."""
    topic = settings.topics.raw
    kafka_client.produce(topic, [Sent(b"before", partition=0)])
    outage.begin()
    assert not is_answering(settings.broker)
    outage.end()
    kafka_client.produce(topic, [Sent(b"after", partition=0)])
    assert [record.value for record in kafka_client.consume(topic)] == [b"before", b"after"]
    outage.broker.close()
    assert not is_answering(settings.broker), "a closed broker leaves its port"
