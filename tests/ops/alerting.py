"""The alerts as they are handed to operators: rules, unit tests and runbooks, read from deploy/; and promtool."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PROMETHEUS = ROOT / "deploy" / "prometheus"
RULES = PROMETHEUS / "newsworker.rules.yaml"
UNIT_TESTS = PROMETHEUS / "tests"
RUNBOOKS = ROOT / "deploy" / "runbooks"
SUFFIX = ".test.yaml"

PROMTOOL_SECONDS = 200
"""A file takes some seconds, most of them for what looks back a week; the machine may be shared."""


def rules(path: Path = RULES) -> list[dict[str, Any]]:
    """Return every rule of a file."""
    return [rule for group in yaml.safe_load(path.read_text("utf-8"))["groups"] for rule in group["rules"]]


def alerts() -> list[dict[str, Any]]:
    """Return the rules that raise an alert; an alert of two severities has two."""
    return [rule for rule in rules() if "alert" in rule]


def names() -> list[str]:
    """Return the alerts' names."""
    return sorted({rule["alert"] for rule in alerts()})


def unit_test(alert: str) -> Path:
    """Return the file of an alert's unit tests."""
    return UNIT_TESTS / f"{alert}{SUFFIX}"


def promtool(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run promtool. Without it the test is skipped; CI has to have it."""
    tool = shutil.which("promtool")
    if tool is None and os.environ.get("CI") != "true":
        pytest.skip("promtool is not installed (Debian: prometheus)")
    assert tool is not None, "promtool is not installed (Debian: prometheus)"
    command = [tool, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=PROMTOOL_SECONDS, check=False)


def selectors(expression: str) -> Iterable[tuple[str, dict[str, str]]]:
    """Give every series that an expression asks for: its name and what its labels have to be."""
    for name, inner in re.findall(r"(?<![\w:])(newsworker_\w+|up)(?![\w:(])(?:\{([^}]*)\})?", expression):
        yield name, dict(re.findall(r'(\w+)=~?"([^"]*)"', inner))
