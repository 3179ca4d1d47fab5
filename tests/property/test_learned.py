"""Properties of what is learned of sources: any order of arrival, any redelivery, and no other ids."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stream import Stream, lasting, one_for_each_place, seen

from worker.dedup import index, learned
from worker.dedup.memory import Place
from worker.dedup.rules import Rules
from worker.dedup.sighting import HeadlineSighting

WORDS = ("harbour", "bridge", "opens", "council", "storm", "ferry")
RULES = Rules(10 * 3600, 1000)
SOURCES = ("quxer.example", "blorb.example", "zeitung.example")
TAILS = ("", "", " | Qux", " - Qux", " | Blorb", " | Vardens Rim", " – Blorb")
NAMES = (None, "Qux")


@st.composite
def sightings(draw: st.DrawFn) -> HeadlineSighting:
    """Return a headline of a few words, mostly with something behind it; who printed it follows from its place."""
    words = draw(st.lists(st.sampled_from(WORDS), min_size=3, max_size=5, unique=True))
    headline = " ".join(words) + draw(st.sampled_from(TAILS))
    page, position, hours = draw(st.integers(0, 8)), draw(st.integers(0, 5)), draw(st.integers(0, 15))
    source, name = SOURCES[page % len(SOURCES)], NAMES[page % len(NAMES)]
    return replace(seen(headline, hours, page, source, name), position=position)


streams = st.lists(sightings(), min_size=4, max_size=24).map(one_for_each_place)


def affixes(stream: Stream) -> dict[Place, learned.Affix]:
    """Return what is learned, whatever its turn."""
    kept = {place: value for place, value in stream.kept.items() if place[0] == "index" and place[1][:1] == b"a"}
    return {place: replace(learned.decode(value), turn=0) for place, value in kept.items()}


@pytest.mark.parametrize(("least", "most_filed"), [(1, 32), (2, 32), (3, 32), (2, 2)])
@settings(max_examples=150, deadline=None)
@given(streams, st.data())
def test_order_and_redelivery_do_not_change_what_is_learned(
    least: int, most_filed: int, found: Sequence[HeadlineSighting], data: st.DataObject
) -> None:
    """Nor the records, links and places, though some were compared before it was learned, and where keys are full."""
    again = data.draw(st.lists(st.sampled_from(found), max_size=4))
    shuffled = data.draw(st.permutations([*found, *again]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(learned, "LEAST_HEADLINES", least)
        patch.setattr(index, "MOST_FILED", most_filed)
        one, other = Stream(RULES).take_all(shuffled), Stream(RULES).take_all(found)
    assert affixes(one) == affixes(other)
    assert one.headlines == other.headlines
    assert lasting(one) == lasting(other)


@settings(max_examples=50, deadline=None)
@given(streams)
def test_what_is_learned_moves_no_headline_to_another_place(found: Sequence[HeadlineSighting]) -> None:
    """Who is filed where, and under which id, does not depend on it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(learned, "LEAST_HEADLINES", 1)
        knowing = Stream(RULES).take_all(found)
    ignorant = Stream(RULES).take_all(replace(one, source=None, source_name=None) for one in found)
    assert filed(knowing) == filed(ignorant)


def filed(stream: Stream) -> dict[Place, bytes]:
    """Return the ids under each key."""
    return {place: value for place, value in stream.kept.items() if place[0] == "index" and place[1][:1] == b"k"}
