"""How each kind of panel is drawn: what `DRAWN` holds, by the type that Grafana calls it.

In: a panel of the dashboard, the series that its queries gave, and where it stands. Out: marks on the figure. Colours
are those of Grafana's dark theme.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from answers import Series, Span
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, MultipleLocator, NullLocator
from units import spell

PAPER, CARD, EDGE, INK, FAINT = "#111217", "#181b1f", "#2c3235", "#d8d9da", "#8e8e99"
NAMED = {"green": "#73bf69", "red": "#f2495c", "orange": "#ff9830", "yellow": "#fade2a", "blue": "#5794f2"}
PALETTE = ("#7eb26d", "#eab839", "#6ed0e0", "#ef843c", "#e24d42", "#1f78c1", "#ba43a9", "#705da0", "#508642", "#cca300")
HEAT = LinearSegmentedColormap.from_list("heat", [CARD, "#7a3b0c", "#ff9830", "#ffe8c7"])

LEFT, TOP, RIGHT, BOTTOM = 94, 34, 24, 30
"""Pixels around the axes of a panel: its title, and what stands on the axes."""

LETTER, SIGN, ENTRY = 7.2, 42, 18
"""Pixels of a legend: a letter's width, what stands before a name, and a line's height."""

APART = tuple(60.0 * minutes for minutes in (1, 2, 5, 10, 30, 60, 180, 360, 1440, 10080))
"""Between two times on the axis."""


@dataclass(frozen=True, slots=True)
class Room:
    """The rectangle of a panel in pixels from above, and the figure it is on."""

    figure: Figure
    x: float
    y: float
    width: float
    height: float

    def axes(self, left: float, top: float, right: float, bottom: float) -> Axes:
        """Return axes inside it, so far from its sides."""
        across, down = self._size()
        box = (
            self.x + left,
            down - self.y - self.height + bottom,
            self.width - left - right,
            self.height - top - bottom,
        )
        return self.figure.add_axes((box[0] / across, box[1] / down, box[2] / across, box[3] / down))

    def write(self, x: float, y: float, text: str, **style: Any) -> None:  # noqa: ANN401 - matplotlib's own
        """Write at pixels from its upper left."""
        self.figure.text(*self.at(x, y), text, **{"va": "center", "color": INK, **style})

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return a place inside it as a fraction of the figure."""
        across, down = self._size()
        return (self.x + x) / across, 1 - (self.y + y) / down

    def _size(self) -> tuple[float, float]:
        across, down = self.figure.get_size_inches() * self.figure.dpi
        return float(across), float(down)


def draw_card(room: Room) -> None:
    """Draw what a panel stands on."""
    left, low = room.at(0, room.height)
    right, high = room.at(room.width, 0)
    room.figure.add_artist(
        Rectangle((left, low), right - left, high - low, facecolor=CARD, edgecolor=EDGE, lw=0.8, zorder=-1)
    )


def _draw_stat(room: Room, panel: Mapping[str, Any], found: Sequence[Series], span: Span) -> None:
    defaults = panel["fieldConfig"]["defaults"]
    if panel["options"]["graphMode"] == "area" and found:
        axes = room.axes(2, room.height * 0.68, 2, 2)
        for series in found:
            colour = _judged(series.last, defaults)
            axes.fill_between(series.times, series.values, color=colour, alpha=0.25, lw=0)
            axes.plot(series.times, series.values, color=colour, lw=1)
        axes.set(xlim=(span.start, span.end), ylim=(0, max(axes.get_ylim()[1], 1e-9)))
        axes.axis("off")
    wide = room.width / max(len(found), 1)
    for number, series in enumerate(found):
        colour = _painted(series.name, panel) or _judged(series.last, defaults)
        middle = (number + 0.5) * wide
        size = min(20, wide * 0.92 / max(len(spell(series.last, defaults["unit"])), 3))
        room.write(middle, 44, series.name, fontsize=min(11, wide * 1.1 / len(series.name)), ha="center")
        text = spell(series.last, defaults["unit"])
        room.write(middle, 74, text, fontsize=size, weight="bold", color=colour, ha="center")


def _draw_lines(room: Room, panel: Mapping[str, Any], found: Sequence[Series], span: Span) -> None:
    defaults = panel["fieldConfig"]["defaults"]
    names = [f"{one.name}  {spell(one.last, defaults['unit'])}" for one in found]
    columns = max(int(room.width / (SIGN + LETTER * max(map(len, names)))), 1)
    axes = room.axes(LEFT, TOP, RIGHT, BOTTOM + ENTRY * math.ceil(len(names) / columns))
    colours = [_painted(one.name, panel) or PALETTE[at % len(PALETTE)] for at, one in enumerate(found)]
    if defaults["custom"].get("stacking", {}).get("mode") == "normal":
        _stack(axes, found, colours)
    else:
        for series, colour in zip(found, colours, strict=True):
            axes.plot(series.times, series.values, color=colour, lw=1.4)
    _set_axes(axes, defaults, found, span)
    handles = [Line2D([], [], color=colour, lw=3) for colour in colours]
    room.figure.legend(
        handles,
        names,
        loc="lower left",
        bbox_to_anchor=room.at(4, room.height - 2),
        ncols=columns,
        fontsize=10,
        labelcolor=INK,
        frameon=False,
        handlelength=1,
        columnspacing=1.2,
        labelspacing=0.25,
        borderpad=0.2,
    )


