"""`news.mention.v1`: every sighting of a headline in a related list, with its verdict; keyed by `headline_id`."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.record import SCHEMA_VERSION, Id, Record, Timestamp

Verdict = Literal["new", "repeat", "same_as_story", "repeat_in_page"]
Match = Literal["exact", "normalised", "near"]


class Mention(Record):
    """One sighting and what was decided about it, with the reason in words."""

    schema_version: Annotated[
        Literal[1], Field(description="The record's version; raised only with a new topic version.")
    ] = SCHEMA_VERSION
    headline_id: Annotated[Id, Field(description="Of the normalised headline.")]
    canonical_id: Annotated[Id, Field(description="Of the group that it belongs to.")]
    page_id: Annotated[Id, Field(description="Of the page that lists it.")]
    position: Annotated[int, Field(ge=0, description="Order in the page's list.")]
    headline: Annotated[str, Field(description="As printed, trimmed.")]
    seen_at: Annotated[Timestamp, Field(description="Event time: when the page was fetched.")]
    verdict: Annotated[Verdict, Field(description="Whether the stream, or the page, has seen it.")]
    match: Annotated[Match | None, Field(description="How it meets what was seen; null for a new one.")]
    score: Annotated[float | None, Field(ge=0, le=1, description="Likeness to what it meets.")]
    reason: Annotated[str, Field(min_length=1, description="Of the verdict, in words.")]
    veto: Annotated[str | None, Field(description="What kept a near match apart.")]
