"""A page and its records on the terminal: block by block, then story by story.

In: an inspection. Out: text in which nothing of the page can command the terminal. What stands from right to left is
set to the right. Where the output is no terminal, lines are neither broken nor padded.
"""

from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from worker.inspect.model import Inspection, Piece, Sighting
from worker.inspect.roles import LOOKS
from worker.inspect.wording import Row, name_of, place_of, rows_of, rows_of_letter, summary_of
from worker.printable import escape_controls

QUIET = "dim"
TITLE = "bold reverse"

FIELD_WIDTH = 15
"""Columns of the longest name of a field, and two more."""


def show(inspection: Inspection) -> None:
    """Print an inspection on standard output."""
    console = Console()
    for part in _parts(inspection, is_wrapped=console.is_terminal):
        console.print(part, soft_wrap=not console.is_terminal)


def _parts(inspection: Inspection, *, is_wrapped: bool) -> Iterator[RenderableType]:
    yield _title(f"{inspection.name}: {summary_of(inspection)}")
    for piece in inspection.pieces():
        yield from _piece(piece, is_wrapped=is_wrapped)
    for story in inspection.stories:
        yield _title(f"{name_of(story)}: {story.kind}")
        yield from _fields(rows_of(story), is_wrapped=is_wrapped)
    if inspection.mentions:
        yield _title("headlines in lists")
    for sighting in inspection.sightings():
        yield from _sighting(sighting)
    if inspection.letter:
        yield from _fields(rows_of_letter(inspection.letter), is_wrapped=is_wrapped)
        yield _title("the message")
        yield Text(_harmless(inspection.text))


def _title(text: str) -> Text:
    return Text.assemble("\n", (f" {escape_controls(text)} ", TITLE), "\n")


def _piece(piece: Piece, *, is_wrapped: bool) -> Iterator[RenderableType]:
    if piece.block is None:
        return
    style = LOOKS[piece.block.role].style
    story = [name_of(piece.story)] if piece.story else []
    why = " · ".join(["", piece.block.rule, *story, place_of(piece.block)])
    yield Text.assemble((piece.block.role, style), (why, QUIET))
    text = Text(_harmless(piece.text), style)
    yield _on_the_right(text) if is_wrapped and piece.side == "rtl" else text


def _on_the_right(text: Text) -> RenderableType:
    # Printed by itself a text loses its side.
    text.justify = "right"
    return Padding(text, 0)


def _fields(rows: Iterator[Row], *, is_wrapped: bool) -> Iterator[RenderableType]:
    cells = [(field, _value(value, method)) for field, value, method in rows]
    if is_wrapped:
        table = Table.grid(padding=(0, 2))
        for field, value in cells:
            table.add_row(Text(field, QUIET), value)
        yield table
    else:
        yield from (Text.assemble(f"{field:{FIELD_WIDTH}}", value) for field, value in cells)


def _value(value: str, method: str) -> Text:
    return Text.assemble(_harmless(value), (f"  ({method})" if method else "", QUIET))


def _sighting(sighting: Sighting) -> Iterator[Text]:
    style = LOOKS["related_item"].style
    yield Text.assemble((f"{sighting.mention.position} {sighting.verdict}", style), (f" · {sighting.reason}", QUIET))
    yield Text(_harmless(sighting.mention.headline), style)
    if sighting.url:
        yield Text(_harmless(sighting.url), QUIET)


def _harmless(text: str) -> str:
    return escape_controls(text, keep="\n\t")