def _stack(axes: Axes, found: Sequence[Series], colours: Sequence[str]) -> None:
    times = sorted({time for series in found for time in series.times})
    tables = [dict(zip(one.times, one.values, strict=True)) for one in found]
    heights = [[_number(table.get(time, 0.0)) for time in times] for table in tables]
    axes.stackplot(times, heights, colors=colours, alpha=0.75, lw=0)


def _set_axes(axes: Axes, defaults: Mapping[str, Any], found: Sequence[Series], span: Span) -> None:
    _dress(axes, span)
    if defaults["custom"].get("scaleDistribution", {}).get("type") == "log":
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(numticks=5))
        axes.yaxis.set_minor_locator(NullLocator())
    else:
        highest = max(value for series in found for value in series.values if math.isfinite(value))
        axes.set_ylim(0, max(axes.get_ylim()[1] if highest else 1, defaults.get("max", 0)))
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=defaults.get("decimals") == 0))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: spell(value, defaults["unit"])))
    top = axes.get_ylim()[1]
    for step in defaults["thresholds"]["steps"][1:]:
        if step["value"] <= top:
            axes.axhline(step["value"], color=NAMED[step["color"]], lw=1, ls="--")


def _draw_heatmap(room: Room, panel: Mapping[str, Any], found: Sequence[Series], span: Span) -> None:
    axes = room.axes(LEFT, TOP, RIGHT, BOTTOM)
    found = sorted(found, key=lambda one: float(one.labels["le"]))
    counts = [[_number(value) for value in series.values] for series in found]
    below = [[0.0] * len(found[0].values), *counts]
    cells = [
        [max(here - there, 0) for here, there in zip(*pair, strict=True)] for pair in zip(counts, below, strict=False)
    ]
    axes.pcolormesh(found[0].times, range(len(found)), cells, cmap=HEAT, shading="nearest")
    _dress(axes, span)
    axes.grid(visible=False)
    unit = panel["options"]["yAxis"]["unit"]
    bounds = [_bound(float(one.labels["le"]), unit) for one in found]
    axes.set_yticks(range(0, len(found), 2), bounds[::2])


def _draw_states(room: Room, panel: Mapping[str, Any], found: Sequence[Series], span: Span) -> None:
    axes = room.axes(200, TOP, RIGHT, BOTTOM)
    for number, series in enumerate(found):
        colour = _painted(series.name, panel) or PALETTE[0]
        pieces = [(time - span.step, span.step * 1.02) for time in series.times]
        axes.broken_barh(pieces, (len(found) - number - 0.9, 0.8), color=colour, lw=0)
    _dress(axes, span)
    axes.grid(visible=False)
    axes.set_yticks([len(found) - number - 0.5 for number in range(len(found))], [one.name for one in found])


def _draw_bars(room: Room, panel: Mapping[str, Any], found: Sequence[Series], span: Span) -> None:
    del span
    unit = panel["fieldConfig"]["defaults"]["unit"]
    axes = room.axes(190, TOP, 60, 14)
    places = range(len(found), 0, -1)
    bars = axes.barh(places, [one.last for one in found], color=PALETTE[: len(found)], height=0.6)
    axes.bar_label(bars, [spell(one.last, unit) for one in found], color=INK, padding=4, fontsize=11)
    axes.set_yticks(places, [one.name for one in found])
    axes.set(facecolor=CARD, xticks=[])
    axes.tick_params(colors=INK, labelsize=10, length=0)
    axes.spines[:].set_visible(False)


DRAWN: Mapping[str, Callable[[Room, Mapping[str, Any], Sequence[Series], Span], None]] = {
    "stat": _draw_stat,
    "timeseries": _draw_lines,
    "heatmap": _draw_heatmap,
    "state-timeline": _draw_states,
    "bargauge": _draw_bars,
}


def _dress(axes: Axes, span: Span) -> None:
    axes.set_facecolor(CARD)
    axes.set_xlim(span.start, span.end)
    axes.xaxis.set_major_locator(MultipleLocator(_apart(span.end - span.start)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda time, _: datetime.fromtimestamp(time, UTC).strftime("%H:%M")))
    axes.tick_params(colors=FAINT, labelsize=10, length=0)
    axes.spines[:].set_visible(False)
    axes.grid(color=EDGE, lw=0.7)
    axes.set_axisbelow(True)


def _judged(value: float, defaults: Mapping[str, Any]) -> str:
    steps = defaults["thresholds"]["steps"]
    return NAMED[[step["color"] for step in steps if step["value"] is None or step["value"] <= value][-1]]


def _painted(name: str, panel: Mapping[str, Any]) -> str | None:
    for rule in panel["fieldConfig"]["overrides"]:
        if re.search(rule["matcher"]["options"].strip("/"), name):
            return NAMED[rule["properties"][0]["value"]["fixedColor"]]
    return None


def _number(value: float) -> float:
    return value if math.isfinite(value) else 0.0


def _bound(bound: float, unit: str) -> str:
    return f"≤ {spell(bound, unit)}" if math.isfinite(bound) else "more"


def _apart(seconds: float) -> float:
    """Return whole minutes of which five at most stand on the axis."""
    return next(step for step in APART if seconds <= step * 5)
