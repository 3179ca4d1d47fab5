"""Nothing that a user meets is undocumented: commands, settings, metrics, make targets, links."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from prometheus_client import metrics as kinds

from worker import metrics
from worker.cli import app
from worker.settings import ENV_PREFIX, Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")


def commands() -> list[str]:
    """Return the names of all commands."""
    group = typer.main.get_command(app)
    return sorted(group.commands)  # type: ignore[attr-defined]


def subcommands() -> dict[str, Any]:
    """Return every command that does something, by its words."""
    found = {}
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        found.update({f"{name} {word}": one for word, one in inner.items()} if inner else {name: command})
    return found


def leaves(group: Any, path: str = "newsworker") -> Iterator[tuple[str, Any]]:
    """Give every command that has no commands below it."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from leaves(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def metric_names() -> list[str]:
    """Return the name of every metric's samples."""
    families = (value for value in vars(metrics).values() if isinstance(value, kinds.MetricWrapperBase))
    return sorted(sample.name for family in families for sample in family.describe())


def targets() -> list[str]:
    """Return the make targets that have a help line."""
    return re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("command", commands())
def test_the_readme_names_every_command(command: str) -> None:
    """A command that exists is in the README."""
    assert f"newsworker {command}" in README


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_the_readme_names_every_setting(name: str) -> None:
    """A setting that can be set is in the README, and says what it does by itself."""
    assert f"`{ENV_PREFIX}{name.upper()}`" in README
    assert Settings.model_fields[name].description


@pytest.mark.parametrize("name", metric_names())
def test_the_readme_names_every_metric(name: str) -> None:
    """A metric that is served is in the README."""
    assert f"`{name}" in README


@pytest.mark.parametrize("target", targets())
def test_the_readme_names_every_make_target(target: str) -> None:
    """A make target with a help line is in the README or in CONTRIBUTING.md."""
    assert f"make {target}" in README + (ROOT / "CONTRIBUTING.md").read_text("utf-8")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_to_files_of_the_project(document: str) -> None:
    """Every relative link in a document names a file that is there."""
    links = LINK.findall((ROOT / document).read_text("utf-8"))
    for link in (link for link in links if "://" not in link):
        assert (ROOT / link).exists(), link


def test_every_command_explains_itself() -> None:
    """Each command, of groups too, has a help text that is a sentence, and each of its parameters says what it does."""
    for name, command in leaves(typer.main.get_command(app)):
        assert command.help.splitlines()[0].endswith("."), name
        for parameter in command.params:
            assert getattr(parameter, "help", None), (name, parameter.name)
