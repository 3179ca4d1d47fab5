"""`news.story.ninjs.v1` (optional): a story in IPTC ninjs 3.1, keyed by `story_id`.

Names, types and limits are those of the standard's JSON Schema (iptc.org/std/ninjs/ninjs-schema_3.1.json, CC BY 4.0);
of its properties these are the ones that a story fills.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from schemas.foreign import Foreign

Uri = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$")]
DateTime = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")]
Percent = Annotated[int, Field(ge=0, le=100)]


class Text(Foreign):
    """A headline, description or body."""

    role: Annotated[str, Field(description="`main`, `subhead` or `summary`.")]
    content_type: Annotated[str, Field(description="IANA media type.")] = "text/plain"
    value: Annotated[str, Field(description="The text.")]


class Body(Text):
    """The story's text."""

    char_count: Annotated[int, Field(ge=0, description="Unicode code points of `value`.")]


class Named(Foreign):
    """A person, organisation or place that the story names."""

    name: Annotated[str, Field(description="The fullest form that the story prints.")]
    rel: Annotated[Literal["mentions"], Field(description="What the story has to do with it.")] = "mentions"
    uri: Annotated[Uri | None, Field(description="Of a place, where its code is known: ISO 3166-1 or GeoNames.")] = None


class Subject(Foreign):
    """A keyword."""

    name: Annotated[str, Field(description="As printed.")]
    rel: Annotated[Literal["about"], Field(description="What the story has to do with it.")] = "about"
    creator: Annotated[str, Field(description="Who assigned it.")] = "newsworker"
    relevance: Annotated[Percent, Field(description="Of the best keyword 100, of others in proportion.")]


class InfoSource(Foreign):
    """A party that supplied the story."""

    name: Annotated[str, Field(description="Canonical, for agencies.")]
    role: Annotated[Literal["publisher", "agency"], Field(description="How it took part.")]
    literal: Annotated[str | None, Field(description="The publisher's registrable domain.")] = None


class AltId(Foreign):
    """Another identifier of the story, or of its page."""

    role: Annotated[
        Literal["content_id", "page_id", "raw_id", "canonical_url"], Field(description="The story record's field.")
    ]
    value: Annotated[str, Field(description="Its value there.")]


class Association(Foreign):
    """Another news object that has to do with the story: its main story, or a related headline."""

    name: Annotated[str, Field(description="The headline, or what the object is.")]
    uri: Annotated[Uri, Field(description="Of the story, or of the headline, as a URN.")]
    rel: Annotated[Literal["embedded_in", "related"], Field(description="What it has to do with the story.")]
    type: Annotated[Literal["text"], Field(description="Of news objects.")] = "text"
    representation_type: Annotated[Literal["partial"], Field(description="It is only named here.")] = "partial"


class Standard(Foreign):
    """The standard that the object follows."""

    name: Annotated[Literal["ninjs"], Field(description="Of the standard.")] = "ninjs"
    version: Annotated[Literal["3.1"], Field(description="Of the standard.")] = "3.1"
    schema_: Annotated[
        Literal["http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#"],
        Field(alias="schema", description="The URI of its JSON Schema."),
    ] = "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#"


class Ninjs(Foreign):
    """A story as a ninjs news object."""

    uri: Annotated[Uri, Field(description="`urn:newsworker:story:<story_id>`.")]
    standard: Annotated[Standard, Field(description="What this follows.")] = Standard()
    type: Annotated[Literal["text"], Field(description="Of news objects.")] = "text"
    representation_type: Annotated[
        Literal["full", "partial"], Field(description="`partial`: the page has no text of it.")
    ]
    profile: Annotated[Literal["newsworker-story"], Field(description="Which properties may be there.")] = (
        "newsworker-story"
    )
    pub_status: Annotated[Literal["usable"], Field(description="A story that is taken down has a tombstone.")] = (
        "usable"
    )
    content_created: Annotated[
        DateTime | None, Field(description="Publication, where the page gives its time of day and offset.")
    ] = None
    version_created: Annotated[
        DateTime | None, Field(description="The last change, else the publication, under the same condition.")
    ] = None
    language: Annotated[str | None, Field(description="BCP 47.")] = None
    headlines: Annotated[list[Text] | None, Field(description="`main` and `subhead`.")] = None
    descriptions: Annotated[list[Text] | None, Field(description="`summary`.")] = None
    bodies: Annotated[list[Body] | None, Field(description="One, `main`, with a blank line between paragraphs.")] = None
    by: Annotated[str | None, Field(description="The authors, commas between them.")] = None
    located: Annotated[str | None, Field(description="The dateline's places, commas between them.")] = None
    people: Annotated[list[Named] | None, Field(description="One for each name.")] = None
    organisations: Annotated[list[Named] | None, Field(description="One for each name.")] = None
    places: Annotated[list[Named] | None, Field(description="One for each name.")] = None
    subjects: Annotated[list[Subject] | None, Field(description="The keywords, best first.")] = None
    info_sources: Annotated[list[InfoSource] | None, Field(description="Publisher and agencies.")] = None
    alt_ids: Annotated[list[AltId], Field(description="How other records call the story.")]
    associations: Annotated[
        list[Association] | None, Field(description="The main story of an embedded one; the related headlines.")
    ] = None
