"""What stories that may be alike are to one another."""

from dataclasses import replace

import pytest
from prose import prose

from schemas import Copy
from worker.dedup.body import as_text, sketch
from worker.dedup.copies import ORIGINAL_REASON, judge, link
from worker.dedup.sighting import StorySighting

REPORT = prose(1, 120)
BEGUN = prose(1, 63)
REWRITTEN = f"{prose(1, 70)} {prose(2, 50)}"
URL = "https://example.org/ferry"


def story(
    number: int, body: str | None = REPORT, *, content: int | None = None, url: str | None = None
) -> StorySighting:
    """Return a story seen on the day of its number, at a URL of its own unless one is given."""
    return StorySighting(
        story_id=f"a{number:031x}",
        content_id=f"b{number if content is None else content:031x}",
        page_id=f"c{number:031x}",
        url=url or f"https://example.org/{number}",
        seen_at=f"2025-03-{number:02}T06:00:00Z",
        canonical_url=url or f"https://example.org/{number}",
        sketch=None if body is None else as_text(sketch(body)),
    )


def verdict(copy: Copy) -> tuple[str, int | None, float | None]:
    """Return status, the original's number and the score."""
    return copy.status, None if copy.of is None else int(copy.of[1:], 16), copy.score


def test_a_story_alone_is_an_original() -> None:
    """With all that its record says of it."""
    assert judge([story(1)]) == (
        Copy(
            story_id=story(1).story_id,
            content_id=story(1).content_id,
            page_id=story(1).page_id,
            url=story(1).url,
            status="original",
            of=None,
            score=None,
            reason=ORIGINAL_REASON,
            first_seen=story(1).seen_at,
        ),
    )


def test_no_story_no_verdict() -> None:
    """Nothing in, nothing out."""
    assert judge([]) == ()


def test_a_word_for_word_copy_is_a_duplicate() -> None:
    """It is known by its content, with a sketch or without."""
    found = judge([story(2, None, content=1), story(1)])
    assert [verdict(one) for one in found] == [("original", None, None), ("duplicate", 1, 1.0)]
    assert found[1].reason == "the same headline and the same paragraphs, word for word, as the original"


def test_the_same_body_under_another_headline_is_a_near_duplicate() -> None:
    """One report of the wire in two papers."""
    found = judge([story(1), story(2)])
    assert verdict(found[1]) == ("near_duplicate", 1, 1.0)
    assert found[1].reason == "the same body as the original, by the sample of its words, under another headline"


def test_a_body_with_a_paragraph_more_is_a_near_duplicate() -> None:
    """Its reason tells how much is common: of 97 runs 77."""
    found = judge([story(1, prose(1, 80)), story(2, f"{prose(1, 80)} {prose(2, 20)}")])
    assert verdict(found[1]) == ("near_duplicate", 1, 1.0)
    assert found[1].reason == (
        "this body and that of the original are much alike: "
        "79% of their runs of four words are in both, 100% of the shorter's"
    )


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (REPORT, prose(1, 43), "a shortened copy: 100% of it stands in the longer body of the original"),
        (prose(1, 43), REPORT, "100% of the shorter body of the original stands in it"),
    ],
)
def test_a_shortened_copy_is_a_near_duplicate(first: str, second: str, reason: str) -> None:
    """Whichever comes first: a third of a report is all in it."""
    found = judge([story(1, first), story(2, second)])
    assert verdict(found[1]) == ("near_duplicate", 1, 1.0)
    assert found[1].reason == reason


def test_a_round_up_is_no_copy_of_its_items() -> None:
    """It holds them whole, and each is a small part of it; nor does it join them."""
    items = [prose(seed, 60) for seed in range(1, 9)]
    stories = [story(number, item) for number, item in enumerate([*items, " ".join(items)], 1)]
    assert {copy.status for copy in judge(stories)} == {"original"}


@pytest.mark.parametrize("other", [prose(2, 120), REWRITTEN, None, ""])
def test_other_news_is_another_original(other: str | None) -> None:
    """Also where a part is the same, and where nothing is known of the body."""
    assert [one.status for one in judge([story(1), story(2, other)])] == ["original", "original"]


@pytest.mark.parametrize("body", ["Subscribe to read on", "", "Subscribe now to read on and on"])
def test_notices_make_no_copies(body: str) -> None:
    """Two stories of which only the same short notice is known are not known to be alike."""
    assert [one.status for one in judge([story(1, body), story(2, body)])] == ["original", "original"]


@pytest.mark.parametrize(
    ("first", "second", "version", "kept"),
    [
        (BEGUN, REPORT, "longer later version", "100% of the earlier body stands in it, 51% of it stood there"),
        (REPORT, BEGUN, "shorter later version", "51% of the earlier body stands in it, 100% of it stood there"),
        (REPORT, REWRITTEN, "later version", "57% of the earlier body stands in it, 57% of it stood there"),
        (REPORT, REPORT, "later version", "the same body, by the sample of its words"),
    ],
)
def test_what_comes_later_at_the_same_url_is_an_update(first: str, second: str, version: str, kept: str) -> None:
    """Longer, shorter, rewritten, or under a new headline."""
    found = judge([story(1, first, url=URL), story(2, second, url=URL)])
    assert verdict(found[1])[:2] == ("update", 1)
    assert found[1].reason == f"a {version} of the original at the same URL: {kept}"


