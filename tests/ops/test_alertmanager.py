"""A running Alertmanager with `deploy/prometheus/alertmanager.yaml`: what is silent while another alert tells more."""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
from ops.deployment import DEPLOY
from ops.installed import program

START_SECONDS = 60.0
ALERTS = "/api/v2/alerts"

DOWN = {"alertname": "NewsworkerDown", "severity": "critical", "instance": "a"}
LAG_THERE = {"alertname": "NewsworkerAny", "severity": "critical", "instance": "a"}
LAG_ELSEWHERE = {"alertname": "NewsworkerAny", "severity": "critical", "instance": "b"}
MILD_ELSEWHERE = {"alertname": "NewsworkerAny", "severity": "warning", "instance": "b"}
MILD_ALONE = {"alertname": "NewsworkerOther", "severity": "warning", "instance": "b"}
STRANGER = {"alertname": "DiskFull", "severity": "warning", "instance": "a"}


class Alertmanager:
    """A client of one, on this machine."""

    def __init__(self, port: int) -> None:
        """Nothing is asked yet."""
        self._port = port

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Return the answer to a request; None while nobody answers."""
        connection = HTTPConnection("127.0.0.1", self._port, timeout=10)
        try:
            connection.request(method, path, json.dumps(body), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
            assert answer.status < 300, text
            return json.loads(text) if text else {}
        except ConnectionError:
            return None
        finally:
            connection.close()

    def is_silent(self, labels: dict[str, str]) -> bool:
        """Tell whether an alert that was raised is held back because of another."""
        [alert] = [alert for alert in self.ask("GET", ALERTS) if alert["labels"] == labels]
        return bool(alert["status"]["inhibitedBy"])


def wait_for(condition: Any) -> None:
    """Wait until a condition holds."""
    until = time.monotonic() + START_SECONDS
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.fixture(scope="module")
def alertmanager(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alertmanager]:
    """Run it on loopback, and raise all alerts at once."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [
        program("prometheus-alertmanager", "prometheus-alertmanager"),
        f"--config.file={DEPLOY / 'prometheus/alertmanager.yaml'}",
        f"--storage.path={tmp_path_factory.mktemp('alertmanager')}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    ]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            running = Alertmanager(port)
            wait_for(lambda: running.ask("GET", "/api/v2/status"))
            raised = (DOWN, LAG_THERE, LAG_ELSEWHERE, MILD_ELSEWHERE, MILD_ALONE, STRANGER)
            running.ask("POST", ALERTS, [{"labels": labels} for labels in raised])
            wait_for(lambda: running.is_silent(LAG_THERE) and running.is_silent(MILD_ELSEWHERE))
            yield running
        finally:
            process.terminate()


@pytest.mark.parametrize("labels", [LAG_THERE, MILD_ELSEWHERE])
def test_one_trouble_is_told_once(alertmanager: Alertmanager, labels: dict[str, str]) -> None:
    """Nothing else is told of a worker that is down, and of an alert in two forms only the graver."""
    assert alertmanager.is_silent(labels)


@pytest.mark.parametrize("labels", [DOWN, LAG_ELSEWHERE, MILD_ALONE, STRANGER])
def test_what_tells_more_is_told(alertmanager: Alertmanager, labels: dict[str, str]) -> None:
    """The cause, other workers' troubles, and alerts that are not ours."""
    assert not alertmanager.is_silent(labels)
