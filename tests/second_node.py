"""A second Kafka node that registers once and is gone: topics may then ask for a replica that nobody has.

A cluster of one node never lacks replicas: `min.insync.replicas` counts no more of them than a topic has.
"""

import base64
import secrets
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from confluent_kafka.admin import AdminClient

from worker.broker import KafkaBroker

REGISTER_SECONDS = 60.0
"""Longest wait for a node to come or go; 3 s each where measured."""


def register(broker: KafkaBroker) -> None:
    """Start a second node, and kill it as soon as the cluster knows it."""
    client = AdminClient({"bootstrap.servers": broker.bootstrap, "log_level": 0})
    with tempfile.TemporaryDirectory(prefix="newsworker-kafka-") as folder:
        process = subprocess.Popen(
            [*broker._command("kafka.Kafka"), str(_write_properties(broker, Path(folder)))],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_until(lambda: len(client.list_topics(timeout=10).brokers) == 2)
        finally:
            process.kill()
            process.wait()
    # Until then some are told to ask it who the controller is.
    _wait_until(lambda: len(client.list_topics(timeout=10).brokers) == 1)


def _write_properties(broker: KafkaBroker, folder: Path) -> Path:
    data, properties = folder / "data", folder / "server.properties"
    data.mkdir()
    directory = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")
    meta = f"version=1\ncluster.id={broker._cluster_id()}\nnode.id=2\ndirectory.id={directory}\n"
    (data / "meta.properties").write_text(meta)
    lines = broker._properties.read_text().splitlines()
    changed = {
        "process.roles": "broker",
        "node.id": "2",
        "listeners": "PLAINTEXT://127.0.0.1:0",
        "log.dirs": str(data),
    }
    kept = [line for line in lines if line.partition("=")[0] not in changed]
    properties.write_text("\n".join([*kept, *(f"{name}={value}" for name, value in changed.items())]))
    return properties


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + REGISTER_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "the second node neither came nor went"
        time.sleep(0.1)
