"""A local broker that runs until it is told to end: what `newsworker broker` does.

In: topics with their partition counts, from the command line's settings. Out: one line with the broker's address on
standard output. SIGTERM and SIGINT end it cleanly.
"""

from collections.abc import Mapping
from pathlib import Path

from worker.broker.embedded import EmbeddedBroker
from worker.broker.kafka import KafkaBroker
from worker.ending import Ending

CHECK_SECONDS = 1.0
"""How often a running Kafka is looked at."""


def run_embedded(topics: Mapping[str, int]) -> None:
    """Run the embedded broker with `topics` (name: partitions) until SIGTERM or SIGINT; librdkafka picks the port.

    Call it in the main thread: it handles the signals.
    """
    ending = Ending()
    with EmbeddedBroker(topics) as broker:
        _announce(broker.bootstrap)
        ending.wait()


def run_kafka(port: int = 0, folder: Path | None = None, cache: Path | None = None) -> None:
    """Run a real Apache Kafka until SIGTERM or SIGINT; its arguments are those of `KafkaBroker`.

    Topics are created by `newsworker topics apply`. Call it in the main thread: it handles the signals.

    Raises:
        Fatal: `kafka_ended`, where Kafka ends by itself, and what `KafkaBroker.start` raises.
    """
    ending = Ending()
    with KafkaBroker(port=port, folder=folder, cache=cache) as broker:
        _announce(broker.bootstrap)
        while not ending.wait(CHECK_SECONDS):
            broker.check()


def _announce(bootstrap: str) -> None:
    # Flushed: whoever started this process reads the address from a pipe.
    print(bootstrap, flush=True)  # noqa: T201 - the command's output
