"""Properties of the stream's groups: any order of arrival, any redelivery, any crash."""

import json
import random
from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prose import prose
from stream import Stream, at, lasting, one_for_each_place

from worker import ids
from worker.dedup import around, index
from worker.dedup import stories as deciding
from worker.dedup.body import as_text, sketch
from worker.dedup.reading import key
from worker.dedup.rules import Rules
from worker.dedup.sighting import HeadlineSighting, StorySighting, realm_of

WORDS = ("harbour", "bridge", "opens", "council", "storm", "ferry", "closes", "school", "market", "railway")
FORMS = ("{}", "{}?", "BREAKING: {}", "{} - Reuters")
WINDOW_HOURS = 10
RULES = Rules(WINDOW_HOURS * 3600, 1000)


@st.composite
def sightings(draw: st.DrawFn, forms: Sequence[str] = FORMS) -> HeadlineSighting:
    """Return a headline of a few words out of a few, in one of its forms, at one of a few places and times."""
    words = draw(st.lists(st.sampled_from(WORDS), min_size=3, max_size=6, unique=True))
    page, position, hours = draw(st.integers(0, 5)), draw(st.integers(0, 5)), draw(st.integers(0, 30))
    headline = draw(st.sampled_from(forms)).format(" ".join(words))
    return HeadlineSighting(
        headline_id=ids.headline_id(key(headline)),
        headline=headline,
        language="en" if len(forms) == 1 else draw(st.sampled_from(["en", "nl"])),
        page_id=f"{page:032x}",
        url=f"https://example.org/{page}",
        position=position,
        seen_at=at(hours),
        in_list=True,
        page_verdict=None,
        page_match=None,
        story_id=None,
    )


streams = st.lists(sightings(), min_size=2, max_size=14).map(one_for_each_place)


@settings(max_examples=150, deadline=None)
@given(streams, st.data())
def test_order_and_redelivery_do_not_change_the_groups(found: list[HeadlineSighting], data: st.DataObject) -> None:
    """Any permutation with any duplicates ends in the same records, links and places."""
    again = data.draw(st.lists(st.sampled_from(found), max_size=4))
    shuffled = Stream(RULES).take_all(data.draw(st.permutations([*found, *again])))
    straight = Stream(RULES).take_all(found)
    assert shuffled.headlines == straight.headlines
    assert lasting(shuffled) == lasting(straight)


@settings(max_examples=100, deadline=None)
@given(st.lists(sightings(FORMS[:1]), min_size=8, max_size=24).map(one_for_each_place), st.data())
def test_neither_do_keys_that_are_full(found: list[HeadlineSighting], data: st.DataObject) -> None:
    """Who has to go from a key loses its links there, so that the end is the same.

    But for headlines whose first sighting turns out to be another one that reads otherwise: what they leave stays free.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "MOST_FILED", 2)
        shuffled = Stream(RULES).take_all(data.draw(st.permutations(found)))
        straight = Stream(RULES).take_all(found)
    assert shuffled.headlines == straight.headlines
    assert lasting(shuffled) == lasting(straight)


@settings(max_examples=150, deadline=None)
@given(st.lists(sightings(), min_size=8, max_size=24).map(one_for_each_place), st.data())
def test_neither_does_it_where_too_many_hang_together(found: list[HeadlineSighting], data: st.DataObject) -> None:
    """Each of them tells of the same groups, so that all have their records and none is taken back that never was.

    Some hang together anew when another one's first sighting reads otherwise.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(around, "MOST_MEMBERS", 3)
        shuffled = Stream(RULES).take_all(data.draw(st.permutations(found)))
        straight = Stream(RULES).take_all(found)
    assert shuffled.headlines == straight.headlines


@pytest.mark.parametrize("seed", range(3))
def test_neither_does_one_template_with_many_figures(seed: int) -> None:
    """Full keys whose headlines are mostly kept apart by their figures, some not: 1340 may be 1342, rounded."""
    found = [_ferry(number) for number in range(1300, 1500)]
    shuffled = Stream(RULES).take_all(random.Random(seed).sample(found, len(found)))
    straight = Stream(RULES).take_all(found)
    assert len(straight.headlines) < len(found)
    assert shuffled.headlines == straight.headlines
    assert lasting(shuffled) == lasting(straight)


def _ferry(number: int) -> HeadlineSighting:
    return _told(f"Ferry number {number} leaves the yard", number)


