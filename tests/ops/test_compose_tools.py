"""`deploy/compose.yaml` as the programs read it that are behind it: Compose's own reader, and that of Kafka's image."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from kafka_client import KafkaClient, Sent
from ops.deployment import DEPLOY, read
from ops.installed import lacking

from worker.broker import distribution
from worker.errors import Fatal
from worker.settings import MIB, Settings, as_environment

READER = "github.com/compose-spec/compose-go/v2/cmd@v2.16.2"
"""The library by which `docker compose` reads the file; its command prints what it has understood."""

CONFIG_FOLDERS = ("default", "mounted", "final")


def compose_reader() -> list[str]:
    """Return the command that reads the file and prints it as JSON: Docker's plugin, or the reader alone by Go."""
    plugin = ["docker", "compose"]
    if (
        shutil.which("docker")
        and subprocess.run([*plugin, "version"], capture_output=True, check=False).returncode == 0
    ):
        return [*plugin, "--file", "compose.yaml", "--profile", "*", "config", "--format", "json"]
    if not shutil.which("go"):
        lacking("neither `docker compose` nor Go on this machine")
    return ["go", "run", READER, "-format", "json", "compose.yaml"]


@pytest.mark.full  # without the plugin: the first time Go fetches and builds the reader
def test_compose_reads_the_file_as_it_is_meant() -> None:
    """Compose takes it without a complaint, and what our containers share has reached each."""
    answer = subprocess.run(compose_reader(), cwd=DEPLOY, capture_output=True, text=True, timeout=280, check=False)
    assert answer.returncode == 0, answer.stderr
    understood: dict[str, Any] = json.loads(answer.stdout)
    assert understood["name"] == "newsworker"
    worker = understood["services"]["worker"]
    assert worker["read_only"] is True
    assert worker["cap_drop"] == ["ALL"]
    assert worker["environment"]["NEWSWORKER_BROKER"] == "kafka:19092"
    assert Path(worker["build"]["context"]).resolve() == DEPLOY.parent


@pytest.fixture(scope="module")
def kafka_class_path() -> str:
    """Kafka's jars, among them the program that the image starts with."""
    try:
        distribution.java()
        return distribution.class_path()
    except Fatal as error:
        lacking(str(error))


def prepare(class_path: str, folder: Path, **changed: str) -> dict[str, str]:
    """Make Kafka's settings of the variables and format its storage, as the image does; return the settings."""
    for name in CONFIG_FOLDERS:
        (folder / name).mkdir()
    for name in ("server.properties", "log4j2.yaml", "tools-log4j2.yaml"):
        (folder / "default" / name).touch()
    variables = {**variables_of_kafka(), "KAFKA_LOG_DIRS": str(folder / "data"), **changed}
    options = [f"--{name}-configs-dir={folder / name}" for name in CONFIG_FOLDERS]
    command = [distribution.java(), "-cp", class_path, "kafka.docker.KafkaDockerWrapper", "setup", *options]
    answer = subprocess.run(command, env={**os.environ, **variables}, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    lines = (folder / "final" / "server.properties").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line)


def variables_of_kafka() -> Mapping[str, str]:
    """Return the environment of the container."""
    variables: Mapping[str, str] = read("compose.yaml")["services"]["kafka"]["environment"]
    return variables


def test_kafkas_image_makes_its_settings_of_the_variables(kafka_class_path: str, tmp_path: Path) -> None:
    """Kafka's own program takes every variable for the setting that is meant, and formats the storage with them."""
    settings = prepare(kafka_class_path, tmp_path)
    assert settings["listeners"] == "CONTROLLER://localhost:9093,INTERNAL://:19092,HOST://:9092"
    assert settings["share.coordinator.state.topic.replication.factor"] == "1"
    assert len(settings) == len(variables_of_kafka()) - 1  # all but CLUSTER_ID
    stored = (tmp_path / "data" / "meta.properties").read_text(encoding="utf-8")
    assert f"cluster.id={variables_of_kafka()['CLUSTER_ID']}" in stored


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]


def moved(listeners: str, ports: Mapping[str, int]) -> str:
    """Return listeners on loopback, each on its port of `ports`."""
    return re.sub(r"(\w+)://[^,]*", lambda found: f"{found[1]}://127.0.0.1:{ports[found[1]]}", listeners)


@contextmanager
def kafka_of_compose(class_path: str, folder: Path) -> Iterator[str]:
    """Run Kafka with the container's variables, on other ports; yields the address that is for this machine."""
    ports = dict(zip(("CONTROLLER", "INTERNAL", "HOST"), free_ports(3), strict=True))
    listening = {
        name: moved(variables_of_kafka()[name], ports) for name in ("KAFKA_LISTENERS", "KAFKA_ADVERTISED_LISTENERS")
    }
    prepare(class_path, folder, KAFKA_CONTROLLER_QUORUM_VOTERS=f"1@127.0.0.1:{ports['CONTROLLER']}", **listening)
    log = f"-Dlog4j2.configurationFile={distribution.files() / 'log4j2.properties'}"
    command = [distribution.java(), "-Xmx1g", log, "-cp", class_path, "kafka.Kafka", "final/server.properties"]
    with subprocess.Popen(command, cwd=folder) as kafka:
        try:
            yield f"127.0.0.1:{ports['HOST']}"
        finally:
            kafka.terminate()


def test_kafka_with_these_variables_is_what_the_worker_needs(kafka_class_path: str, tmp_path: Path) -> None:
    """`topics apply` makes all topics, and a story of nearly 40 MiB comes back by the address for this machine."""
    with kafka_of_compose(kafka_class_path, tmp_path) as address:
        settings = Settings(broker=address)
        apply_topics(settings)
        client = KafkaClient(address)
        client.produce(settings.topics.story, [Sent(bytes(40 * MIB - 1024), key=b"story")])
        [story] = client.consume(settings.topics.story)
        assert len(story.value or b"") == 40 * MIB - 1024


def apply_topics(settings: Settings) -> None:
    """Run `newsworker topics apply`, again as long as Kafka is starting."""
    command = [sys.executable, "-m", "worker", "topics", "apply"]
    environment = {**os.environ, **as_environment(settings)}
    for _ in range(8):
        answer = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
        if answer.returncode == 0:
            assert answer.stdout.count("created") >= 9
            return
    raise AssertionError(answer.stderr)
