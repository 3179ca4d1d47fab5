"""A story in IPTC ninjs 3.1."""

import re

from schemas import Entity, Story, Time
from schemas.ninjs import AltId, Association, Body, InfoSource, Named, Ninjs, Subject, Text
from worker.export import naming

MINUTE = re.compile(r"(T\d\d:\d\d)(?=Z|[+-])")
"""A time to the minute, which RFC 3339 does not know."""

FULL = re.compile(r"T\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$")


def of_story(story: Story) -> Ninjs:
    """Return the story as a news object."""
    published = _date_time(story.published_at)
    entities = naming.each_once(story.entities)
    return Ninjs(
        uri=naming.story_urn(story.story_id),
        representation_type="full" if story.body else "partial",
        content_created=published,
        version_created=_date_time(story.modified_at) or published,
        language=naming.language_of(story),
        headlines=_texts(main=story.headline, subhead=story.subhead),
        descriptions=_texts(summary=story.summary),
        bodies=[Body(role="main", value=story.body, char_count=len(story.body))] if story.body else None,
        by=", ".join(story.authors) or None,
        located=", ".join(story.dateline.places) or None if story.dateline else None,
        people=_named("person", entities),
        organisations=_named("organisation", entities),
        places=_named("place", entities),
        subjects=[Subject(name=one.text, relevance=round(100 * one.score)) for one in story.keywords] or None,
        info_sources=_sources(story) or None,
        alt_ids=_alt_ids(story),
        associations=_associations(story) or None,
    )


def _date_time(time: Time | None) -> str | None:
    # A day, or a time whose offset the page does not give, is no instant; to make one up would be to lie.
    value = MINUTE.sub(r"\1:00", time.value) if time else ""
    return value if FULL.search(value) else None


def _texts(**texts: str | None) -> list[Text] | None:
    return [Text(role=role, value=text) for role, text in texts.items() if text] or None


def _named(kind: str, entities: list[Entity]) -> list[Named] | None:
    return [Named(name=one.name, uri=_uri(one.code)) for one in entities if one.kind == kind] or None


def _uri(code: str | None) -> str | None:
    if code is None:
        return None
    if naming.is_country(code):
        return f"http://cvx.iptc.org/iso3166-1a2/{code.lower()}"
    return naming.geonames_url(code)


def _sources(story: Story) -> list[InfoSource]:
    publisher = story.publisher
    name = publisher.name or publisher.domain
    sources = [InfoSource(name=name, role="publisher", literal=publisher.domain)] if name else []
    return sources + [InfoSource(name=agency, role="agency") for agency in naming.agencies_of(story)]


def _alt_ids(story: Story) -> list[AltId]:
    ids = {
        "content_id": story.content_id,
        "page_id": story.page_id,
        "raw_id": story.raw_id,
        "canonical_url": story.canonical_url,
    }
    return [AltId.model_validate({"role": role, "value": value}) for role, value in ids.items() if value]


def _associations(story: Story) -> list[Association]:
    found = []
    if story.embedded_in:
        uri = naming.story_urn(story.embedded_in)
        found.append(Association(name="main story of the page", uri=uri, rel="embedded_in"))
    for one in story.related:
        uri = naming.story_urn(one.story_id) if one.story_id else naming.headline_urn(one.headline_id)
        found.append(Association(name=one.headline, uri=uri, rel="related"))
    return found
