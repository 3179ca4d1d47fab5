"""The topics of the contract: their settings, creating them, and telling what is there.

In: the settings, from the command line or a test. Out: changes to the cluster, told one by one to the caller. It never
deletes a topic, and never changes the number of a topic's partitions: that would send a key to another partition.
"""

import asyncio
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from time import monotonic
from typing import Any, Literal, TypeVar

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ClusterMetadata,
    ConfigEntry,
    ConfigResource,
    ConfigSource,
    NewTopic,
    ResourceType,
    TopicMetadata,
)

from worker import security
from worker.errors import Fatal, Transient
from worker.settings import MIB, Settings

STAGE = "topics"

REQUEST_SECONDS = 15.0
"""Longest wait for one answer of the cluster."""

LISTED_EVERY_SECONDS = 0.05
"""How often the cluster is asked whether it lists what was created."""

UNREACHABLE = frozenset({KafkaError._TRANSPORT, KafkaError._TIMED_OUT, KafkaError._ALL_BROKERS_DOWN})  # noqa: SLF001
"""The client library's own codes (librdkafka marks them with an underscore) for a cluster that does not answer."""

REFUSED = frozenset({KafkaError._AUTHENTICATION, KafkaError._SSL})  # noqa: SLF001 - as above
"""Its codes for a broker that answers and refuses the connection, or is refused."""

HOUR_MS = 3_600_000

SIGHTING_WINDOWS = 2
"""Sightings are kept for so many windows of the dedup, so that a dedupe half that was away for one finds all of it."""

STATE_WINDOWS = 4
"""So are the records of its tables' changelogs. An entry is forgotten, or written once more, two windows after its last
sighting by event time; a replay that is quicker than the clock of the pages is not the longer in time for it."""

LARGEST_BYTES: Mapping[str, int] = {
    "raw": 12 * MIB,
    "story": 40 * MIB,
    "headline": 2 * MIB,
    "copy": 2 * MIB,
    "mention": 2 * MIB,
    "page": 40 * MIB,
    "deadletter": 13 * MIB,
    "sighting": MIB,
    "retraction": MIB,
    "ninjs": 40 * MIB,
    "schemaorg": 40 * MIB,
    "changelog": 2 * MIB,
}
"""`max.message.bytes` by kind. A raw message of 10 MiB has room for its headers, and its dead letter for ours; a story
or page may be four times as large as its message. What a sighting becomes repeats its texts at most once."""

FRAMING_BYTES = 1024
"""Kept free in `LARGEST_BYTES`: a record batch of one record has 61 bytes of its own, the record and its headers a few
each (Kafka's message format, version 2)."""

STAMPED: Mapping[str, str] = {"message.timestamp.type": "LogAppendTime"}
"""The broker's clock stamps what the worker writes. By the worker's own, one that is an hour ahead would have its
records refused (`message.timestamp.after.max.ms`), and one that is days behind would have them deleted unread."""

DEDUP_TABLES = ("headline", "story", "index")
"""The tables of the dedupe half; Faust names a table's changelog `<app id>-<table>-changelog`."""

Answer = TypeVar("Answer")

Action = Literal["created", "altered", "unchanged", "partitions_differ"]
"""What `apply` did with a topic, or found and left alone."""


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic as the contract wants it; `config` holds only what must differ from the broker's defaults."""

    name: str
    partitions: int
    replication: int
    config: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """What `apply` did with one topic; `detail` says what was altered, or what an operator has to look at."""

    topic: str
    action: Action
    detail: str = ""


@dataclass(frozen=True, slots=True)
class TopicState:
    """A topic as it is on the cluster: no `partitions` where it is missing; `config` holds what was set for it."""

    name: str
    partitions: int | None
    replication: int | None
    config: Mapping[str, str]


