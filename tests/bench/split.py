"""How long decoding and splitting take, against trafilatura on the same pages as HTML (part of `make bench`).

In: the pages of `aeb`, as text dumps and as HTML. Out: for each of both the median over pages of our time over
trafilatura's. Both take each page in turn in one process, so that a noisy machine slows both.
"""

import statistics
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import trafilatura
from bench.pipeline import seconds_of
from eval.composed import DATA, rows

from worker.decode import RawMessage, decode
from worker.process import context_of
from worker.settings import Settings
from worker.split import split

GOALS = {"text": 0.2, "html": 0.5}
ROUNDS = 3
"""Turns on each page, of which the quickest counts."""

CONTENT_TYPES = {"text": "text/plain", "html": "text/html"}


def ratios(pages: Iterable[Mapping[str, Any]], rounds: int = ROUNDS) -> Mapping[str, float]:
    """Return the median ratios of pages that have `text` and `html`."""
    found: dict[str, list[float]] = {kind: [] for kind in GOALS}
    for page in pages:
        works = {kind: _work(str(page[kind]), content_type) for kind, content_type in CONTENT_TYPES.items()}
        theirs = _extract(str(page["html"]))
        turns = [(seconds_of(theirs), *map(seconds_of, works.values())) for _ in range(rounds)]
        quickest, *ours = map(min, zip(*turns, strict=True))
        for kind, own in zip(works, ours, strict=True):
            found[kind].append(own / quickest)
    return {kind: statistics.median(one) for kind, one in found.items()}


def _work(content: str, content_type: str) -> Callable[[], object]:
    limits = context_of(Settings()).limits
    message = RawMessage(value=content.encode(), content_type=content_type, timestamp_ms=0)

    def work() -> object:
        article = decode(message, limits).article
        return split(article.content, article.content_type)

    return work


def _extract(html: str) -> Callable[[], object]:
    return lambda: trafilatura.extract(html)


def main() -> None:
    """Print one line for text and one for HTML."""
    if not (DATA / "aeb.jsonl.zst").exists():
        print("aeb: skipped, it holds other people's texts and stays outside the repository")
        return
    for kind, ratio in ratios(rows("aeb")).items():
        print(f"aeb as {kind}: decoding and splitting take {ratio:.3f} of trafilatura's time (goal {GOALS[kind]})")


if __name__ == "__main__":
    main()
