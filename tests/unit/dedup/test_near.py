"""Near repeats across pages: verdicts, groups and their records; copies and later versions of stories."""

from dataclasses import replace

import orjson
import pytest
from prose import prose
from stream import Stream

from worker import ids
from worker.dedup.body import as_text, sketch
from worker.dedup.decision import Decision
from worker.dedup.reading import key
from worker.dedup.sighting import HeadlineSighting, StorySighting

LIGHTHOUSE = "Old lighthouse by the harbour becomes a school for sailors"
VARIANTS = (LIGHTHOUSE, f"{LIGHTHOUSE} in autumn", "Old lighthouse by the harbour becomes a school…")


def seen(text: str, day: int = 1, page: int = 1, hour: int = 0) -> HeadlineSighting:
    """Return a sighting of a headline in a list."""
    return HeadlineSighting(
        headline_id=ids.headline_id(key(text)),
        headline=text,
        language="en",
        page_id=f"{page:032x}",
        url=None,
        position=0,
        seen_at=f"2025-03-{day:02}T{hour:02}:00:00Z",
        in_list=True,
        page_verdict=None,
        page_match=None,
        story_id=None,
    )


def told(decision: Decision) -> tuple[str, str | None, str | None]:
    """Return verdict, match and veto."""
    assert decision.mention is not None
    return decision.mention.verdict, decision.mention.match, decision.mention.veto


@pytest.mark.parametrize("text", VARIANTS[1:])
def test_a_near_variant_is_a_repeat_and_says_of_what(text: str) -> None:
    """With the score, the other headline, and where it was seen first."""
    stream = Stream().take_all([seen(LIGHTHOUSE)])
    decision = stream.take(seen(text, 2, 2))
    assert told(decision) == ("repeat", "near", None)
    assert decision.mention is not None
    assert 0.5 <= (decision.mention.score or 0) <= 1
    assert f"“{LIGHTHOUSE}”, first seen at 2025-03-01T00:00:00Z on page {1:032x}" in decision.mention.reason


def test_a_group_has_one_record_under_its_smallest_id() -> None:
    """A smaller id that comes later takes the record over, and the former key ends in a tombstone."""
    stream = Stream()
    for number, text in enumerate(VARIANTS):
        stream.take(seen(text, 1 + number, number))
        assert len(stream.headlines) == 1
    (record,) = (orjson.loads(one) for one in stream.headlines.values())
    assert record["canonical_id"] == min(ids.headline_id(key(text)) for text in VARIANTS)
    assert (record["first_seen"], record["first_page_id"]) == ("2025-03-01T00:00:00Z", f"{0:032x}")


def test_the_former_key_is_named_as_gone() -> None:
    """By the decision that changes the group."""
    large, small = sorted(VARIANTS[:2], key=lambda text: ids.headline_id(key(text)), reverse=True)
    stream = Stream().take_all([seen(large)])
    decision = stream.take(seen(small, 2, 2))
    assert decision.gone == (ids.headline_id(key(large)),)
    assert [one.canonical_id for one in decision.headlines] == [ids.headline_id(key(small))]


def test_other_numbers_are_other_news() -> None:
    """The mention is new, and says what it is like and what kept it apart."""
    stream = Stream().take_all([seen("Ferry accident off the coast kills 52 passengers, says ministry")])
    decision = stream.take(seen("Ferry accident off the coast kills 61 passengers, says ministry", 1, 2, hour=1))
    assert told(decision) == ("new", None, "numbers")
    assert decision.mention is not None
    assert decision.mention.score is not None
    assert "52" in decision.mention.reason
    assert len(stream.headlines) == 2


def test_beyond_the_window_it_is_another_group() -> None:
    """Until a sighting between brings them together."""
    stream = Stream().take_all([seen(VARIANTS[0], 1)])
    assert told(stream.take(seen(VARIANTS[1], 6, 2))) == ("new", None, None)
    assert len(stream.headlines) == 2
    stream.take(seen(VARIANTS[0], 4, 3))
    assert len(stream.headlines) == 1


