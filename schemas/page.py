"""`news.page.v1`: the block map of one page and its outcome, keyed by `page_id`."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.record import SCHEMA_VERSION, Id, Record, Slug

Role = Literal[
    "headline",
    "subhead",
    "source_line",
    "timestamp",
    "dateline",
    "byline",
    "paragraph",
    "caption",
    "credit",
    "marker",
    "promo",
    "related_item",
    "tags",
    "navigation",
    "other",
]
"""What a block of a page is."""

PageOutcome = Literal["published", "no_story"]


class Block(Record):
    """A stretch of the page with one role. Blocks cover every non-whitespace character exactly once."""

    role: Role
    start: Annotated[int, Field(ge=0, description="Code points, inclusive.")]
    end: Annotated[int, Field(ge=0, description="Code points, exclusive.")]
    rule: Annotated[Slug, Field(description="The rule that decided the role.")]
    story_id: Annotated[Id | None, Field(description="The story it belongs to, if any.")]


class Page(Record):
    """A page as it was read."""

    schema_version: Literal[1] = SCHEMA_VERSION
    page_id: Id
    raw_id: str | None
    url: str | None
    layout: Annotated[Slug, Field(description="The shape the page was recognised as.")]
    length: Annotated[int, Field(ge=0, description="Code points of the page's text.")]
    text: Annotated[str | None, Field(description="The rendered text, for HTML input only.")]
    encoding: str
    blocks: list[Block]
    stories: Annotated[list[Id], Field(description="In page order.")]
    outcome: PageOutcome
