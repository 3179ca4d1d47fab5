"""Properties of deduplication: any headline, any order of arrival, any redelivery."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from stream import Stream

from worker.dedup import state as states
from worker.dedup.normalise import as_shown, key
from worker.dedup.page import PageStory, relate
from worker.dedup.sighting import HeadlineSighting, Sighting, StorySighting, decode, encode
from worker.dedup.state import decode_headline, decode_story
from worker.split.model import RelatedItem

TRICKY = (
    "اأإآٱىيیةهہھكکؤئءـ\u064e\u0651\u0653\u0654\u0345\u0301"
    "\u0307\u0308İıIißΆάςᾳ\u200c\u200d\u200f\u00ad\ufe0f…!؟ ٢۲२²½ﷺﻻ\u1100\u1161"
)
headlines = st.text(max_size=40) | st.text(alphabet=TRICKY, max_size=12)
times = st.integers(0, 5).map(lambda n: f"2025-02-27T01:36:3{n // 2}{'.500' if n % 2 else ''}Z")


def ids_of(prefix: str, count: int) -> st.SearchStrategy[str]:
    """Return a few ids, so that draws collide."""
    return st.integers(0, count - 1).map(lambda n: f"{prefix}{n}".ljust(32, "0"))


@st.composite
def headline_sightings(draw: st.DrawFn) -> HeadlineSighting:
    """Return a sighting whose printed form, language and URL follow from its place, as they do on a page."""
    page_id, position, in_list = draw(ids_of("a", 3)), draw(st.integers(0, 2)), draw(st.booleans())
    verdict = draw(st.sampled_from([None, "repeat_in_page"])) if in_list and position else None
    return HeadlineSighting(
        headline_id=draw(ids_of("b", 2)),
        headline=f"Bridge opens{'!' * position}",
        language="en",
        page_id=page_id,
        url=f"https://example.org/{page_id}",
        position=position,
        seen_at=draw(times),
        in_list=in_list,
        page_verdict=verdict,
        page_match="normalised" if verdict else None,
        story_id=None,
    )


@st.composite
def story_sightings(draw: st.DrawFn) -> StorySighting:
    """Return a sighting of one of a few contents at one of a few places; a page is at one place."""
    place, crawl, content = draw(st.integers(0, 3)), draw(st.integers(0, 1)), draw(st.integers(0, 1))
    page_id = f"c{place:015x}{crawl:016x}"
    return StorySighting(
        f"d{place:015x}{content:016x}",
        f"e{content}".ljust(32, "0"),
        page_id,
        f"https://example.org/{page_id}",
        draw(times),
    )


def last_records(sightings: Sequence[Sighting]) -> dict[tuple[str, str], str]:
    """Return the last headline and copy record of each key, and the final states, after these arrivals."""
    stream = Stream().take_all(sightings)
    headlines = {("headline", key): record for key, record in stream.headlines.items()}
    copies = {("copy", key): record for key, record in stream.copies.items()}
    return headlines | copies | {("state", key.hex()): value.decode() for key, value in _states(stream).items()}


def _states(stream: Stream) -> dict[bytes, bytes]:
    """Return what is known of headlines, whatever their turn, and of stories."""
    headlines = {key: decode_headline(value) for (table, key), value in stream.kept.items() if table == "headline"}
    stories = {key: decode_story(value) for (table, key), value in stream.kept.items() if table == "story"}
    return {key: states.encode(replace(known, turn=0)) for key, known in (headlines | stories).items()}


@settings(deadline=None)
@given(headlines)
def test_key_is_idempotent(headline: str) -> None:
    """A key is its own key, and the form as shown has the same key."""
    assert key(key(headline)) == key(headline)
    assert as_shown(as_shown(headline)) == as_shown(headline)
    assert key(as_shown(headline)) == key(headline)


@settings(deadline=None)
@given(headlines)
def test_only_what_shows_nothing_has_no_key(headline: str) -> None:
    """A headline with anything to see has a key."""
    assert bool(key(headline)) == bool(as_shown(headline))


@settings(deadline=None)
@given(st.lists(headlines, max_size=8), st.lists(headlines | st.none(), max_size=3))
def test_a_page_lists_each_headline_once_and_reports_each_item(items: list[str], own: list[str | None]) -> None:
    """Entries are distinct and in order; shown items and sightings are the same in number; all can travel."""
    relations = relate(
        [RelatedItem(item, 0, 0, None) for item in items],
        [PageStory(f"{n:032x}", headline) for n, headline in enumerate(own)],
        page_id="0" * 32,
        url=None,
        seen_at="2025-02-27T01:36:37Z",
        language="und",
    )
    listed = [sighting for sighting in relations.sightings if sighting.in_list]
    assert len({entry.headline_id for entry in relations.related}) == len(relations.related)
    assert [entry.position for entry in relations.related] == sorted(entry.position for entry in relations.related)
    assert [sighting.position for sighting in listed] == [n for n, item in enumerate(items) if as_shown(item)]
    assert {entry.headline_id for entry in relations.related} == {sighting.headline_id for sighting in listed}
    assert all(decode(encode(sighting)) == sighting for sighting in relations.sightings)


def consistent(sightings: list[HeadlineSighting]) -> list[HeadlineSighting]:
    """Return the sightings with one verdict for each place, as a page gives."""
    first: dict[object, HeadlineSighting] = {}
    for one in sightings:
        first.setdefault((one.headline_id, one.page_id, one.in_list, one.position), one)
    return [
        replace(first[one.headline_id, one.page_id, one.in_list, one.position], seen_at=one.seen_at)
        for one in sightings
    ]


arrivals: st.SearchStrategy[Sequence[Sighting]] = st.one_of(
    st.lists(headline_sightings(), min_size=1, max_size=8).map(consistent),
    st.lists(story_sightings(), min_size=1, max_size=8),
)


@settings(max_examples=300, deadline=None)
@given(arrivals, st.data())
def test_order_and_redelivery_do_not_change_the_end(sightings: Sequence[Sighting], data: st.DataObject) -> None:
    """Any permutation with any duplicates ends in the same last records and states."""
    again = data.draw(st.lists(st.sampled_from(sightings), max_size=4))
    shuffled = data.draw(st.permutations([*sightings, *again]))
    assert last_records(shuffled) == last_records(sightings)
