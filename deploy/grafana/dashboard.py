"""The Grafana dashboard, made from the tables of its rows: `python deploy/grafana/dashboard.py`.

In: rows/*.toml, in the order of their names; a table a panel. Out: dashboards/newsworker.json (or the file that is
named), the same bytes from run to run. What a panel must tell is in `Panel`: Grafana shows its three sentences under
the panel's (i).
"""

import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from string import ascii_uppercase
from typing import Annotated, Literal, TypeVar

from grafana_foundation_sdk.builders import bargauge, common, dashboard, heatmap, prometheus, stat, statetimeline
from grafana_foundation_sdk.builders import timeseries as lines
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import common as terms
from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models.heatmap import HeatmapColorMode
from grafana_foundation_sdk.models.prometheus import PromQueryFormat
from pydantic import BaseModel, ConfigDict, Field

FOLDER = Path(__file__).parent
ROWS = FOLDER / "rows"
OUT = FOLDER / "dashboards" / "newsworker.json"

DATASOURCE = model.DataSourceRef(type_val="prometheus", uid="$datasource")
ALERTS = 'ALERTS{alertname=~"Newsworker.*", alertstate="firing"}'

STAT_HEIGHT = 4
GOOD = "green"
Colour = Literal["green", "yellow", "orange", "red", "blue"]

Builder = stat.Panel | lines.Panel | heatmap.Panel | statetimeline.Panel | bargauge.Panel
Judged = TypeVar("Judged", stat.Panel, lines.Panel, bargauge.Panel)
Painted = TypeVar("Painted", stat.Panel, lines.Panel, statetimeline.Panel)


