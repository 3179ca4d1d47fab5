"""Sightings on the wire, and the order among them."""

from dataclasses import replace

import orjson
import pytest

from worker.dedup.sighting import HeadlineSighting, Sighting, StorySighting, decode, encode, key_of, precedence
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


@pytest.mark.parametrize("sighting", [HEADLINE, STORY, replace(HEADLINE, url=None, page_verdict=None, story_id=None)])
def test_what_was_encoded_is_decoded(sighting: Sighting) -> None:
    """Bytes give back the very sighting."""
    assert decode(encode(sighting)) == sighting


def test_sightings_travel_under_what_they_are_about() -> None:
    """A headline's key is its `headline_id`, a story's its `content_id`."""
    assert key_of(HEADLINE) == "1" * 32
    assert key_of(STORY) == "4" * 32


def test_fields_of_a_newer_worker_are_ignored() -> None:
    """A field this version does not know does not stop it."""
    assert decode(orjson.dumps(orjson.loads(encode(STORY)) | {"signature": [1, 2]})) == STORY


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
