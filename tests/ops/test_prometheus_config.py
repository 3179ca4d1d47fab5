"""What Prometheus and Alertmanager are told, checked by their own programs; and who is told of which alert."""

import subprocess

import pytest
import yaml
from ops.deployment import DEPLOY, read
from ops.installed import program

PROMETHEUS = read("prometheus/prometheus.yaml")
ALERTMANAGER = read("prometheus/alertmanager.yaml")
SERVICES = read("compose.yaml")["services"]


def run(*command: str) -> str:
    """Return what a program prints; fails with all of it where the program does."""
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


def test_promtool_takes_the_configuration_with_its_rules() -> None:
    """Every field is known, every file is there, every rule can be read."""
    said = run(program("promtool", "prometheus"), "check", "config", str(DEPLOY / "prometheus/prometheus.yaml"))
    assert f"{len(PROMETHEUS['rule_files'])} rule files found" in said


def test_the_job_is_named_as_alerts_and_dashboard_have_it() -> None:
    """Job `newsworker`, on the worker's own port and path."""
    [job] = [job for job in PROMETHEUS["scrape_configs"] if job["job_name"] == "newsworker"]
    assert job["static_configs"] == [{"targets": ["worker:8080"]}]
    assert "metrics_path" not in job  # the default, /metrics


def test_every_target_is_a_container_of_compose() -> None:
    """Prometheus asks, and sends alerts to, services that are there, on ports that they publish."""
    jobs = [*PROMETHEUS["scrape_configs"], *PROMETHEUS["alerting"]["alertmanagers"]]
    targets = {target for job in jobs for group in job["static_configs"] for target in group["targets"]}
    for target in targets:
        service, _, port = target.replace("localhost", "prometheus").partition(":")
        assert any(published.endswith(f":{port}") for published in SERVICES[service]["ports"]), target


@pytest.mark.parametrize(
    ("service", "file"), [("prometheus", "prometheus.yaml"), ("alertmanager", "alertmanager.yaml")]
)
def test_compose_names_the_files(service: str, file: str) -> None:
    """Each is started with the file that is checked here."""
    folder = f"/etc/{service}"
    assert f"--config.file={folder}/{file}" in SERVICES[service]["command"]
    assert any(mount.split(":")[1] in {folder, f"{folder}/{file}"} for mount in SERVICES[service]["volumes"])


def test_amtool_takes_the_configuration() -> None:
    """Every field is known, every route has a receiver."""
    said = run(
        program("amtool", "prometheus-alertmanager"), "check-config", str(DEPLOY / "prometheus/alertmanager.yaml")
    )
    assert "SUCCESS" in said


@pytest.mark.parametrize(("severity", "receiver"), [("critical", "page"), ("warning", "ticket"), ("none", "ticket")])
def test_what_is_critical_gets_somebody_up(severity: str, receiver: str) -> None:
    """The rest waits for the next working day."""
    file = f"--config.file={DEPLOY / 'prometheus/alertmanager.yaml'}"
    labels = ["alertname=NewsworkerAny", f"severity={severity}"]
    assert (
        run(program("amtool", "prometheus-alertmanager"), "config", "routes", "test", file, *labels).strip() == receiver
    )


def test_nothing_is_sent_outside() -> None:
    """No receiver has an address: whoever deploys it gives one."""
    assert all(receiver.keys() == {"name"} for receiver in ALERTMANAGER["receivers"])


def test_the_alert_that_silences_others_is_a_rule() -> None:
    """Its name is one of the rules'."""
    rules = DEPLOY / "prometheus" / "newsworker.rules.yaml"
    groups = yaml.safe_load(rules.read_text(encoding="utf-8"))["groups"]
    alerts = {rule["alert"] for group in groups for rule in group["rules"] if "alert" in rule}
    assert "NewsworkerDown" in alerts
    assert all(alert.startswith("Newsworker") for alert in alerts)