class _Client(AdminClient):
    """A client that remembers why a connection was refused: what it raises later tells only of the wait."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._refusal = ""
        config["error_cb"] = self._note
        super().__init__(config)

    def _note(self, error: KafkaError) -> None:
        if error.code() in REFUSED:
            self._refusal = self._refusal or error.str()

    def refusal(self) -> str:
        """Return why, as far as it is known; nothing where no connection was refused."""
        self.poll(0)
        return self._refusal


def specs(settings: Settings) -> tuple[TopicSpec, ...]:
    """Return every topic that the worker reads or writes, in the contract's order, its tables' changelogs last.

    Of the exports there are those that are switched on.
    """
    names = settings.topics
    configs = {
        names.raw: _delete("raw"),
        names.story: {**_compact("story"), **STAMPED},
        names.headline: {**_compact("headline"), **STAMPED},
        names.copy: {**_compact("copy"), **STAMPED},
        names.mention: {**_delete("mention"), **STAMPED},
        names.page: {**_compact("page"), **STAMPED},
        names.deadletter: {**_delete("deadletter"), **STAMPED},
        names.sighting: {**_delete("sighting"), **STAMPED, "retention.ms": _windows(settings, SIGHTING_WINDOWS)},
        names.retraction: {**_compact("retraction"), **STAMPED},
        **{getattr(names, export): {**_compact(export), **STAMPED} for export in settings.exports},
        **dict.fromkeys(changelogs(settings), _changelog(settings)),
    }
    return tuple(TopicSpec(name, settings.partitions, settings.replication, config) for name, config in configs.items())


def changelogs(settings: Settings) -> tuple[str, ...]:
    """Return the names of the dedup tables' changelog topics."""
    return tuple(f"{settings.group_of('dedupe')}-{table}-changelog" for table in DEDUP_TABLES)


def partitions(settings: Settings) -> dict[str, int]:
    """Return the partition count of each topic by name, as `worker.broker.EmbeddedBroker` takes them."""
    return {spec.name: spec.partitions for spec in specs(settings)}


async def apply(settings: Settings) -> list[Change]:
    """Create the missing topics and set the configuration that differs; a second call finds nothing to do.

    What it created can be used when it returns. Configuration that the contract does not name is left as it is, and so
    is a partition count that differs: it is reported as `partitions_differ`.

    Raises:
        Fatal: `topics_unsupported` by the embedded broker, `topics_refused` by the cluster.
        Transient: `broker_unreachable`.
    """
    client, wanted = _client(settings), specs(settings)
    present = await _describe(client, wanted)
    changes = [await _apply(client, spec, state) for spec, state in zip(wanted, present, strict=True)]
    await _until_listed(client, {spec.name for spec in wanted})
    return changes


async def show(settings: Settings) -> list[TopicState]:
    """Return how each topic of `specs` stands on the cluster, in the same order; raises as `apply`."""
    return await _describe(_client(settings), specs(settings))


def _delete(kind: str) -> dict[str, str]:
    return {"cleanup.policy": "delete", "max.message.bytes": str(LARGEST_BYTES[kind])}


def _compact(kind: str) -> dict[str, str]:
    return {"cleanup.policy": "compact", "max.message.bytes": str(LARGEST_BYTES[kind])}


def _windows(settings: Settings, count: int) -> str:
    return str(round(count * settings.dedup_window_hours * HOUR_MS))


def _changelog(settings: Settings) -> dict[str, str]:
    # Stamped with write time: with event time a replay of old pages would be deleted as soon as it is written.
    return {
        "cleanup.policy": "compact,delete",
        "max.message.bytes": str(LARGEST_BYTES["changelog"]),
        **STAMPED,
        "retention.ms": _windows(settings, STATE_WINDOWS),
    }


def _client(settings: Settings) -> _Client:
    # Its connection errors are told once, by what is raised here.
    return _Client({"bootstrap.servers": settings.broker, "log_level": 0, **security.librdkafka(settings)})


async def _apply(client: _Client, spec: TopicSpec, present: TopicState) -> Change:
    if present.partitions is None:
        return await _create(client, spec)
    altered = await _alter(client, spec, present)
    if present.partitions != spec.partitions:
        detail = f"has {present.partitions} partitions where {spec.partitions} are set; left as it is"
        return Change(spec.name, "partitions_differ", detail)
    return Change(spec.name, "altered" if altered else "unchanged", altered)


