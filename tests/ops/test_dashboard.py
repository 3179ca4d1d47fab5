"""The Grafana dashboard: what its code makes, every metric, nothing unexplained, and queries that Prometheus reads."""

import re
import subprocess
import sys
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import typer
from ops.board import BOARD, GRAFANA, MADE, PANELS, TARGETS, asked
from prometheus_client import metrics as kinds
from prometheus_server import PrometheusServer

from worker import metrics
from worker.cli import app
from worker.settings import ENV_PREFIX, Settings

NOT_SHOWN = {
    "newsworker_loop_heartbeat_monotonic_seconds": "a clock of one machine, by which /live and /ready are judged",
}

each_panel = pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])


def test_the_dashboard_is_what_its_code_makes(tmp_path: Path) -> None:
    """The committed file is the generated one, byte for byte."""
    made = tmp_path / "newsworker.json"
    subprocess.run([sys.executable, GRAFANA / "dashboard.py", made], check=True, timeout=120)
    assert made.read_bytes() == MADE.read_bytes()


def test_every_metric_is_on_a_panel_and_every_panel_asks_for_metrics_that_there_are() -> None:
    """All but those of which it is said why not."""
    there = {value._name for value in vars(metrics).values() if isinstance(value, kinds.MetricWrapperBase)}
    queries = " ".join(target["expr"] for _, target in TARGETS)
    asked_for = {re.sub(r"_(bucket|sum|count|total)$", "", name) for name in re.findall(r"newsworker_\w+", queries)}
    assert asked_for == there - NOT_SHOWN.keys()


def test_the_rows_are_in_their_order() -> None:
    """From what is now to what it takes."""
    rows = [panel["title"] for panel in BOARD["panels"] if panel["type"] == "row"]
    assert rows == ["Now", "Throughput and errors", "Kafka", "Split and dedup", "Dead letters", "Resources"]


@each_panel
def test_a_panel_says_what_to_think_of_it(panel: Mapping[str, Any]) -> None:
    """It has a title, a unit, the data source that is chosen, and says what it shows, what is normal and what to do."""
    assert panel["title"]
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert re.fullmatch(r".+\.\n\n\*\*Normal:\*\* .+\.\n\n\*\*Else:\*\* .+\.", panel["description"])
    assert {one["datasource"]["uid"] for one in (panel, *panel["targets"])} == {"$datasource"}


def test_panels_name_settings_and_commands_that_there_are() -> None:
    """What somebody reads in a hurry can be done."""
    told = " ".join(panel["description"] for panel in PANELS)
    settings = {name.lower() for name in re.findall(rf"{ENV_PREFIX}([A-Z_]+)", told)}
    assert settings
    assert settings <= Settings.model_fields.keys()
    commands = set(re.findall(r"`newsworker (\w+)", told))
    assert commands
    assert commands <= typer.main.get_command(app).commands.keys()  # type: ignore[attr-defined]


@each_panel
def test_thresholds_rise(panel: Mapping[str, Any]) -> None:
    """Each step is above the one before it."""
    steps = panel["fieldConfig"]["defaults"].get("thresholds", {}).get("steps", [])[1:]
    assert all(lower["value"] < upper["value"] for lower, upper in pairwise(steps))


def test_panels_fill_the_grid_and_do_not_overlap() -> None:
    """Each line of panels is 24 columns wide, and no column of it has two panels."""
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in PANELS)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(cells) == len(set(cells))
    assert len(cells) == 24 * len({y for _, y in cells})


def test_prometheus_reads_every_query(tmp_path: Path) -> None:
    """A server that has scraped nothing yet takes all of them, and no variable is left in them."""
    with PrometheusServer(tmp_path, []) as prometheus:
        for _, target in TARGETS:
            assert "$" not in asked(target)
            prometheus.query(asked(target))
        prometheus.query(BOARD["annotations"]["list"][0]["expr"])


def test_the_picture_in_the_readme_is_small() -> None:
    """Whoever opens the page loads it."""
    assert (GRAFANA / "dashboard.png").stat().st_size < 200_000
