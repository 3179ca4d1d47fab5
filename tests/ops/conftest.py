"""A container engine of the tests' own."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from ops.container import Engine


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """Start with an empty store; leave nothing."""
    folder = Path(tempfile.mkdtemp(prefix="engine-"))
    engine = Engine(folder)
    try:
        yield engine
    finally:
        engine.close()
        shutil.rmtree(folder)
