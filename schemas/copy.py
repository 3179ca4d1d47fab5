"""`news.copy.v1`: what the stream knows of a story: original, or a copy of which other; keyed by `story_id`."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.record import SCHEMA_VERSION, Id, Record, Timestamp


class Copy(Record):
    """A story's place among its copies."""

    schema_version: Annotated[
        Literal[1], Field(description="The record's version; raised only with a new topic version.")
    ] = SCHEMA_VERSION
    story_id: Annotated[Id, Field(description="Of the story.")]
    content_id: Annotated[Id, Field(description="Of its text; the same wherever it stands.")]
    page_id: Annotated[Id, Field(description="Of the page that it was seen on.")]
    url: Annotated[str | None, Field(description="Of that page.")]
    status: Annotated[
        Literal["original", "duplicate", "near_duplicate", "update"], Field(description="What the stream knows of it.")
    ]
    of: Annotated[Id | None, Field(description="The `story_id` of the original; null for an original.")]
    score: Annotated[float | None, Field(ge=0, le=1, description="Likeness to the original.")]
    reason: Annotated[str, Field(min_length=1, description="Of the status, in words.")]
    first_seen: Annotated[Timestamp, Field(description="Event time of its first sighting.")]
