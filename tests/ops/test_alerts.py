"""What operators are given for alerts: rules of metrics that there are, whole, with a runbook and unit tests each."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from ops.alerting import ROOT, RUNBOOKS, SUFFIX, UNIT_TESTS, alerts, names, rules, selectors, unit_test
from prometheus_client import Counter, Histogram
from prometheus_client.metrics import MetricWrapperBase

from worker import metrics
from worker.health import STATES
from worker.settings import Role

ANNOTATIONS = {"summary", "value", "runbook_url", "dashboard_url", "panel"}
OF_THE_SCRAPE = {"namespace", "job", "instance"}
VALUES = {"role": set(get_args(Role)), "state": set(STATES)}
DASHBOARDS = sorted((ROOT / "deploy" / "grafana" / "dashboards").glob("*.json"))

ASKED = sorted({(name, *sorted(labels.items())) for rule in rules() for name, labels in selectors(rule["expr"])})


def exported() -> dict[str, MetricWrapperBase]:
    """Return the worker's metrics by the names under which they are scraped."""
    found = [one for one in vars(metrics).values() if isinstance(one, MetricWrapperBase)]
    return {name: one for one in found for name in _scraped_as(one)}


def _scraped_as(metric: MetricWrapperBase) -> list[str]:
    if isinstance(metric, Histogram):
        return [f"{metric._name}_{part}" for part in ("bucket", "sum", "count")]
    return [f"{metric._name}_total" if isinstance(metric, Counter) else metric._name]


def labels_of(metric: MetricWrapperBase) -> set[str]:
    """Return the labels that series of a metric have, those of the scrape too."""
    return {*metric._labelnames, *OF_THE_SCRAPE, *(["le"] if isinstance(metric, Histogram) else [])}


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_rules_ask_for_series_that_there_are(asked: tuple[Any, ...]) -> None:
    """A rule of a metric, a label, a role, a state or a bucket that nobody exports would never fire."""
    name, labels = asked[0], dict(asked[1:])
    if name == "up":  # Prometheus' own
        assert set(labels) <= OF_THE_SCRAPE
        return
    metric = exported().get(name)
    assert metric is not None, f"{name} is not in worker/metrics.py"
    assert set(labels) <= labels_of(metric)
    assert all(set(labels[label].split("|")) <= known for label, known in VALUES.items() if label in labels)
    if isinstance(metric, Histogram) and "le" in labels:
        assert float(labels["le"]) in metric._upper_bounds


def test_every_record_is_used() -> None:
    """What is recorded beforehand is asked for by an alert."""
    expressions = " ".join(rule["expr"] for rule in alerts())
    assert [rule["record"] for rule in rules() if "record" in rule and rule["record"] not in expressions] == []


@pytest.mark.parametrize("rule", alerts(), ids=lambda rule: f"{rule['alert']}-{rule['labels']['severity']}")
def test_an_alert_is_whole(rule: dict[str, Any]) -> None:
    """How long, how bad, what, how much, and where to look."""
    assert re.fullmatch(r"\d+[mh]", rule["for"])
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert set(rule["annotations"]) == ANNOTATIONS
    assert rule["annotations"]["summary"].endswith(".")
    assert "{{" in rule["annotations"]["value"]
    assert rule["annotations"]["runbook_url"] == f"deploy/runbooks/{rule['alert']}.md"
    assert rule["annotations"]["dashboard_url"] == "/d/newsworker"


def test_alerts_runbooks_and_unit_tests_match() -> None:
    """One of each, by the alert's name."""
    assert sorted(path.stem for path in RUNBOOKS.glob("*.md")) == names()
    assert sorted(path.name.removesuffix(SUFFIX) for path in UNIT_TESTS.iterdir()) == names()


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda path: path.stem)
def test_an_alert_names_a_panel_of_the_dashboard(dashboard: Path) -> None:
    """Whoever follows the link finds it."""
    board = json.loads(dashboard.read_text("utf-8"))
    inner = [panel for row in board["panels"] for panel in row.get("panels", [])]
    titles = {panel["title"] for panel in [*board["panels"], *inner]}
    assert {rule["annotations"]["panel"] for rule in alerts()} <= titles


@pytest.mark.parametrize("alert", names())
def test_unit_tests_show_when_it_fires_and_when_not(alert: str) -> None:
    """Each rule fires in one of them; near misses, which a simpler rule would have fired on, are silent throughout."""
    cases = yaml.safe_load(unit_test(alert).read_text("utf-8"))["tests"]
    fired = [_fired(case) for case in cases]
    for rule in (rule for rule in alerts() if rule["alert"] == alert):
        assert any(rule["labels"].items() <= labels.items() for case in fired for labels in case)
    assert any(case["name"].startswith("near miss") and not labels for case, labels in zip(cases, fired, strict=True))


def _fired(case: dict[str, Any]) -> list[dict[str, str]]:
    return [alert["exp_labels"] for look in case.get("alert_rule_test", []) for alert in look.get("exp_alerts", [])]
