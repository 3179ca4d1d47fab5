"""The page's own times: when it was crawled, published and changed.

In: the splitter's `timestamp` blocks and the times stated in the HTML. Out: the crawl stamp, `published_at` and
`modified_at` of a story, and the flags `date_conflict` and `future_date`.

Rules. A crawl stamp is printed directly under the source line, to the second and with an offset; it says when an
aggregator fetched the page, never when the story was published. HTML states times for machines, so they go before
printed ones. Two sources for one time that are more than a day apart are a conflict, as is a change before the
publication.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import pairwise

from schemas.story import Time
from worker.enrich.lexicon import alternatives, fold
from worker.enrich.moment import Moment
from worker.enrich.printed import lexicon, parse
from worker.split.model import Block, SplitPage

CONFLICT_DAYS = 1
"""Days by which two sources of one time may differ: time zones alone make one."""

_EDGES = " \t\u00a0:：|-–—,،•·()"


@dataclass(frozen=True, slots=True)
class Stated:
    """A time, as printed or stated, and how it was found."""

    moment: Moment
    raw: str
    method: str

    @property
    def time(self) -> Time:
        """The contract's spelling."""
        return self.moment.as_time(self.raw, self.method)


@dataclass(frozen=True, slots=True)
class Times:
    """When a story was published and changed."""

    published: Stated | None
    modified: Stated | None
    flags: tuple[str, ...]


_NO_TIMES = Times(None, None, ())


@dataclass(frozen=True, slots=True)
class CrawlStamp:
    """When an aggregator fetched the page, and the block that says so."""

    moment: Moment
    block: Block


def find_crawl_stamp(page: SplitPage) -> CrawlStamp | None:
    """Return the time that an aggregator printed under the page's source line, None if there is none."""
    for previous, block in pairwise(page.blocks):
        if previous.role == "source_line" and block.role == "timestamp":
            moment = parse(page.text[block.start : block.end])
            return CrawlStamp(moment, block) if moment and _is_stamp(moment) else None
    return None


def find_times(page: SplitPage, blocks: Iterable[Block], now: datetime | None, *, with_facts: bool) -> Times:
    """Return the times of the story that the blocks belong to; `with_facts` for the story that the HTML speaks of.

    `now` is when the page was seen; without it nothing is known to lie in the future.
    """
    lines = [page.text[block.start : block.end] for block in blocks if block.role == "timestamp"]
    if not lines and not with_facts:
        return _NO_TIMES
    printed = _printed(lines)
    published = [*(_stated(page.facts.published) if with_facts else ()), *_of_kind(printed, "published")]
    modified = [*(_stated(page.facts.modified) if with_facts else ()), *_of_kind(printed, "modified")]
    first = published[0] if published else None
    changed = modified[0] if modified else None
    return Times(first, changed, tuple(_flags(published, first, changed, now)))


def _is_stamp(moment: Moment) -> bool:
    return moment.precision == "second" and moment.at.tzinfo is not None


def _stated(facts: tuple[tuple[str, str], ...]) -> Iterator[Stated]:
    for method, raw in facts:
        moment = parse(raw)
        if moment:
            yield Stated(moment, raw.strip(), method)


def _of_kind(printed: list[tuple[str, Stated]], kind: str) -> list[Stated]:
    return [stated for found, stated in printed if found == kind]


def _printed(lines: list[str]) -> list[tuple[str, Stated]]:
    """Return the printed times with their kinds, labelled ones first: a label is worth more than a place."""
    found = [part for line in lines for part in _parts(line)]
    return sorted(found, key=lambda part: part[1].method != "printed_label")


def _parts(line: str) -> Iterator[tuple[str, Stated]]:
    labels = list(_labels().finditer(line))
    starts = [(0, "published", "printed_line"), *((m.end(), _kind(m[0]), "printed_label") for m in labels)]
    ends = [*(m.start() for m in labels), len(line)]
    for (start, kind, method), end in zip(starts, ends, strict=True):
        raw = line[start:end].strip(_EDGES)
        moment = parse(raw)
        if moment:
            yield kind, Stated(moment, raw, method)


def _flags(
    published: list[Stated], first: Stated | None, changed: Stated | None, now: datetime | None
) -> Iterator[str]:
    days = [stated.moment.day.toordinal() for stated in published]
    is_split = bool(days) and max(days) - min(days) > CONFLICT_DAYS
    if is_split or (changed and days and days[0] - changed.moment.day.toordinal() > CONFLICT_DAYS):
        yield "date_conflict"
    if now and any(stated.moment.is_after(now) for stated in (first, changed) if stated):
        yield "future_date"


def _kind(label: str) -> str:
    return "modified" if fold(label) in _modified() else "published"


@cache
def _modified() -> frozenset[str]:
    return frozenset(map(fold, lexicon().labels.modified))


@cache
def _labels() -> re.Pattern[str]:
    labels = lexicon().labels
    spellings = [*labels.published, *labels.modified, *map(fold, labels.published), *map(fold, labels.modified)]
    return re.compile(rf"(?<!\w){alternatives(spellings)}(?!\w)", re.IGNORECASE)
