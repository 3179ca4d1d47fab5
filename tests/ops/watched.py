"""A worker under load with a Prometheus that watches it: what the dashboard is held against, and drawn from.

The load has what every panel is about: good pages, the same pages elsewhere (copies and repeats), headlines that differ
in their case or in a word, fields that nobody knows, tombstones, pages without a story, and messages that become dead
letters.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kafka_client import KafkaClient, Sent
from pages import BAD, PAGE, again, good, raw
from prometheus_server import PrometheusServer
from whole import is_consumed
from worker_process import WorkerProcess

from worker import topics
from worker.broker import EmbeddedBroker
from worker.settings import Settings

SHARED = "Fishermen of Port Amber ask for longer nets"
"""The related headline that every page has."""

VARIANTS = (SHARED.upper(), f"{SHARED} again", "Harbour fishermen of Port Amber ask for longer nets")

KINDS_OF_BAD = 8
"""Of `pages.BAD` those that are simply wrong; the others have strange keys and headers."""

SCRAPES = 3
"""After so many more, what has just been counted is in every rate."""


@dataclass(frozen=True, slots=True)
class Watched:
    """The worker, who watches it, and since when."""

    worker: WorkerProcess
    prometheus: PrometheusServer
    client: KafkaClient
    settings: Settings
    scrape_seconds: int
    started: float

    def send(self, number: int, pages: int, bad: int = 0) -> None:
        """Produce a round of messages, of which so many are to be dead letters."""
        letters = [BAD[(number + one) % KINDS_OF_BAD].sent(number) for one in range(bad)]
        self.client.produce(self.settings.topics.raw, [*_round(number, pages), *letters])

    def settle(self) -> float:
        """Wait until all is finished and scraped; return when that is."""
        self.worker.wait_until(lambda: is_consumed(self.client, self.settings), what="consumed")
        time.sleep(SCRAPES * self.scrape_seconds)
        return time.time()


@contextmanager
def watched(folder: Path, scrape_seconds: int = 1) -> Iterator[Watched]:
    """Run a worker on a broker of its own, scraped from its first moment, with its files in `folder`."""
    settings = Settings(partitions=2, web_port=0, state_dir=folder / "state", log_format="json")
    with EmbeddedBroker(topics.partitions(settings)) as broker:
        settings = settings.model_copy(update={"broker": broker.bootstrap})
        with WorkerProcess(settings) as worker:
            worker.wait_until(lambda: worker.events("serving"), what="serving")
            target = worker.events("serving")[0]["url"].removeprefix("http://")
            with PrometheusServer(folder, [target], scrape_seconds) as prometheus:
                started = time.time()
                worker.wait_until_ready()
                client = KafkaClient(broker.bootstrap)
                yield Watched(worker, prometheus, client, settings, scrape_seconds, started)


def _round(number: int, pages: int) -> Iterator[Sent]:
    numbers = range(number * pages, (number + 1) * pages)
    yield from map(good, numbers)
    yield from (again(one, "elsewhere") for one in numbers if one % 4 == 0)
    yield Sent(raw(numbers.start, url=f"https://odd.example/{number}", mood="calm", weather="fair"))
    variant = PAGE.format(n=numbers.start).replace(SHARED, VARIANTS[number % len(VARIANTS)])
    yield Sent(raw(numbers.start, content=variant, url=f"https://variant.example/{number}"))
    yield Sent(raw(numbers.start, content="-" * 300, url=f"https://ruled.example/{number}"))
    yield Sent(None, key=b"gone")
