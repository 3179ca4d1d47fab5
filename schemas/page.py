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

    role: Annotated[Role, Field(description="What the block is.")]
    start: Annotated[int, Field(ge=0, description="Code points, inclusive.")]
    end: Annotated[int, Field(ge=0, description="Code points, exclusive.")]
    rule: Annotated[Slug, Field(description="The rule that decided the role.")]
    story_id: Annotated[Id | None, Field(description="The story it belongs to, if any.")]


class Page(Record):
    """A page as it was read."""

    schema_version: Annotated[
        Literal[1], Field(description="The record's version; raised only with a new topic version.")
    ] = SCHEMA_VERSION
    page_id: Annotated[Id, Field(description="Of the page, from its content, content type, url and id.")]
    raw_id: Annotated[str | None, Field(description="The raw message's `id`.")]
    url: Annotated[str | None, Field(description="Of the page, as the message gives it.")]
    layout: Annotated[Slug, Field(description="The shape the page was recognised as.")]
    length: Annotated[int, Field(ge=0, description="Code points of the page's text.")]
    text: Annotated[str | None, Field(description="The rendered text, for HTML input only.")]
    encoding: Annotated[str, Field(description="That the bytes were decoded by.")]
    blocks: Annotated[list[Block], Field(description="In page order.")]
    stories: Annotated[list[Id], Field(description="In page order.")]
    outcome: Annotated[PageOutcome, Field(description="Whether the page has a story.")]
