"""What counting costs: the counts of a half's work, over that work (part of `make bench`).

Batches are handled on a producer that acknowledges at once and a state in memory, while every metric only notes what it
is asked; then the same counts are made for themselves, into files, as a worker makes them. What is left out, the broker
and the network, would make their part smaller. The two cannot be told apart in one run: what another program does to
either is more. Out: a line of JSON, for each half the median over its batches.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

from pages import raw
from prometheus_client.metrics import MetricWrapperBase

from worker import log, metrics, topics
from worker.app.dedupe import DedupeHalf
from worker.app.delivery import Delivery, Desk, Pipelined, Transactional
from worker.app.factory import App, _options
from worker.app.split import SplitHalf
from worker.app.tables import Tables
from worker.app.writers import Writers
from worker.breaker import Breaker
from worker.incoming import Incoming
from worker.ledger import Ledger
from worker.publish import Patience, Publisher
from worker.settings import Settings

BATCHES = 20
BATCH = 25
"""Pages of a batch; each gives four sightings."""

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def cost() -> Mapping[str, float]:
    """Return for each half what counting takes, as a part of its work."""
    with TemporaryDirectory() as folder:
        # The metrics' library reads the variable when it is loaded.
        environment = {**os.environ, VARIABLE: folder, "PYTHONPATH": str(Path(__file__).parents[1])}
        command = [sys.executable, "-m", "bench.metering"]
        ran = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    found: Mapping[str, float] = json.loads(ran.stdout)
    return found


class Instant:
    """A producer that acknowledges at once, and keeps the sightings."""

    def __init__(self) -> None:
        self.sightings: list[tuple[bytes, bytes]] = []
        self._txn_manager = SimpleNamespace(producer_id=1, producer_epoch=0)

    async def send(
        self, topic: str, value: bytes, key: bytes, *_rest: object, **_named: object
    ) -> "asyncio.Future[Any]":
        """Acknowledge."""
        if ".sighting." in topic:
            self.sightings.append((key, value))
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        future.set_result(SimpleNamespace(partition=0, offset=0))
        return future

    async def start(self) -> None:
        """Be known by the next epoch."""
        self._txn_manager = SimpleNamespace(producer_id=1, producer_epoch=self._txn_manager.producer_epoch + 1)

    async def nothing(self) -> None:
        """Do nothing."""

    stop = begin_transaction = commit_transaction = abort_transaction = nothing

    def current(self) -> "Instant":
        """Be the running one."""
        return self


Call = tuple["Noted", str, float]
"""A series, what it was asked, and the number."""


class Noted:
    """A metric, or a series of one, that counts nothing and notes what it is asked."""

    def __init__(self, family: Any, calls: list[Call], *labels: str) -> None:
        self.family, self.names = family, labels
        self._calls = calls

    def labels(self, *names: str) -> "Noted":
        """Be a series."""
        return Noted(self.family, self._calls, *names)

    def inc(self, amount: float = 1) -> None:
        """Note a count."""
        self._calls.append((self, "inc", amount))

    def set(self, value: float) -> None:
        """Note a value."""
        self._calls.append((self, "set", value))

    def observe(self, value: float) -> None:
        """Note an observation."""
        self._calls.append((self, "observe", value))

    @contextmanager
    def time(self) -> Iterator[None]:
        """Note that a time was taken."""
        yield
        self._calls.append((self, "time", 0))


@contextmanager
def noting() -> Iterator[list[Call]]:
    """Have all metrics note what they are asked while the block lasts."""
    kept, calls = dict(vars(metrics)), list[Call]()
    vars(metrics).update(
        {name: Noted(value, calls) for name, value in kept.items() if isinstance(value, MetricWrapperBase)}
    )
    try:
        yield calls
    finally:
        vars(metrics).update(kept)


def count(calls: Iterable[Call]) -> float:
    """Return the seconds that it takes to count what was noted."""
    began = time.perf_counter()
    for noted, asked, number in calls:
        series = metrics.series(noted.family, *noted.names) if noted.names else noted.family
        if asked == "time":
            with series.time():
                pass
        else:
            getattr(series, asked)(number)
    return time.perf_counter() - began


class Halves:
    """Both halves, as `worker.app.factory` makes them but for the broker."""

    def __init__(self, folder: Path, calls: list[Call]) -> None:
        self._calls = calls
        settings = Settings(state_dir=folder, group=f"bench-{folder.name}")
        self._topics, letters, breaker = settings.topics, settings.topics.deadletter, Breaker(settings)
        self._producer: Any = Instant()
        self._tables = Tables(App(settings.group, **_options("dedupe", settings)), topics.DEDUP_TABLES)
        patience = Patience(role="dedupe", timeout_seconds=30)
        self._writers = Writers("bench", "sighting", lambda _: self._producer, patience)
        split = Desk(Ledger("split"), SplitHalf(settings), breaker, letters)
        dedupe = Desk(Ledger("dedupe"), DedupeHalf(settings, self._tables), breaker, letters)
        self._split = Pipelined(split, Publisher(self._producer, role="split", timeout_seconds=30))
        self._dedupe = Transactional(dedupe, self._writers, self._tables)

    @asynccontextmanager
    async def claimed(self) -> AsyncIterator["Halves"]:
        """Have the one partition while the block lasts."""
        await self._writers.claim({0: self._tables.claims(0)})
        yield self
        await self._writers.close()

    async def handle(self, number: int) -> Mapping[str, float]:
        """Return, for each half, what counting takes of a batch of pages that nobody has seen."""
        now = round(1000 * time.time())
        numbers = range(BATCH * number, BATCH * (number + 1))
        pages = [Incoming(self._topics.raw, 0, one, now, b"key", raw(one)) for one in numbers]
        split = await self._part(self._split, pages)
        sightings = [Incoming(self._topics.sighting, 0, 0, now, key, value) for key, value in self._producer.sightings]
        self._producer.sightings.clear()
        return {"split": split, "dedupe": await self._part(self._dedupe, sightings)}

    async def _part(self, delivery: Delivery, messages: list[Incoming]) -> float:
        self._calls.clear()
        began = time.perf_counter()
        await delivery.handle(messages)
        worked = time.perf_counter() - began
        return count(self._calls) / worked


async def measure(folder: Path) -> Mapping[str, float]:
    """Return what `cost` does."""
    with noting() as calls:
        async with Halves(folder, calls).claimed() as halves:
            parts = [await halves.handle(number) for number in range(BATCHES)]
    return {half: statistics.median(part[half] for part in parts) for half in ("split", "dedupe")}


def main() -> None:
    """Print the figures."""
    log.configure("json", "error")
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    with TemporaryDirectory() as folder:
        sys.stdout.write(json.dumps(loop.run_until_complete(measure(Path(folder)))) + "\n")


if __name__ == "__main__":
    main()
