"""Sightings: what the split half tells the dedupe half, on the internal topic.

In: `page.relate` and the pipeline make them; bytes come back from the topic. Out: bytes keyed by `key_of`, so that all
sightings of one headline, or of one story's content, meet in one partition; and the sighting read from bytes. It
decides nothing.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

import orjson
from pydantic import Field, TypeAdapter, ValidationError

from schemas.record import Id, Timestamp
from worker.errors import Permanent

Position = Annotated[int, Field(ge=0)]
PageVerdict = Literal["same_as_story", "repeat_in_page"]
PageMatch = Literal["exact", "normalised"]


@dataclass(frozen=True, slots=True)
class HeadlineSighting:
    """A headline seen on a page: as an item of its related list (`in_list`), or as a story's own headline.

    `headline` is as shown. `url` is the page's. `position` counts from 0 the raw items of the list, or the page's
    stories. `page_verdict` is what the page alone decides, `page_match` how the headline equals that of the story
    `story_id` or of the earlier item; a story's own headline names its story and has no verdict.
    """

    headline_id: Id
    headline: str
    language: str
    page_id: Id
    url: str | None
    position: Position
    seen_at: Timestamp
    in_list: bool
    page_verdict: PageVerdict | None
    page_match: PageMatch | None
    story_id: Id | None
    kind: Literal["headline"] = "headline"


@dataclass(frozen=True, slots=True)
class StorySighting:
    """A story seen on a page. `url` is the page's; `content_id` is shared by all word-for-word copies."""

    story_id: Id
    content_id: Id
    page_id: Id
    url: str | None
    seen_at: Timestamp
    kind: Literal["story"] = "story"


Sighting = HeadlineSighting | StorySighting

_READER: TypeAdapter[Sighting] = TypeAdapter(Annotated[Sighting, Field(discriminator="kind")])


def key_of(sighting: Sighting) -> str:
    """Return the key under which the sighting travels and its state is kept; the two kinds never share one."""
    return sighting.headline_id if isinstance(sighting, HeadlineSighting) else sighting.content_id


def encode(sighting: Sighting) -> bytes:
    """Return the sighting as JSON, its fields in their declared order: equal sightings are equal bytes."""
    return orjson.dumps(sighting)


def decode(value: bytes) -> Sighting:
    """Return the sighting that `encode` wrote; types and ids are checked, unknown fields (a newer worker's) ignored.

    Raises:
        Permanent: `malformed_sighting`, naming the first wrong field and never its content.
    """
    try:
        return _READER.validate_json(value, strict=True)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in problem["loc"])
        raise Permanent("malformed_sighting", "sighting", f"{place or 'value'}: {problem['type']}") from None


def precedence(sighting: Sighting) -> tuple[str, str, bool, int, str]:
    """Return what orders sightings: the smallest owns its headline or content, whatever the order of arrival.

    Event time, then page; on one page a story's own headline comes before the list, the list in its order. The story's
    id parts what is left: one page read by two worker versions that find different canonical URLs.
    """
    # Without the "Z" a whole second sorts before its own milliseconds.
    time = sighting.seen_at.removesuffix("Z")
    in_list, position = (sighting.in_list, sighting.position) if isinstance(sighting, HeadlineSighting) else (False, 0)
    return (time, sighting.page_id, in_list, position, sighting.story_id or "")
