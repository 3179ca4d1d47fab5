"""The real Apache Kafka of `worker.broker`: what it keeps, and what it leaves behind."""

import socket
import time
from pathlib import Path

import pytest
from kafka_client import KafkaClient, Sent, is_answering
from served import KAFKA, serving

from worker.broker import KafkaBroker
from worker.errors import Fatal
from worker.settings import Settings

START_SECONDS = 10.0
"""What a start may take in a test; 2-3 s where measured."""


@pytest.fixture
def broker(own_kafka_broker: KafkaBroker) -> KafkaBroker:
    """A broker that the test may stop and kill."""
    return own_kafka_broker


def test_it_listens_on_loopback_only(kafka_broker: KafkaBroker) -> None:
    """No address but 127.0.0.1 is served."""
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.2", int(kafka_broker.bootstrap.split(":")[1]))) != 0


def test_a_kill_loses_no_acknowledged_record(
    broker: KafkaBroker, settings: Settings, kafka_client: KafkaClient
) -> None:
    """After SIGKILL it starts within seconds, on the same port, with all that was acknowledged."""
    values = {b"%d" % number for number in range(100)}
    kafka_client.produce(settings.topics.raw, [Sent(value) for value in values])
    broker.kill()
    assert (broker.is_running(), broker.pid) == (False, None)
    with pytest.raises(Fatal, match="not running"):
        broker.check()
    began = time.monotonic()
    broker.start()
    assert time.monotonic() - began < START_SECONDS
    assert {record.value for record in kafka_client.consume(settings.topics.raw)} == values


def test_a_failed_start_says_why(kafka_broker: KafkaBroker, tmp_path: Path) -> None:
    """A port that is taken is an error with the end of Kafka's log as its note."""
    second = KafkaBroker(port=int(kafka_broker.bootstrap.split(":")[1]), folder=tmp_path)
    with pytest.raises(Fatal, match="did not start") as failure:
        second.start()
    assert failure.value.reason == "kafka_not_started"
    assert "Address already in use" in "".join(failure.value.__notes__)
    assert not second.is_running()


def test_it_does_not_outlive_a_killed_parent(kafka_broker: KafkaBroker, tmp_path: Path) -> None:
    """When the process that started it is killed, Kafka ends too."""
    with serving(KAFKA, tmp_path) as served:
        assert served.address != kafka_broker.bootstrap
        assert is_answering(served.address)
        served.process.kill()
    deadline = time.monotonic() + START_SECONDS
    while is_answering(served.address):
        assert time.monotonic() < deadline, "Kafka still serves"
        time.sleep(0.1)
