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

OURS = {"namespace": "news", "job": "newsworker"}


def alert(name: str, severity: str, **labels: str) -> dict[str, str]:
    """Return the labels of an alert, as the rules give them."""
    return {**OURS, "alertname": f"Newsworker{name}", "severity": severity, **labels}


AWAY = alert("Down", "warning", instance="a")
FAILS_THERE = alert("PublishFailing", "critical", instance="a", topic="news.story.v1", error="no_acknowledgement")
FAILS_ELSEWHERE = alert("PublishFailing", "critical", instance="b", topic="news.story.v1", error="no_acknowledgement")
HALF_DOWN = alert("Down", "critical", role="dedupe")
ITS_READINESS = alert("NotReady", "critical", role="dedupe")
OTHER_READINESS = alert("NotReady", "critical", role="split")
SKIPPED = alert("OffsetsSkipped", "critical", topic="news.raw.v1")
LATE = alert("LagSeconds", "critical", topic="news.raw.v1")
SLOW = alert("EndToEndSlow", "critical")
SLOWLY = alert("EndToEndSlow", "warning")
MILD_ALONE = alert("RebalanceStorm", "warning", role="split")
STRANGER = {"alertname": "DiskFull", "severity": "warning", "instance": "a"}

SILENT = (FAILS_THERE, ITS_READINESS, SLOWLY)
TOLD = (AWAY, HALF_DOWN, FAILS_ELSEWHERE, OTHER_READINESS, SKIPPED, LATE, SLOW, MILD_ALONE, STRANGER)


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
        [found] = [one for one in self.ask("GET", ALERTS) if one["labels"] == labels]
        return bool(found["status"]["inhibitedBy"])


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
            running.ask("POST", ALERTS, [{"labels": labels} for labels in (*SILENT, *TOLD)])
            wait_for(lambda: all(map(running.is_silent, SILENT)))
            yield running
        finally:
            process.terminate()


@pytest.mark.parametrize("labels", SILENT, ids=str)
def test_one_trouble_is_told_once(alertmanager: Alertmanager, labels: dict[str, str]) -> None:
    """Nothing else of a worker that does not answer, no readiness of a half that is down, of two forms the graver."""
    assert alertmanager.is_silent(labels)


@pytest.mark.parametrize("labels", TOLD, ids=str)
def test_what_tells_more_is_told(alertmanager: Alertmanager, labels: dict[str, str]) -> None:
    """The cause, troubles of the other half and of other workers, what waits and what was lost, what is not ours."""
    assert not alertmanager.is_silent(labels)
