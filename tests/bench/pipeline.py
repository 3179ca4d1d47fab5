"""How long one page takes through `pipeline.process`, against trafilatura on the same page as HTML (`make bench`).

Both run in turn in one process, so that a noisy machine slows both, in blocks of a few pages, as a worker reads page
after page; the figure is the ratio of the medians.
"""

import statistics
import time
from collections.abc import Callable
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

import trafilatura
from bench.footprint import start_and_weigh

from worker.decode import Limits, RawMessage
from worker.enrich.model import Wanted
from worker.pipeline import Context, process
from worker.settings import Settings

HERE = Path(__file__).parent
BULLETS = "•*-–"
ROUNDS = 20
BLOCK = 10
"""Calls of one before the other's turn."""
WARM_UP_ROUNDS = 5
WANTED = {
    "bare": Wanted(names=False, reported=False),
    "with_names": Wanted(reported=False),
    "with_all": Wanted(),
}
"""What is found in a page, by what the committed bounds call it."""


def as_bare_html(text: str) -> str:
    """Return the page with each line a `<p>` and each bullet an `<li>`, in a bare document."""
    rows = (line.strip() for line in text.split("\n"))
    body = "".join(_element(row) for row in rows if row)
    return f"<html><head><title></title></head><body>{body}</body></html>"


def _element(row: str) -> str:
    if row[0] in BULLETS:
        return f"<li>{escape(row.lstrip(BULLETS).strip())}</li>\n"
    return f"<p>{escape(row)}</p>\n"


def measure(ours: Callable[[], object], theirs: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Return the median seconds of both, run in turn, in blocks."""
    for _ in range(WARM_UP_ROUNDS):
        ours()
        theirs()
    mine, others = [], []
    for _ in range(rounds):
        mine += [seconds_of(ours) for _ in range(BLOCK)]
        others += [seconds_of(theirs) for _ in range(BLOCK)]
    return statistics.median(mine), statistics.median(others)


def seconds_of(work: Callable[[], object]) -> float:
    """Return how long a call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def page_ratio(text: str, rounds: int = ROUNDS, wanted: Wanted = WANTED["with_all"]) -> tuple[float, float, float]:
    """Return (our seconds, trafilatura's seconds, their ratio) for one text page."""
    settings = Settings()
    context = Context(Limits.of(settings), wanted=wanted)
    message = RawMessage(value=text.encode(), content_type="text/plain", timestamp_ms=0)
    html = as_bare_html(text)
    ours, theirs = measure(lambda: process(message, context), lambda: trafilatura.extract(html), rounds)
    return ours, theirs, ours / theirs


def main() -> None:
    """Print one line a page."""
    pages = {"own page": HERE / "page.txt", "sample page": HERE.parents[2] / "shared/data/seed/page.txt"}
    for name, path in pages.items():
        if not path.exists():
            print(f"{name}: skipped, {path.name} is not there")
            continue
        text = path.read_text("utf-8")
        for what, wanted in WANTED.items():
            ours, theirs, ratio = page_ratio(text, ROUNDS, wanted)
            print(
                f"{name} ({len(text)} characters, {what}): "
                f"pipeline {ours * 1e3:.2f} ms, trafilatura {theirs * 1e3:.2f} ms, ratio {ratio:.3f} (goal 0.333)"
            )
    with TemporaryDirectory() as folder:
        seconds, mebibytes = start_and_weigh(Path(folder))
    print(f"worker: ready after {seconds:.1f} s (bound 5), {mebibytes:.0f} MiB resident in all processes (bound 300)")


if __name__ == "__main__":
    main()
