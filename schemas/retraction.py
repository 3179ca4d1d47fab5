"""`news.retraction.v1` (internal): a story that was taken down and must not come back; keyed by `story_id`."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.record import SCHEMA_VERSION, Id, Record, Timestamp


class Retraction(Record):
    """A refused story id; a tombstone under the key lifts the refusal."""

    schema_version: Annotated[
        Literal[1], Field(description="The record's version; raised only with a new topic version.")
    ] = SCHEMA_VERSION
    story_id: Annotated[Id, Field(description="That is refused.")]
    content_id: Annotated[Id | None, Field(description="Of the story, where it was known; copies share it.")]
    retracted_at: Annotated[Timestamp, Field(description="When the operator took it down.")]
    reason: Annotated[str | None, Field(description="As the operator gave it.")]
