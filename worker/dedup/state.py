"""What the stream remembers of a headline and of a story's content, as bytes for a table and its changelog.

In and out: the dataclasses here, from and to `stream`. Each value carries its version, so that a newer worker can read
what an older one kept, and `last_seen`, by which entries can expire in event time.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

import orjson
from pydantic import Field, TypeAdapter, ValidationError

from schemas.record import Timestamp
from worker.dedup.sighting import HeadlineSighting, StorySighting
from worker.errors import Fatal


@dataclass(frozen=True, slots=True)
class HeadlineState:
    """The owner is the sighting of smallest `precedence`; `last_seen` is the latest event time of any."""

    owner: HeadlineSighting
    last_seen: Timestamp
    version: Literal[1] = 1


@dataclass(frozen=True, slots=True)
class StoryState:
    """The earliest sighting of each copy, by `precedence`: the first is the original."""

    copies: Annotated[tuple[StorySighting, ...], Field(min_length=1)]
    last_seen: Timestamp
    version: Literal[1] = 1


_HEADLINE = TypeAdapter(HeadlineState)
_STORY = TypeAdapter(StoryState)


def encode(state: HeadlineState | StoryState) -> bytes:
    """Return the state as JSON, its fields in their declared order."""
    return orjson.dumps(state)


def decode_headline(value: bytes) -> HeadlineState:
    """Return the state that `encode` wrote; raises `Fatal` `bad_state` for anything else."""
    try:
        return _HEADLINE.validate_json(value)
    except ValidationError as error:
        raise _bad_state("headline") from error


def decode_story(value: bytes) -> StoryState:
    """Return the state that `encode` wrote; raises `Fatal` `bad_state` for anything else."""
    try:
        return _STORY.validate_json(value)
    except ValidationError as error:
        raise _bad_state("story") from error


def _bad_state(kind: str) -> Fatal:
    return Fatal(
        "bad_state",
        "dedupe",
        f"a {kind} entry of the dedup table is unreadable: written by a newer worker, or damaged; "
        "delete the local state to rebuild it from the changelog",
    )
