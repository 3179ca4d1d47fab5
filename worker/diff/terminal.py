"""A comparison on the terminal: what changed, field by field, and the counts."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from worker.diff.model import Change, Status
from worker.diff.wording import Shown, show
from worker.printable import excerpt

PART_CHARACTERS = 40
TITLE_CHARACTERS = 60
LEAST_WIDTH = 140
"""Columns where the output is no terminal."""

STATUSES: tuple[Status, ...] = ("same", "changed", "added", "removed")


Row = tuple[str, ...]


def show_changes(rows: Sequence[Row], counts: Mapping[str, Counter[Status]], left_out: int) -> None:
    """Print the rows of changes and the counts on standard output; `left_out` is how many further changes there are."""
    console = Console()
    console.width = max(console.width, LEAST_WIDTH)
    if rows:
        console.print(_changes(rows))
    if left_out:
        console.print(f"and {left_out:,} more: --json and --html have them")
    console.print(_counts(counts))


def rows_of(change: Change) -> Iterator[Row]:
    """Yield the rows that show a change: one for each field."""
    what = excerpt(change.title or change.new_key or change.old_key or "", TITLE_CHARACTERS)
    head: Row = (change.status, change.kind, what)
    if not change.fields:
        yield (*head, "", "", "")
    for field in change.fields:
        old, new = show(field.old, field.new, PART_CHARACTERS)
        yield (*head, excerpt(field.field, TITLE_CHARACTERS), _part(old), _part(new))
        head = ("", "", "")


def _changes(rows: Sequence[Row]) -> Table:
    table = Table("", "record", "what", "field", "old", "new")
    for row in rows:
        # Texts of records are no markup.
        table.add_row(*(Text(cell) for cell in row))
    return table


def _part(shown: Shown) -> str:
    return excerpt(shown.own, PART_CHARACTERS + 1)


def _counts(counts: Mapping[str, Counter[Status]]) -> Table:
    table = Table("records", *STATUSES)
    for column in table.columns[1:]:
        column.justify = "right"
    for kind, of_kind in counts.items():
        table.add_row(kind, *(f"{of_kind[status]:,}" for status in STATUSES))
    return table
