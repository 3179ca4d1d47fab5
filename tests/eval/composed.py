"""Pages put together from real articles: read from the shared data folder and compared with the splitter line by line.

The texts belong to their publishers and stay outside the repository; without the folder there is nothing to measure.
"""

import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zstandard

from worker.split import split
from worker.split.model import Block, SplitPage

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

CLASSES = ("main", "embedded", "related", "rest")
BODY_ROLES = frozenset({"paragraph", "subhead", "caption"})


def rows(name: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of a data file; lines end at a line feed only."""
    with (DATA / f"{name}.jsonl.zst").open("rb") as file:
        stream = zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(file)
        for line in io.TextIOWrapper(stream, "utf-8", newline="\n"):
            yield json.loads(line)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One page: the class of each line as labelled and as split, and what else was found."""

    gold: tuple[str, ...]
    found: tuple[str, ...]
    embedded_is_right: bool | None
    related_recall: float

    @property
    def is_right(self) -> bool:
        """Whether every line's class is right."""
        return self.gold == self.found


def judge(row: dict[str, Any]) -> Verdict:
    """Split a page and compare it with its labels."""
    page = split(row["text"], "text/plain")
    lines = tuple(_line_classes(row, page))
    headline = row["gold"]["embedded_title"]
    wanted = [entry["headline"].strip() for entry in row["gold"]["related"]]
    got = Counter(item.headline for item in page.related)
    return Verdict(
        gold=tuple(gold for gold, _ in lines),
        found=tuple(found for _, found in lines),
        embedded_is_right=(_embedded_headline(page) == headline.strip()) if headline else None,
        related_recall=sum((Counter(wanted) & got).values()) / len(wanted) if wanted else 1.0,
    )


def _line_classes(row: dict[str, Any], page: SplitPage) -> Iterator[tuple[str, str]]:
    end = 0
    for line in row["lines"]:
        shown = line["line"].strip()
        start = row["text"].index(shown, end)
        end = start + len(shown)
        gold = line["label"] if line["label"] in CLASSES else "rest"
        yield gold, _class_of(page, [block for block in page.blocks if block.start < end and block.end > start])


def _class_of(page: SplitPage, blocks: list[Block]) -> str:
    classes = {_block_class(page, block) for block in blocks}
    return classes.pop() if len(classes) == 1 else "mixed"


def _block_class(page: SplitPage, block: Block) -> str:
    if block.role == "related_item":
        return "related"
    if block.role not in BODY_ROLES or block.story is None:
        return "rest"
    return page.stories[block.story].kind


def _embedded_headline(page: SplitPage) -> str | None:
    headlines = (story.headline for story in page.stories if story.kind == "embedded")
    return next((headline.of(page.text) for headline in headlines if headline), None)


def macro_f1(verdicts: list[Verdict]) -> float:
    """Return the mean F1 of the four line classes over all pages' lines."""
    pairs = Counter(pair for verdict in verdicts for pair in zip(verdict.gold, verdict.found, strict=True))
    return sum(_f1(pairs, name) for name in CLASSES) / len(CLASSES)


def _f1(pairs: Counter[tuple[str, str]], name: str) -> float:
    hits = pairs[name, name]
    labelled = sum(count for (gold, _), count in pairs.items() if gold == name)
    found = sum(count for (_, got), count in pairs.items() if got == name)
    return 2 * hits / (labelled + found) if labelled + found else 1.0
