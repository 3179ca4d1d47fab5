"""Articles of seven papers, many of them the same wire reports: read from the shared data folder as story sightings.

In: `wire/articles_dev` and `wire/pairs_dev`. Out: a sighting for each article, the pairs of copies and of other news,
and what the dedup room makes of them. The texts belong to their publishers and stay outside the repository.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from eval.composed import rows

from worker import ids
from worker.dedup.bands import find_keys
from worker.dedup.body import as_text, sketch
from worker.dedup.copies import judge, link
from worker.dedup.normalise import key
from worker.dedup.sighting import StorySighting

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Wire:
    """Sightings by URL; the pairs of URLs that are copies of one report, and those that are different news."""

    sightings: Mapping[str, StorySighting]
    copies: Collection[Pair]
    others: Collection[Pair]


def read_wire() -> Wire:
    """Return the wire set."""
    pairs = [((row["url1"], row["url2"]), row["label"]) for row in rows("wire/pairs_dev")]
    return Wire(
        {row["url"]: sight(row) for row in rows("wire/articles_dev")},
        [pair for pair, label in pairs if label == 1],
        [pair for pair, label in pairs if label == 0],
    )


def sight(row: Mapping[str, Any]) -> StorySighting:
    """Return the sighting of an article, seen when it was published."""
    page_id = ids.page_id(row["body"], "text/plain", row["url"], None)
    content_id = ids.content_id(key(row["title"]), row["body"])
    return StorySighting(
        story_id=ids.story_id(content_id, row["url"]),
        content_id=content_id,
        page_id=page_id,
        url=row["url"],
        seen_at=row["date"].replace(" ", "T") + "Z",
        canonical_url=row["url"],
        sketch=as_text(sketch(row["body"])),
    )


def first_version(row: Mapping[str, Any], part: float) -> StorySighting:
    """Return an earlier sighting of an article, which then held only so much of its body."""
    words = row["body"].split(" ")
    begun = {**row, "body": " ".join(words[: round(len(words) * part)])}
    return replace(sight(begun), seen_at="2015-01-01T00:00:00Z")


def meeting(sightings: Iterable[StorySighting]) -> set[Pair]:
    """Return the pairs of story ids that share a key."""
    filed: defaultdict[int, list[str]] = defaultdict(list)
    for one in sightings:
        for found in find_keys(one):
            filed[found].append(one.story_id)
    return {pair for stories in filed.values() for pair in combinations(sorted(stories), 2)}


def find_groups(wire: Wire) -> dict[str, str]:
    """Return the original's story id for each story: of those that meet and are linked, judged group by group."""
    by_id = {one.story_id: one for one in wire.sightings.values()}
    linked = [pair for pair in meeting(by_id.values()) if link(by_id[pair[0]], by_id[pair[1]])]
    members: defaultdict[str, list[StorySighting]] = defaultdict(list)
    for story_id, group in connect(by_id, linked).items():
        members[group].append(by_id[story_id])
    return {copy.story_id: copy.of or copy.story_id for group in members.values() for copy in judge(group)}


def connect(names: Iterable[str], pairs: Iterable[Pair]) -> dict[str, str]:
    """Return the smallest name of what hangs together with each name."""
    groups = {name: {name} for name in names}
    for one, other in pairs:
        if groups[one] is not groups[other]:
            groups[one] |= groups[other]
            groups.update(dict.fromkeys(groups[one], groups[one]))
    return {name: min(group) for name, group in groups.items()}


def bcubed(gold: Mapping[str, str], found: Mapping[str, str]) -> float:
    """Return the BCubed F of groups, both given by a name of its group for each story (Bagga and Baldwin 1998)."""
    both = Counter((gold[name], found[name]) for name in gold)
    in_gold, in_found = Counter(gold.values()), Counter(found.values())
    precision = sum(both[gold[name], found[name]] / in_found[found[name]] for name in gold) / len(gold)
    recall = sum(both[gold[name], found[name]] / in_gold[gold[name]] for name in gold) / len(gold)
    return 2 * precision * recall / (precision + recall)
