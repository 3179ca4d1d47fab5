"""Draw the picture of the dashboard that stands in the README: `make dashboard-picture` runs `python -m ops.draw`.

In: minutes. Out: deploy/grafana/dashboard.png, from a Prometheus that has watched a worker on the embedded broker under
a load that ebbs, with a flood and a time of bad messages in it.
"""

import argparse
import math
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ops.board import GRAFANA
from ops.watched import Watched, watched

PICTURE = GRAFANA / "dashboard.png"
ROWS = ("Now", "Throughput and errors")

SCRAPE_SECONDS = 2
RATE_INTERVAL = "12s"
PAUSE_SECONDS = 1.0

TIDE_SECONDS = 90
PAGES, SWELL = 12, 8
FLOOD, FLOOD_PAGES = 0.5, 350
"""Where in the time the flood comes, and how many pages at once."""

ILL, BAD = (0.2, 0.33), 4
"""Where in the time there are bad messages, and how many in a round; else one in every second round."""


def load(seen: Watched, seconds: float) -> None:
    """Produce rounds until the time is over."""
    began, number, is_flooded = time.monotonic(), 0, False
    while (gone := time.monotonic() - began) < seconds:
        flood = gone > FLOOD * seconds and not is_flooded
        is_flooded |= flood
        pages = FLOOD_PAGES if flood else PAGES + round(SWELL * math.sin(gone * math.tau / TIDE_SECONDS))
        bad = BAD if ILL[0] < gone / seconds < ILL[1] else number % 2
        seen.send(number, pages, bad)
        number += 1
        time.sleep(PAUSE_SECONDS)


def draw(minutes: float) -> None:
    """Watch a worker for so long, and draw what was seen."""
    with tempfile.TemporaryDirectory() as folder, watched(Path(folder), SCRAPE_SECONDS) as seen:
        load(seen, minutes * 60)
        end = time.time()
        options = ["--step", str(SCRAPE_SECONDS), "--rate-interval", RATE_INTERVAL, "--rows", *ROWS]
        given = [seen.prometheus.address, str(seen.started), str(end), str(PICTURE)]
        subprocess.run([sys.executable, str(GRAFANA / "picture.py"), *given, *options], check=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--minutes", type=float, default=5.0)
    draw(parser.parse_args().minutes)