def test_a_near_variant_that_was_there_earlier_and_comes_late_is_new() -> None:
    """Event time decides, and the group's record tells of it."""
    stream = Stream().take_all([seen(VARIANTS[0], 3, 3)])
    assert told(stream.take(seen(VARIANTS[1], 2, 2)))[0] == "new"
    (record,) = (orjson.loads(one) for one in stream.headlines.values())
    assert record["first_seen"] == "2025-03-02T00:00:00Z"


def test_it_gets_the_same_verdict_when_it_is_delivered_again() -> None:
    """Word for word."""
    stream = Stream().take_all([seen(VARIANTS[0])])
    again = [stream.take(seen(VARIANTS[1], 2, 2)).mention for _ in range(3)]
    assert again[0] == again[1] == again[2]


def test_a_headline_of_a_hundred_thousand_characters_makes_no_long_reason() -> None:
    """Nor does one that is like it."""
    long = f"{LIGHTHOUSE} {'x' * 100_000}"
    stream = Stream().take_all([seen(long)])
    decision = stream.take(seen(f"{LIGHTHOUSE} {'x' * 100_000} again", 1, 2, hour=1))
    assert decision.mention is not None
    assert len(decision.mention.reason) < 1000


def test_thousands_of_one_template_cost_no_more_than_the_first() -> None:
    """What a decision reads and writes is bounded, whatever shares its keys."""
    stream = Stream()
    sizes = []
    for number in range(400):
        before = len(stream.kept)
        stream.take(seen(f"Prayer times for the city of district {number} on this day of the month", 1, number))
        sizes.append(len(stream.kept) - before)
    assert max(sizes) < 40


def story(body: str, day: int, url: str, number: int = 0) -> StorySighting:
    """Return a sighting of a story."""
    content = ids.content_id("", body)
    place = f"https://{url}.example/{number}"
    return StorySighting(
        ids.story_id(content, place),
        content,
        f"{number:016x}{day:016x}",
        place,
        f"2025-03-{day:02}T00:00:00Z",
        sketch=as_text(sketch(body)),
        script="Latn",
    )


BODY = prose(1, 300)


def test_a_copy_in_another_paper_is_a_near_duplicate() -> None:
    """It names the original, with the share of it that stands there."""
    stream = Stream().take_all([story(BODY, 1, "one")])
    (copy,) = stream.take(story(f"{BODY} Editing by nobody", 2, "two")).copies
    assert (copy.status, copy.of) == ("near_duplicate", story(BODY, 1, "one").story_id)
    assert copy.score is not None
    assert copy.score > 0.9


def test_a_longer_later_version_is_an_update() -> None:
    """Of the same URL."""
    stream = Stream().take_all([story(BODY[:1200], 1, "one")])
    (copy,) = stream.take(story(BODY, 2, "one")).copies
    assert (copy.status, copy.of) == ("update", story(BODY[:1200], 1, "one").story_id)
    assert "longer later version" in copy.reason


def test_an_original_that_comes_late_re_announces_its_copies() -> None:
    """Those that were announced under another one."""
    stream = Stream().take_all([story(BODY, 3, "one"), story(f"{BODY} More", 4, "two")])
    early = story(f"{BODY} Before", 2, "three")
    decision = stream.take(early)
    assert {copy.status for copy in decision.copies} == {"original", "near_duplicate"}
    assert {copy.of for copy in decision.copies} == {None, early.story_id}


def test_stories_without_a_sketch_are_copies_by_their_content_alone() -> None:
    """As older workers sent them."""
    plain = [replace(story(BODY, day, url), sketch=None) for day, url in ((1, "one"), (2, "two"))]
    stream = Stream().take_all(plain)
    assert sorted(orjson.loads(one)["status"] for one in stream.copies.values()) == ["duplicate", "original"]
