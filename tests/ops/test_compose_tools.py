"""`deploy/compose.yaml` as the programs read it that are behind it: Compose's own reader, and that of Kafka's image."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ops import compose_kafka
from ops.deployment import DEPLOY
from ops.installed import lacking

READER = "github.com/compose-spec/compose-go/v2/cmd@v2.16.2"
"""The library by which `docker compose` reads the file; its command prints what it has understood."""


def has_plugin() -> bool:
    """Tell whether `docker` knows `compose`; it needs no daemon for that."""
    command = ["docker", "compose", "version"]
    return bool(shutil.which("docker")) and not subprocess.run(command, capture_output=True, check=False).returncode


def compose_reader() -> list[str]:
    """Return the command that reads the file and prints it as JSON: Docker's plugin, or the reader alone by Go."""
    if has_plugin():
        return ["docker", "compose", "--file", "compose.yaml", "--profile", "*", "config", "--format", "json"]
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


def test_kafkas_image_makes_its_settings_of_the_variables(tmp_path: Path) -> None:
    """Kafka's own program takes every variable for the setting that is meant, and formats the storage with them."""
    settings = compose_kafka.prepare(tmp_path)
    variables = compose_kafka.variables()
    assert settings["listeners"] == "CONTROLLER://localhost:9093,INTERNAL://:19092,HOST://:9092"
    assert settings["share.coordinator.state.topic.replication.factor"] == "1"
    assert len(settings) == len(variables) - 1  # all but CLUSTER_ID
    stored = (tmp_path / "data" / "meta.properties").read_text(encoding="utf-8")
    assert f"cluster.id={variables['CLUSTER_ID']}" in stored
