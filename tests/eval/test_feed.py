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


NAMES = ("طرنجسة الغد", "زركشان", "مخلابة", "هفهوف", "قزدير اليم", "بلنوصة", "شخبوط", "نغنوغ الصباح")
"""Made up, one for each paper."""


def hold_wire(folder: Path, floor: str, *, are_named: bool) -> None:
    """Hold how many titles of one wire copy share a group in a feed of all, and how few of different articles do."""
    articles = list(rows("wire/articles_dev"))
    names = dict(zip(sorted({one["source"] for one in articles}), NAMES, strict=False))
    lines = [
        {"id": one["url"], "headline": f"{one['title']} | {names[one['source']]}", "source": one["source"]}
        if are_named
        else {"id": one["url"], "headline": one["title"], "language": "ar"}
        for one in articles
    ]
    groups = dict(zip((one["url"] for one in articles), groups_of(folder, lines), strict=True))
    pairs = list(rows("wire/pairs_dev"))
    merged = together(groups, pairs, 0)
    print(f"{floor}: {merged} merged")
    hold(floor, together(groups, pairs, 1) / sum(pair["label"] for pair in pairs), "headlines")
    assert merged <= MOST_MERGED


@needs_data
def test_wire_titles_as_a_feed(tmp_path: Path) -> None:
    """All titles as seen at once: those of one wire copy share a group, and few of different articles do."""
    hold_wire(tmp_path, "wire_feed_recall", are_named=False)


@needs_data
def test_names_that_no_lexicon_knows_part_no_wire_titles(tmp_path: Path) -> None:
    """As many share a group with a name behind each, because it is learned; without a source .25 would."""
    hold_wire(tmp_path, "wire_named_feed_recall", are_named=True)


@needs_data
def test_uci_as_a_feed_is_reported(tmp_path: Path) -> None:
    """BCubed of all its headlines; a story there is broad, so recall is low; no floor."""
    listed = list(rows("uci_headlines"))
    found = bcubed([row["story"] for row in listed], groups_of(tmp_path, listed))
    print(f"uci as a feed: BCubed precision {found.precision:.4f}, recall {found.recall:.4f}, F {found.f1:.4f}")
