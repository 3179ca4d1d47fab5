"""What `deploy/` says, read back for the tests: YAML files, the settings that a container is given, lengths of time."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from worker.settings import ENV_PREFIX, Settings, load

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"

SECONDS = {"s": 1, "m": 60, "h": 3600}


def read(path: str) -> Any:
    """Return the content of a YAML file below `deploy/`."""
    return yaml.safe_load((DEPLOY / path).read_text(encoding="utf-8"))


def settings_of(environment: Mapping[str, str]) -> Settings:
    """Return the settings that a worker with these variables has; fails as `newsworker run` does on wrong ones."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(ENV_PREFIX)]:
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        return load()


def seconds(duration: str) -> int:
    """Return the seconds of a duration as Compose writes it: `40s`, `1m30s`."""
    return sum(int(number) * SECONDS[unit] for number, unit in re.findall(r"(\d+)([smh])", duration))
