"""A local broker that runs until it is told to end: what `newsworker broker` does.

In: topics with their partition counts, from the command line's settings. Out: one line with the broker's address on
standard output. SIGTERM and SIGINT end it cleanly.
"""

import signal
import threading
from collections.abc import Mapping
from pathlib import Path

from worker.broker.embedded import EmbeddedBroker
from worker.broker.kafka import KafkaBroker

CHECK_SECONDS = 1.0
"""How often a running Kafka is looked at."""


def run_embedded(topics: Mapping[str, int]) -> None:
    """Run the embedded broker with `topics` (name: partitions) until SIGTERM or SIGINT; librdkafka picks the port.

    Call it in the main thread: it handles the signals.
    """
    ended = _end_on_signals()
    with EmbeddedBroker(topics) as broker:
        _announce(broker.bootstrap)
        ended.wait()


def run_kafka(port: int = 0, folder: Path | None = None, cache: Path | None = None) -> None:
    """Run a real Apache Kafka until SIGTERM or SIGINT; its arguments are those of `KafkaBroker`.

    Topics are created by `newsworker topics apply`. Call it in the main thread: it handles the signals.

    Raises:
        Fatal: `kafka_ended`, where Kafka ends by itself, and what `KafkaBroker.start` raises.
    """
    ended = _end_on_signals()
    with KafkaBroker(port=port, folder=folder, cache=cache) as broker:
        _announce(broker.bootstrap)
        while not ended.wait(CHECK_SECONDS):
            broker.check()


def _end_on_signals() -> threading.Event:
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    return ended


def _announce(bootstrap: str) -> None:
    # Flushed: whoever started this process reads the address from a pipe.
    print(bootstrap, flush=True)  # noqa: T201 - the command's output
