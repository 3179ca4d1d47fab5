"""The brokers of the tests, and settings whose topics no other test shares.

`broker` stands for the broker that a folder's tests run on: tests/broker/conftest.py and tests/kafka/conftest.py say
which.
"""

import asyncio
import gc
import os
import re
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar
from uuid import uuid4
from zlib import crc32

import pytest
import second_node
from certificates import require_openssl
from confluent_kafka.admin import AdminClient, ConfigResource, ResourceType
from kafka_client import KafkaClient
from secured_broker import SecuredBroker

from worker import topics
from worker.broker import EmbeddedBroker, KafkaBroker, distribution
from worker.errors import Fatal
from worker.settings import EXPORTS, Settings

FORMS = (("effectively_once", "exactly_once"), ("memory", "rocksdb"))
"""In which most tests of the worker come, and of which `make test` takes one (`--all-forms`: both)."""

SLOW = tuple(Path(__file__).parent / name for name in ("broker", "chaos", "kafka"))
"""Folders whose tests wait for brokers and processes."""

Kafka = TypeVar("Kafka", bound=KafkaBroker)

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
    parser.addoption("--all-forms", action="store_true", help="run tests in both deliveries, stores and brokers")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is for the full run alone, and one form of each test that waits for brokers in two.

    Of half of them it is this one and of half that.

    The same ones always; of brokers the embedded one, where a real Kafka is there.
    """
    if config.getoption("all_forms"):
        return
    slow = [item for item in items if _is_slow(item) and not item.get_closest_marker("all_forms")]
    left_out = {item for forms in FORMS for item in _other_forms(slow, forms)}
    left_out |= {item for item in items if item.get_closest_marker("full")}
    embedded = {item for item in slow if "embedded_broker" in _parameters(item)}
    if embedded and _has_kafka_tools():
        left_out |= embedded
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = [item for item in items if item not in left_out]


def _is_slow(item: pytest.Item) -> bool:
    return any(folder in item.path.parents for folder in SLOW)


def _other_forms(items: Iterable[pytest.Item], forms: tuple[str, str]) -> Iterator[pytest.Item]:
    by_form: defaultdict[str, dict[str, list[pytest.Item]]] = defaultdict(lambda: defaultdict(list))
    for item in items:
        for form in _parameters(item).intersection(forms):
            by_form[item.nodeid.partition("[")[0]][form].append(item)
    for test, found in by_form.items():
        if len(found) == len(forms):
            yield from found[forms[crc32(test.encode()) % 2]]


def _parameters(item: pytest.Item) -> set[str]:
    return set(re.split(r"[][-]", item.name))


def _has_kafka_tools() -> bool:
    with suppress(Fatal):
        return bool(distribution.java() and (os.environ.get("KAFKA_HOME") or shutil.which("mvn")))
    return False


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


@pytest.fixture(scope="module")
def secured_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredBroker]:
    """A real Apache Kafka with TLS, users and rights, one for a module: its users and certificates may be changed."""
    require_openssl()
    folder = tmp_path_factory.mktemp("certificates")
    with _new_kafka_broker(lambda: SecuredBroker(folder)) as broker:
        yield broker


def _new_kafka_broker(new: Callable[[], Kafka] = KafkaBroker) -> Kafka:  # type: ignore[assignment]
    # CI has to have the tools: there a missing one is a failure.
    try:
        return new()
    except Fatal as error:
        if error.reason in MISSING_TOOLS and os.environ.get("CI") != "true":
            pytest.skip(str(error))
        raise


@pytest.fixture
def settings(broker: EmbeddedBroker | KafkaBroker, tmp_path: Path) -> Settings:
    """Settings of this test alone: own group, own topics (created), own state folder, any free web port.

    Names are not found: their lists take a second of each start, of which these tests have hundreds.
    """
    name = f"t{uuid4().hex[:12]}"
    settings = Settings(
        broker=broker.bootstrap,
        group=name,
        topic_prefix=name,
        partitions=2,
        state_dir=tmp_path / "state",
        web_port=0,
        session_timeout_seconds=6,
        find_names=False,
    )
    _create_topics(broker, settings)
    return settings


@pytest.fixture
def exporting(settings: Settings, broker: EmbeddedBroker | KafkaBroker) -> Settings:
    """The same settings with every export switched on, and their topics."""
    both = settings.model_copy(update={f"publish_{export}": True for export in EXPORTS})
    if isinstance(broker, KafkaBroker):
        asyncio.run(topics.apply(both))
    else:
        for export in EXPORTS:
            broker.create_topic(getattr(both.topics, export), both.partitions)
    return both


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
