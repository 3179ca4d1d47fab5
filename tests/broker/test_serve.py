"""The brokers' commands: each prints its address and serves until it is told to end."""

import signal
from pathlib import Path

import pytest
from kafka_client import KafkaClient, is_answering
from served import EMBEDDED, KAFKA, serving


@pytest.fixture(params=[EMBEDDED, pytest.param(KAFKA, marks=pytest.mark.kafka)], ids=["embedded", "kafka"])
def source(request: pytest.FixtureRequest) -> str:
    """The command of each broker; the shared Kafka is asked for, because without it this one cannot run either."""
    if request.param == KAFKA:
        request.getfixturevalue("kafka_broker")
    source: str = request.param
    return source


def assert_ends_cleanly(source: str, number: signal.Signals, temporary: Path) -> None:
    """Start the command, send it the signal, and look for what it leaves."""
    with serving(source, temporary) as served:
        assert is_answering(served.address)
        served.process.send_signal(number)
        assert served.process.wait(30) == 0
    assert not is_answering(served.address)
    assert list(temporary.iterdir()) == []


def test_it_ends_cleanly_on_sigterm(source: str, tmp_path: Path) -> None:
    """On SIGTERM it exits 0, nobody listens any more, and no file is left."""
    assert_ends_cleanly(source, signal.SIGTERM, tmp_path)


def test_it_ends_cleanly_on_ctrl_c(tmp_path: Path) -> None:
    """Ctrl-C is the same."""
    assert_ends_cleanly(EMBEDDED, signal.SIGINT, tmp_path)


def test_the_embedded_command_makes_its_topics(tmp_path: Path) -> None:
    """Other processes find the topics with the partitions that the command was given."""
    with serving(EMBEDDED, tmp_path) as served:
        assert KafkaClient(served.address).end_offsets("served") == {0: 0, 1: 0, 2: 0}