async def _create(client: _Client, spec: TopicSpec) -> Change:
    topic = NewTopic(spec.name, spec.partitions, spec.replication, config=dict(spec.config))
    try:
        await asyncio.wrap_future(client.create_topics([topic], request_timeout=REQUEST_SECONDS)[spec.name])
    except KafkaException as error:
        if error.args[0].code() == KafkaError.TOPIC_ALREADY_EXISTS:
            return Change(spec.name, "unchanged", "another process created it meanwhile")
        raise _failure(error, f"create {spec.name}") from error
    return Change(spec.name, "created", f"{spec.partitions} partitions")


async def _until_listed(client: _Client, names: set[str]) -> None:
    # The controller answers as soon as it has written the topic down; a broker lists it a moment later. Whoever uses
    # a topic before that is told that there is none.
    until = monotonic() + REQUEST_SECONDS
    while missing := names - (await _metadata(client)).topics.keys():
        if monotonic() > until:
            detail = f"created and after {REQUEST_SECONDS:g} s not listed: {', '.join(sorted(missing))}"
            raise Transient("broker_unreachable", STAGE, detail)
        await asyncio.sleep(LISTED_EVERY_SECONDS)


async def _alter(client: _Client, spec: TopicSpec, present: TopicState) -> str:
    wrong = {name: value for name, value in spec.config.items() if present.config.get(name) != value}
    if wrong:
        entries = [ConfigEntry(*pair, incremental_operation=AlterConfigOpType.SET) for pair in wrong.items()]
        resource = ConfigResource(ResourceType.TOPIC, spec.name, incremental_configs=entries)
        futures = client.incremental_alter_configs([resource], request_timeout=REQUEST_SECONDS)
        await _answer(futures[resource], f"alter {spec.name}")
    return ", ".join(f"{name}={value}" for name, value in wrong.items())


async def _describe(client: _Client, wanted: tuple[TopicSpec, ...]) -> list[TopicState]:
    present = (await _metadata(client)).topics
    return [await _state(client, spec, present.get(spec.name)) for spec in wanted]


async def _metadata(client: _Client) -> ClusterMetadata:
    try:
        # The one request of this client that has no future: it blocks, so it waits in a thread.
        metadata = await asyncio.to_thread(client.list_topics, timeout=REQUEST_SECONDS)
    except KafkaException as error:
        if refusal := client.refusal():
            raise Transient("broker_refuses", STAGE, f"cannot list the topics: {refusal}") from error
        raise _failure(error, "list the topics") from error
    if metadata.controller_id not in metadata.brokers:
        # librdkafka's mock cluster names a controller (0) that is none of its brokers.
        advice = "the embedded broker makes its topics when it starts"
        raise Fatal("topics_unsupported", STAGE, f"this broker has no controller to manage topics: {advice}")
    return metadata


async def _state(client: _Client, spec: TopicSpec, found: TopicMetadata | None) -> TopicState:
    if found is None or not found.partitions:
        return TopicState(spec.name, None, None, {})
    replication = min(len(partition.replicas) for partition in found.partitions.values())
    return TopicState(spec.name, len(found.partitions), replication, await _config(client, spec))


async def _config(client: _Client, spec: TopicSpec) -> dict[str, str]:
    resource = ConfigResource(ResourceType.TOPIC, spec.name)
    futures = client.describe_configs([resource], request_timeout=REQUEST_SECONDS)
    entries: Mapping[str, ConfigEntry] = await _answer(futures[resource], f"describe {spec.name}")
    return {name: str(entry.value) for name, entry in entries.items() if _is_shown(entry, spec)}


def _is_shown(entry: ConfigEntry, spec: TopicSpec) -> bool:
    return entry.name in spec.config or ConfigSource(entry.source) is ConfigSource.DYNAMIC_TOPIC_CONFIG


async def _answer(future: Future[Answer], what: str) -> Answer:
    try:
        return await asyncio.wrap_future(future)
    except KafkaException as error:
        raise _failure(error, what) from error


def _failure(error: KafkaException, what: str) -> Fatal | Transient:
    cause: KafkaError = error.args[0]
    if cause.code() in UNREACHABLE:
        return Transient("broker_unreachable", STAGE, f"cannot {what}: no answer from the broker: {cause.str()}")
    return Fatal("topics_refused", STAGE, f"cannot {what}: {cause.str()}")
