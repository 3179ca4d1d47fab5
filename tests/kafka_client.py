"""A plain Kafka client for the tests: produces, reads a topic to its end, and tells what a group has committed.

It is confluent-kafka's, not the worker's aiokafka: what the worker wrote is read by another implementation.
"""

import socket
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, ResourceType

T = TypeVar("T")

ANSWER_SECONDS = 20.0
"""Longest wait for one answer of a broker."""

MOVED_SECONDS = 90.0
"""Longest wait for one of a broker that was away: a transaction that it has missed is open until its writer ends it."""

POLL_SECONDS = 0.1

MAX_RECORD_BYTES = 41 * 1024 * 1024
"""More than the largest record that any topic of the contract takes."""

MOVING = (
    KafkaError.NOT_COORDINATOR,
    KafkaError.COORDINATOR_NOT_AVAILABLE,
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
    KafkaError._UNKNOWN_PARTITION,
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError._TIMED_OUT,
)
"""Retriable by their meaning: coordinator or leader is being found, or a transaction is open upon the offsets."""

OPEN_SECONDS = 3.0
"""Longest wait for a transaction's mark."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A record to produce; without a partition its key decides, without a timestamp the clock."""

    value: bytes | None
    key: bytes | None = None
    headers: Mapping[str, bytes] = field(default_factory=dict)
    timestamp_ms: int = 0
    partition: int = -1


@dataclass(frozen=True, slots=True)
class Received:
    """A record as it stands on a topic."""

    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: dict[str, bytes]
    timestamp_ms: int


class KafkaClient:
    """A client of one broker. Every call is complete when it returns, and fails where no answer comes in time."""

    def __init__(self, bootstrap: str) -> None:
        self._config = {"bootstrap.servers": bootstrap, "log_level": 0}

    def produce(self, topic: str, records: Iterable[Sent], *, codec: str = "none") -> int:
        """Produce the records in order, wait for every acknowledgement, and return how many there were."""
        refused: list[str] = []
        options = {"message.max.bytes": MAX_RECORD_BYTES, "linger.ms": 5, "compression.codec": codec}
        producer = Producer({**self._config, **options})
        count = sum(_produce(producer, topic, record, refused) for record in records)
        left = producer.flush(ANSWER_SECONDS)
        assert (left, refused) == (0, []), f"not acknowledged: {left}, refused: {refused[:3]}"
        return count

    def consume(self, topic: str) -> list[Received]:
        """Return every record from the beginning of the topic to its present end, by partition and offset."""
        ends = {partition: end for partition, end in self.end_offsets(topic).items() if end > 0}
        with self._consumer() as consumer:
            consumer.assign([TopicPartition(topic, partition, OFFSET_BEGINNING) for partition in ends])
            found = list(_read(consumer, ends))
        return sorted(found, key=lambda record: (record.partition, record.offset))

    def alter(self, topic: str, **config: str) -> None:
        """Change a topic's configuration, its names with underscores for dots."""
        entries = [
            ConfigEntry(name.replace("_", "."), value, incremental_operation=AlterConfigOpType.SET)
            for name, value in config.items()
        ]
        resource = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=entries)
        client = AdminClient(self._config)  # has a name because its answers do not outlive it
        client.incremental_alter_configs([resource])[resource].result(ANSWER_SECONDS)

    def end_offsets(self, topic: str) -> dict[int, int]:
        """Return the offset after the last record of each partition."""
        with self._consumer() as consumer:
            return {each: _watermarks(consumer, topic, each)[1] for each in _partitions(consumer, topic)}

    def committed(self, group: str, topic: str) -> dict[int, int]:
        """Return the group's committed offsets; partitions without one are left out."""
        with self._consumer(group) as consumer:
            return _committed(consumer, topic, _partitions(consumer, topic))

    def lag(self, group: str, topic: str) -> int:
        """Return how many records of the topic the group has not committed."""
        with self._consumer(group) as consumer:  # one for both: this is asked again and again
            partitions = _partitions(consumer, topic)
            committed = _committed(consumer, topic, partitions)
            return sum(_watermarks(consumer, topic, each)[1] - committed.get(each, 0) for each in partitions)

    def wait_until_consumed(self, group: str, topic: str, seconds: float = 120.0) -> None:
        """Wait until the group has committed the topic to its end."""
        deadline = time.monotonic() + seconds
        while (lag := self.lag(group, topic)) > 0:
            assert time.monotonic() < deadline, f"{group} still has {lag} records of {topic} to do after {seconds} s"
            time.sleep(POLL_SECONDS)

    @contextmanager
    def _consumer(self, group: str = "tests") -> Iterator[Consumer]:
        # Assigned by hand, so that nothing joins the group and the worker's members are not disturbed.
        options = {
            "group.id": group,
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "fetch.message.max.bytes": MAX_RECORD_BYTES,
        }
        consumer = Consumer({**self._config, **options})
        try:
            yield consumer
        finally:
            consumer.close()


