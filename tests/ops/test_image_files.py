"""What the image is built of, without building it: the Dockerfile, what is handed to a build, the bill of materials."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ops.container import Engine
from ops.locked import locked
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "deploy/Dockerfile"
HANDED_OVER = ("LICENSE", "README.md", "pyproject.toml", "requirements-dev.lock", "requirements.lock")
FOLDERS = ("worker", "schemas", "deploy/kafka")


def lint(dockerfile: str) -> tuple[int, str]:
    """Return hadolint's exit code and words; a file cannot tell it to look away."""
    command = [Path(sys.executable).with_name("hadolint"), "--no-color", "--disable-ignore-pragma", "-"]
    done = subprocess.run(command, input=dockerfile, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_dockerfile_has_no_fault() -> None:
    """Hadolint finds nothing, by all of its rules."""
    assert lint(DOCKERFILE.read_text("utf-8")) == (0, "")


@pytest.mark.parametrize(
    ("fault", "rule"), [("RUN pip install uv", "DL3013"), ("ENTRYPOINT newsworker", "DL3025"), ("USER root", "DL3002")]
)
def test_a_fault_would_be_found(fault: str, rule: str) -> None:
    """The same call names a rule that is broken."""
    code, words = lint(f"{DOCKERFILE.read_text('utf-8')}\n{fault}\n")
    assert code == 1
    assert rule in words


def test_a_build_is_handed_only_what_it_copies(tmp_path: Path, engine: Engine) -> None:
    """The sources of the wheel and the locks: no history, no tests, no settings that lie about, no bytecode."""
    everything = tmp_path / "Dockerfile"
    everything.write_text("FROM scratch\nCOPY . /\n")
    ignored = DOCKERFILE.with_name("Dockerfile.dockerignore").read_text("utf-8")
    (tmp_path / "Dockerfile.dockerignore").write_text(ignored)
    engine.build(ROOT, f"--output=type=local,dest={tmp_path}/handed", dockerfile=everything)
    assert files(tmp_path / "handed") == {*HANDED_OVER, *sources()}


def files(folder: Path) -> set[str]:
    """Return the paths of the files below a folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def sources() -> set[str]:
    """Return the paths of the files that the wheel is made of."""
    found = {f"{folder}/{path}" for folder in FOLDERS for path in files(ROOT / folder)}
    return {path for path in found if "__pycache__" not in path}


@pytest.fixture(scope="module")
def bill(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Make the bill of materials as a user does, and read it."""
    path = tmp_path_factory.mktemp("bill") / "newsworker.cdx.json"
    subprocess.run(["make", "--silent", "sbom", f"SBOM={path}"], cwd=ROOT, check=True)
    return json.loads(path.read_text("utf-8"))


def test_the_bill_names_every_locked_package(bill: Any) -> None:
    """Each at the version that is locked, with an address that scanners know; and no other."""
    components = {(canonicalize_name(one["name"]), one["version"]): one["purl"] for one in bill["components"]}
    assert set(components) == set(locked().items())
    assert all(purl == f"pkg:pypi/{name}@{version}" for (name, version), purl in components.items())


def test_the_bill_is_of_this_project(bill: Any) -> None:
    """It says whose it is, what that depends on, and under what licences most packages are."""
    assert bill["metadata"]["component"]["name"] == "newsworker"
    roots = [one for one in bill["dependencies"] if one["ref"] == bill["metadata"]["component"]["bom-ref"]]
    assert len(roots[0]["dependsOn"]) > 20
    assert sum(bool(one.get("licenses")) for one in bill["components"]) > 60
