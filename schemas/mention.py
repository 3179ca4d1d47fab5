"""`news.mention.v1`: every sighting of a headline in a related list, with its verdict; keyed by `headline_id`."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.record import SCHEMA_VERSION, Id, Record, Timestamp

Verdict = Literal["new", "repeat", "same_as_story", "repeat_in_page"]
Match = Literal["exact", "normalised", "near"]


class Mention(Record):
    """One sighting and what was decided about it, with the reason in words."""

    schema_version: Literal[1] = SCHEMA_VERSION
    headline_id: Id
    canonical_id: Id
    page_id: Id
    position: Annotated[int, Field(ge=0)]
    headline: str
    seen_at: Annotated[Timestamp, Field(description="Event time: when the page was fetched.")]
    verdict: Verdict
    match: Match | None
    score: Annotated[float | None, Field(ge=0, le=1)]
    reason: Annotated[str, Field(min_length=1)]
    veto: Annotated[str | None, Field(description="What kept a near match apart.")]
