"""Every test in this folder has two forms: on the embedded broker and on a real Apache Kafka."""

import pytest

from worker.broker import EmbeddedBroker, KafkaBroker


@pytest.fixture(params=["embedded_broker", pytest.param("kafka_broker", marks=pytest.mark.kafka)])
def broker(request: pytest.FixtureRequest) -> EmbeddedBroker | KafkaBroker:
    """The broker of this round."""
    broker: EmbeddedBroker | KafkaBroker = request.getfixturevalue(request.param)
    return broker


@pytest.fixture(params=["embedded_broker", pytest.param("own_kafka_broker", marks=pytest.mark.kafka)])
def own_broker(request: pytest.FixtureRequest) -> EmbeddedBroker | KafkaBroker:
    """A broker of this test's own, which it may take away."""
    broker: EmbeddedBroker | KafkaBroker = request.getfixturevalue(request.param)
    return broker
