"""What all outgoing records share: strictness, immutability, and the form of ids, times and slugs."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

SCHEMA_VERSION: Literal[1] = 1
"""The version of every record in this package; raised only with a new topic version."""

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
"""128 bits of BLAKE2b over content, as 32 lower-case hexadecimal digits."""

Timestamp = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$")]
"""RFC 3339 in UTC, to the second (or millisecond, where the source is finer)."""

CalendarTime = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?)?)?$"),
]
"""ISO 8601 at the precision that is printed; no offset where the page gives none."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+(:[a-z0-9_.]+)?$")]
"""A short machine-readable word, the same in code, metric, header and log."""


class Record(BaseModel):
    """A record or a part of one. Unknown fields are ignored, so that version 1 readers read later additions."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
