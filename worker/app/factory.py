"""The Faust app of a role: its settings, its one agent, and the cures put in place.

In: the settings and a role. Out: a `Half`: the app to start, and what the monitor watches. One app object a process:
Faust's apps cannot be started twice.
"""

from collections.abc import Awaitable, Callable, Container, Sequence
from dataclasses import dataclass
from typing import Any, cast

import faust
from faust import Stream
from faust.types import EventT, StreamT
from faust.types.tuples import Message

from worker import metrics
from worker.app import credentials
from worker.app.consumer import Consumer
from worker.app.delivery import Delivery, Desk, Pipelined, Transactional
from worker.app.flight import PORTION_BYTES, portions, size_of
from worker.app.recovery import TableManager
from worker.app.suspicion import Suspicion
from worker.app.tables import Table, Tables
from worker.app.transport import Producer, Transport
from worker.app.work import Worker
from worker.app.writers import Writers
from worker.breaker import Breaker
from worker.errors import Fatal
from worker.guard import fault_point, or_abandon
from worker.incoming import Incoming
from worker.ledger import Ledger
from worker.publish import Publisher
from worker.settings import MIB, Role, Settings
from worker.topics import DEDUP_TABLES
from worker.trace import Spans, open_spans

YEAR_SECONDS = 365 * 24 * 3600

MAX_REQUEST_BYTES = 40 * MIB + 64 * 1024
"""The largest topic's `max.message.bytes` (stories and pages) and its batch's own bytes."""

SETTINGS: dict[str, Any] = {
    # What Faust finds in the environment, under names such as BROKER_URL, wins over what it is told (F19).
    "env": {},
    # Topics are made by `newsworker topics apply`.
    "topic_allow_declare": False,
    "topic_disable_leader": True,
    "table_standby_replicas": 0,
    # Metrics and health are served by the supervisor; Faust's own pages would show the tables' data (F10).
    "web_enabled": False,
    "broker_commit_interval": 1.0,
    # After it a consumer without partitions leaves its group and never comes back (F7).
    "broker_max_poll_interval": YEAR_SECONDS,
    "broker_max_poll_records": 500,
    "consumer_auto_offset_reset": "earliest",
    # What is fetched ahead of each partition, if one batch is not larger.
    "consumer_max_fetch_size": MIB,
    "stream_buffer_maxsize": 1024,
    "stream_wait_empty": True,
    "producer_acks": -1,
    "producer_linger": 0.005,
    # aiokafka's default of 16 KiB would be one page a request.
    "producer_max_batch_size": 256 * 1024,
    "producer_max_request_size": MAX_REQUEST_BYTES,
    # Also aiokafka's socket timeout, which Faust would set to 1200 s.
    "producer_request_timeout": 120.0,
    "producer_compression_type": "lz4",
}
"""Faust's settings as they were validated by killing workers; F-numbers name the findings."""

HEARTBEAT_SECONDS = 3.0
"""Kafka's default; never more than a third of the session timeout."""

MIN_REQUEST_SECONDS = 40.0
"""`broker_request_timeout`, which must not be shorter than the session timeout."""

NOWHERE = "http://newsworker"
"""Faust's address of a node, which nobody serves. A member that comes back under its name must have the one it had:
Faust asserts it, and the consumer would stand still for ever where the host's name has changed (F18)."""

Handle = Callable[[Sequence[Incoming]], Awaitable[Sequence[Incoming]]]
"""Finishes a batch, and returns the messages whose offsets may be committed."""


class App(faust.App):
    """A Faust app with our transport, which makes no folders that nobody needs."""

    max_in_flight_bytes: int = Settings.model_fields["max_in_flight_bytes"].default
    kept: Tables | None = None
    writers: Writers | None = None
    commits_in_transactions = False
    rack: str | None = None

    async def on_stop(self) -> None:
        """Give up the partitions when nothing is under way any more."""
        await super().on_stop()
        if self.writers is not None:
            await self.writers.close()

    def _new_transport(self) -> Transport:
        return Transport(self.conf.broker_consumer, self)

    def _create_directories(self) -> None:
        if self.conf.store.scheme != "rocksdb":
            return
        try:
            self.conf.tabledir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            place = f"NEWSWORKER_STATE_DIR: cannot make {self.conf.tabledir}"
            raise Fatal("state_dir_unusable", "start", f"{place}: {error.strerror}") from error


@dataclass(frozen=True, slots=True)
class Half:
    """A role's app and what belongs to it."""

    role: Role
    source: str
    app: App
    publisher: Publisher
    breaker: Breaker
    spans: Spans | None = None

    @property
    def consumer(self) -> Consumer:
        """The app's consumer."""
        return cast("Consumer", self.app.consumer)


def build(
    role: Role,
    settings: Settings,
    refused: Container[str] = frozenset(),
    sighting_partitions: int | None = None,
) -> Half:
    """Return the app of a role, ready to be started.

    Args:
        role: The role.
        settings: The options.
        refused: The ids of stories that are published no more; it may change.
        sighting_partitions: The split half places sightings in so many partitions; None: in those that there are.
    """
    app = App(settings.group_of(role), **_options(role, settings))
    app.max_in_flight_bytes = settings.max_in_flight_bytes
    app.rack = settings.rack
    publisher = Publisher(cast("Producer", app.producer), role=role, timeout_seconds=settings.publish_timeout_seconds)
    source = settings.topics.raw if role == "split" else settings.topics.sighting
    metrics.SKIPPED_OFFSETS.labels(source)  # from the start: what is absent until it counts raises no alert
    breaker = Breaker(settings)
    worker = _split(settings, refused, sighting_partitions) if role == "split" else _dedupe(app, settings, refused)
    spans = open_spans(role, settings)
    desk = Desk(Ledger(role, spans), worker, breaker, settings.topics.deadletter)
    app.commits_in_transactions = settings.delivery == "exactly_once"
    if role == "dedupe" or app.commits_in_transactions:
        new_producer = cast("Producer", app.producer).transactional
        app.writers = Writers(settings.group_of(role), source, new_producer, publisher.patience)
    delivery = _delivery(app, desk, publisher)
    suspicion = Suspicion(cast("Consumer", app.consumer), delivery, breaker, settings)
    _add_agent(app, source, suspicion.handle, settings)
    return Half(role, source, app, publisher, breaker, spans)


