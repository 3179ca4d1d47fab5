"""Who published the page, and whom a story credits."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from schemas.raw import RawArticle
from worker.enrich.agencies import canonical
from worker.enrich.dateline import lexicon
from worker.enrich.lexicon import alternatives
from worker.split.model import Block, SplitPage

_TRIM = " \t\u00a0:：|-–—."


@dataclass(frozen=True, slots=True)
class Name:
    """The publisher's name and how it was found: `message`, `source_line`, `site_name`, `credit` or `none`."""

    name: str | None
    method: str


def find_name(page: SplitPage, article: RawArticle) -> Name:
    """Return the publisher: as the scraper knows it, as the page's own first line or HTML names it, or as credited."""
    source_line = next((block for block in page.blocks if block.role == "source_line"), None)
    candidates = (
        (article.source, "message"),
        (_text(page, source_line).strip(_TRIM) if source_line else None, "source_line"),
        (page.facts.site_name, "site_name"),
        (_credited_publisher(page), "credit"),
    )
    for name, method in candidates:
        if name and name.strip():
            return Name(name.strip(), method)
    return Name(None, "none")


def find_names(page: SplitPage, publisher: Name) -> tuple[str, ...]:
    """Return all names by which the page calls its publisher."""
    names = (publisher.name, _credited_publisher(page), page.facts.site_name)
    return tuple(name for name in names if name)


def find_credit(page: SplitPage, blocks: Iterable[Block]) -> str | None:
    """Return the line that credits a source, as printed; a picture's credit only where there is no other."""
    lines = [_text(page, block).strip() for block in blocks if block.role == "credit"]
    return next((line for line in lines if _credit().match(line)), lines[0] if lines else None)


def credited_name(credit: str) -> str | None:
    """Return the name behind "Source:", None for a line that does not begin so."""
    found = _credit().match(credit)
    return found["name"].strip(_TRIM) or None if found else None


def _credited_publisher(page: SplitPage) -> str | None:
    credit = find_credit(page, page.blocks)
    name = credited_name(credit) if credit else None
    return None if name is None or canonical(name) else name


def _text(page: SplitPage, block: Block) -> str:
    return page.text[block.start : block.end]


@cache
def _credit() -> re.Pattern[str]:
    return re.compile(rf"\W{{0,3}}{alternatives(lexicon().sources)}\s?[:：/|\-–—]\s?(?P<name>.+)", re.IGNORECASE)
