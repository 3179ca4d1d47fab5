"""Dead letters on the terminal: a line each, or one with its headers and the beginning of its message.

In: letters, from `search`. Out: text in which nothing of a message can command the terminal, or JSON lines.
"""

import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from worker import recording
from worker.dlq.letter import Letter
from worker.printable import escape_json, excerpt, excerpt_bytes

LEAST_WIDTH = 160
"""Columns where the output is no terminal."""

CELL_CHARACTERS = 60
HEADER_CHARACTERS = 300


async def list_letters(letters: AsyncIterator[Letter], limit: int, *, as_json: bool) -> None:
    """Print the letters, at most `limit` in the table, and the counts by reason; as JSON lines all of them."""
    rows: list[tuple[str, ...]] = []
    counts: Counter[tuple[str, str]] = Counter()
    async for letter in letters:
        counts[letter.stage, letter.reason] += 1
        if as_json:
            sys.stdout.buffer.write(_line(letter))
        elif len(rows) < limit:
            rows.append(_row(letter))
    if not as_json:
        _print_tables(rows, counts)
    sys.stdout.flush()


async def show_letters(letters: AsyncIterator[Letter], limit: int, characters: int) -> int:
    """Print letters with all their headers and the first characters of their messages; return how many there are."""
    console = Console()
    count = 0
    async for letter in letters:
        count += 1
        if count <= limit:
            console.print(Text(_details(letter, characters)), soft_wrap=True)
    console.print(f"{min(count, limit)} of {count} dead letters")
    return count


def time_of(milliseconds: int) -> str:
    """Return a timestamp in RFC 3339; a dash where it is none."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return "-"


def _print_tables(rows: Sequence[tuple[str, ...]], counts: Counter[tuple[str, str]]) -> None:
    console = Console()
    console.width = max(console.width, LEAST_WIDTH)
    if rows:
        console.print(_table(rows))
    totals = Table("stage", "reason", "dead letters")
    for (stage, reason), count in counts.most_common():
        totals.add_row(Text(excerpt(stage, CELL_CHARACTERS)), Text(excerpt(reason, CELL_CHARACTERS)), f"{count:,}")
    console.print(totals)
    if (left_out := counts.total() - len(rows)) > 0:
        console.print(f"{left_out:,} more; --limit shows more of them, --json all")


def _row(letter: Letter) -> tuple[str, ...]:
    cells = (
        letter.place,
        time_of(letter.message.timestamp_ms),
        letter.reason,
        letter.stage,
        letter.source,
        letter.origin,
        str(letter.redrives),
        letter.error,
    )
    return tuple(excerpt(cell, CELL_CHARACTERS) for cell in cells)


def _table(rows: Sequence[tuple[str, ...]]) -> Table:
    table = Table("place", "put aside", "reason", "stage", "source", "origin", "redriven", "message")
    for row in rows:
        # What a message brought is no markup.
        table.add_row(*map(Text, row))
    return table


def _details(letter: Letter, characters: int) -> str:
    message = letter.message
    value = message.value or b""
    lines = [
        f"{letter.place}  put aside {time_of(message.timestamp_ms)}",
        f"  key: {'none' if message.key is None else excerpt_bytes(message.key, HEADER_CHARACTERS)}",
        *(f"  {excerpt(name, HEADER_CHARACTERS)}: {_header(data)}" for name, data in message.headers),
        f"  value: {len(value):,} bytes",
        f"  {excerpt_bytes(value, characters)}",
    ]
    return "\n".join(lines) + "\n"


def _header(data: bytes | None) -> str:
    return "null" if data is None else excerpt_bytes(data, HEADER_CHARACTERS)


def _line(letter: Letter) -> bytes:
    """Return a letter as one line: what the table shows, and the record as recordings have it."""
    fields = {
        "place": letter.place,
        "put_aside": time_of(letter.message.timestamp_ms),
        "reason": letter.reason,
        "stage": letter.stage,
        "source": letter.source,
        "origin": letter.origin,
        "redrives": letter.redrives,
        "message": letter.error,
        "record": orjson.Fragment(recording.encode(letter.message)),
    }
    return escape_json(orjson.dumps(fields)) + b"\n"
