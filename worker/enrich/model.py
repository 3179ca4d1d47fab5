"""What the enricher gives to the assembler: the schemas' own part models, one `StoryFields` for each split story."""

from dataclasses import dataclass
from typing import NamedTuple, Self

from schemas.record import Slug, Timestamp
from schemas.story import Dateline, Entity, FoundDate, Keyword, Language, Publisher, Quote, Time
from worker.settings import Settings


class Wanted(NamedTuple):
    """What costs much and may be left out."""

    names: bool = True
    """Persons, organisations, places and keywords."""
    reported: bool = True
    """What is reported in other words, and speakers who are named there alone."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return what the settings want."""
        return cls(settings.find_names, settings.find_reported)


EVERYTHING = Wanted()


@dataclass(frozen=True, slots=True)
class StoryFields:
    """Every field of `schemas.Story` that reading the story gives; ids, body and related list are not among them."""

    publisher: Publisher
    authors: tuple[str, ...]
    agencies: tuple[str, ...]
    dateline: Dateline | None
    published_at: Time | None
    modified_at: Time | None
    fetched_at: Timestamp | None
    language: Language
    summary: str | None
    quotes: tuple[Quote, ...]
    entities: tuple[Entity, ...]
    dates: tuple[FoundDate, ...]
    keywords: tuple[Keyword, ...]
    flags: tuple[Slug, ...]
    provenance: dict[str, Slug]


@dataclass(frozen=True, slots=True)
class PageFields:
    """What holds for the page as a whole, and the fields of each story in the splitter's order."""

    seen_at: Timestamp
    """Event time: the message's `fetched_at`, else the page's crawl stamp, else the Kafka record's timestamp."""
    fetched_at: Timestamp | None
    canonical_url: str | None
    publisher: Publisher
    stories: tuple[StoryFields, ...]