def test_versions_are_told_by_the_canonical_url() -> None:
    """The page's own URL may carry what a reader came by; old sightings know nothing else."""
    first, second = story(1, url=URL), story(2, f"{REPORT} {prose(2, 20)}", url=URL)
    mailed = replace(second, url=f"{URL}?utm_source=mail")
    old = [replace(one, canonical_url=None) for one in (first, second)]
    assert [verdict(one)[0] for one in judge([first, mailed])] == ["original", "update"]
    assert [verdict(one)[0] for one in judge(old)] == ["original", "update"]
    assert [verdict(one)[0] for one in judge([first, replace(mailed, canonical_url=None)])] == [
        "original",
        "near_duplicate",
    ]


def test_another_story_at_the_same_url_is_no_update() -> None:
    """A page may change its subject, or hold several stories."""
    found = judge([story(1, url=URL), story(2, prose(2, 120), url=URL)])
    assert [one.status for one in found] == ["original", "original"]


def test_at_one_time_there_is_no_later_version() -> None:
    """Two stories of one page are copies where they are alike."""
    second = replace(story(2, f"{REPORT} {prose(2, 20)}", url=URL), seen_at=story(1).seen_at)
    assert verdict(judge([story(1, url=URL), second])[1])[0] == "near_duplicate"


def test_each_update_is_told_from_the_version_before() -> None:
    """All name the original; the third, little like the first, is an update of the second."""
    bodies = [prose(1, 60), f"{prose(1, 60)} {prose(2, 90)}", f"{prose(2, 90)} {prose(3, 60)}"]
    found = judge([story(number, body, url=URL) for number, body in enumerate(bodies, 1)])
    assert [verdict(one)[:2] for one in found] == [("original", None), ("update", 1), ("update", 1)]
    assert f"version of story {story(2).story_id}, of the same original at the same URL" in found[2].reason


def test_an_update_of_a_copy_names_the_original_of_all() -> None:
    """A paper prints the wire's report and adds to it later."""
    copy, later = story(2, url=URL), story(3, f"{REPORT} {prose(2, 90)}", url=URL)
    found = judge([story(1), copy, later])
    assert [verdict(one)[:2] for one in found] == [("original", None), ("near_duplicate", 1), ("update", 1)]
    assert f"of story {copy.story_id}, of the same original" in found[2].reason


def test_what_becomes_the_original_word_for_word_is_its_duplicate() -> None:
    """Though it is a later version of a copy as well."""
    begun = story(2, prose(1, 80), url=URL)
    found = judge([story(1), begun, story(3, content=1, url=URL)])
    assert [verdict(one) for one in found][1:] == [("near_duplicate", 1, 1.0), ("duplicate", 1, 1.0)]


def test_what_hangs_together_through_a_copy_has_one_original() -> None:
    """The reason names the copy, also where that came later; and a copy of a copy is no duplicate of the original."""
    one, both, other = prose(1, 100), f"{prose(1, 100)} {prose(2, 100)}", prose(2, 100)
    found = judge(
        [story(1, one), story(2, other), story(3, both), story(4, both, content=3), story(5, other, content=2)]
    )
    assert [verdict(copy)[:2] for copy in found] == [("original", None), *[("near_duplicate", 1)] * 4]
    assert [f"story {story(3).story_id}" in found[1].reason, "the original" in found[2].reason] == [True, True]
    assert found[4].reason.endswith(f"word for word, as story {story(2).story_id}, of the same original")


def test_the_earlier_version_is_no_version_of_the_later() -> None:
    """A first version hangs together with the original only through the second, which came after it."""
    first, second = prose(2, 40), f"{REPORT} {prose(2, 40)}"
    found = judge([story(1), story(2, first, url=URL), story(3, second, url=URL)])
    assert [verdict(one)[:2] for one in found] == [("original", None), ("near_duplicate", 1), ("update", 1)]
    assert "version" not in found[1].reason


def test_a_story_counts_where_it_was_seen_first() -> None:
    """Sightings of one story are one copy, and the earliest story is the original whatever its id."""
    again = replace(story(1), seen_at="2025-03-09T06:00:00Z", page_id="d" * 32)
    late = replace(story(9), seen_at="2025-02-01T06:00:00Z")
    found = judge([again, story(1), late])
    assert [verdict(one)[:2] for one in found] == [("original", None), ("near_duplicate", 9)]
    assert found[1].first_seen == story(1).seen_at


def test_a_link_is_between_two() -> None:
    """In either order it tells what the later story is to the earlier; other news has none."""
    later = story(2, f"{REPORT} {prose(2, 120)}", url=URL)
    found = link(story(1, url=URL), later)
    assert found == link(later, story(1, url=URL))
    assert found is not None
    assert (found.status, found.score) == ("update", 1.0)
    assert found.reason.startswith("a longer later version of the earlier story at the same URL: ")
    assert link(story(1), story(2, prose(2, 99))) is None
