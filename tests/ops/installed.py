"""Programs that the tests of `deploy/` ask: where they are not installed the test is skipped, and fails in CI."""

import os
import shutil
from typing import NoReturn

import pytest


def program(name: str, package: str) -> str:
    """Return the path of a program, or skip the test and say which Debian package has it."""
    found = shutil.which(name)
    if found is None:
        lacking(f"no {name} on this machine (Debian: {package})")
    return found


def lacking(reason: str) -> NoReturn:
    """Skip the test; in CI fail, which has to have every program."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
