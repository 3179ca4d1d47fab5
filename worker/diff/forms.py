"""The comparison of two folders, told in every form that is asked for, in one pass.

In: two folders and where the forms go. Out: the table on standard output, JSON and HTML in files. All changes are in
the JSON, as many as a reader may want in the others.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import orjson

from worker import htmlpage
from worker.diff import html, terminal
from worker.diff.compare import Comparison
from worker.diff.folder import Folder
from worker.diff.model import Change
from worker.errors import writing_into
from worker.printable import escape_json

STAGE = "diff"

STANDARD_OUTPUT = Path("-")

TABLE_CHANGES = 50
HTML_CHANGES = 2000
"""Changes that are shown: more than a screen, and a page of a few MB; the counts tell how many there are."""


@dataclass(frozen=True, slots=True)
class Report:
    """Where a comparison is told: JSON (`-`: standard output, instead of the table) and HTML, where they are wanted."""

    json: Path | None = None
    html: Path | None = None


@dataclass(slots=True)
class _Shown:
    """The first changes as they will be shown: a change itself may hold two pages of any size."""

    count: int = 0
    rows: list[terminal.Row] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    def add(self, change: Change) -> None:
        self.count += 1
        if self.count <= TABLE_CHANGES:
            self.rows += terminal.rows_of(change)
        if self.count <= HTML_CHANGES:
            self.parts.append(html.render_change(change))


def report(old: Path, new: Path, wanted: Report) -> bool:
    """Compare two folders, tell what changed, and return whether nothing did.

    Raises:
        Fatal: `bad_input`, for a folder that is none; `bad_output`.
    """
    shown = _Shown()
    with Folder(old) as before, Folder(new) as after:
        comparison = Comparison(before, after)
        with _writing(wanted.json, comparison) as write:
            for change in comparison.changes():
                write(change)
                shown.add(change)
    if wanted.json != STANDARD_OUTPUT:
        terminal.show_changes(shown.rows, comparison.counts, max(0, shown.count - TABLE_CHANGES))
    if wanted.html is not None:
        left_out = max(0, shown.count - HTML_CHANGES)
        page = html.render(shown.parts, comparison.counts, (str(old), str(new)), left_out)
        htmlpage.save(wanted.html, page, STAGE)
    return comparison.is_same


@contextmanager
def _writing(path: Path | None, comparison: Comparison) -> Iterator[Callable[[Change], None]]:
    """Yield what writes a change into `{"changes": [...], "counts": {...}, "same": bool}`."""
    if path is None:
        yield lambda _: None
    elif path == STANDARD_OUTPUT:
        yield from _document(sys.stdout.buffer, comparison)
    else:
        with writing_into(path, STAGE), path.open("wb") as file:
            yield from _document(file, comparison)


def _document(file: BinaryIO, comparison: Comparison) -> Iterator[Callable[[Change], None]]:
    file.write(b'{"changes":[')
    separator = b"\n"

    def write(change: Change) -> None:
        nonlocal separator
        file.write(separator + escape_json(orjson.dumps(change)))
        separator = b",\n"

    yield write
    file.write(b'\n],"counts":' + orjson.dumps(comparison.counts))
    file.write(b',"same":' + orjson.dumps(comparison.is_same) + b"}\n")
    file.flush()
