"""What `newsworker dedupe` makes of whole feeds, held against floors that only rise.

A group is a connected component of links, so it may join what no comparison of two would.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest
from eval.composed import DATA, rows
from eval.floors import hold
from eval.titles import MOST_MERGED, bcubed

from worker.feed import dedupe_file
from worker.settings import Settings

needs_data = pytest.mark.skipif(
    not (DATA / "composed_dev.jsonl.zst").exists(),
    reason="the sets hold other people's texts and stay outside the repository",
)


def groups_of(folder: Path, lines: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the canonical id of each line."""
    feed, out = folder / "feed.jsonl", folder / "out.jsonl"
    feed.write_bytes(b"".join(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in lines))
    dedupe_file(str(feed), out, Settings(), 72)
    return [orjson.loads(answer)["canonical_id"] for answer in out.read_bytes().splitlines()]


def together(groups: Mapping[str, str], pairs: Sequence[Mapping[str, Any]], label: int) -> int:
    """Return how many pairs of a label are in one group."""
    return sum(groups[pair["url1"]] == groups[pair["url2"]] for pair in pairs if pair["label"] == label)


@needs_data
def test_wire_titles_as_a_feed(tmp_path: Path) -> None:
    """All titles as seen at once: those of one wire copy share a group, and few of different articles do."""
    articles = list(rows("wire/articles_dev"))
    lines = [{"id": one["url"], "headline": one["title"], "language": "ar"} for one in articles]
    groups = dict(zip((one["url"] for one in articles), groups_of(tmp_path, lines), strict=True))
    pairs = list(rows("wire/pairs_dev"))
    merged = together(groups, pairs, 0)
    print(f"wire titles as a feed: {merged} merged")
    hold("wire_feed_recall", together(groups, pairs, 1) / sum(pair["label"] for pair in pairs), "headlines")
    assert merged <= MOST_MERGED


@needs_data
def test_uci_as_a_feed_is_reported(tmp_path: Path) -> None:
    """BCubed of all its headlines; a story there is broad, so recall is low; no floor."""
    listed = list(rows("uci_headlines"))
    found = bcubed([row["story"] for row in listed], groups_of(tmp_path, listed))
    print(f"uci as a feed: BCubed precision {found.precision:.4f}, recall {found.recall:.4f}, F {found.f1:.4f}")
