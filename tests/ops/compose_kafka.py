"""Kafka as `deploy/compose.yaml` has it, without Docker: the image's own start program, with the container's variables.

The program comes with Kafka's jars; what differs is the folder of the data, and the ports, which are free ones.
"""

import os
import re
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ops.deployment import read
from ops.installed import lacking

from worker.broker import distribution
from worker.errors import Fatal

CONFIG_FOLDERS = ("default", "mounted", "final")
DEFAULT_FILES = ("server.properties", "log4j2.yaml", "tools-log4j2.yaml")
LISTENING = ("KAFKA_LISTENERS", "KAFKA_ADVERTISED_LISTENERS")


def class_path() -> str:
    """Return Kafka's jars, or skip the test where Java or Maven is missing."""
    try:
        distribution.java()
        return distribution.class_path()
    except Fatal as error:
        lacking(str(error))


def variables() -> Mapping[str, str]:
    """Return the environment of the container."""
    found: Mapping[str, str] = read("compose.yaml")["services"]["kafka"]["environment"]
    return found


def prepare(folder: Path, **changed: str) -> dict[str, str]:
    """Make Kafka's settings of the variables and format its storage, as the image does; return the settings."""
    for name in CONFIG_FOLDERS:
        (folder / name).mkdir()
    for name in DEFAULT_FILES:
        (folder / "default" / name).touch()
    environment = {**os.environ, **variables(), "KAFKA_LOG_DIRS": str(folder / "data"), **changed}
    options = [f"--{name}-configs-dir={folder / name}" for name in CONFIG_FOLDERS]
    command = [distribution.java(), "-cp", class_path(), "kafka.docker.KafkaDockerWrapper", "setup", *options]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    lines = (folder / "final" / "server.properties").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line)


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run it; yields the address that is published to this machine."""
    ports = dict(zip(("CONTROLLER", "INTERNAL", "HOST"), _free_ports(3), strict=True))
    moved = {name: _move(variables()[name], ports) for name in LISTENING}
    prepare(folder, KAFKA_CONTROLLER_QUORUM_VOTERS=f"1@127.0.0.1:{ports['CONTROLLER']}", **moved)
    log = f"-Dlog4j2.configurationFile={distribution.files() / 'log4j2.properties'}"
    command = [distribution.java(), "-Xmx1g", log, "-cp", class_path(), "kafka.Kafka", "final/server.properties"]
    with subprocess.Popen(command, cwd=folder) as kafka:
        try:
            yield f"127.0.0.1:{ports['HOST']}"
        finally:
            kafka.terminate()


def _free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]


def _move(listeners: str, ports: Mapping[str, int]) -> str:
    return re.sub(r"(\w+)://[^,]*", lambda found: f"{found[1]}://127.0.0.1:{ports[found[1]]}", listeners)
