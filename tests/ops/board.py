"""The committed dashboard as the tests read it: its panels, their queries, and what Grafana makes of both."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from prometheus_server import Series

GRAFANA = Path(__file__).parents[2] / "deploy" / "grafana"
MADE = GRAFANA / "dashboards" / "newsworker.json"
BOARD = json.loads(MADE.read_text("utf-8"))
PANELS = [panel for panel in BOARD["panels"] if panel["type"] != "row"]
VARIABLES = [variable for variable in BOARD["templating"]["list"] if variable["type"] == "query"]
TARGETS = [(panel, target) for panel in PANELS for target in panel["targets"]]
NAMES = [f"{panel['id']} {panel['title']} {target['refId']}" for panel, target in TARGETS]

CHOSEN = {"$__rate_interval": "15s", "$instance": ".*", "$role": ".*"}
"""What Grafana puts in: some scrapes, and everything."""


def asked(target: Mapping[str, Any]) -> str:
    """Return a query as Grafana sends it."""
    expr: str = target["expr"]
    for variable, value in CHOSEN.items():
        expr = expr.replace(variable, value)
    return expr


def name_of(series: Series, target: Mapping[str, Any]) -> str:
    """Return the name that a series has in the legend."""
    legend: str = target["legendFormat"]
    return re.sub(r"\{\{\s*(\w+)\s*\}\}", lambda found: series.labels.get(found[1], ""), legend).strip()
