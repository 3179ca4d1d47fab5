"""Decisions across the stream."""

from dataclasses import replace

import pytest
from stream import Stream

from worker.dedup import state as states
from worker.dedup.decision import Decision
from worker.dedup.sighting import HeadlineSighting, Sighting, StorySighting
from worker.dedup.stories import MOST_COPIES
from worker.errors import Fatal


def hex_id(number: int) -> str:
    """Return an id that sorts as its number."""
    return f"{number:032x}"


def headline(day: int, page: int = 1, position: int = 0, text: str = "Bridge opens") -> HeadlineSighting:
    """Return the sighting of one headline in a list."""
    return HeadlineSighting(
        headline_id=hex_id(7),
        headline=text,
        language="en",
        page_id=hex_id(page),
        url=f"https://example.org/{page}",
        position=position,
        seen_at=f"2025-02-{day:02}T06:00:00Z",
        in_list=True,
        page_verdict=None,
        page_match=None,
        story_id=None,
    )


def story(day: int, number: int = 1) -> StorySighting:
    """Return the sighting of one content at a place of its own."""
    return StorySighting(
        hex_id(number), hex_id(9), hex_id(100 + number), f"https://example.org/{number}", f"2025-02-{day:02}T06:00:00Z"
    )


def after(*sightings: Sighting) -> Stream:
    """Return a stream that has seen these."""
    return Stream().take_all(sightings)


def verdict(decision: Decision) -> tuple[str, str | None, float | None]:
    """Return what the mention says."""
    assert decision.mention is not None
    return decision.mention.verdict, decision.mention.match, decision.mention.score


def test_the_first_sighting_is_new_and_publishes_the_headline() -> None:
    """The record holds the sighting's page, URL, language and time."""
    decision = Stream().take(headline(1))
    assert verdict(decision) == ("new", None, None)
    assert decision.headlines[0].model_dump() == {
        "schema_version": 1,
        "canonical_id": hex_id(7),
        "headline": "Bridge opens",
        "language": "en",
        "first_seen": "2025-02-01T06:00:00Z",
        "first_page_id": hex_id(1),
        "first_url": "https://example.org/1",
    }


@pytest.mark.parametrize(("text", "match"), [("Bridge opens", "exact"), ("BRIDGE OPENS!", "normalised")])
def test_a_later_sighting_is_a_repeat(text: str, match: str) -> None:
    """It says how it matches and what it repeats, and publishes no headline record."""
    again = after(headline(1)).take(headline(2, page=2, text=text))
    assert verdict(again) == ("repeat", match, 1.0)
    assert again.headlines == ()
    assert again.mention is not None
    assert "first seen at 2025-02-01T06:00:00Z" in again.mention.reason


def test_an_earlier_sighting_that_arrives_late_takes_over() -> None:
    """It is new, publishes the headline record again, and owns from then on."""
    stream = after(headline(3))
    late = stream.take(headline(1, page=2))
    assert verdict(late) == ("new", None, None)
    assert [one.first_seen for one in late.headlines] == ["2025-02-01T06:00:00Z"]
    assert verdict(stream.take(headline(3)))[0] == "repeat"


def test_a_decision_tells_what_it_took() -> None:
    """A new headline was compared with those that it meets under its keys; a known one with nobody."""
    stream = after(headline(1, text="Ferry strike ends in Eastmere after nine days"))
    other = replace(headline(2, page=2, text="Ferry strike ends in Eastmere after ten days"), headline_id="8" * 32)
    assert [stream.take(one).compared for one in (other, other)] == [1, None]
    assert stream.take(replace(headline(3, page=3, text="Hall burns"), headline_id="9" * 32)).compared == 0


def test_a_replay_gives_the_same_decision() -> None:
    """The owner delivered again is new again, with the same bytes in records and state."""
    stream = Stream()
    first, kept = stream.take(headline(1)), dict(stream.kept)
    assert (stream.take(headline(1)), stream.kept) == (first, kept)


def test_the_same_place_fetched_again_is_the_same_sighting() -> None:
    """A later fetch of the very page is not a repeat, and the earlier time stays."""
    again = after(headline(1)).take(headline(5))
    assert verdict(again)[0] == "new"
    assert [one.first_seen for one in again.headlines] == ["2025-02-01T06:00:00Z"]


