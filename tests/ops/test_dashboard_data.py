"""Every query of the dashboard, asked of a real Prometheus that watches a real worker under load: none is empty."""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ops.board import GRAFANA, NAMES, PANELS, TARGETS, VARIABLES, asked, name_of
from ops.watched import Watched, watched
from PIL import Image
from prometheus_server import Series

ROUNDS = 6
PAGES = 12
BAD = 4
"""Of each round: few enough among its good pages that the breaker stays closed."""

COLOURED, MARKS = 60, 40
"""By how much a pixel's brightest channel is above its darkest, and how many such pixels a panel has at least: its
background and its title are grey."""

pytestmark = pytest.mark.full


@dataclass(frozen=True, slots=True)
class Load:
    """A load that is over: who watched it, and when it ended."""

    watched: Watched
    ended: float

    def answer(self, target: Mapping[str, Any]) -> list[Series]:
        """Return what a query of the dashboard gives."""
        server = self.watched.prometheus
        if target["instant"]:
            return server.query(asked(target), self.ended)
        return server.query_range(asked(target), self.watched.started, self.ended, self.watched.scrape_seconds)

    def last(self, title: str) -> dict[str, float]:
        """Return the last values of the first panel of this title, by their names."""
        target = next(panel for panel in PANELS if panel["title"] == title)["targets"][0]
        return {name_of(series, target): series.last for series in self.answer(target)}


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Load]:
    """Load a worker in rounds, the last of them when all that is measured now and then has been measured."""
    with watched(tmp_path_factory.mktemp("watched")) as seen:
        for number in range(ROUNDS):
            _load(seen, number)
        seen.worker.wait_until(lambda: seen.worker.metric("newsworker_dedup_bytes", table="headline"), what="measured")
        _load(seen, ROUNDS)
        yield Load(seen, seen.settle())


def _load(seen: Watched, number: int) -> None:
    seen.send(number, PAGES, BAD)
    seen.settle()


@pytest.mark.parametrize("target", [target for _, target in TARGETS], ids=NAMES)
def test_a_query_has_data(load: Load, target: Mapping[str, Any]) -> None:
    """It gives numbers, and each of its series has a name of its own."""
    found = load.answer(target)
    names = [name_of(series, target) for series in found]
    assert any(series.has_number() for series in found)
    assert all(names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda variable: variable["name"])
def test_a_variable_has_its_choices(load: Load, variable: Mapping[str, Any]) -> None:
    """The workers by their addresses, and the halves by their names."""
    found = re.fullmatch(r"label_values\((\w+), (\w+)\)", variable["query"])
    assert found
    address = load.watched.worker.events("serving")[0]["url"].removeprefix("http://")
    choices = {"instance": [address], "role": ["dedupe", "split"]}[variable["name"]]
    assert load.watched.prometheus.label_values(found[2], found[1]) == choices


def test_panels_tell_the_truth(load: Load) -> None:
    """What they show is what was sent and what the worker says of itself."""
    letters = load.last("Dead letters since the start")
    assert sum(letters.values()) == BAD * (ROUNDS + 1)
    assert load.last("Workers by state") == {"split running": 1, "dedupe running": 1}
    assert load.last("Books") == {"split": 0, "dedupe": 0}
    assert set(load.last("Messages passed over").values()) == {0}
    assert load.last("Partitions assigned") == {"split": 2, "dedupe": 2}
    assert load.last("Scrapes that fail") == {"workers": 0}


def test_the_panels_of_trouble_show_0_without_trouble(load: Load) -> None:
    """Not nothing, which might be a query that is wrong."""
    assert load.last("Publish failures") == {"none": 0}
    assert load.last("Alerts firing") == {"none": 0}
    assert load.last("Publishing repeated") == {"split": 0, "dedupe": 0}
    assert load.last("Breaker open") == {"processes": 0}


def test_what_was_sent_is_found_in_its_kinds(load: Load) -> None:
    """Repeats, near repeats and new headlines; pages with and without a story, null values and dead letters."""
    assert {"new", "repeat"} <= load.last("Verdicts").keys()
    assert {"exact", "normalised", "near", "none"} <= load.last("How repeats were found").keys()
    assert load.last("Pages by outcome").keys() == {"published", "no_story", "tombstone", "dead_letter"}


def test_a_picture_is_drawn_of_every_panel(load: Load, tmp_path: Path) -> None:
    """In the grid of the dashboard, without a word of complaint, and each panel has more than its background."""
    out = tmp_path / "dashboard.png"
    span = [load.watched.prometheus.address, str(load.watched.started), str(load.ended)]
    command = [sys.executable, str(GRAFANA / "picture.py"), *span, str(out), "--step", "1", "--rate-interval", "15s"]
    drawn = subprocess.run(command, check=True, capture_output=True, text=True, timeout=240)
    assert drawn.stderr == ""
    pixels = np.asarray(Image.open(out).convert("RGB")).astype(int)
    lines = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in PANELS)
    across, down = pixels.shape[1] / 24, pixels.shape[0] / lines
    for panel in PANELS:
        x, y, width, height = (panel["gridPos"][name] for name in "xywh")
        part = pixels[int(y * down) : int((y + height) * down), int(x * across) : int((x + width) * across)]
        assert np.count_nonzero(np.ptp(part, axis=2) > COLOURED) > MARKS, panel["title"]