def is_answering(bootstrap: str) -> bool:
    """Tell whether somebody accepts connections there and keeps them."""
    host, port = bootstrap.split(":")
    try:
        with socket.create_connection((host, int(port)), timeout=5) as connection:
            connection.settimeout(0.3)
            return connection.recv(1) != b""
    except TimeoutError:
        return True
    except OSError:
        return False


def _produce(producer: Producer, topic: str, record: Sent, refused: list[str]) -> int:
    def note(error: object, _message: object) -> None:
        if error is not None:
            refused.append(str(error))

    while True:
        try:
            producer.produce(
                topic,
                value=record.value,
                key=record.key,
                headers=list(record.headers.items()),
                timestamp=record.timestamp_ms,
                partition=record.partition,
                on_delivery=note,
            )
        except BufferError:
            producer.poll(POLL_SECONDS)
        else:
            producer.poll(0)
            return 1


def _read(consumer: Consumer, ends: Mapping[int, int]) -> Iterator[Received]:
    left, waiting = dict(ends), dict[int, float]()
    deadline = time.monotonic() + ANSWER_SECONDS
    while left:
        assert time.monotonic() < deadline, f"no records within {ANSWER_SECONDS} s; ends not reached: {left}"
        message = consumer.poll(POLL_SECONDS)
        for partition in [partition for partition, until in waiting.items() if until < time.monotonic()]:
            left.pop(partition, None)
        if message is None:
            continue
        if (error := message.error()) is not None:
            if error.code() != KafkaError._PARTITION_EOF:
                raise KafkaException(error)
            partition = message.partition()
            # The last offset may be the mark of a transaction, which is no record. Before the end there is a
            # transaction whose mark is on its way, or one that somebody who died has left open.
            is_at_end = message.offset() >= ends.get(partition, 0)
            until = time.monotonic() + OPEN_SECONDS
            waiting[partition] = 0.0 if is_at_end else waiting.get(partition, until)
            continue
        waiting.pop(message.partition(), None)
        deadline = time.monotonic() + ANSWER_SECONDS
        received = _received(message)
        if received.offset < ends[received.partition]:
            yield received
        if received.offset >= ends[received.partition] - 1:
            left.pop(received.partition, None)


def _received(message: Message) -> Received:
    return Received(
        partition=message.partition(),
        offset=message.offset(),
        key=message.key(),
        value=message.value(),
        headers=dict(message.headers() or ()),
        timestamp_ms=message.timestamp()[1],
    )


def _committed(consumer: Consumer, topic: str, partitions: Iterable[int]) -> dict[int, int]:
    asked = [TopicPartition(topic, partition) for partition in partitions]
    found = _answer(lambda: consumer.committed(asked, timeout=ANSWER_SECONDS))
    return {each.partition: each.offset for each in found if each.offset >= 0}


def _partitions(consumer: Consumer, topic: str) -> list[int]:
    def ask() -> list[int]:
        found = consumer.list_topics(topic, timeout=ANSWER_SECONDS).topics[topic]
        if found.error is not None:
            raise KafkaException(found.error)
        return sorted(found.partitions)

    return _answer(ask)


def _watermarks(consumer: Consumer, topic: str, partition: int) -> tuple[int, int]:
    place = TopicPartition(topic, partition)
    low, high = _answer(lambda: consumer.get_watermark_offsets(place, timeout=ANSWER_SECONDS))
    return low, high


def _answer(ask: Callable[[], T]) -> T:
    """Ask until somebody answers: a node that has just started, or was away, coordinates and leads nothing yet."""
    deadline = time.monotonic() + MOVED_SECONDS
    while True:
        try:
            return ask()
        except KafkaException as error:
            if not error.args[0].retriable() and error.args[0].code() not in MOVING:
                raise
            if time.monotonic() > deadline:
                raise
            time.sleep(POLL_SECONDS)
