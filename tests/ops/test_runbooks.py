"""Runbooks say what an alert means and what to do, in words of this program: its commands, settings and links."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer
from ops.alerting import RUNBOOKS

from worker.cli import app
from worker.settings import ENV_PREFIX, Settings

SECTIONS = ("Meaning", "Impact", "Diagnosis", "Mitigation")
BOOKS = sorted(RUNBOOKS.glob("*.md"))
COMMANDS = sorted(
    {(book.stem, found) for book in BOOKS for found in re.findall(r"`(newsworker\s[^`]+)`", book.read_text("utf-8"))}
)


def parse(words: list[str], command: Any) -> None:
    """Parse a command's words as the program would, and run nothing."""
    while words and words[0] in getattr(command, "commands", {}):
        command, words = command.commands[words[0]], words[1:]
    assert not hasattr(command, "commands"), f"no such command: {words}"
    command.make_context(command.name, words)


@pytest.mark.parametrize("book", BOOKS, ids=lambda path: path.stem)
def test_a_runbook_has_its_parts_in_order(book: Path) -> None:
    """Its alert's name, then meaning, impact, diagnosis and mitigation, a paragraph each."""
    title, *paragraphs = book.read_text("utf-8").strip().split("\n\n")
    assert title == f"# {book.stem}"
    assert [re.match(r"\*\*(\w+)\.\*\* \S", text)[1] for text in paragraphs] == list(SECTIONS)  # type: ignore[index]


@pytest.mark.parametrize(("book", "command"), COMMANDS)
def test_a_command_of_a_runbook_exists(book: str, command: str) -> None:
    """With its options and arguments: who is woken by night copies it."""
    del book  # its name tells where to look
    parse(shlex.split(command)[1:], typer.main.get_command(app))


@pytest.mark.parametrize("book", BOOKS, ids=lambda path: path.stem)
def test_a_runbook_names_settings_that_there_are(book: Path) -> None:
    """A variable that nobody reads would be refused at the start."""
    named = set(re.findall(rf"{ENV_PREFIX}([A-Z_]+)", book.read_text("utf-8")))
    assert {name.lower() for name in named} <= set(Settings.model_fields)


@pytest.mark.parametrize("book", BOOKS, ids=lambda path: path.stem)
def test_a_runbook_links_to_runbooks(book: Path) -> None:
    """Every link leads to a file beside it."""
    links = re.findall(r"\]\(([^)\s]+)\)", book.read_text("utf-8"))
    assert [link for link in links if not (RUNBOOKS / link).is_file()] == []
