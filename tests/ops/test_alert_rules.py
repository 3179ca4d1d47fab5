"""The alerts as Prometheus takes them: promtool checks the rules and runs their unit tests."""

import pytest
from ops.alerting import RULES, names, promtool, unit_test


def test_prometheus_takes_the_rules() -> None:
    """Every expression and every template is right."""
    checked = promtool("check", "rules", "--lint=all", "--lint-fatal", RULES)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("alert", names())
def test_an_alert_fires_when_it_should(alert: str) -> None:
    """With the labels and words that are expected, and not on near misses."""
    tested = promtool("test", "rules", unit_test(alert))
    assert tested.returncode == 0, tested.stdout + tested.stderr
