"""`deploy/compose.yaml`: what the format asks for, and what would make one command start it all, safely and at once."""

import json
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ops.deployment import DEPLOY, read, seconds, settings_of

from worker import __version__, topics
from worker.broker import distribution
from worker.settings import CONFIG_VARIABLE, ENV_PREFIX
from worker.supervisor import GRACE_SECONDS

COMPOSE = read("compose.yaml")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if service["image"].startswith("newsworker:")]

BINDS = [
    (service, *mount.split(":")[:2])
    for service, said in SERVICES.items()
    for mount in said.get("volumes", ())
    if mount.startswith(".")
]
"""Service, path beside the Compose file, path in the container."""


def test_the_file_is_what_the_compose_specification_asks_for() -> None:
    """Its JSON Schema, which knows every field, finds nothing wrong."""
    spec = find_spec("check_jsonschema")  # found, not imported: the file is all that is wanted of it
    assert spec is not None
    assert spec.origin is not None
    schema = Path(spec.origin).parent / "builtin_schemas" / "vendor" / "compose-spec.json"
    jsonschema.validate(COMPOSE, json.loads(schema.read_text(encoding="utf-8")))


@pytest.mark.parametrize("service", SERVICES)
def test_every_port_is_of_this_machine_alone(service: str) -> None:
    """Whatever is published is published on loopback."""
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[service].get("ports", ()))
    assert SERVICES[service].get("network_mode") is None


@pytest.mark.parametrize("service", SERVICES)
def test_every_image_has_a_version(service: str) -> None:
    """A tag of three numbers, so that tomorrow's start is today's."""
    assert re.fullmatch(r"[a-z]+(/[a-z]+)?:v?\d+\.\d+\.\d+", SERVICES[service]["image"])


def test_the_versions_are_those_that_are_tested() -> None:
    """Kafka is the one that the tests run, and the worker this one."""
    assert SERVICES["kafka"]["image"] == f"apache/kafka:{distribution.version()}"
    assert {SERVICES[service]["image"] for service in OURS} == {f"newsworker:{__version__}"}


@pytest.mark.parametrize("service", SERVICES)
def test_nobody_has_rights_to_spare(service: str) -> None:
    """No capability, no way to more rights, nothing of the host's."""
    said = SERVICES[service]
    assert said["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in said["security_opt"]
    assert not said.keys() & {"privileged", "cap_add", "pid", "ipc", "devices", "userns_mode"}


@pytest.mark.parametrize("service", OURS)
def test_our_containers_write_only_where_they_have_to(service: str) -> None:
    """The root is read-only; temporary files are in memory and bounded."""
    assert SERVICES[service]["read_only"] is True
    assert any(mount.startswith("/tmp:size=") for mount in SERVICES[service]["tmpfs"])


@pytest.mark.parametrize("service", OURS)
def test_every_variable_is_a_setting(service: str) -> None:
    """Those of our prefix are known and have values that the worker takes; all containers agree on the broker."""
    variables = SERVICES[service]["environment"]
    assert all(name.startswith(ENV_PREFIX) and name != CONFIG_VARIABLE for name in variables)
    assert settings_of(variables).broker == "kafka:19092"


@pytest.mark.parametrize("service", OURS)
def test_every_command_is_one(service: str) -> None:
    """The image's command knows the verb and its options."""
    said = SERVICES[service]
    assert said["entrypoint"] == ["newsworker"]
    command = [sys.executable, "-m", "worker", *said["command"], "--help"]
    assert subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0


def test_a_stop_gives_the_worker_time_to_drain() -> None:
    """Docker kills later than the supervisor kills its processes."""
    worker = SERVICES["worker"]
    drain = settings_of(worker["environment"]).drain_seconds
    assert seconds(worker["stop_grace_period"]) >= drain + GRACE_SECONDS + 5


def test_each_starts_when_what_it_needs_is_there() -> None:
    """Topics when Kafka answers, the worker and the replay when the topics are there."""
    needs = {service: said.get("depends_on", {}) for service, said in SERVICES.items()}
    assert needs["topics"]["kafka"]["condition"] == "service_healthy"
    assert SERVICES["kafka"]["healthcheck"]["test"][0] == "CMD"
    for service in ("worker", "replay"):
        assert needs[service]["topics"]["condition"] == "service_completed_successfully"


def test_health_is_asked_of_the_worker_itself() -> None:
    """By its own command, on the port that is published."""
    worker = SERVICES["worker"]
    assert worker["healthcheck"]["test"] == ["CMD", "newsworker", "probe", "ready"]
    assert worker["ports"] == [f"127.0.0.1:8080:{settings_of(worker['environment']).web_port}"]


def test_the_state_outlives_its_container() -> None:
    """RocksDB's folder is a named volume."""
    worker = SERVICES["worker"]
    settings = settings_of(worker["environment"])
    assert settings.state_store == "rocksdb"
    volume, _, folder = worker["volumes"][0].partition(":")
    assert volume in COMPOSE["volumes"]
    assert Path(folder) == settings.state_dir


def test_kafka_takes_the_largest_record() -> None:
    """A replica may fetch what any topic may hold, and no topic comes by itself, with a smaller limit."""
    kafka = SERVICES["kafka"]["environment"]
    assert int(kafka["KAFKA_REPLICA_FETCH_MAX_BYTES"]) > max(topics.LARGEST_BYTES.values())
    assert kafka["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"


def test_the_replay_waits_to_be_asked_for() -> None:
    """It belongs to a profile, and nothing else does: `up` starts the rest."""
    assert [service for service, said in SERVICES.items() if "profiles" in said] == ["replay"]
    [(_, pages, inside)] = [bind for bind in BINDS if bind[0] == "replay"]
    assert inside in SERVICES["replay"]["command"]
    assert (DEPLOY / pages).resolve().name == "pages.jsonl"


@pytest.mark.parametrize(("service", "path", "inside"), BINDS)
def test_what_is_mounted_is_there(service: str, path: str, inside: str) -> None:
    """Docker would make an empty folder of a path that is wrong; and nobody may write into the repository."""
    assert (DEPLOY / path).exists()
    assert f"{path}:{inside}:ro" in SERVICES[service]["volumes"]


def test_the_image_can_be_built() -> None:
    """The Dockerfile is where the build looks for it, from the root of the repository."""
    build = SERVICES["worker"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).is_file()


def test_grafana_finds_its_dashboards_and_lets_nobody_in() -> None:
    """The folder that provisioning names is mounted, the home page is in it, and there is no way to log in."""
    grafana = SERVICES["grafana"]
    mounted = {inside: DEPLOY / path for service, path, inside in BINDS if service == "grafana"}
    [provider] = read("grafana/provisioning/dashboards/newsworker.yaml")["providers"]
    home = Path(grafana["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"])
    assert provider["options"]["path"] in mounted
    assert (mounted[str(home.parent)] / home.name).is_file()
    assert grafana["environment"]["GF_AUTH_ANONYMOUS_ORG_ROLE"] == "Viewer"
    assert grafana["environment"]["GF_AUTH_BASIC_ENABLED"] == "false"
    assert grafana["environment"]["GF_AUTH_DISABLE_LOGIN_FORM"] == "true"