def test_a_storys_own_headline_enters_the_index_without_a_mention() -> None:
    """It has a headline record, and a later item of a list is its repeat."""
    stream = Stream()
    own = stream.take(replace(headline(1), in_list=False, story_id=hex_id(3)))
    assert own.mention is None
    assert len(own.headlines) == 1
    assert verdict(stream.take(headline(2, page=2)))[0] == "repeat"


@pytest.mark.parametrize("page_verdict", ["same_as_story", "repeat_in_page"])
def test_what_the_page_decided_stands(page_verdict: str) -> None:
    """A verdict of the page is the mention's verdict, whatever the stream knows."""
    sighting = replace(headline(2, page=2), page_verdict=page_verdict, page_match="exact")
    for stream in (Stream(), after(headline(1))):
        assert verdict(stream.take(sighting)) == (page_verdict, "exact", 1.0)


def test_last_seen_is_the_latest_event_time() -> None:
    """The state remembers when a headline was last met, for expiry."""
    stream = after(headline(9), headline(4, page=2))
    (known,) = [states.decode_headline(value) for (table, _), value in stream.kept.items() if table == "headline"]
    assert known.last_seen == "2025-02-09T06:00:00Z"


def test_the_first_story_of_a_content_is_its_original() -> None:
    """It is of nothing, without a score, and says why."""
    (copy,) = Stream().take(story(1)).copies
    assert (copy.status, copy.of, copy.score) == ("original", None, None)
    assert copy.first_seen == "2025-02-01T06:00:00Z"


def test_the_same_content_elsewhere_is_a_duplicate_of_it() -> None:
    """It names the original, and the original is not announced again."""
    (copy,) = after(story(1)).take(story(2, 2)).copies
    assert (copy.story_id, copy.status, copy.of, copy.score) == (hex_id(2), "duplicate", hex_id(1), 1.0)


def test_an_earlier_story_that_arrives_late_turns_the_others_into_its_duplicates() -> None:
    """The former original and its duplicates are announced again under the new one."""
    copies = after(story(4, 1), story(5, 2)).take(story(1, 3)).copies
    assert {copy.story_id: (copy.status, copy.of) for copy in copies} == {
        hex_id(3): ("original", None),
        hex_id(1): ("duplicate", hex_id(3)),
        hex_id(2): ("duplicate", hex_id(3)),
    }


def test_a_replayed_takeover_changes_nothing() -> None:
    """What it came to was committed together; the story itself is announced once more."""
    stream = after(story(4, 1))
    stream.take(story(1, 3))
    announced = dict(stream.copies)
    assert [copy.story_id for copy in stream.take(story(1, 3)).copies] == [hex_id(3)]
    assert stream.copies == announced


def test_a_story_fetched_again_keeps_its_first_time() -> None:
    """A later crawl of the same place changes nothing."""
    stream = Stream()
    first = stream.take(story(1))
    assert stream.take(story(6)).copies == first.copies


def test_the_state_of_a_content_is_bounded() -> None:
    """Past the bound a copy still gets its record, and the state stops growing."""
    stream = Stream()
    sizes = []
    for number in range(MOST_COPIES + 20):
        decision = stream.take(story(1 + number // 20, number))
        sizes.append(sum(map(len, stream.kept.values())))
        assert decision.copies[-1].story_id == hex_id(number)
    assert sizes[-1] == sizes[MOST_COPIES - 1] < 50_000


@pytest.mark.parametrize("state", [b"", b"{}", b'{"version":2}', b"seen"])
def test_a_state_that_cannot_be_read_stops_the_process(state: bytes) -> None:
    """Guessing would publish wrong records: the error says what to do instead."""
    for sighting in (headline(1), story(1)):
        stream = after(sighting)
        stream.kept |= {place: state for place in stream.kept if place[0] == sighting.kind}
        with pytest.raises(Fatal, match="rebuild it from the changelog") as caught:
            stream.take(sighting)
        assert caught.value.reason == "bad_state"
