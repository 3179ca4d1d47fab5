"""`news.story.v1`: one story found on a page, keyed by `story_id`."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.record import SCHEMA_VERSION, CalendarTime, Id, Record, Slug, Timestamp

Start = Annotated[int, Field(ge=0, description="Unicode code points from the start of the page's text, inclusive.")]
End = Annotated[int, Field(ge=0, description="Unicode code points from the start of the page's text, exclusive.")]
Score = Annotated[float, Field(ge=0, le=1)]

WIRES = "wires"
"""Stands among agencies for those that the page names by no name ("agencies", "وكالات")."""


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

    name: Annotated[str | None, Field(description="As the page, its HTML or the message names it.")]
    domain: Annotated[str | None, Field(description="Registrable domain of the page's URL.")]
    credit: Annotated[str | None, Field(description='The credit as printed ("Source: ...").')]


class Dateline(Record):
    """The line or the opening words that say where and by whom the story was filed."""

    raw: Annotated[str, Field(description="As printed.")]
    publisher: Annotated[str | None, Field(description="The newspaper that signs it.")]
    places: Annotated[list[str], Field(description="As printed, in order.")]
    agencies: Annotated[list[str], Field(description="Canonical names; generic ones as `wires`.")]
    date: Annotated[CalendarTime | None, Field(description="The day that it names.")]


class Time(Record):
    """A time that the page gives for the story."""

    value: Annotated[CalendarTime, Field(description="ISO 8601, as precise as it is printed.")]
    precision: Annotated[Literal["second", "minute", "day"], Field(description="Of `value`.")]
    raw: Annotated[str, Field(description="As printed.")]
    method: Annotated[Slug, Field(description="How it was found.")]


class Language(Record):
    """The language the story is written in."""

    code: Annotated[str, Field(description="BCP 47; `und` where it cannot be told.")]
    script: Annotated[str, Field(description="ISO 15924, such as `Arab`; `Zyyy` where there are no letters.")]
    direction: Annotated[Literal["ltr", "rtl"], Field(description="In which the script is written.")]
    confidence: Annotated[Score, Field(description="Of the detector; 1 where the script alone tells.")]


class Paragraph(Record):
    """One paragraph of the body."""

    text: Annotated[str, Field(description="As on the page.")]
    start: Start
    end: End


class Quote(Record):
    """Somebody's words."""

    text: Annotated[str, Field(description="The words inside the quotation marks, or the reported clause.")]
    speaker: Annotated[str | None, Field(description='Resolved through "he added" chains.')]
    verb: Annotated[str | None, Field(description="As printed, or the attribution phrase.")]
    kind: Annotated[
        Literal["direct", "indirect"],
        Field(description="`direct`: in quotation marks; `indirect`: reported in other words."),
    ]
    start: Start
    end: End


class Entity(Record):
    """A person, organisation or place named in the story."""

    text: Annotated[str, Field(description="As printed here.")]
    name: Annotated[str, Field(description="The fullest form that the story prints.")]
    kind: Annotated[Literal["person", "organisation", "place"], Field(description="What it is.")]
    role: Annotated[str | None, Field(description="As printed (foreign minister).")]
    code: Annotated[str | None, Field(description="ISO 3166-1 alpha-2 for countries, GeoNames id for other places.")]
    start: Start
    end: End


class FoundDate(Record):
    """A date in the story's text."""

    text: Annotated[str, Field(description="As printed.")]
    value: Annotated[CalendarTime, Field(description="Relative dates resolved against the page's own time.")]
    start: Start
    end: End


class Keyword(Record):
    """A word or phrase that tells what the story is about."""

    text: Annotated[str, Field(description="As printed at its first mention.")]
    score: Annotated[Score, Field(description="Of the best keyword 1, of others in proportion.")]


class Related(Record):
    """A headline of the page's related list; one entry for each distinct `headline_id`, in page order."""

    headline: Annotated[str, Field(description="As printed, trimmed.")]
    headline_id: Annotated[Id, Field(description="Of the normalised headline.")]
    canonical_id: Annotated[Id, Field(description="The page's representative of the group.")]
    position: Annotated[int, Field(ge=0, description="Order among the page's related headlines.")]
    url: Annotated[str | None, Field(description="Of the link, where the page has one.")]
    story_id: Annotated[Id | None, Field(description="The story of this page that it names.")]
    verdict: Annotated[Literal["new", "same_as_story"], Field(description="Of the page, not of the stream.")]
    reason: Annotated[str, Field(min_length=1, description="Of the verdict, in words.")]


class Story(Record):
    """One story of a page, with every field's origin in `provenance`."""

    schema_version: Annotated[
        Literal[1], Field(description="The record's version; raised only with a new topic version.")
    ] = SCHEMA_VERSION
    story_id: Annotated[Id, Field(description="Made of `content_id` and the page's canonical URL, else `page_id`.")]
    content_id: Annotated[Id, Field(description="The same wherever the story stands.")]
    page_id: Annotated[Id, Field(description="Of the page, from its content, content type, url and id.")]
    kind: Annotated[
        Literal["main", "embedded", "item"], Field(description="`item`: an entry of a digest or live blog.")
    ]
    position: Annotated[int, Field(ge=0, description="Order in the page.")]
    embedded_in: Annotated[Id | None, Field(description="The main story's id, for an embedded one.")]
    url: Annotated[str | None, Field(description="Of the page, for the main story.")]
    canonical_url: Annotated[
        str | None, Field(description="Of the page, as it names itself, without tracking parameters.")
    ]
    raw_id: Annotated[str | None, Field(description="The raw message's `id`, on every story of the page.")]
    publisher: Annotated[Publisher, Field(description="Of the page, the same for all its stories.")]
    headline: Annotated[str | None, Field(description="As printed, trimmed.")]
    headline_id: Annotated[Id | None, Field(description="Of the normalised headline.")]
    subhead: Annotated[str | None, Field(description="As printed.")]
    authors: Annotated[list[str], Field(description="As printed, without agencies.")]
    agencies: Annotated[list[str], Field(description="Canonical names; generic ones as `wires`.")]
    dateline: Annotated[Dateline | None, Field(description="Where and by whom the story was filed.")]
    published_at: Annotated[Time | None, Field(description="When the page says it was published.")]
    modified_at: Annotated[Time | None, Field(description="When the page says it was changed.")]
    fetched_at: Annotated[Timestamp | None, Field(description="Of the message, else the page's own crawl stamp.")]
    language: Annotated[Language, Field(description="That the story is written in.")]
    body: Annotated[str, Field(description="Paragraphs joined by a blank line.")]
    paragraphs: Annotated[list[Paragraph], Field(description="In page order.")]
    summary: Annotated[str | None, Field(description="The lead.")]
    quotes: Annotated[list[Quote], Field(description="Direct and indirect ones, in page order.")]
    entities: Annotated[list[Entity], Field(description="One for each mention, in page order, none overlapping.")]
    dates: Annotated[list[FoundDate], Field(description="Of the text, in page order.")]
    keywords: Annotated[list[Keyword], Field(description="Best first.")]
    related: Annotated[list[Related], Field(description="Of the main story only.")]
    flags: Annotated[list[Slug], Field(description=FLAGS)]
    provenance: Annotated[dict[str, Slug], Field(description="Field name: the method that found it.")]
