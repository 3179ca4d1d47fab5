"""Who published the page, and whom a story credits."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from schemas.raw import RawArticle
from worker.enrich.agencies import canonical
from worker.enrich.dateline import lexicon
from worker.enrich.lexicon import alternatives
from worker.split.model import Block, SplitPage

_TRIM = " \t\u00a0:：|-–—."


@dataclass(frozen=True, slots=True)
class Identity:
    """The publisher's name and how it was found: `message`, `source_line`, `site_name`, `credit` or `none`."""

    name: str | None
    method: str
    names: tuple[str, ...]
    """All names by which the page calls its publisher."""
    credit: str | None
    """The page's credit line."""


def find_publisher(page: SplitPage, blocks: Sequence[Block], article: RawArticle) -> Identity:
    """Return the publisher: as the scraper knows it, as the page's own first line or HTML names it, or as credited.

    `blocks` are those of the page that may say so.
    """
    source_line = next((_text(page, block) for block in blocks if block.role == "source_line"), "")
    credit = find_credit(page, blocks)
    credited, site_name = _credited_publisher(credit), page.facts.site_name
    candidates = (
        (article.source, "message"),
        (source_line.strip(_TRIM), "source_line"),
        (site_name, "site_name"),
        (credited, "credit"),
    )
    found = ((name.strip(), method) for name, method in candidates if name and name.strip())
    name, method = next(found, (None, "none"))
    return Identity(name, method, tuple([known for known in (name, credited, site_name) if known]), credit)


def find_credit(page: SplitPage, blocks: Iterable[Block]) -> str | None:
    """Return the line that credits a source, as printed; a picture's credit only where there is no other."""
    lines = [_text(page, block).strip() for block in blocks if block.role == "credit"]
    return next((line for line in lines if _credit().match(line)), lines[0]) if lines else None


def credited_name(credit: str) -> str | None:
    """Return the name behind "Source:", None for a line that does not begin so."""
    found = _credit().match(credit)
    return found["name"].strip(_TRIM) or None if found else None


def _credited_publisher(credit: str | None) -> str | None:
    name = credited_name(credit) if credit else None
    return None if name is None or canonical(name) else name


def _text(page: SplitPage, block: Block) -> str:
    return page.text[block.start : block.end]


@cache
def _credit() -> re.Pattern[str]:
    return re.compile(rf"\W{{0,3}}{alternatives(lexicon().sources)}\s?[:：/|\-–—]\s?(?P<name>.+)", re.IGNORECASE)
