"""Groups of headlines."""

from worker.dedup.groups import MOST_MEMBERS, Link, form_groups


def test_a_group_is_what_links_hold_together() -> None:
    """Its canonical id is the smallest; who has no link is not named."""
    links = [Link("b", "c", 0.9), Link("c", "d", 0.7), Link("x", "y", 0.8)]
    assert form_groups(links, []) == {"b": "b", "c": "b", "d": "b", "x": "x", "y": "x"}


def test_a_vetoed_pair_is_never_in_one_group() -> None:
    """What is like both stands with the one that it is more like."""
    links = [Link("dozens killed", "52 killed", 0.9), Link("dozens killed", "61 killed", 0.8)]
    found = form_groups(links, [("61 killed", "52 killed")])
    assert found == {"dozens killed": "52 killed", "52 killed": "52 killed", "61 killed": "61 killed"}


def test_a_veto_parts_two_groups_that_a_link_between_others_would_join() -> None:
    """The link that would bring the two together is left out, and only that one."""
    links = [Link("a", "b", 0.9), Link("c", "d", 0.9), Link("b", "c", 0.8)]
    assert form_groups(links, [("a", "d")]) == {"a": "a", "b": "a", "c": "c", "d": "c"}


def test_a_pair_that_is_linked_and_vetoed_is_apart() -> None:
    """No veto is outvoted."""
    assert form_groups([Link(1, 2, 1.0)], [(2, 1)]) == {1: 1, 2: 2}


def test_equal_scores_are_taken_by_ids() -> None:
    """Of two links that cannot both hold, the one of the smaller ids does."""
    assert form_groups([Link(2, 3, 0.9), Link(1, 2, 0.9)], [(1, 3)]) == {1: 1, 2: 1, 3: 3}


def test_a_chain_that_is_too_long_is_parted() -> None:
    """No group has more members than it may, and nobody is lost."""
    links = [Link(number, number + 1, 0.9) for number in range(3 * MOST_MEMBERS)]
    found = form_groups(links, [])
    sizes = [list(found.values()).count(canonical) for canonical in set(found.values())]
    assert max(sizes) == MOST_MEMBERS
    assert sum(sizes) == 3 * MOST_MEMBERS + 1
