"""Waiting for the broker and its topics, before Faust is started: Faust ends when the broker is away at start.

In: the settings. Out: nothing, once the broker answers and has every topic that a role reads and writes. It never
creates a topic.
"""

import asyncio
from collections.abc import Mapping

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from worker import log, security, topics
from worker.errors import Fatal
from worker.handshake import trouble
from worker.settings import Role, Settings

RETRY_SECONDS = 1.0
NOTE_SECONDS = 15.0
"""What is missing is one line in this time."""

REQUEST_MS = 5_000


async def wait_until_reachable(role: Role, settings: Settings) -> int:
    """Wait for the broker and the role's topics, saying again and again what is missing; return the partitions.

    Those of the sighting topic, by which keys are placed.

    Raises:
        Fatal: `partitions_differ`, where a table's changelog does not have its source's partitions.
    """
    loop = asyncio.get_running_loop()
    noted_at = float("-inf")
    while lack := _lack(role, settings, found := await _partitions(settings)):
        if loop.time() - noted_at >= NOTE_SECONDS:
            noted_at = loop.time()
            log.get().warning("waiting_for_broker", broker=settings.broker, lack=lack)
        await asyncio.sleep(RETRY_SECONDS)
    assert found is not None
    _refuse_different_partitions(settings, found)
    return found[settings.topics.sighting]


async def is_reachable(settings: Settings) -> bool:
    """Tell whether the broker answers now."""
    return await _partitions(settings) is not None


def _lack(role: Role, settings: Settings, found: Mapping[str, int] | None) -> str | None:
    if found is None:
        return trouble.words or "the broker does not answer"
    missing = sorted(_needed(role, settings) - found.keys())
    if missing:
        hidden = "" if settings.security_protocol == "plaintext" else ", or hidden from this user"
        return f"topics are missing{hidden} (`newsworker topics apply` creates them): {', '.join(missing)}"
    return None


async def _partitions(settings: Settings) -> Mapping[str, int] | None:
    client = AIOKafkaClient(
        bootstrap_servers=settings.broker, request_timeout_ms=REQUEST_MS, **security.clients(settings)
    )
    try:
        await client.bootstrap()
        cluster = await client.fetch_all_metadata()
        return {topic: len(cluster.partitions_for_topic(topic) or ()) for topic in cluster.topics()}
    except (KafkaError, OSError):
        return None
    finally:
        await client.close()


def _needed(role: Role, settings: Settings) -> set[str]:
    names = settings.topics
    if role == "split":
        pages = {names.page} if settings.publish_pages else set()
        exports = {getattr(names, export) for export in settings.exports}
        return {names.raw, names.story, names.sighting, names.deadletter} | pages | exports
    mentions = {names.mention} if settings.publish_mentions else set()
    return {names.sighting, names.headline, names.copy, names.deadletter, *topics.changelogs(settings)} | mentions


def _refuse_different_partitions(settings: Settings, found: Mapping[str, int]) -> None:
    # Both halves refuse: a state is found again only in the partition in which its key's sightings are.
    source = settings.topics.sighting
    for changelog in topics.changelogs(settings):
        if found.get(changelog, found[source]) != found[source]:
            counts = f"{changelog} has {found[changelog]} partitions and {source} {found[source]}"
            raise Fatal("partitions_differ", "start", f"{counts}: they must be the same")
