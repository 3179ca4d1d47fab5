"""`news.copy.v1`: what the stream knows of a story: original, or a copy of which other; keyed by `story_id`."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.record import SCHEMA_VERSION, Id, Record, Timestamp


class Copy(Record):
    """A story's place among its copies."""

    schema_version: Literal[1] = SCHEMA_VERSION
    story_id: Id
    content_id: Id
    page_id: Id
    url: str | None
    status: Literal["original", "duplicate", "near_duplicate", "update"]
    of: Annotated[Id | None, Field(description="The `story_id` of the original; null for an original.")]
    score: Annotated[float | None, Field(ge=0, le=1)]
    reason: Annotated[str, Field(min_length=1)]
    first_seen: Timestamp
