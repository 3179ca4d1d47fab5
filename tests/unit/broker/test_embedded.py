"""The embedded broker by itself."""

import pytest

from worker.broker import EmbeddedBroker
from worker.errors import Fatal


def test_a_topic_cannot_be_created_twice(embedded_broker: EmbeddedBroker) -> None:
    """A second creation is refused, naming the topic."""
    embedded_broker.create_topic("twice", 1)
    with pytest.raises(Fatal, match="twice") as failure:
        embedded_broker.create_topic("twice", 1)
    assert failure.value.reason == "embedded_broker"


def test_a_closed_broker_says_so() -> None:
    """Closing twice is harmless, and using a closed broker is an error rather than a crash of the process."""
    broker = EmbeddedBroker({"topic": 1})
    broker.close()
    broker.close()
    with pytest.raises(Fatal, match="closed"):
        broker.create_topic("late", 1)


def test_brokers_do_not_share_an_address() -> None:
    """Several embedded brokers run side by side in one process."""
    with EmbeddedBroker() as one, EmbeddedBroker() as two:
        assert one.bootstrap != two.bootstrap
