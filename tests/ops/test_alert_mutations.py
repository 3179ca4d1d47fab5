"""Unit tests that cannot fail are found: alerts with a fault in them fail theirs.

A test of each alert: whether a rule that is gone, or any guard or figure that is changed, is noticed.
"""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from ops.alert_mutants import mutants, program
from ops.alerting import RULES, UNIT_TESTS, names, promtool, unit_test


def passes(groups: list[dict[str, Any]], alert: str, folder: Path) -> bool:
    """Tell whether an alert's unit tests pass with these rules."""
    rules = folder / RULES.name
    rules.write_text(yaml.safe_dump({"groups": groups}), "utf-8")
    checked = promtool("check", "rules", rules)
    assert checked.returncode == 0, checked.stdout + checked.stderr + rules.read_text("utf-8")
    return promtool("test", "rules", folder / UNIT_TESTS.name / unit_test(alert).name).returncode == 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Copy the unit tests to where rules beside them may be changed."""
    shutil.copytree(UNIT_TESTS, tmp_path / UNIT_TESTS.name)
    return tmp_path


@pytest.mark.parametrize("alert", names())
def test_every_fault_of_an_alert_fails_its_unit_tests(alert: str, folder: Path) -> None:
    """What needs no test to be right need not stand in the rule."""
    assert passes(program(alert), alert, folder)
    assert [what for what, groups in mutants(alert) if passes(groups, alert, folder)] == []
