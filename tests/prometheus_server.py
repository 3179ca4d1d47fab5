"""A real Prometheus server for the tests: it scrapes what it is told, and is asked over its HTTP API.

It listens on 127.0.0.1, keeps its data in a folder of the test, and ends with its block.
"""

import json
import math
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

START_SECONDS = 60.0
POLL_SECONDS = 0.1
ANSWER_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Series:
    """A series of an answer: its labels, and its values by time."""

    labels: Mapping[str, str]
    values: tuple[tuple[float, float], ...]

    @property
    def last(self) -> float:
        """The last value."""
        return self.values[-1][1]

    def has_number(self) -> bool:
        """Whether one of its values is a number."""
        return any(math.isfinite(value) for _, value in self.values)


class PrometheusServer:
    """A server that scrapes each target as a worker."""

    def __init__(self, folder: Path, targets: Sequence[str], scrape_seconds: int = 1) -> None:
        """Start it with its files in `folder`."""
        self.address = f"127.0.0.1:{_free_port()}"
        self._log = folder / "prometheus.log"
        config = folder / "prometheus.yaml"
        config.write_text(json.dumps(_config(targets, scrape_seconds)))  # JSON is YAML
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    _binary(),
                    f"--config.file={config}",
                    f"--storage.tsdb.path={folder / 'prometheus'}",
                    f"--web.listen-address={self.address}",
                ],
                stdout=subprocess.DEVNULL,
                stderr=log,
            )

    def __enter__(self) -> Self:
        deadline = time.monotonic() + START_SECONDS
        while not self._is_ready():
            assert self._process.poll() is None, self._log.read_text()
            assert time.monotonic() < deadline, self._log.read_text()
            time.sleep(POLL_SECONDS)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()

    def query(self, expr: str, at: float | None = None) -> list[Series]:
        """Return what an expression is worth at a time, which is now."""
        result = self._ask("query", query=expr, **({} if at is None else {"time": at}))["result"]
        return [Series(one["metric"], _values([one["value"]])) for one in result]

    def query_range(self, expr: str, start: float, end: float, step_seconds: float) -> list[Series]:
        """Return what it is worth from start to end."""
        result = self._ask("query_range", query=expr, start=start, end=end, step=step_seconds)["result"]
        return [Series(one["metric"], _values(one["values"])) for one in result]

    def label_values(self, label: str, metric: str) -> list[str]:
        """Return a label's values in the series of a metric."""
        found: list[str] = self._ask(f"label/{label}/values", **{"match[]": metric})
        return found

    def _ask(self, what: str, **parameters: object) -> Any:
        try:
            with urlopen(
                f"http://{self.address}/api/v1/{what}?{urlencode(parameters)}", timeout=ANSWER_SECONDS
            ) as answer:
                return json.load(answer)["data"]
        except HTTPError as error:
            raise AssertionError(f"{parameters}: {error.read().decode()}") from error

    def _is_ready(self) -> bool:
        with suppress(OSError), urlopen(f"http://{self.address}/-/ready", timeout=ANSWER_SECONDS) as answer:
            return bool(answer.status == 200)
        return False


def _binary() -> str:
    # CI has to have it: there a missing one is a failure.
    found = shutil.which("prometheus")
    if found is None and os.environ.get("CI") != "true":
        pytest.skip("no prometheus here (Debian: apt-get install prometheus)")
    assert found, "CI needs prometheus (Debian: apt-get install prometheus)"
    return found


def _config(targets: Sequence[str], scrape_seconds: int) -> dict[str, object]:
    job = {"job_name": "newsworker", "static_configs": [{"targets": list(targets)}]}
    every = f"{scrape_seconds}s"
    return {"global": {"scrape_interval": every, "scrape_timeout": every}, "scrape_configs": [job]}


def _values(pairs: Sequence[tuple[float, str]]) -> tuple[tuple[float, float], ...]:
    return tuple((at, float(value)) for at, value in pairs)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
