"""What operators are given for alerts: rules of metrics that there are, and a runbook for each."""

import re
from pathlib import Path

import pytest
from prometheus_client import Counter, Gauge

from worker import metrics

ROOT = Path(__file__).parents[2]
RULES = sorted((ROOT / "deploy" / "prometheus").glob("*.rules.yaml"))
SECTIONS = ("Meaning", "Impact", "Diagnosis", "Mitigation")


def exported() -> set[str]:
    """Return the names under which the worker's metrics are scraped."""
    found = [one for one in vars(metrics).values() if isinstance(one, Counter | Gauge)]
    return {f"{one._name}_total" if isinstance(one, Counter) else one._name for one in found}


@pytest.mark.parametrize("rules", RULES, ids=lambda path: path.stem)
def test_rules_ask_for_metrics_that_there_are(rules: Path) -> None:
    """A rule of a metric that nobody exports would never fire."""
    asked = set(re.findall(r"newsworker_\w+", rules.read_text("utf-8")))
    assert asked
    assert asked <= exported()


@pytest.mark.parametrize("rules", RULES, ids=lambda path: path.stem)
def test_each_alert_has_a_runbook(rules: Path) -> None:
    """With its meaning, impact, diagnosis and mitigation, under the alert's name."""
    text = rules.read_text("utf-8")
    alerts = re.findall(r"alert: (\w+)", text)
    books = [(ROOT / book).read_text("utf-8") for book in re.findall(r"runbook: (\S+)", text)]
    assert [book.splitlines()[0] for book in books] == [f"# {alert}" for alert in alerts]
    assert all(f"**{section}.**" in book for book in books for section in SECTIONS)
