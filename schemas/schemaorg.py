"""`news.story.schemaorg.v1` (optional): a story as a schema.org NewsArticle in JSON-LD, keyed by `story_id`.

Terms and their ranges are those of schema.org, version 29; of them these are the ones that a story fills.
"""

from typing import Annotated, Literal

from pydantic import Field

from schemas.foreign import Foreign


class Reference(Foreign):
    """Another object, by its id."""

    type: Annotated[Literal["NewsArticle", "WebPage"], Field(alias="@type", description="What it is.")]
    id: Annotated[str, Field(alias="@id", description="A URN of this worker, or the page's address.")]
    related_link: Annotated[
        list[str] | None, Field(description="Of the page: where its related headlines lead, in their order.")
    ] = None


class Person(Foreign):
    """An author, or a person that the story names."""

    type: Annotated[Literal["Person"], Field(alias="@type", description="What it is.")] = "Person"
    name: Annotated[str, Field(description="The fullest form that the story prints.")]
    job_title: Annotated[str | None, Field(description="The role printed beside the name.")] = None


class Organization(Foreign):
    """A publisher, an agency, or an organisation that the story names."""

    type: Annotated[Literal["Organization"], Field(alias="@type", description="What it is.")] = "Organization"
    name: Annotated[str, Field(description="Canonical, for agencies.")]
    url: Annotated[str | None, Field(description="Of the publisher's registrable domain.")] = None


class Place(Foreign):
    """A place of the dateline, or one that the story names."""

    type: Annotated[Literal["Country", "Place"], Field(alias="@type", description="What it is.")] = "Place"
    name: Annotated[str, Field(description="As printed.")]
    identifier: Annotated[str | None, Field(description="ISO 3166-1 alpha-2, of a country.")] = None
    same_as: Annotated[str | None, Field(description="The place's page at GeoNames.")] = None


class Quotation(Foreign):
    """Somebody's own words in the story."""

    type: Annotated[Literal["Quotation"], Field(alias="@type", description="What it is.")] = "Quotation"
    text: Annotated[str, Field(description="Inside the quotation marks.")]
    credit_text: Annotated[str | None, Field(description="Who said it.")] = None


class NewsArticle(Foreign):
    """A story as a NewsArticle."""

    context: Annotated[
        Literal["https://schema.org"], Field(alias="@context", description="Where the terms are explained.")
    ] = "https://schema.org"
    type: Annotated[Literal["NewsArticle"], Field(alias="@type", description="What it is.")] = "NewsArticle"
    id: Annotated[str, Field(alias="@id", description="`urn:newsworker:story:<story_id>`.")]
    identifier: Annotated[str, Field(description="The `story_id`.")]
    url: Annotated[str | None, Field(description="Of the page, for its main story.")] = None
    main_entity_of_page: Annotated[Reference | None, Field(description="The page, for its main story.")] = None
    is_part_of: Annotated[Reference | None, Field(description="The main story, for an embedded one.")] = None
    headline: Annotated[str | None, Field(description="As printed.")] = None
    alternative_headline: Annotated[str | None, Field(description="The subhead.")] = None
    description: Annotated[str | None, Field(description="The lead.")] = None
    article_body: Annotated[str | None, Field(description="With a blank line between paragraphs.")] = None
    in_language: Annotated[str | None, Field(description="BCP 47.")] = None
    date_published: Annotated[str | None, Field(description="ISO 8601, as precise as it is printed.")] = None
    date_modified: Annotated[str | None, Field(description="ISO 8601, as precise as it is printed.")] = None
    dateline: Annotated[str | None, Field(description="As printed.")] = None
    location_created: Annotated[list[Place] | None, Field(description="The dateline's places.")] = None
    author: Annotated[list[Person] | None, Field(description="As printed.")] = None
    source_organization: Annotated[list[Organization] | None, Field(description="The agencies.")] = None
    publisher: Annotated[Organization | None, Field(description="Of the page.")] = None
    credit_text: Annotated[str | None, Field(description="The credit as printed.")] = None
    keywords: Annotated[list[str] | None, Field(description="Best first.")] = None
    mentions: Annotated[
        list[Person | Organization | Place] | None, Field(description="Named in the story, one for each name.")
    ] = None
    has_part: Annotated[list[Quotation] | None, Field(description="What it quotes word for word.")] = None
