"""`news.headline.v1`: one record for each distinct headline, keyed by `canonical_id`."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.record import SCHEMA_VERSION, Id, Record, Timestamp


class Headline(Record):
    """A headline at its earliest known sighting; the last record of a key is the truth."""

    schema_version: Annotated[
        Literal[1], Field(description="The record's version; raised only with a new topic version.")
    ] = SCHEMA_VERSION
    canonical_id: Annotated[Id, Field(description="The smallest headline id of the group.")]
    headline: Annotated[str, Field(description="As printed, trimmed.")]
    language: Annotated[str, Field(description="BCP 47; `und` where it cannot be told.")]
    first_seen: Annotated[Timestamp, Field(description="Event time of the group's earliest sighting.")]
    first_page_id: Annotated[Id, Field(description="Of the page that it was on.")]
    first_url: Annotated[str | None, Field(description="Of that page.")]
