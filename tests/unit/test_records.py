"""Records to bytes: keys, headers, and which topics they go to."""

from dataclasses import replace
from typing import cast

import orjson
import pytest
from pages import raw
from stream import Stream

from schemas import EnvelopeHeaders
from worker import records, topics
from worker.decode import Limits, RawMessage
from worker.dedup.sighting import HeadlineSighting, Sighting, StorySighting, realm_of
from worker.errors import Permanent
from worker.incoming import Incoming
from worker.pipeline import Context, Processed, process
from worker.publish import Outgoing
from worker.settings import Settings

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
MESSAGE = Incoming("news.raw.v1", 0, 0, 0, b"key", raw(1), (("traceparent", TRACE.encode()),))
SETTINGS = Settings()


def processed() -> Processed:
    """Return a page with one story and two related headlines."""
    result = process(RawMessage(MESSAGE.value, None, 0), Context(Limits(100_000, 1000, 32)))
    assert isinstance(result, Processed)
    return result


def test_a_page_becomes_story_page_and_sightings() -> None:
    """Each with its own key: sightings by what they are deduplicated by."""
    result = processed()
    found = records.of_page(result, MESSAGE, SETTINGS)
    assert [record.kind for record in found] == ["story", "page", *["sighting"] * 4]
    assert found[0].key == result.stories[0].story_id.encode()
    assert found[1].key == result.page.page_id.encode()
    assert [record.key for record in found[2:]] == [realm_of(one).encode() for one in result.sightings]
    assert orjson.loads(found[0].value or b"") == result.stories[0].model_dump()


def test_the_same_page_gives_the_same_bytes() -> None:
    """Twice, and on any worker of this version."""
    assert records.of_page(processed(), MESSAGE, SETTINGS) == records.of_page(processed(), MESSAGE, SETTINGS)


def test_pages_and_mentions_can_be_left_out() -> None:
    """They are for audits."""
    settings = Settings(publish_pages=False, publish_mentions=False)
    assert "page" not in {record.kind for record in records.of_page(processed(), MESSAGE, settings)}
    assert "mention" not in {record.kind for one in processed().sightings for record in decided(one, settings)}


def test_a_story_is_exported_where_that_is_switched_on() -> None:
    """Under the story's own key, in the export's terms, with an envelope that names them."""
    settings = Settings(publish_ninjs=True, publish_schemaorg=True)
    found = records.of_page(processed(), MESSAGE, settings)
    assert [(one.kind, one.topic) for one in found[:3]] == [
        ("story", "news.story.v1"),
        ("ninjs", "news.story.ninjs.v1"),
        ("schemaorg", "news.story.schemaorg.v1"),
    ]
    assert {one.key for one in found[:3]} == {found[0].key}
    assert orjson.loads(found[1].value or b"")["uri"] == f"urn:newsworker:story:{(found[0].key or b'').decode()}"
    assert dict(found[2].headers)["ce_dataschema"] == b"urn:newsworker:schema:schemaorg:1"
    assert dict(found[2].headers)["ce_type"] == b"news.story.schemaorg.v1"


def decided(sighting: Sighting, settings: Settings = SETTINGS) -> list[records.Outgoing]:
    """Return the records of a sighting that nobody has met before."""
    return records.of_decision(Stream().take(sighting), sighting, MESSAGE, settings)


def test_a_decision_becomes_headline_mention_and_copies() -> None:
    """A listed headline is published and mentioned, a story's own is published, a story has its copy record."""
    kinds = {
        (type(one).__name__, getattr(one, "in_list", None)): [record.kind for record in decided(one)]
        for one in processed().sightings
    }
    assert kinds == {
        (HeadlineSighting.__name__, True): ["headline", "mention"],
        (HeadlineSighting.__name__, False): ["headline"],
        (StorySighting.__name__, None): ["copy"],
    }


@pytest.mark.parametrize("kind", ["story", "page"])
def test_the_envelope_is_cloudevents(kind: str) -> None:
    """Id, source, type, time and schema, and the trace of the raw message."""
    result = processed()
    record = next(one for one in records.of_page(result, MESSAGE, SETTINGS) if one.kind == kind)
    headers = {name: value.decode() for name, value in record.headers}
    envelope = EnvelopeHeaders.model_validate({**headers, "worker_version": headers["worker.version"]})
    assert envelope.ce_id == f"{(record.key or b'').decode()}:{result.page.page_id}"
    assert (envelope.ce_type, envelope.ce_time) == (f"news.{kind}.v1", result.seen_at)
    assert envelope.ce_dataschema == f"urn:newsworker:schema:{kind}:1"
    assert envelope.traceparent == TRACE


@pytest.mark.parametrize("trace", [b"", b"x" * 1_000_000, TRACE.upper().encode(), TRACE.encode() + b"\n", b"\xff" * 55])
def test_what_is_no_trace_is_not_passed_on(trace: bytes) -> None:
    """A header of any length would stand on every record of the page."""
    message = replace(MESSAGE, headers=(("traceparent", trace),))
    found = records.of_page(processed(), message, SETTINGS)
    assert not [header for one in found for header in one.headers if header[0] == "traceparent"]


@pytest.mark.parametrize("kind", ["story", "page", "sighting"])
def test_a_page_of_which_one_record_does_not_fit_has_none(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused before anything of it is sent; key, value and headers count."""
    sizes = [record.size for record in records.of_page(processed(), MESSAGE, SETTINGS) if record.kind == kind]
    fitting = max(sizes) + topics.FRAMING_BYTES
    monkeypatch.setitem(cast("dict[str, int]", topics.LARGEST_BYTES), kind, fitting)
    assert records.of_page(processed(), MESSAGE, SETTINGS)
    monkeypatch.setitem(cast("dict[str, int]", topics.LARGEST_BYTES), kind, fitting - 1)
    with pytest.raises(Permanent) as caught:
        records.of_page(processed(), MESSAGE, SETTINGS)
    assert (caught.value.reason, caught.value.stage) == ("record_too_large", "publish")


def test_records_that_are_too_many_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long URL stands in each of them: they are counted before the last is made."""
    size = sum(record.size for record in records.of_page(processed(), MESSAGE, SETTINGS))
    monkeypatch.setattr(records, "MOST_BYTES", size)
    assert records.of_page(processed(), MESSAGE, SETTINGS)
    monkeypatch.setattr(records, "MOST_BYTES", size - 1)
    with pytest.raises(Permanent) as caught:
        records.of_page(processed(), MESSAGE, SETTINGS)
    assert (caught.value.reason, caught.value.stage) == ("records_too_large", "publish")


def test_the_size_of_a_record_is_that_of_all_its_parts() -> None:
    """Key, value, and the names and values of its headers."""
    assert Outgoing("story", "t", b"key", b"value", (("naïve", b"h"), ("n", None))).size == 3 + 5 + 6 + 1 + 1


def test_sightings_carry_the_trace_and_no_envelope() -> None:
    """They are internal."""
    sightings = [one for one in records.of_page(processed(), MESSAGE, SETTINGS) if one.kind == "sighting"]
    assert {one.headers for one in sightings} == {(("traceparent", TRACE.encode()),)}
