"""Unit tests that cannot fail are found: alerts with a fault in them fail theirs.

A test of each rule: whether it is noticed that it is gone, or that any guard or figure of it is changed.
"""

import shutil
from pathlib import Path

import pytest
import yaml
from ops.alert_mutants import Group, mutants, program, users
from ops.alerting import RULES, UNIT_TESTS, names, promtool, rules, unit_test

RECORDS = sorted({rule["record"] for rule in rules() if "record" in rule})


def passes(groups: list[Group], alert: str, folder: Path) -> bool:
    """Tell whether an alert's unit tests pass with these rules."""
    rules = folder / RULES.name
    rules.write_text(yaml.safe_dump({"groups": groups}), "utf-8")
    checked = promtool("check", "rules", rules)
    assert checked.returncode == 0, checked.stdout + checked.stderr + rules.read_text("utf-8")
    return promtool("test", "rules", folder / UNIT_TESTS.name / unit_test(alert).name).returncode == 0


def unnoticed(name: str, alert: str, folder: Path) -> set[str]:
    """Return the faults of a rule that an alert's unit tests pass with."""
    return {fault for fault, groups in mutants(name, program(alert)) if passes(groups, alert, folder)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Copy the unit tests to where rules beside them may be changed."""
    shutil.copytree(UNIT_TESTS, tmp_path / UNIT_TESTS.name)
    return tmp_path


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", [*names(), *RECORDS])
def test_every_fault_of_a_rule_fails_a_unit_test(name: str, folder: Path) -> None:
    """What no test misses need not stand in the rule; of a record by the tests of any alert that names it."""
    assert set.intersection(*(unnoticed(name, alert, folder) for alert in users(name))) == set()


@pytest.mark.parametrize("alert", names())
def test_an_alert_that_is_gone_fails_its_unit_tests(alert: str, folder: Path) -> None:
    """And so it does where only the one of its severities is gone; whole, what is taken apart for this passes."""
    groups = program(alert)
    assert passes(groups, alert, folder)
    gone = [groups for fault, groups in mutants(alert, groups) if fault.endswith(": gone")]
    assert gone
    assert not any(passes(groups, alert, folder) for groups in gone)
