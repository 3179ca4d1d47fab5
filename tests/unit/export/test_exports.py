"""Stories in other people's terms: valid by their schemas, and saying nothing that the story does not."""

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest
from golden.cases import folders
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from schemas import EXPORTS, Entity, Publisher, Related, Story, Time
from schemas.json_schema import generate
from worker import export

EXAMPLE = Path(__file__).parents[2] / "contract" / "v1" / "story.json"
MAIN_ID = "f" * 32


def story(**changes: object) -> Story:
    """Return the contract's example story with some fields changed."""
    return Story.model_validate({**orjson.loads(EXAMPLE.read_bytes()), **changes})


def golden_stories() -> list[Story]:
    """Return every story of the golden pages."""
    found = [orjson.loads((one / "expected" / "story.json").read_bytes()) for one in folders()]
    return [Story.model_validate(document) for stories in found for document in stories]


def exported(name: str, one: Story) -> dict[str, Any]:
    """Return a story as an export writes it."""
    document: dict[str, Any] = orjson.loads(export.encode(name, one))
    return document


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_every_story_of_the_golden_pages_is_valid(name: str) -> None:
    """By the committed JSON Schema, which knows no further property and no null."""
    validator = jsonschema.Draft202012Validator(json.loads(generate(EXPORTS[name], name)))
    stories = golden_stories()
    assert len(stories) >= len(folders())
    for one in stories:
        document = exported(name, one)
        validator.validate(document)
        assert not validator.is_valid({**document, "unheardOf": 1})
        assert not validator.is_valid({**document, "headline" if name == "schemaorg" else "by": None})


def test_every_story_is_valid_by_the_published_schema() -> None:
    """By the file of the standard's own, where it is at hand."""
    path = os.environ.get("NINJS_SCHEMA")
    if not path:
        pytest.skip("NINJS_SCHEMA names no file: iptc.org/std/ninjs/ninjs-schema_3.1.json is not part of this project")
    elsewhere = Registry().with_resource(
        "https://geojson.org/schema/GeoJSON.json", DRAFT202012.create_resource({"type": "object"})
    )
    validator = jsonschema.Draft202012Validator(json.loads(Path(path).read_bytes()), registry=elsewhere)
    for one in golden_stories():
        validator.validate(exported("ninjs", one))


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_what_a_story_does_not_say_is_left_out(name: str) -> None:
    """Of a page that says nothing but its text, no empty list, no null and no guess is written."""
    fields = {
        **dict.fromkeys(("url", "canonical_url", "raw_id", "headline", "dateline", "published_at", "summary")),
        **{field: [] for field in ("authors", "agencies", "quotes", "entities", "keywords", "related")},
        "publisher": Publisher(name=None, domain=None, credit=None),
        "language": {"code": "und", "script": "Zyyy", "direction": "ltr", "confidence": 0},
    }
    told = {"ninjs": {"bodies", "altIds"}, "schemaorg": {"articleBody", "identifier"}}[name]
    constant = {"uri", "standard", "type", "representationType", "profile", "pubStatus", "@id", "@type", "@context"}
    assert set(exported(name, story(**fields))) - constant == told


@pytest.mark.parametrize(
    ("value", "precision", "instant"),
    [
        ("2025-03-04T09:22:07Z", "second", "2025-03-04T09:22:07Z"),
        ("2025-03-04T09:22+02:00", "minute", "2025-03-04T09:22:00+02:00"),
        ("2025-03-04T09:22", "minute", None),
        ("2025-03-04", "day", None),
    ],
)
def test_a_time_is_an_instant_only_where_the_page_gives_one(value: str, precision: str, instant: str | None) -> None:
    """Ninjs knows instants alone; schema.org takes a time as precise as it is printed."""
    time = Time.model_validate({"value": value, "precision": precision, "raw": value, "method": "printed_label"})
    document = exported("ninjs", story(published_at=time))
    assert (document.get("contentCreated"), document.get("versionCreated")) == (instant, instant)
    assert exported("schemaorg", story(published_at=time))["datePublished"] == value


