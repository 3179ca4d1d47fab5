"""The contract: what newsworker reads and writes, as pydantic models, one module a topic.

`RECORDS` names every record; the JSON Schemas under ``schemas/json`` are generated from it. This package imports
pydantic and nothing of the worker, so a consumer can install it alone.
"""

from pydantic import BaseModel

from schemas.copy import Copy
from schemas.deadletter import DeadLetterHeaders
from schemas.envelope import EnvelopeHeaders
from schemas.headline import Headline
from schemas.mention import Mention
from schemas.ninjs import Ninjs
from schemas.page import Block, Page
from schemas.raw import RawArticle
from schemas.retraction import Retraction
from schemas.schemaorg import NewsArticle
from schemas.story import (
    Dateline,
    Entity,
    FoundDate,
    Keyword,
    Language,
    Paragraph,
    Publisher,
    Quote,
    Related,
    Story,
    Time,
)

__all__ = [
    "EXPORTS",
    "RECORDS",
    "Block",
    "Copy",
    "Dateline",
    "DeadLetterHeaders",
    "Entity",
    "EnvelopeHeaders",
    "FoundDate",
    "Headline",
    "Keyword",
    "Language",
    "Mention",
    "NewsArticle",
    "Ninjs",
    "Page",
    "Paragraph",
    "Publisher",
    "Quote",
    "RawArticle",
    "Related",
    "Retraction",
    "Story",
    "Time",
]

RECORDS: dict[str, type[BaseModel]] = {
    "raw": RawArticle,
    "story": Story,
    "headline": Headline,
    "copy": Copy,
    "mention": Mention,
    "page": Page,
    "deadletter": DeadLetterHeaders,
    "retraction": Retraction,
    "envelope": EnvelopeHeaders,
}
"""Every record of the contract by the name `newsworker schema` and the topic use."""

EXPORTS: dict[str, type[BaseModel]] = {"ninjs": Ninjs, "schemaorg": NewsArticle}
"""Stories in other people's terms, each on an optional topic of its own; their schemas lie beside the records'."""