def _told(headline: str, number: int) -> HeadlineSighting:
    headline_id, page_id = ids.headline_id(key(headline)), f"{number:032x}"
    url = f"https://example.org/{number}"
    return HeadlineSighting(headline_id, headline, "en", page_id, url, 0, at(0), True, None, None, None)


BODIES = [prose(seed, 400) for seed in range(3)]
"""Of stories that have nothing in common; parts of one have."""


@st.composite
def stories(draw: st.DrawFn) -> StorySighting:
    """Return a story whose body is most of one of a few, at one of a few places."""
    words = draw(st.sampled_from(BODIES)).split()
    body = " ".join(words[draw(st.integers(0, 60)) : draw(st.integers(320, 400))])
    place, hours = draw(st.integers(0, 5)), draw(st.integers(0, 30))
    content, url = ids.content_id("", body), f"https://example.org/{place}"
    return StorySighting(
        ids.story_id(content, url),
        content,
        f"{place:032x}",
        url,
        at(hours),
        sketch=as_text(sketch(body)),
        script="Latn",
    )


@settings(max_examples=80, deadline=None)
@given(st.lists(stories(), min_size=2, max_size=12), st.data())
def test_order_and_redelivery_do_not_change_the_copies(found: list[StorySighting], data: st.DataObject) -> None:
    """Of near duplicates and later versions, too."""
    again = data.draw(st.lists(st.sampled_from(found), max_size=4))
    shuffled = Stream(RULES).take_all(data.draw(st.permutations([*found, *again])))
    assert shuffled.copies == Stream(RULES).take_all(found).copies


@settings(max_examples=80, deadline=None)
@given(st.lists(stories(), min_size=4, max_size=12), st.data())
def test_nor_do_they_where_only_the_earliest_are_compared_with_one_another(
    found: list[StorySighting], data: st.DataObject
) -> None:
    """The others follow the original, and are announced again when it is another."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deciding, "MOST_JUDGED", 2)
        shuffled = Stream(RULES).take_all(data.draw(st.permutations(found)))
        straight = Stream(RULES).take_all(found)
    assert shuffled.copies == straight.copies


def test_an_earlier_sighting_of_a_known_story_meets_the_versions_at_its_place() -> None:
    """What could not be a version of it before, seen at the same time, is one now."""
    words = BODIES[0].split()
    first, later = " ".join(words[:200]), " ".join([*words[:130], *BODIES[1].split()[:150]])
    seen = [_version(first, 0, 50), _version(first, 1, 51), _version(later, 1, 51)]
    ends = [Stream(RULES).take_all(order).copies for order in permutations(seen)]
    assert "update" in str(ends[0].values())
    assert all(end == ends[0] for end in ends)


def test_a_repeat_of_the_last_of_many_copies_keeps_its_first_time() -> None:
    """Though it is not among those that are judged again and again."""
    stream = Stream(RULES).take_all(
        _version(BODIES[0], place, place, f"https://example.org/{place}") for place in range(20)
    )
    before = dict(stream.copies)
    stream.take(_version(BODIES[0], 25, 99, "https://example.org/19"))
    assert stream.copies == before


def _version(body: str, hours: float, page: int, url: str = "https://example.org/at") -> StorySighting:
    content = ids.content_id("", body)
    return StorySighting(
        ids.story_id(content, url), content, f"{page:032x}", url, at(hours), sketch=as_text(sketch(body)), script="Latn"
    )


def test_headlines_of_two_scripts_never_meet() -> None:
    """Whether their realms share a partition or not."""
    found = [_told("Real Madrid - Barcelona 3-1", 0), _told("Real Madrid - Barcelona 3-1 прямая трансляция матча", 1)]
    assert len({realm_of(one) for one in found}) == len(found)
    assert len(Stream(RULES).take_all(found).headlines) == len(found)


def test_every_copy_of_a_near_duplicate_is_one_however_far_behind() -> None:
    """The sketch of a content is kept once, with its first copy, and stands for all."""
    words = BODIES[0].split()
    bodies = [" ".join(words[:390]), " ".join(words[10:])]
    seen = [_version(bodies[place // 20], place / 10, place, f"https://example.org/{place}") for place in range(40)]
    told = [json.loads(record)["status"] for record in Stream(RULES).take_all(seen).copies.values()]
    assert {status: told.count(status) for status in told} == {"original": 1, "duplicate": 19, "near_duplicate": 20}
