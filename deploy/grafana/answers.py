"""What a Prometheus server answers to a query of the dashboard, for the picture.

In: a query with its legend, as the dashboard has them. Out: series with their names.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen


@dataclass(frozen=True, slots=True)
class Series:
    """A series with its name in the legend."""

    name: str
    labels: Mapping[str, str]
    times: Sequence[float]
    values: Sequence[float]

    @property
    def last(self) -> float:
        """The last value that is a number."""
        return next((value for value in reversed(self.values) if math.isfinite(value)), math.nan)


@dataclass(frozen=True, slots=True)
class Span:
    """What is asked: a server, from when to when, in what steps, and what stands for the variables."""

    address: str
    start: float
    end: float
    step: float
    chosen: Mapping[str, str]

    def ask(self, target: Mapping[str, Any]) -> list[Series]:
        """Return the series of a query that have a number."""
        expr = re.sub(r"\$\w+", lambda found: self.chosen[found[0]], target["expr"])
        times = {"time": self.end} if target["instant"] else {"start": self.start, "end": self.end, "step": self.step}
        verb = "query" if target["instant"] else "query_range"
        with urlopen(f"http://{self.address}/api/v1/{verb}?{urlencode({'query': expr, **times})}") as answer:
            found = [_series(one, target["legendFormat"]) for one in json.load(answer)["data"]["result"]]
        return [one for one in found if math.isfinite(one.last)]


def _series(one: Mapping[str, Any], legend: str) -> Series:
    labels = one["metric"]
    name = re.sub(r"\{\{(\w+)\}\}", lambda found: labels.get(found[1], ""), legend).strip()
    times, values = zip(*one.get("values", [one.get("value")]), strict=True)
    return Series(name, labels, times, [float(value) for value in values])
