"""What `requirements.lock` names for the Python that runs the tests."""

from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCK = Path(__file__).parents[2] / "requirements.lock"


def locked() -> dict[str, str]:
    """Return the version of each locked package, by its normalised name."""
    lines = [line.removesuffix("\\") for line in LOCK.read_text("utf-8").splitlines() if line[:1].isalnum()]
    needed = [one for one in map(Requirement, lines) if one.marker is None or one.marker.evaluate()]
    return {canonicalize_name(one.name): str(one.specifier).removeprefix("==") for one in needed}
