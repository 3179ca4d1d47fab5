"""Properties of sketches and copies: any body, any order, any repetition."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st
from prose import prose

from worker import ids
from worker.dedup.body import NOTHING, as_text, compare, read, sketch
from worker.dedup.copies import Judged, judge, link
from worker.dedup.sighting import StorySighting, decode, encode, precedence

PARTS = [prose(seed, 20) for seed in range(4)]
bodies = st.lists(st.sampled_from(PARTS), max_size=5).map(" ".join)
texts = st.text(st.characters(), max_size=60) | st.text("ab \u0301\ud800中国กขค\ufdfa\n", max_size=200)


@st.composite
def sightings(draw: st.DrawFn) -> StorySighting:
    """Return a sighting of one of a few bodies at one of a few places; equal bodies may have different headlines."""
    body, headline, place = draw(bodies), draw(st.integers(0, 1)), draw(st.integers(0, 2))
    content = ids.content_id(str(headline), body)
    url = f"https://example.org/{place}" if place else None
    return StorySighting(
        story_id=ids.story_id(content, str(place)),
        content_id=content,
        page_id=f"{draw(st.integers(0, 3)):032x}",
        url=url,
        seen_at=f"2025-03-0{draw(st.integers(1, 4))}T06:00:00Z",
        canonical_url=url if draw(st.booleans()) else None,
        sketch=as_text(sketch(body)) if draw(st.integers(0, 5)) else None,
    )


groups = st.lists(sightings(), max_size=8)


@settings(max_examples=300, deadline=None)
@given(groups, st.data())
def test_order_and_repetition_change_no_verdict(stories: Sequence[StorySighting], data: st.DataObject) -> None:
    """Any permutation with any repetition gives the same records."""
    again = data.draw(st.lists(st.sampled_from(stories), max_size=4)) if stories else []
    assert judge(data.draw(st.permutations([*stories, *again]))) == judge(stories)


@settings(max_examples=300, deadline=None)
@given(groups.filter(bool))
def test_a_story_behind_others_is_told_as_if_it_were_one_of_them(stories: Sequence[StorySighting]) -> None:
    """Though these are compared with one another only once for all that follow."""
    *others, last = sorted({one.story_id: one for one in stories}.values(), key=precedence)
    sketches = {one.content_id: one.sketch for one in (last, *others) if one.sketch}
    *others, last = (replace(one, sketch=sketches.get(one.content_id)) for one in (*others, last))
    if all(precedence(one) < precedence(last) for one in others):
        assert Judged.of(others).copy_of(last) == judge([*others, last])[-1]


@settings(max_examples=300, deadline=None)
@given(groups)
def test_every_story_has_one_verdict_and_every_copy_an_earlier_original(stories: Sequence[StorySighting]) -> None:
    """`of` names an original of the group that precedes the copy; an original names nobody."""
    found = judge(stories)
    originals = {copy.story_id: copy for copy in found if copy.status == "original"}
    place = {copy.story_id: number for number, copy in enumerate(found)}
    assert sorted(place) == sorted({one.story_id for one in stories})
    assert len(place) == len(found)
    for copy in found:
        assert (copy.of is None) == (copy.story_id in originals) == (copy.score is None)
        assert copy.of is None or (copy.of in originals and place[copy.of] < place[copy.story_id])


@settings(max_examples=200, deadline=None)
@given(groups)
def test_stories_share_an_original_just_where_they_hang_together(stories: Sequence[StorySighting]) -> None:
    """By links of pairs, each found without the others."""
    # Without a sketch, a story is as like others as the next of its content that has one: known to the group alone.
    distinct = {one.story_id: one for one in sorted(stories, key=precedence, reverse=True) if one.sketch}
    found = {copy.story_id: copy.of or copy.story_id for copy in judge(distinct.values())}
    groups = {name: {name} for name in distinct}
    for one, other in combinations(distinct.values(), 2):
        if link(one, other):
            groups[one.story_id] |= groups[other.story_id]
            groups.update(dict.fromkeys(groups[one.story_id], groups[one.story_id]))
    for one, other in combinations(distinct, 2):
        assert (found[one] == found[other]) == (groups[one] is groups[other])


@settings(max_examples=200, deadline=None)
@given(texts, texts)
def test_any_body_has_a_sketch_that_can_travel(one: str, other: str) -> None:
    """It is read as it was written, is like itself, and the likeness of two is the same from both sides."""
    first, second = sketch(one), sketch(other)
    sighting = StorySighting("0" * 32, "0" * 32, "0" * 32, None, "2025-03-01T06:00:00Z", None, as_text(first))
    here, there = compare(first, second), compare(second, first)
    assert decode(encode(sighting)) == sighting
    assert read(as_text(first)) is not None
    assert compare(first, first).jaccard == (0 if compare(first, first) == NOTHING else 1)
    assert (here.jaccard, here.of_one, here.of_other) == (there.jaccard, there.of_other, there.of_one)
    assert 0 <= here.jaccard <= min(here.of_one, here.of_other) <= here.containment <= 1


@settings(max_examples=200, deadline=None)
@given(st.text("AQ=+/é", max_size=30))
def test_whatever_stands_in_a_sighting_for_a_sketch_is_judged(text: str) -> None:
    """What cannot be read counts as none."""
    damaged = StorySighting("0" * 32, "1" * 32, "0" * 32, None, "2025-03-01T06:00:00Z", None, text)
    assert [copy.status for copy in judge([damaged, replace(damaged, story_id="2" * 32, content_id="3" * 32)])] == [
        "original",
        "original",
    ]
