"""What the guarantees cost: the split half with acknowledgements not awaited, awaited, and in transactions.

`make bench-delivery`: a real Apache Kafka, one raw topic, and each way reads it whole in a group of its own, in turn, a
process each; the figures are ratios of throughput within one run. `PYTHONPATH=tests python -m bench.delivery WAY` with
settings on standard input is one such process.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from chaos.stream import messages
from faust.types.tuples import Message
from kafka_client import KafkaClient

from worker import log, topics
from worker.app import factory
from worker.app.consumer import Consumer
from worker.broker import KafkaBroker
from worker.publish import Acknowledged, Outgoing, Publisher
from worker.settings import Settings

TESTS = Path(__file__).parents[1]

WAYS = ("unawaited", "effectively_once", "exactly_once")
ROUNDS = 5
MESSAGES = 3000
SEED = 20250227
LIMIT_SECONDS = 120.0


class Clock:
    """Seconds from the first finished batch to the last, so that no start counts."""

    def __init__(self) -> None:
        self.count = 0
        self.began = 0.0
        self.done = asyncio.Event()

    def note(self, count: int) -> None:
        """Take note of finished messages."""
        if not self.began:
            self.began = time.perf_counter()
            return
        self.count += count
        self.rate = self.count / (time.perf_counter() - self.began)


async def measure(way: str, settings: Settings, expected: int) -> float:
    """Return the messages a second of one way."""
    if way == "unawaited":
        Publisher.publish = _send_only  # type: ignore[method-assign]
    half, clock, seen = factory.build("split", settings), Clock(), 0
    finish = Consumer.finish

    def noted_finish(consumer: Consumer, finished: Iterable[Message]) -> None:
        nonlocal seen
        batch = list(finished)
        finish(consumer, batch)
        seen += len(batch)
        clock.note(len(batch))
        if seen >= expected:
            clock.done.set()

    Consumer.finish = noted_finish  # type: ignore[method-assign]
    starting = asyncio.create_task(half.app.start())
    await asyncio.wait_for(clock.done.wait(), LIMIT_SECONDS)
    await half.app.stop()
    await starting
    return clock.rate


async def _send_only(self: Publisher, records: Iterable[Outgoing]) -> list[Acknowledged]:
    for record in records:
        await self._send(record)
    return []


def play(settings: Settings, way: str, expected: int) -> float:
    """Measure one way in a process of its own, in a group that nobody has had."""
    delivery = way if way in {"effectively_once", "exactly_once"} else "effectively_once"
    own = settings.model_copy(update={"group": f"bench{uuid4().hex[:8]}", "delivery": delivery})
    command = [sys.executable, "-m", "bench.delivery", way, str(expected)]
    answer = subprocess.run(
        command,
        input=own.model_dump_json(),
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr[-2000:]
    return float(answer.stdout.splitlines()[-1])


def ratios(rounds: int = ROUNDS, count: int = MESSAGES) -> dict[str, tuple[float, float]]:
    """Return of each way the median messages a second, and the median of its ratios to the unawaited one by round."""
    with TemporaryDirectory() as folder, KafkaBroker() as broker:
        settings = Settings(broker=broker.bootstrap, topic_prefix="bench", web_port=0, state_dir=Path(folder))
        asyncio.run(topics.apply(settings))
        sent = messages(count, SEED)
        KafkaClient(broker.bootstrap).produce(settings.topics.raw, sent)
        found: list[Sequence[float]] = [[play(settings, way, len(sent)) for way in WAYS] for _ in range(rounds)]
    return {
        way: (
            statistics.median(rates[number] for rates in found),
            statistics.median(rates[number] / rates[0] for rates in found),
        )
        for number, way in enumerate(WAYS)
    }


def main() -> None:
    """Print a line for each way; or, with a way and a count, measure it."""
    if len(sys.argv) > 1:
        log.configure("json", "error", role="split")
        settings = Settings.model_validate_json(sys.stdin.read())
        print(asyncio.run(measure(sys.argv[1], settings, int(sys.argv[2]))))
        return
    for way, (rate, ratio) in ratios().items():
        print(f"{way}: {rate:.0f} messages/s, {ratio:.3f} of unawaited")


if __name__ == "__main__":
    main()
