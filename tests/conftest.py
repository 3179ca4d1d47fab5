"""The brokers of the tests, and settings whose topics no other test shares.

`broker` stands for the broker that a folder's tests run on: tests/broker/conftest.py and tests/kafka/conftest.py say
which.
"""

import asyncio
import gc
import os
import re
import time
from collections import defaultdict
from collections.abc import Generator, Iterator
from pathlib import Path
from uuid import uuid4
from zlib import crc32

import pytest
import second_node
from confluent_kafka.admin import AdminClient, ConfigResource, ResourceType
from kafka_client import KafkaClient

from worker import topics
from worker.broker import EmbeddedBroker, KafkaBroker
from worker.errors import Fatal
from worker.settings import Settings

DELIVERIES = ("effectively_once", "exactly_once")

MISSING_TOOLS = ("java_missing", "java_too_old", "maven_missing")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Read the tests without the collector: in Python 3.11 a warning of its making breaks a parse that is under way.

    The warning's trace is parsed for its carets in the middle of it: "AST constructor recursion depth mismatch".
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the full form be asked for, which takes twice as long on a real Kafka."""
    parser.addoption("--both-deliveries", action="store_true", help="run what there is of each delivery in both")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out one delivery of each test that has both, half of them this one and half that, the same ones always."""
    if config.getoption("both_deliveries"):
        return
    by_delivery: defaultdict[str, dict[str, list[pytest.Item]]] = defaultdict(lambda: defaultdict(list))
    for item in items:
        if item.get_closest_marker("both_deliveries"):
            continue
        for delivery in set(DELIVERIES).intersection(re.split(r"[][-]", item.name)):
            by_delivery[item.nodeid.partition("[")[0]][delivery].append(item)
    both = {test: forms for test, forms in by_delivery.items() if len(forms) == len(DELIVERIES)}
    left_out = [item for test, forms in both.items() for item in forms[DELIVERIES[crc32(test.encode()) % 2]]]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture
def embedded_broker() -> Iterator[EmbeddedBroker]:
    """An embedded broker of this test's own: it starts in milliseconds and may be taken down."""
    with EmbeddedBroker() as broker:
        yield broker


@pytest.fixture(scope="session")
def kafka_broker() -> Iterator[KafkaBroker]:
    """A real Apache Kafka, one for the whole run: leave it running. Without Java or Maven its tests are skipped."""
    with _new_kafka_broker() as broker:
        yield broker


@pytest.fixture
def own_kafka_broker() -> Iterator[KafkaBroker]:
    """A real Apache Kafka of this test's own, which it may stop, kill and start again."""
    with _new_kafka_broker() as broker:
        yield broker


@pytest.fixture(scope="module")
def short_kafka_broker() -> Iterator[KafkaBroker]:
    """A real Apache Kafka that knows a second node, which is gone: a topic of two replicas lacks one of them."""
    with _new_kafka_broker() as broker:
        second_node.register(broker)
        yield broker


def _new_kafka_broker() -> KafkaBroker:
    # CI has to have the tools: there a missing one is a failure.
    try:
        return KafkaBroker()
    except Fatal as error:
        if error.reason in MISSING_TOOLS and os.environ.get("CI") != "true":
            pytest.skip(str(error))
        raise


@pytest.fixture
def settings(broker: EmbeddedBroker | KafkaBroker, tmp_path: Path) -> Settings:
    """Settings of this test alone: own group, own topics (created), own state folder, any free web port."""
    name = f"t{uuid4().hex[:12]}"
    settings = Settings(
        broker=broker.bootstrap,
        group=name,
        topic_prefix=name,
        partitions=2,
        state_dir=tmp_path / "state",
        web_port=0,
        session_timeout_seconds=6,
    )
    _create_topics(broker, settings)
    return settings


def _create_topics(broker: EmbeddedBroker | KafkaBroker, settings: Settings) -> None:
    if isinstance(broker, KafkaBroker):
        asyncio.run(topics.apply(settings))
    else:
        for topic, partitions in topics.partitions(settings).items():
            broker.create_topic(topic, partitions)


@pytest.fixture
def own_timestamps(broker: EmbeddedBroker | KafkaBroker, settings: Settings) -> None:
    """Let the mention and dead-letter topics take records with the times that a test gives them."""
    if isinstance(broker, KafkaBroker):
        for topic in (settings.topics.mention, settings.topics.deadletter):
            _take_own_times(broker, topic)


def _take_own_times(broker: KafkaBroker, topic: str) -> None:
    KafkaClient(broker.bootstrap).alter(topic, message_timestamp_type="CreateTime")
    client = AdminClient({"bootstrap.servers": broker.bootstrap})
    asked = ConfigResource(ResourceType.TOPIC, topic)
    while client.describe_configs([asked])[asked].result(20)["message.timestamp.type"].value != "CreateTime":
        time.sleep(0.05)
    time.sleep(0.2)  # the broker tells of it a moment before it heeds it


@pytest.fixture
def kafka_client(broker: EmbeddedBroker | KafkaBroker) -> KafkaClient:
    """A plain client of the broker: produce, consume to the end, committed offsets, lag."""
    return KafkaClient(broker.bootstrap)