class Table(BaseModel):
    """What is read from a row's file; a name that nobody knows is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Query(Table):
    """A PromQL query, and the name of each of its series."""

    expr: str
    legend: Annotated[str, Field(min_length=1)]


class Panel(Table):
    """A panel: how it looks, what it asks, and what to think of it."""

    title: str
    kind: Literal["stat", "lines", "stacked", "heatmap", "states", "bars"]
    unit: Annotated[str, Field(description="As Grafana calls it.")]
    shows: str
    normal: str
    act: str
    queries: Annotated[tuple[Query, ...], Field(min_length=1)]
    width: Annotated[int, Field(ge=1, le=24)] = 8
    height: int = 8
    instant: Annotated[bool, Field(description="Ask for this moment alone: series that have ended are not shown.")] = (
        False
    )
    scale: Literal["linear", "log"] = "linear"
    decimals: int | None = None
    max: float | None = None
    thresholds: Annotated[tuple[tuple[float, Colour], ...], Field(description="Value and colour, from below.")] = ()
    colours: Annotated[Mapping[str, Colour], Field(description="Colours of series, by a pattern of their names.")] = {}

    @property
    def description(self) -> str:
        """The three sentences as Markdown."""
        return f"{self.shows}\n\n**Normal:** {self.normal}\n\n**Else:** {self.act}"


class Row(Table):
    """A row of the dashboard."""

    title: str
    panel: tuple[Panel, ...]


def read(folder: Path = ROWS) -> list[Row]:
    """Return the rows in their order."""
    return [Row.model_validate(tomllib.loads(path.read_text("utf-8"))) for path in sorted(folder.glob("*.toml"))]


def build(rows: Iterable[Row]) -> model.Dashboard:
    """Return the dashboard; its builder lays the panels out from left to right."""
    board = _frame()
    number = 0
    for row in rows:
        number += 1
        board.with_row(dashboard.Row(row.title).id(number))
        for panel in row.panel:
            number += 1
            board.with_panel(_panel(panel).id(number))
    return board.build()


def _frame() -> dashboard.Dashboard:
    return (
        dashboard.Dashboard("newsworker")
        .uid("newsworker")
        .description("The split and dedupe halves of newsworker: what they do now, and why they may not.")
        .tags(["newsworker", "kafka"])
        .timezone("browser")
        .readonly()
        .refresh("30s")
        .time("now-3h", "now")
        .tooltip(model.DashboardCursorSync.CROSSHAIR)
        .with_variable(dashboard.DatasourceVariable("datasource").label("Data source").type("prometheus"))
        .with_variable(_choice("instance", "Worker", "label_values(newsworker_build_info, instance)"))
        .with_variable(_choice("role", "Half", "label_values(newsworker_worker_state, role)"))
        .annotation(
            dashboard.AnnotationQuery()
            .name("Alerts")
            .datasource(DATASOURCE)
            .enable(True)
            .icon_color("red")
            .expr(ALERTS)
        )
    )


def _choice(name: str, label: str, query: str) -> dashboard.QueryVariable:
    # All is everything, not the list of what was found: a worker that is down is to be seen.
    return (
        dashboard.QueryVariable(name)
        .label(label)
        .datasource(DATASOURCE)
        .query(query)
        .refresh(model.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(model.VariableSort.ALPHABETICAL_ASC)
        .multi(True)
        .include_all(True)
        .all_value(".*")
        .current(model.VariableOption(selected=True, text=["All"], value=["$__all"]))
    )


def _panel(panel: Panel) -> Builder:
    made = KINDS[panel.kind](panel)
    made.title(panel.title).description(panel.description).unit(panel.unit).datasource(DATASOURCE)
    made.span(panel.width).height(STAT_HEIGHT if panel.kind == "stat" else panel.height)
    if panel.decimals is not None:
        made.decimals(panel.decimals)
    for letter, query in zip(ascii_uppercase, panel.queries, strict=False):
        made.with_target(_target(panel, query, letter))
    return made


def _target(panel: Panel, query: Query, letter: str) -> prometheus.Dataquery:
    target = prometheus.Dataquery().expr(query.expr).legend_format(query.legend).ref_id(letter).datasource(DATASOURCE)
    target.format(PromQueryFormat.HEATMAP if panel.kind == "heatmap" else PromQueryFormat.TIME_SERIES)
    return target.instant() if panel.instant else target.range()


def _stat(panel: Panel) -> stat.Panel:
    made = (
        stat.Panel()
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
        .color_mode(terms.BigValueColorMode.VALUE)
        .graph_mode(terms.BigValueGraphMode.NONE if panel.instant else terms.BigValueGraphMode.AREA)
        .text_mode(terms.BigValueTextMode.VALUE_AND_NAME)
    )
    return _judge(_paint(made, panel), panel)


def _lines(panel: Panel) -> lines.Panel:
    made = (
        lines.Panel()
        .axis_soft_min(0)
        .line_width(1)
        .fill_opacity(10)
        .show_points(terms.VisibilityMode.NEVER)
        .legend(_legend(["lastNotNull", "max"]))
        .tooltip(common.VizTooltipOptions().mode(terms.TooltipDisplayMode.MULTI).sort(terms.SortOrder.DESCENDING))
        .scale_distribution(_scale(panel))
    )
    if panel.max is not None:
        made.max(panel.max)
    if panel.thresholds:
        made.thresholds_style(common.GraphThresholdsStyleConfig().mode(terms.GraphThresholdsStyleMode.DASHED))
    return _judge(_paint(made, panel), panel).color_scheme(_colours(model.FieldColorModeId.PALETTE_CLASSIC))


def _stacked(panel: Panel) -> lines.Panel:
    return _lines(panel).fill_opacity(50).stacking(common.StackingConfig().mode(terms.StackingMode.NORMAL).group("A"))


def _heatmap(panel: Panel) -> heatmap.Panel:
    return (
        heatmap.Panel()
        .calculate(False)
        .y_axis(heatmap.YAxisConfig().unit(panel.unit))
        .cell_values(heatmap.CellValues().unit("short"))
        .color(heatmap.HeatmapColorOptions().mode(HeatmapColorMode.SCHEME).scheme("Oranges").steps(64))
        .mode(terms.TooltipDisplayMode.SINGLE)
        .show_legend()
    )


def _states(panel: Panel) -> statetimeline.Panel:
    made = statetimeline.Panel().merge_values(True).show_value(terms.VisibilityMode.AUTO).legend(_legend([]))
    return _paint(made, panel)


def _bars(panel: Panel) -> bargauge.Panel:
    made = (
        bargauge.Panel()
        .orientation(terms.VizOrientation.HORIZONTAL)
        .display_mode(terms.BarGaugeDisplayMode.BASIC)
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
        .color_scheme(_colours(model.FieldColorModeId.PALETTE_CLASSIC))
        .min(0)
    )
    return _judge(made, panel)


KINDS: Mapping[str, Callable[[Panel], Builder]] = {
    "stat": _stat,
    "lines": _lines,
    "stacked": _stacked,
    "heatmap": _heatmap,
    "states": _states,
    "bars": _bars,
}


def _legend(figures: list[str]) -> common.VizLegendOptions:
    mode = terms.LegendDisplayMode.TABLE if figures else terms.LegendDisplayMode.LIST
    legend = common.VizLegendOptions().show_legend(True).display_mode(mode)
    return legend.placement(terms.LegendPlacement.BOTTOM).calcs(figures)


def _scale(panel: Panel) -> common.ScaleDistributionConfig:
    if panel.scale == "log":
        return common.ScaleDistributionConfig().type(terms.ScaleDistribution.LOG).log(10)
    return common.ScaleDistributionConfig().type(terms.ScaleDistribution.LINEAR)


def _colours(mode: model.FieldColorModeId) -> dashboard.FieldColor:
    return dashboard.FieldColor().mode(mode)


def _judge(made: Judged, panel: Panel) -> Judged:
    steps = [model.Threshold(None, GOOD), *(model.Threshold(value, colour) for value, colour in panel.thresholds)]
    made.thresholds(dashboard.ThresholdsConfig().mode(model.ThresholdsMode.ABSOLUTE).steps(steps))
    return made


def _paint(made: Painted, panel: Panel) -> Painted:
    for pattern, colour in panel.colours.items():
        fixed = {"mode": "fixed", "fixedColor": colour}
        made.override_by_regexp(f"/{pattern}/", [model.DynamicConfigValue(id_val="color", value=fixed)])
    return made


def main(out: Path = OUT) -> None:
    """Write the dashboard."""
    out.parent.mkdir(exist_ok=True)
    out.write_text(JSONEncoder(sort_keys=True, indent=2).encode(build(read())) + "\n", "utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
