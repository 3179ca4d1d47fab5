"""What the stream remembers of a headline and of a story's content, as bytes for a table and its changelog.

In and out: the dataclasses here, from and to those who decide. Each value carries its version, so that a newer worker
can read what an older one kept, and `last_seen`, by which entries expire in event time.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Literal

import orjson
from pydantic import Field, TypeAdapter, ValidationError

from schemas.record import Id, Timestamp
from worker.dedup.sighting import HeadlineSighting, Position, StorySighting
from worker.errors import Fatal


@dataclass(frozen=True, slots=True)
class HeadlineState:
    """The owner is the sighting of smallest `precedence`; `last_seen` is the latest event time of any.

    `turn` is its place in the queue of those that will be forgotten.
    """

    owner: HeadlineSighting
    last_seen: Timestamp
    turn: int = 0
    version: Literal[1] = 1

    @property
    def first(self) -> float:
        """Event time of the first sighting, in seconds."""
        return seconds(self.owner.seen_at)

    @property
    def last(self) -> float:
        """Event time of the last sighting, in seconds."""
        return seconds(self.last_seen)


@dataclass(frozen=True, slots=True)
class StoryState:
    """The earliest sighting of each copy, by `precedence`: the first is the original. `turn`: as of a headline.

    All copies have the same body: the first one alone keeps its sketch, which is four times as large as the rest.
    """

    copies: Annotated[tuple[StorySighting, ...], Field(min_length=1)]
    last_seen: Timestamp
    turn: int = 0
    version: Literal[1] = 1

    @property
    def first(self) -> float:
        """Event time of the first sighting, in seconds."""
        return seconds(self.copies[0].seen_at)

    @property
    def last(self) -> float:
        """Event time of the last sighting, in seconds."""
        return seconds(self.last_seen)


Turn = Annotated[int, Field(ge=0)]

Source = str
SourceName = str | None

_Plain = tuple[Literal[1], Id, str, str, Id, str | None, Position, Timestamp, bool, Id | None, Timestamp, Turn]
_Sourced = tuple[
    Literal[1], Id, str, str, Id, str | None, Position, Timestamp, bool, Id | None, Timestamp, Turn, Source, SourceName
]
_HEADLINE: TypeAdapter[_Plain | _Sourced] = TypeAdapter(Annotated[_Plain | _Sourced, Field(union_mode="left_to_right")])
"""A headline's state as it is kept: its version; id, headline, language, page, URL, position, time, list and story of
its owner; when it was seen last; its turn; its owner's source with its name, where it has one, which few have. Without
names of fields, which would be a third of it: there are millions."""

_STORY = TypeAdapter(StoryState)


STATES_KEPT = 4096
"""Headlines' states that are remembered as read: those of a group are asked for with each of its sightings."""

LONGEST_REMEMBERED = 2048
"""Bytes of one that is: a headline may have a hundred thousand characters."""

STORIES_KEPT = 512
"""Stories' states that are remembered as read. One with its 128 copies takes 0.1 MB."""


@lru_cache(STATES_KEPT)
def seconds(time: str) -> float:
    """Return a record's time in seconds since 1970."""
    return datetime.fromisoformat(time).timestamp()


def encode(state: HeadlineState | StoryState) -> bytes:
    """Return the state as JSON; of a headline's owner what its page has decided is left out."""
    if isinstance(state, StoryState):
        return _fitted(orjson.dumps(state))
    owner = state.owner
    what = owner.headline_id, owner.headline, owner.language
    where = owner.page_id, owner.url, owner.position, owner.seen_at, owner.in_list, owner.story_id
    source = (owner.source, owner.source_name) if owner.source else ()
    return _fitted(orjson.dumps((state.version, *what, *where, state.last_seen, state.turn, *source)))


def _fitted(value: bytes) -> bytes:
    """Return a copy: orjson writes into 4 kB, of which what is left over lies idle for as long as the value is kept."""
    return bytes(memoryview(value))


def decode_headline(value: bytes) -> HeadlineState:
    """Return the state that `encode` wrote; raises `Fatal` `bad_state` for anything else."""
    return (_remembered_headline if len(value) <= LONGEST_REMEMBERED else _decode_headline)(value)


def _decode_headline(value: bytes) -> HeadlineState:
    try:
        kept = _HEADLINE.validate_json(value)
    except ValidationError as error:
        raise bad_state("headline") from error
    _, headline_id, headline, language, page_id, url, position, seen_at, in_list, story_id, last_seen, turn, *own = kept
    owner = HeadlineSighting(
        headline_id, headline, language, page_id, url, position, seen_at, in_list, None, None, story_id
    )
    if own:
        source, source_name = own
        owner = replace(owner, source=source, source_name=source_name)
    return HeadlineState(owner, last_seen, turn)


_remembered_headline: Callable[[bytes], HeadlineState] = lru_cache(STATES_KEPT)(_decode_headline)


@lru_cache(maxsize=STORIES_KEPT)
def decode_story(value: bytes) -> StoryState:
    """Return the state that `encode` wrote; raises `Fatal` `bad_state` for anything else."""
    try:
        return _STORY.validate_json(value)
    except ValidationError as error:
        raise bad_state("story") from error


def bad_state(kind: str) -> Fatal:
    """Return what is raised for an entry of a kind that cannot be read."""
    return Fatal(
        "bad_state",
        "dedupe",
        f"an entry ({kind}) of the dedup table is unreadable: written by a newer worker, or damaged; "
        "delete the local state to rebuild it from the changelog",
    )
