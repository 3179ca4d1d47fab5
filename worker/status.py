"""The status page: what the worker is doing, for a person who has nothing but its port.

In: the metrics' samples, the health answers, the settings and the latest complaints, from the supervisor. Out: one HTML
page. It says nothing that the metrics, the log and `newsworker config` do not say; secrets are masked as there.
"""

import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from prometheus_client import Metric

from worker import __version__
from worker.complaints import Complaint
from worker.health import Answer, RoleHealth
from worker.htmlpage import begin, escape_text
from worker.settings import ENV_PREFIX, Settings, describe

WINDOW_SECONDS = 60.0
LOOK_SECONDS = 5.0
"""Rates are those of the last minute, from looks at the counters; before that, since the first look."""

REFRESH_SECONDS = 5
"""After so long a browser asks again."""

STYLE = """
span { white-space: pre-line } table.wrong th:last-child { width: 60% }
.ok { color: #14632a } .bad { color: #a11212; font-weight: 600 } .dim { color: #595959 }
td.number { text-align: end; font-variant-numeric: tabular-nums }
"""

NUMBER = re.compile(r"[0-9][0-9,.]*( MB| %)?")

Key = tuple[str, tuple[tuple[str, str], ...]]
Samples = Mapping[Key, float]
Row = Sequence[str]

COUNTERS = {
    "Messages": "newsworker_messages_total",
    "Records": "newsworker_records_published_total",
    "Dead letters": "newsworker_dead_letters_total",
    "Verdicts": "newsworker_verdicts_total",
    "Attempts to publish that failed": "newsworker_publish_failures_total",
}
"""The tables of counters, by their headings."""


def samples_of(metrics: Iterable[Metric]) -> Samples:
    """Return every sample by its name and labels."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for metric in metrics
        for sample in metric.samples
    }


class Rates:
    """How fast counters have risen lately."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Look at nothing yet; `clock` does not jump."""
        self._clock = clock
        self._looks: deque[tuple[float, Samples]] = deque()

    @property
    def is_due(self) -> bool:
        """Whether it is time for the next look."""
        return not self._looks or self._clock() - self._looks[-1][0] >= LOOK_SECONDS

    def look(self, samples: Samples) -> None:
        """Remember the counters as they are."""
        now = self._clock()
        self._looks.append((now, {key: value for key, value in samples.items() if key[0].endswith("_total")}))
        while len(self._looks) > 1 and now - self._looks[1][0] >= WINDOW_SECONDS:
            self._looks.popleft()

    def of(self, key: Key) -> float:
        """Return a counter's rise a second."""
        if not self._looks:
            return 0.0
        (began, first), (ended, last) = self._looks[0], self._looks[-1]
        return (last.get(key, 0) - first.get(key, 0)) / (ended - began) if ended > began else 0.0


@dataclass(frozen=True, slots=True)
class Status:
    """What the page shows."""

    settings: Settings
    healths: Mapping[str, RoleHealth]
    answers: Mapping[str, Answer]
    samples: Samples
    rates: Rates
    complaints: Sequence[Complaint]

    def render(self) -> str:
        """Return the page."""
        return "".join(self._page())

    def _page(self) -> Iterator[str]:
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        yield begin("newsworker", STYLE)
        yield f'<h1>newsworker {escape_text(__version__)}</h1><p class="dim">group {escape_text(self.settings.group)}, '
        yield f'broker {_shown(self.settings, "broker")}; {now}; <a href="/metrics">/metrics</a></p>\n'
        yield from map(_answer, self.answers, self.answers.values())
        yield from _table("Roles", ROLE_HEADS, map(self._role, self.healths))
        yield from _table("Went wrong lately", ("when", "role", "what", "details"), map(_complaint, self.complaints))
        yield from _table(
            "Partitions, those that went elsewhere with no lag",
            ("topic", "partition", "lag, messages", "lag, seconds"),
            self._partitions(),
        )
        for heading, name in COUNTERS.items():
            yield from self._counters(heading, name)
        yield from _table("Settings", ("setting", "value", "meaning"), _settings(self.settings))
        yield "</body></html>\n"

    def _role(self, role: str) -> Row:
        health = self.healths[role]
        return (
            role,
            health.state,
            str(health.partitions),
            f"{self._rate('newsworker_messages_consumed_total', role):.1f}",
            _count(self._value("newsworker_in_flight_messages", role)),
            f"{memory / 1e6:.0f} MB" if (memory := self._value("newsworker_resident_memory_bytes", role)) else "-",
            f"{100 * self._rate('newsworker_cpu_seconds_total', role):.0f} %",
        )

    def _partitions(self) -> Iterator[Row]:
        found = sorted(labels for name, labels in self.samples if name == "newsworker_lag_messages")
        for labels in sorted(found, key=lambda one: (dict(one)["topic"], int(dict(one)["partition"]))):
            place, lag = dict(labels), self.samples["newsworker_lag_messages", labels]
            seconds = self.samples.get(("newsworker_lag_seconds", labels), 0.0)
            yield place["topic"], place["partition"], _count(lag), f"{seconds:.0f}"

    def _counters(self, heading: str, name: str) -> Iterator[str]:
        keys = sorted(key for key in self.samples if key[0] == name)
        heads = (*(label for label, _ in keys[0][1]), "since the start", "a second") if keys else ()
        rows = (
            (*(value for _, value in key[1]), _count(self.samples[key]), f"{self.rates.of(key):.2f}") for key in keys
        )
        return _table(heading, heads, rows)

    def _value(self, name: str, role: str) -> float:
        return self.samples.get((name, (("role", role),)), 0.0)

    def _rate(self, name: str, role: str) -> float:
        return self.rates.of((name, (("role", role),)))


ROLE_HEADS = ("role", "state", "partitions", "messages a second", "in flight", "memory", "processor")


def _answer(path: str, answer: Answer) -> str:
    looks = "ok" if answer.healthy else "bad"
    return f'<p><a href="{path}">{path}</a> <span class="{looks}">{escape_text(answer.text.strip())}</span></p>\n'


def _table(heading: str, heads: Row, rows: Iterable[Row]) -> Iterator[str]:
    """Yield a table; nothing where it has no rows."""
    lines = [_row(row) for row in rows]
    if lines:
        looks = ' class="wrong"' if "details" in heads else ""
        yield f"<h2>{heading}</h2><table{looks}><thead><tr>"
        yield from (f"<th>{head}</th>" for head in heads)
        yield "</tr></thead><tbody>\n"
        yield from lines
        yield "</tbody></table>\n"


def _row(cells: Row) -> str:
    return f"<tr>{''.join(map(_cell, cells))}</tr>\n"


def _cell(text: str) -> str:
    looks = ' class="number"' if NUMBER.fullmatch(text) else ""
    return f"<td{looks}>{escape_text(text)}</td>"


def _count(number: float) -> str:
    return f"{number:,.0f}"


def _complaint(one: Complaint) -> Row:
    details = "\n".join(f"{name}: {value}" for name, value in one.fields.items())
    return one.timestamp, one.role, f"{one.level} {one.event}", details


def _settings(settings: Settings) -> Iterator[Row]:
    for name, value, meaning in describe(settings):
        yield f"{ENV_PREFIX}{name.upper()}", value, meaning


def _shown(settings: Settings, name: str) -> str:
    return escape_text(next(value for found, value, _ in describe(settings) if found == name))
