"""How long the dedupe half is away after a kill, with a million headlines in its state (`make bench-recovery`).

A real Apache Kafka; the changelog is read once by a plain client, and recovered by a worker whose state is gone, and by
one that was killed and finds its RocksDB again; the figures are ratios to the plain reading, in one run.
"""

import asyncio
import hashlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from kafka_client import KafkaClient, Sent
from worker_process import WorkerProcess

from worker import topics
from worker.broker import KafkaBroker
from worker.dedup import links
from worker.dedup.sighting import HeadlineSighting
from worker.dedup.state import HeadlineState, encode
from worker.settings import Settings

ENTRIES = 1_000_000
CHUNK = 20_000
SEEN_AT = "2025-03-03T10:00:00Z"
START_SECONDS = 1800.0


def states(first: int, count: int, partitions: int) -> Iterator[Sent]:
    """Yield changelog records of different headlines."""
    for number in range(first, first + count):
        name = hashlib.sha256(b"%d" % number).hexdigest()
        headline = f"Harbour council {number} votes for the new ferry line"
        url = f"https://news.example/harbour/{number}"
        sighting = HeadlineSighting(name, headline, "en", name, url, 0, SEEN_AT, True, None, None, None)
        yield Sent(encode(HeadlineState(sighting, SEEN_AT)), links.short(name), partition=number % partitions)


def fill(client: KafkaClient, settings: Settings, entries: int) -> None:
    """Write the changelog of a stream that has seen so many headlines."""
    changelog = topics.changelogs(settings)[0]
    for first in range(0, entries, CHUNK):
        client.produce(changelog, states(first, min(CHUNK, entries - first), settings.partitions))


def seconds_to_ready(settings: Settings, *, killed: bool) -> float:
    """Start a dedupe half, and return the seconds until it is ready; kill it then, or stop it."""
    with WorkerProcess(settings, role="dedupe") as worker:
        seconds = worker.wait_until_ready(START_SECONDS)
        if killed:
            os.kill(worker.child("dedupe"), signal.SIGKILL)
            worker.wait()
        else:
            worker.stop()
    return seconds


def measure(entries: int = ENTRIES) -> dict[str, float]:
    """Return the seconds of each way."""
    with TemporaryDirectory() as folder, KafkaBroker() as broker:
        settings = Settings(
            broker=broker.bootstrap, group="recovery", state_dir=Path(folder), web_port=0, instance_id="the-one"
        )
        asyncio.run(topics.apply(settings))
        client = KafkaClient(broker.bootstrap)
        fill(client, settings, entries)
        began = time.perf_counter()
        found = len(client.consume(topics.changelogs(settings)[0]))
        assert found == entries
        on_disk = settings.model_copy(update={"state_store": "rocksdb"})
        return {
            "plain reading of the changelog": time.perf_counter() - began,
            "recovery into memory": seconds_to_ready(settings, killed=True),
            "recovery into RocksDB": seconds_to_ready(on_disk, killed=True),
            "restart after a kill, RocksDB kept": seconds_to_ready(on_disk, killed=False),
        }


def main() -> None:
    """Print a line for each way."""
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    found = measure(entries)
    reading = next(iter(found.values()))
    for name, seconds in found.items():
        print(f"{name}, {entries} entries: {seconds:.1f} s, {seconds / reading:.2f} of the plain reading")


if __name__ == "__main__":
    main()
