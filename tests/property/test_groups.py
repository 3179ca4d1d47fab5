"""Properties of groups: any links and vetoes, in any order."""

from collections.abc import Sequence
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from worker.dedup import groups
from worker.dedup.groups import Link, form_groups

ids = st.integers(0, 12)
links = st.lists(st.builds(Link, ids, ids, st.sampled_from([0.7, 0.8, 0.9])), max_size=24)
pairs = st.tuples(ids, ids).filter(lambda pair: pair[0] != pair[1])


def ends(some: Sequence[Link[int]]) -> list[tuple[int, int]]:
    """Return what links hold together."""
    return [(link.one, link.other) for link in some]


def members(found: dict[int, int]) -> list[set[int]]:
    """Return the groups as sets."""
    return [{one for one in found if found[one] == canonical} for canonical in set(found.values())]


@given(links, st.lists(pairs, max_size=8), st.data())
def test_groups_depend_on_the_set_of_links_alone(
    some: Sequence[Link[int]], vetoed: Sequence[tuple[int, int]], data: st.DataObject
) -> None:
    """Order, repeats and which of the two is named first make no difference."""
    shuffled = [Link(link.other, link.one, link.score) for link in data.draw(st.permutations(some))]
    turned = [(other, one) for one, other in data.draw(st.permutations(vetoed))]
    assert form_groups(shuffled + shuffled[:3], turned + turned[:2]) == form_groups(some, vetoed)


@given(links, st.lists(pairs, max_size=8))
def test_groups_keep_what_is_promised(some: Sequence[Link[int]], vetoed: Sequence[tuple[int, int]]) -> None:
    """The canonical id is the smallest member, no vetoed pair is inside, and none is too large."""
    with patch.object(groups, "MOST_MEMBERS", 5):
        found = form_groups(some, vetoed)
    assert found.keys() == {id_ for link in some for id_ in (link.one, link.other)} | {
        id_ for pair in vetoed for id_ in pair
    }
    assert all(min(group) == found[one] for group in members(found) for one in group)
    assert all(found[one] != found[other] for one, other in vetoed)
    assert all(len(group) <= 5 for group in members(found))


@given(links)
def test_without_vetoes_groups_are_the_connected_components(some: Sequence[Link[int]]) -> None:
    """Whatever is linked is together, and nothing else is."""
    found = form_groups(some, [])
    assert all(found[link.one] == found[link.other] for link in some)
    for group in members(found):
        reached, edge = set(), {min(group)}
        while edge:
            reached |= edge
            edge = {
                b for link in some for a, b in ((link.one, link.other), (link.other, link.one)) if a in edge
            } - reached
        assert reached == group
