"""Sightings: what the split half tells the dedupe half, on the internal topic.

In: `page.relate` and the pipeline make them; bytes come back from the topic. Out: bytes keyed by `realm_of`, so that
all that may be one news meet in one partition; and the sighting read from bytes. It decides nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import orjson
from pydantic import Field, TypeAdapter, ValidationError

from schemas.record import Id, Timestamp
from worker.dedup.language import find_script
from worker.dedup.reading import key
from worker.errors import Permanent

Position = Annotated[int, Field(ge=0)]
Sketch = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]+={0,2}$", max_length=4096)]
"""Base64, with room for a newer worker's; `body.read` tells whether this one can compare it."""
PageVerdict = Literal["same_as_story", "repeat_in_page"]
PageMatch = Literal["exact", "normalised", "near"]


@dataclass(frozen=True, slots=True)
class HeadlineSighting:
    """A headline seen on a page: as an item of its related list (`in_list`), or as a story's own headline.

    `headline` is as shown. `url` is the page's. `position` counts from 0 the raw items of the list, or the page's
    stories. `page_verdict` is what the page alone decides, `page_match` how the headline equals that of the story
    `story_id` or of the earlier item; a story's own headline names its story and has no verdict. Of a near match there
    are also `page_score` and `page_reason`. `source` is the domain (else the name) of who printed the headline,
    `source_name` what its pages call it: only where something stands behind the headline that may be its name.
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
    page_score: Annotated[float, Field(ge=0, le=1)] | None = None
    page_reason: str | None = None
    source: str | None = None
    source_name: str | None = None
    kind: Literal["headline"] = "headline"


@dataclass(frozen=True, slots=True)
class StorySighting:
    """A story seen on a page. `url` is the page's; `content_id` is shared by all word-for-word copies.

    `canonical_url` is the page's too, `sketch` that of the story's body (`body.as_text`), and `script` that of most of
    its letters (ISO 15924); sightings of workers that did not know them have none.
    """

    story_id: Id
    content_id: Id
    page_id: Id
    url: str | None
    seen_at: Timestamp
    canonical_url: str | None = None
    sketch: Sketch | None = None
    script: str = ""
    kind: Literal["story"] = "story"

    @property
    def place(self) -> str | None:
        """The URL under which later versions of the story are looked for."""
        return self.canonical_url or self.url


Sighting = HeadlineSighting | StorySighting

SAME_REALM: Mapping[str, str] = {"Jpan": "Hani"}
"""Scripts whose headlines may be variants of one another."""

_READER: TypeAdapter[Sighting] = TypeAdapter(Annotated[Sighting, Field(discriminator="kind")])


def realm_of(sighting: Sighting) -> str:
    """Return the key under which a sighting travels: all that may be one news meets in one partition.

    That is its kind and the script of its letters, which no near variant changes; Japanese may do without kana. Of a
    headline's key, which its id is made of: one id has one realm, with letters of full width, too.
    """
    return f"{sighting.kind}:{SAME_REALM.get(script := _script_of(sighting), script)}"


def _script_of(sighting: Sighting) -> str:
    if isinstance(sighting, HeadlineSighting):
        return find_script(key(sighting.headline))
    return sighting.script


def is_same_place(one: HeadlineSighting, other: HeadlineSighting) -> bool:
    """The same place on the same page is the same sighting, however often and whenever it is delivered."""
    return (one.page_id, one.in_list, one.position) == (other.page_id, other.in_list, other.position)


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
