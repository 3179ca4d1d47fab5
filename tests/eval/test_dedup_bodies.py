"""How well copies and later versions of wire reports are found by their bodies."""

from functools import cache

import pytest
from eval.composed import DATA, rows
from eval.floors import hold
from eval.wire import Wire, bcubed, connect, find_groups, first_version, meeting, read_wire, sight

from worker.dedup.copies import judge

pytestmark = pytest.mark.skipif(
    not (DATA / "wire/pairs_dev.jsonl.zst").exists(),
    reason="the wire set is not there: it holds other people's texts and stays outside the repository",
)

wire = cache(read_wire)


def test_copies_meet() -> None:
    """Two papers' copies of a report share a key; how many more meet is printed."""
    met = meeting(wire().sightings.values())
    pairs = story_pairs(wire())
    print(f"stories that meet one: {2 * len(met) / len(wire().sightings):.1f}")
    hold("wire_bodies_met", len(pairs & met) / len(pairs), "bodies")


def story_pairs(data: Wire) -> set[tuple[str, str]]:
    """Return the pairs of copies by their story ids, in the order of `meeting`."""
    ids = {url: one.story_id for url, one in data.sightings.items()}
    return {(min(ids[one], ids[other]), max(ids[one], ids[other])) for one, other in data.copies}


def test_groups_of_copies() -> None:
    """Copies share their original, and groups are those of the labelled pairs; different news never share one."""
    found = find_groups(wire())
    ids = {url: one.story_id for url, one in wire().sightings.items()}
    together = [found[ids[one]] == found[ids[other]] for one, other in wire().copies]
    gold = connect(found, story_pairs(wire()))
    assert not [pair for pair in wire().others if found[ids[pair[0]]] == found[ids[pair[1]]]]
    hold("wire_bodies_pair_recall", sum(together) / len(together), "bodies")
    hold("wire_bodies_bcubed_f", bcubed(gold, found), "bodies")


@pytest.mark.parametrize("part", [10, 50, 90])
def test_later_versions(part: int) -> None:
    """A report that first held a part of its body, in percent, is an update at the same URL, and never the original."""
    versions = [judge([first_version(row, part / 100), sight(row)]) for row in rows("wire/articles_dev")]
    hold(
        f"wire_bodies_update_from_{part}",
        sum(found[-1].status == "update" for found in versions) / len(versions),
        "bodies",
    )