def test_the_last_change_makes_the_version() -> None:
    """It is newer than the publication."""
    time = {"value": "2025-03-05T10:00:00Z", "precision": "second", "raw": "x", "method": "printed_label"}
    document = exported("ninjs", story(modified_at=time))
    assert (document["contentCreated"], document["versionCreated"]) == (
        "2025-03-04T09:22:00+02:00",
        "2025-03-05T10:00:00Z",
    )
    assert exported("schemaorg", story(modified_at=time))["dateModified"] == "2025-03-05T10:00:00Z"


def test_an_embedded_story_names_its_main_story() -> None:
    """And not the page, whose address is the main story's."""
    one = story(kind="embedded", embedded_in=MAIN_ID, url=None, related=[])
    (main,) = exported("ninjs", one)["associations"]
    assert (main["uri"], main["rel"]) == (f"urn:newsworker:story:{MAIN_ID}", "embedded_in")
    article = exported("schemaorg", one)
    assert article["isPartOf"] == {"@type": "NewsArticle", "@id": f"urn:newsworker:story:{MAIN_ID}"}
    assert not {"url", "mainEntityOfPage"} & set(article)


def entity(kind: str, name: str, role: str | None = None, code: str | None = None) -> Entity:
    """Return an entity."""
    return Entity.model_validate(
        {"text": name, "name": name, "kind": kind, "role": role, "code": code, "start": 0, "end": 1}
    )


def test_each_name_is_written_once() -> None:
    """With the role that any of its mentions prints, and a place with the code that says which it is."""
    one = story(
        entities=[
            entity("person", "Mara Lind"),
            entity("person", "Mara Lind", role="mayor"),
            entity("organisation", "Harbour Board"),
            entity("place", "Italy", code="IT"),
            entity("place", "Berlin", code="2950159"),
            entity("place", "Berlin", code="2950159"),
        ]
    )
    document = exported("ninjs", one)
    assert [person["name"] for person in document["people"]] == ["Mara Lind"]
    assert [body["name"] for body in document["organisations"]] == ["Harbour Board"]
    assert [place["uri"] for place in document["places"]] == [
        "http://cvx.iptc.org/iso3166-1a2/it",
        "https://sws.geonames.org/2950159/",
    ]
    assert exported("schemaorg", one)["mentions"] == [
        {"@type": "Person", "name": "Mara Lind", "jobTitle": "mayor"},
        {"@type": "Organization", "name": "Harbour Board"},
        {"@type": "Country", "name": "Italy", "identifier": "IT"},
        {"@type": "Place", "name": "Berlin", "sameAs": "https://sws.geonames.org/2950159/"},
    ]


def related(number: int, **changes: object) -> Related:
    """Return an entry of the related list."""
    headline_id = f"{number:032x}"
    fields = {
        "headline_id": headline_id,
        "canonical_id": headline_id,
        "position": number,
        "url": None,
        "story_id": None,
    }
    return Related.model_validate(
        {"headline": f"Ferry {number} sails", "verdict": "new", "reason": "first", **fields, **changes}
    )


def test_related_headlines_are_named_and_linked() -> None:
    """One that is a story of this page is that story; schema.org has a place for those with a link."""
    one = story(
        related=[related(1), related(2, url="https://news.example/2"), related(3, story_id=MAIN_ID)],
    )
    assert [(found["name"], found["uri"]) for found in exported("ninjs", one)["associations"]] == [
        ("Ferry 1 sails", f"urn:newsworker:headline:{1:032x}"),
        ("Ferry 2 sails", f"urn:newsworker:headline:{2:032x}"),
        ("Ferry 3 sails", f"urn:newsworker:story:{MAIN_ID}"),
    ]
    assert exported("schemaorg", one)["mainEntityOfPage"]["relatedLink"] == ["https://news.example/2"]


def test_agencies_without_a_name_are_no_source() -> None:
    """The line says that there were some, not which."""
    one = story(agencies=["wires", "AFP"])
    assert [source["name"] for source in exported("ninjs", one)["infoSources"]] == ["Eastmere Post", "AFP"]
    assert [source["name"] for source in exported("schemaorg", one)["sourceOrganization"]] == ["AFP"]
