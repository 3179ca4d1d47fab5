"""Sightings on the wire, and the order among them."""

from dataclasses import replace

import orjson
import pytest

from worker.dedup.body import as_text, sketch
from worker.dedup.sighting import HeadlineSighting, Sighting, StorySighting, decode, encode, precedence, realm_of
from worker.errors import Permanent

HEADLINE = HeadlineSighting(
    headline_id="1" * 32,
    headline="افتتاح الجسر",
    language="ar",
    page_id="2" * 32,
    url="https://example.org/جسر",
    position=3,
    seen_at="2025-02-27T01:36:37Z",
    in_list=True,
    page_verdict="same_as_story",
    page_match="exact",
    story_id="3" * 32,
)
STORY = StorySighting("3" * 32, "4" * 32, "2" * 32, None, "2025-02-27T01:36:37.250Z")
SKETCHED = replace(
    STORY, canonical_url="https://example.org/a", sketch=as_text(sketch("The ferry returns to the harbour"))
)


@pytest.mark.parametrize(
    "sighting", [HEADLINE, STORY, SKETCHED, replace(HEADLINE, url=None, page_verdict=None, story_id=None)]
)
def test_what_was_encoded_is_decoded(sighting: Sighting) -> None:
    """Bytes give back the very sighting."""
    assert decode(encode(sighting)) == sighting


@pytest.mark.parametrize(
    ("headline", "realm"),
    [
        ("Bridge opens", "headline:Latn"),
        ("افتتاح الجسر", "headline:Arab"),
        ("Мост открыт", "headline:Cyrl"),
        ("橋が開通", "headline:Hani"),
        ("大橋開通", "headline:Hani"),
        ("2025!", "headline:"),
        ("\uff22\uff52\uff49\uff44\uff47\uff45", "headline:Latn"),  # letters of full width, as in one id with others
    ],
)
def test_a_headline_travels_with_all_of_its_script(headline: str, realm: str) -> None:
    """What may be one news meets in one partition; Japanese with kana and without is one realm."""
    assert realm_of(replace(HEADLINE, headline=headline)) == realm


def test_a_story_travels_with_all_of_its_script() -> None:
    """And never with headlines."""
    assert realm_of(replace(STORY, script="Arab")) == "story:Arab"


def test_fields_of_a_newer_worker_are_ignored() -> None:
    """A field this version does not know does not stop it."""
    assert decode(orjson.dumps(orjson.loads(encode(STORY)) | {"signature": [1, 2]})) == STORY


def test_sightings_of_older_workers_have_no_sketch() -> None:
    """What they wrote is read as before."""
    old = {
        name: value for name, value in orjson.loads(encode(SKETCHED)).items() if name not in {"sketch", "canonical_url"}
    }
    assert decode(orjson.dumps(old)) == STORY


def test_later_versions_are_looked_for_under_the_canonical_url() -> None:
    """Under the page's own where no other is known."""
    page = "https://example.org/a?from=mail"
    assert replace(SKETCHED, url=page).place == "https://example.org/a"
    assert replace(STORY, url=page).place == page
    assert STORY.place is None


@pytest.mark.parametrize(
    ("sketched", "message"),
    [
        ("no base64!", "story.sketch: string_pattern_mismatch"),
        ("", "story.sketch: string_pattern_mismatch"),
        ("A" * 5000, "story.sketch: string_too_long"),
        (7, "story.sketch: string_type"),
    ],
)
def test_a_sketch_is_short_base64(sketched: object, message: str) -> None:
    """Whatever else it is: a newer worker's sketch travels too."""
    assert decode(orjson.dumps(orjson.loads(encode(STORY)) | {"sketch": "/w=="})) == replace(STORY, sketch="/w==")
    with pytest.raises(Permanent, match=message):
        decode(orjson.dumps(orjson.loads(encode(STORY)) | {"sketch": sketched}))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"position": "3"}, "headline.position: int_type"),
        ({"position": -1}, "headline.position: greater_than_equal"),
        ({"headline_id": "not an id"}, "headline.headline_id: string_pattern_mismatch"),
        ({"seen_at": "yesterday"}, "headline.seen_at: string_pattern_mismatch"),
        ({"in_list": 1}, "headline.in_list: bool_type"),
        ({"page_verdict": "maybe"}, "headline.page_verdict: literal_error"),
        ({"headline": None}, "headline.headline: string_type"),
        ({"kind": "other"}, "value: union_tag_invalid"),
    ],
)
def test_a_wrong_field_is_named_and_never_quoted(change: dict[str, object], message: str) -> None:
    """A sighting that is not one is permanent, and its error holds no text of it."""
    with pytest.raises(Permanent) as caught:
        decode(orjson.dumps(orjson.loads(encode(HEADLINE)) | change))
    assert (caught.value.reason, caught.value.stage, str(caught.value)) == ("malformed_sighting", "sighting", message)


@pytest.mark.parametrize("value", [b"", b"{", b"null", b"[]", b"{}", b"\xff\xfe", b'"headline"'])
def test_bytes_that_are_no_sighting_are_permanent(value: bytes) -> None:
    """Anything at all on the topic is refused in the same way."""
    with pytest.raises(Permanent):
        decode(value)


def test_time_comes_first_in_precedence() -> None:
    """The earlier sighting precedes, and a whole second its own milliseconds."""
    second, later = replace(STORY, seen_at="2025-02-27T01:36:37Z"), replace(STORY, seen_at="2025-02-27T01:36:38Z")
    assert precedence(second) < precedence(STORY) < precedence(later)


def test_a_storys_own_headline_precedes_the_list_of_its_page() -> None:
    """On one page and at one time the story's headline owns before any item."""
    own = replace(HEADLINE, in_list=False, position=9)
    assert precedence(own) < precedence(replace(HEADLINE, position=0)) < precedence(HEADLINE)
