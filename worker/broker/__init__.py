"""Local brokers for development, demos and tests: the embedded one and a real Apache Kafka.

In: topic names with their partition counts, from `worker.topics`. Out: a bootstrap address on 127.0.0.1, to whoever
connects. Never used by a worker in production: it is given the address of a cluster that others run.
"""

from worker.broker.embedded import EmbeddedBroker
from worker.broker.kafka import KafkaBroker
from worker.broker.serve import run_embedded, run_kafka

__all__ = ["EmbeddedBroker", "KafkaBroker", "run_embedded", "run_kafka"]
