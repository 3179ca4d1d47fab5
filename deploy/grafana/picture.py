"""A picture of the dashboard, drawn without Grafana: `python deploy/grafana/picture.py ADDRESS START END OUT`.

In: dashboards/newsworker.json and a Prometheus server, which is asked every query of the rows that are drawn. Out: a
PNG, with each panel where the dashboard's grid has it, in its units, colours and thresholds. Grafana's own rendering
has more.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from answers import Span
from drawing import DRAWN, PAPER, Room, draw_card
from matplotlib.figure import Figure
from PIL import Image

MADE = Path(__file__).parent / "dashboards" / "newsworker.json"

COLUMNS, WIDTH, LINE, GAP, DPI = 24, 1440, 34, 8, 100
"""Of the grid: columns, pixels of all of them, of a line, and between two panels; and pixels an inch."""

COLOURS, ROUNDS = 256, 3
"""Of the file's palette, and how often it is fitted: a third of the bytes, and no colour off by more than 20 of 255."""


def draw(board: Mapping[str, Any], span: Span, rows: Sequence[str], out: Path) -> None:
    """Draw the rows of the dashboard."""
    placed = list(_places(board["panels"], rows))
    height = LINE * max(y + panel["gridPos"]["h"] for panel, y in placed) + GAP
    figure = Figure(figsize=(WIDTH / DPI, height / DPI), dpi=DPI, facecolor=PAPER)
    for panel, y in placed:
        _draw_panel(figure, panel, y, span)
    figure.savefig(out, dpi=DPI)
    _shrink(out)


def _shrink(out: Path) -> None:
    with Image.open(out) as drawn:
        few = drawn.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, ROUNDS, dither=Image.Dither.NONE)
    few.save(out, optimize=True)


def _places(panels: Sequence[Mapping[str, Any]], rows: Sequence[str]) -> Iterator[tuple[Mapping[str, Any], int]]:
    """Yield the panels of the rows, each with its line when the other rows are left out."""
    row, above, below = "", 0, 0
    for panel in panels:
        place = panel["gridPos"]
        if panel["type"] == "row":
            row, above = panel["title"], place["y"] - below
        if row in rows or not rows:
            yield panel, place["y"] - above
            below = max(below, place["y"] - above + place["h"])


def _draw_panel(figure: Figure, panel: Mapping[str, Any], line: int, span: Span) -> None:
    place = panel["gridPos"]
    column = (WIDTH - GAP) / COLUMNS
    room = Room(
        figure, GAP + place["x"] * column, GAP + line * LINE, place["w"] * column - GAP, place["h"] * LINE - GAP
    )
    if panel["type"] == "row":
        room.write(4, 14, f"▾  {panel['title']}", fontsize=14, weight="bold")
        return
    draw_card(room)
    room.write(10, 16, panel["title"], fontsize=12)
    found = [series for target in panel["targets"] for series in span.ask(target)]
    DRAWN[panel["type"]](room, panel, found, span)


def main() -> None:
    """Draw what the command line names."""
    parser = argparse.ArgumentParser(description="Draw rows of the dashboard from a Prometheus server's data.")
    parser.add_argument("address", help="host:port of Prometheus")
    parser.add_argument("start", type=float, help="Unix time")
    parser.add_argument("end", type=float, help="Unix time")
    parser.add_argument("out", type=Path, help="the PNG")
    parser.add_argument("--step", type=float, default=15.0, help="seconds between two points")
    parser.add_argument("--rate-interval", default="60s", help="what stands for $__rate_interval")
    parser.add_argument("--rows", nargs="*", default=[], help="titles of rows; all without")
    given = parser.parse_args()
    chosen = {"$__rate_interval": given.rate_interval, "$instance": ".*", "$role": ".*"}
    span = Span(given.address, given.start, given.end, given.step, chosen)
    draw(json.loads(MADE.read_text("utf-8")), span, given.rows, given.out)


if __name__ == "__main__":
    main()