def _delivery(app: App, desk: Desk, publisher: Publisher) -> Delivery:
    if app.writers is None:
        return Pipelined(desk, publisher)
    return Transactional(desk, app.writers, app.kept, commits_offsets=app.commits_in_transactions)


def _split(settings: Settings, refused: Container[str], sighting_partitions: int | None) -> Worker:
    # A process loads its own half only: the lexicons of the other would cost 15 MB.
    from worker.app.split import SplitHalf  # noqa: PLC0415

    return SplitHalf(settings, refused, sighting_partitions)


def _dedupe(app: App, settings: Settings, refused: Container[str]) -> Worker:
    from worker.app.dedupe import DedupeHalf  # noqa: PLC0415 - as above

    app.kept = Tables(app, DEDUP_TABLES)
    return DedupeHalf(settings, app.kept, refused)


def _options(role: Role, settings: Settings) -> dict[str, Any]:
    return {
        **SETTINGS,
        "broker": [f"kafka://{server.strip()}" for server in settings.broker.split(",")],
        "broker_client_id": f"{settings.client_id}-{role}",
        "broker_credentials": credentials.of(settings),
        "broker_session_timeout": settings.session_timeout_seconds,
        "broker_heartbeat_interval": min(HEARTBEAT_SECONDS, settings.session_timeout_seconds / 3),
        # librdkafka, too, does not check by default: TCP and the broker do. The marks of its mock's transactions, which
        # the tables' changelogs have, carry wrong sums.
        "broker_check_crcs": role == "split",
        "broker_request_timeout": max(MIN_REQUEST_SECONDS, settings.session_timeout_seconds),
        "consumer_group_instance_id": settings.instance_id,
        "canonical_url": NOWHERE,
        "consumer_metadata_max_age_ms": round(1000 * settings.metadata_seconds),
        "producer_metadata_max_age_ms": round(1000 * settings.metadata_seconds),
        "store": f"{settings.state_store}://",
        "datadir": settings.state_dir / role,
        "TableManager": TableManager,
        "Table": Table,
    }


def _add_agent(app: App, source: str, handle: Handle, settings: Settings) -> None:
    # Bytes in (F5): a page that cannot be decoded is ours to put aside. One actor (F3): batches end in their order.
    topic = app.topic(source, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")

    async def consume(stream: StreamT[bytes]) -> None:
        async for events in cast("Stream[bytes]", stream).take_events(
            settings.batch_messages, within=settings.batch_seconds
        ):
            # Nothing leaves the agent (F4): Faust would acknowledge the whole batch.
            await or_abandon(_finish(app, handle, events))
            # Not to be held while the next batch comes in.
            del events

    app.agent(topic, name=f"newsworker.{source}", concurrency=1)(consume)


async def _finish(app: App, handle: Handle, events: Sequence[EventT[bytes]]) -> None:
    consumer = cast("Consumer", app.consumer)
    for portion in portions(events, PORTION_BYTES, lambda event: size_of(event.message)):
        # An end or a rebalance waits for one portion and not for all: what is left is read again.
        if not consumer.flow_active or consumer.is_stopped or not await _finish_portion(consumer, handle, portion):
            return


async def _finish_portion(consumer: Consumer, handle: Handle, events: Sequence[EventT[bytes]]) -> bool:
    """Handle and finish a portion of a batch; tell whether the next one may follow."""
    # What was queued before a rebalance is read again, by whoever has its partition now.
    current = {_place(event.message): event for event in events if consumer.is_current(event.message)}
    consumer.refuse_gaps(event.message for event in current.values())
    try:
        finished = await handle([_incoming(event) for event in current.values()])
    except Fatal:
        # Partitions are lost to whoever has taken this worker's name: then that is what is said.
        await consumer.confirm_membership()
        raise
    consumer.finish([current[one.partition, one.offset].message for one in finished])
    if len(finished) < len(current):
        # The breaker is open, or the partitions are being given away: either way nothing more is to be read.
        consumer.stopped_in = consumer.reading
        consumer.pause_partitions(consumer.assignment())
    fault_point.passes("finished")
    return len(finished) == len(current)


def _place(message: Message) -> tuple[int, int]:
    return message.partition, message.offset


def _incoming(event: EventT[bytes]) -> Incoming:
    message = event.message
    # Faust gives seconds; Kafka's milliseconds are whole again after rounding.
    timestamp_ms = round(1000 * message.timestamp) if message.timestamp is not None else -1
    # Faust's type allows a mapping; aiokafka gives pairs, whose value Kafka lets be null.
    headers = tuple(cast("Sequence[tuple[str, bytes | None]]", message.headers or ()))
    return Incoming(message.topic, message.partition, message.offset, timestamp_ms, message.key, message.value, headers)
