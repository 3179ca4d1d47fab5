"""`news.headline.v1`: one record for each distinct headline, keyed by `canonical_id`."""

from typing import Literal

from schemas.record import SCHEMA_VERSION, Id, Record, Timestamp


class Headline(Record):
    """A headline at its earliest known sighting; the last record of a key is the truth."""

    schema_version: Literal[1] = SCHEMA_VERSION
    canonical_id: Id
    headline: str
    language: str
    first_seen: Timestamp
    first_page_id: Id
    first_url: str | None
