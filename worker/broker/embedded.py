"""The embedded broker: librdkafka's mock cluster out of the confluent-kafka wheel, without Java or Docker.

In: topic names with partition counts. Out: a bootstrap address that any Kafka client can use while this process lives.
It never writes to disk: when it is closed, everything is gone.
"""

import ctypes
from collections.abc import Mapping
from typing import Self

from confluent_kafka import cimpl

from worker.errors import Fatal

STAGE = "broker"

ALL_BROKERS = -1
"""What `rd_kafka_mock_broker_set_down` and `_up` take for every broker of the cluster (rdkafka_mock.h)."""

PRODUCER = 0
"""`RD_KAFKA_PRODUCER` of `rd_kafka_type_t` (rdkafka.h): the kind of client that owns the cluster's memory."""

ERROR_BYTES = 512
"""Room for an error text; librdkafka's own programs use this size."""


def _load() -> ctypes.CDLL:
    # The extension module is linked to the wheel's own librdkafka, whatever its file is called on this platform:
    # a symbol looked up in the module is found there.
    library = ctypes.CDLL(cimpl.__file__)
    pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    signatures = {
        "rd_kafka_conf_new": (pointer, []),
        "rd_kafka_conf_set": (number, [pointer, text, text, text, ctypes.c_size_t]),
        "rd_kafka_new": (pointer, [number, pointer, text, ctypes.c_size_t]),
        "rd_kafka_destroy": (None, [pointer]),
        "rd_kafka_err2str": (text, [number]),
        "rd_kafka_mock_cluster_new": (pointer, [pointer, number]),
        "rd_kafka_mock_cluster_destroy": (None, [pointer]),
        "rd_kafka_mock_cluster_bootstraps": (text, [pointer]),
        "rd_kafka_mock_topic_create": (number, [pointer, text, number, number]),
        "rd_kafka_mock_broker_set_down": (number, [pointer, ctypes.c_int32]),
        "rd_kafka_mock_broker_set_up": (number, [pointer, ctypes.c_int32]),
        "rd_kafka_mock_group_initial_rebalance_delay_ms": (None, [pointer, ctypes.c_int32]),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


class EmbeddedBroker:
    """A one-node broker inside this process, on 127.0.0.1 and a port that librdkafka picks.

    For demos and fast tests only. It serves producers, fetches, consumer groups and commits. It has no CreateTopics
    and no other admin request (topics are made here, by `create_topic`; one that a client names first appears with 4
    partitions), no offsets by time, no retention by time and no compaction; it keeps the newest 5 MiB or 100,000 record
    sets of a partition, answers an empty fetch after 1.5 s, lets a second group member wait for the first one's session
    timeout and now and then fails its SyncGroup. So it proves nothing about delivery guarantees or recovery:
    `KafkaBroker` is for that.
    """

    def __init__(self, topics: Mapping[str, int] | None = None) -> None:
        """Start the broker and create `topics` (name: partitions).

        Raises:
            Fatal: `embedded_broker`, where librdkafka refuses the cluster or a topic.
        """
        self._library = _load()
        self._client = self._new_client()
        self._cluster: int | None = self._new_cluster()
        self.bootstrap: str = self._library.rd_kafka_mock_cluster_bootstraps(self._cluster).decode()
        for topic, partitions in (topics or {}).items():
            self.create_topic(topic, partitions)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def create_topic(self, topic: str, partitions: int) -> None:
        """Create a topic; one that exists already is an error (`embedded_broker`)."""
        code = self._library.rd_kafka_mock_topic_create(self._open(), topic.encode(), partitions, 1)
        self._check(code, f"cannot create the topic {topic}")

    def down(self) -> None:
        """Disconnect every client and refuse new ones, keeping the records."""
        self._check(self._library.rd_kafka_mock_broker_set_down(self._open(), ALL_BROKERS), "cannot take it down")

    def up(self) -> None:
        """Accept clients again, at the same address."""
        self._check(self._library.rd_kafka_mock_broker_set_up(self._open(), ALL_BROKERS), "cannot take it up")

    def close(self) -> None:
        """Stop the broker, close its port and free its memory. A second call does nothing."""
        if self._cluster is None:
            return
        self._library.rd_kafka_mock_cluster_destroy(self._cluster)
        self._library.rd_kafka_destroy(self._client)
        self._cluster = None

    def _new_client(self) -> int:
        # The cluster needs a client for its bookkeeping; it connects nowhere, so its complaints are silenced.
        config = self._library.rd_kafka_conf_new()
        reason = ctypes.create_string_buffer(ERROR_BYTES)
        self._library.rd_kafka_conf_set(config, b"log_level", b"0", reason, ERROR_BYTES)
        client: int | None = self._library.rd_kafka_new(PRODUCER, config, reason, ERROR_BYTES)
        if not client:
            raise _failure(f"librdkafka gives no client: {reason.value.decode()}")
        return client

    def _new_cluster(self) -> int:
        cluster: int | None = self._library.rd_kafka_mock_cluster_new(self._client, 1)
        if not cluster:
            self._library.rd_kafka_destroy(self._client)
            raise _failure("librdkafka gives no mock cluster")
        # Kafka's default of 3 s would be added to every start of a worker.
        self._library.rd_kafka_mock_group_initial_rebalance_delay_ms(cluster, 0)
        return cluster

    def _open(self) -> int:
        if self._cluster is None:
            raise _failure("it is closed")
        return self._cluster

    def _check(self, code: int, what: str) -> None:
        if code:
            raise _failure(f"{what}: {self._library.rd_kafka_err2str(code).decode()}")


def _failure(what: str) -> Fatal:
    return Fatal("embedded_broker", STAGE, f"the embedded broker: {what}")
