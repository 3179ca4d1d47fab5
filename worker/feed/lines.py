"""The lines of a headline feed, in and out.

In: lines of a file, from `sources`, as JSON. Out: `Line`s for the store, or the reason why a line is none; and the
answer to each line as JSON. It decides nothing.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

import orjson
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from schemas.raw import as_printed
from worker.errors import Permanent
from worker.sources import NO_TIMESTAMP_MS, Sourced

STAGE = "feed"

Verdict = Literal["new", "repeat"]
Match = Literal["exact", "normalised", "near"]

MOST = 2**63 - 1
"""The largest number that JSON of ours holds: 64 bits with a sign."""


LONGEST_SOURCE = 253
"""Characters of a domain; few names of newspapers have a fifth of them."""


class _Line(BaseModel):
    """A line as it comes; unknown fields are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, hide_input_in_errors=True)

    id: str | Annotated[int, Field(ge=-MOST, le=MOST)]
    headline: str
    language: str | None = None
    source: Annotated[str | None, Field(max_length=LONGEST_SOURCE)] = None
    seen_at: Annotated[Annotated[AwareDatetime, Field(strict=False)] | None, BeforeValidator(as_printed)] = None


@dataclass(frozen=True, slots=True)
class Line:
    """A headline of the feed. `number` counts lines from 1; `id` is the feed's own, as JSON; `time` in milliseconds."""

    number: int
    id: bytes
    headline: str
    language: str | None
    time: int
    source: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of a line: its fields are those of the contract, in this order."""

    id: str | int
    headline_id: str
    canonical_id: str
    verdict: Verdict
    match: Match | None
    score: float | None
    reason: str
    veto: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What is known of a source: the words behind its headlines, folded, and how that is known."""

    source: str
    words: str
    known_by: Literal["name", "count"]
    headlines: int
    first_seen: str | None
    last_seen: str | None


def parse(sourced: Sourced) -> Line:
    """Return the headline that a line of the file holds; one without `seen_at` was seen at the beginning of time.

    Raises:
        Permanent: `too_large` or `damaged_input`, as `sources` found; `malformed_json`, `not_an_object`,
            `invalid_field`, which names the field.
    """
    if sourced.error is not None:
        raise sourced.error
    try:
        found = _Line.model_validate_json(sourced.message.value or b"")
    except ValidationError as error:
        raise _refusal(error) from None
    time = NO_TIMESTAMP_MS if found.seen_at is None else round(1000 * found.seen_at.timestamp())
    return Line(sourced.number + 1, orjson.dumps(found.id), found.headline, found.language, time, found.source)


def encode(answer: Answer | Shown) -> bytes:
    """Return what is said as a line of JSON with its end."""
    return orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE)


def _refusal(error: ValidationError) -> Permanent:
    problem = error.errors(include_input=False, include_url=False, include_context=False)[0]
    if problem["type"] == "json_invalid":
        return Permanent("malformed_json", STAGE, "the line is not JSON")
    if not problem["loc"]:
        return Permanent("not_an_object", STAGE, "the line is JSON, but not an object")
    return Permanent("invalid_field", STAGE, f"the field `{problem['loc'][0]}` is not valid: {problem['type']}")
