"""`news.story.v1`: one story found on a page, keyed by `story_id`."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.record import SCHEMA_VERSION, CalendarTime, Id, Record, Slug, Timestamp

Offset = Annotated[int, Field(ge=0, description="Unicode code points from the start of the page's text.")]
Score = Annotated[float, Field(ge=0, le=1)]


FLAGS = (
    "What a reader should know of the story. Of its page's characters: `mojibake` (the text was decoded in a wrong "
    "encoding before it came, or lost characters so), `control_characters` (it has some that are no white space), "
    "`bidi_override` (it has U+202D or U+202E, so that what is shown is not what is read). Of its times: "
    "`date_conflict` (two sources give it days of publication more than a day apart, or a change more than a day "
    "before it), `future_date` (published or changed later than the page was seen). Of its body: `no_body` (it has no "
    "paragraphs)."
)
"""Every flag that a story may carry, with its meaning."""


class Publisher(Record):
    """Who published the page."""

    name: str | None
    domain: Annotated[str | None, Field(description="Registrable domain of the page's URL.")]
    credit: Annotated[str | None, Field(description='The credit as printed ("Source: ...").')]


class Dateline(Record):
    """The line or the opening words that say where and by whom the story was filed."""

    raw: str
    publisher: str | None
    places: list[str]
    agencies: Annotated[list[str], Field(description="Canonical names; generic ones as `wires`.")]
    date: CalendarTime | None


class Time(Record):
    """A time that the page gives for the story."""

    value: CalendarTime
    precision: Literal["second", "minute", "day"]
    raw: Annotated[str, Field(description="As printed.")]
    method: Annotated[Slug, Field(description="How it was found.")]


class Language(Record):
    """The language the story is written in."""

    code: Annotated[str, Field(description="BCP 47; `und` where it cannot be told.")]
    script: Annotated[str, Field(description="ISO 15924, such as `Arab`; `Zyyy` where there are no letters.")]
    direction: Literal["ltr", "rtl"]
    confidence: Score


class Paragraph(Record):
    """One paragraph of the body."""

    text: str
    start: Offset
    end: Offset


class Quote(Record):
    """Somebody's words."""

    text: Annotated[str, Field(description="The words inside the quotation marks.")]
    speaker: Annotated[str | None, Field(description='Resolved through "he added" chains.')]
    verb: Annotated[str | None, Field(description="As printed, or the attribution phrase.")]
    kind: Literal["direct", "indirect"]
    start: Offset
    end: Offset


class Entity(Record):
    """A person, organisation or place named in the story."""

    text: str
    name: str
    kind: Literal["person", "organisation", "place"]
    role: Annotated[str | None, Field(description="As printed (foreign minister).")]
    code: Annotated[str | None, Field(description="ISO 3166-1 alpha-2 for countries, GeoNames id for other places.")]
    start: Offset
    end: Offset


class FoundDate(Record):
    """A date in the story's text."""

    text: str
    value: Annotated[CalendarTime, Field(description="Relative dates resolved against the page's own time.")]
    start: Offset
    end: Offset


class Keyword(Record):
    """A word or phrase that tells what the story is about."""

    text: str
    score: Score


class Related(Record):
    """A headline of the page's related list; one entry for each distinct `headline_id`, in page order."""

    headline: str
    headline_id: Id
    canonical_id: Annotated[Id, Field(description="The page's representative of the group.")]
    position: Annotated[int, Field(ge=0)]
    url: str | None
    story_id: Annotated[Id | None, Field(description="The story of this page that it names.")]
    verdict: Annotated[Literal["new", "same_as_story"], Field(description="Of the page, not of the stream.")]
    reason: Annotated[str, Field(min_length=1)]


class Story(Record):
    """One story of a page, with every field's origin in `provenance`."""

    schema_version: Literal[1] = SCHEMA_VERSION
    story_id: Annotated[Id, Field(description="Made of `content_id` and the page's canonical URL, else `page_id`.")]
    content_id: Annotated[Id, Field(description="The same wherever the story stands.")]
    page_id: Id
    kind: Literal["main", "embedded", "item"]
    position: Annotated[int, Field(ge=0, description="Order in the page.")]
    embedded_in: Annotated[Id | None, Field(description="The main story's id, for an embedded one.")]
    url: Annotated[str | None, Field(description="Of the page, for the main story.")]
    canonical_url: str | None
    raw_id: str | None
    publisher: Publisher
    headline: Annotated[str | None, Field(description="As printed, trimmed.")]
    headline_id: Id | None
    subhead: str | None
    authors: list[str]
    agencies: list[str]
    dateline: Dateline | None
    published_at: Time | None
    modified_at: Time | None
    fetched_at: Annotated[Timestamp | None, Field(description="Of the message, else the page's own crawl stamp.")]
    language: Language
    body: Annotated[str, Field(description="Paragraphs joined by a blank line.")]
    paragraphs: list[Paragraph]
    summary: Annotated[str | None, Field(description="The lead.")]
    quotes: list[Quote]
    entities: list[Entity]
    dates: list[FoundDate]
    keywords: list[Keyword]
    related: Annotated[list[Related], Field(description="Of the main story only.")]
    flags: Annotated[list[Slug], Field(description=FLAGS)]
    provenance: Annotated[dict[str, Slug], Field(description="Field name: the method that found it.")]
