"""The page's own times: when it was crawled, published and changed.

In: the splitter's `timestamp` blocks, the lines beside the story and the times stated in the HTML. Out: the crawl
stamp, `published_at` and `modified_at` of a story, and the flags `date_conflict` and `future_date`.

Rules. A crawl stamp is printed directly under the source line, to the second and with an offset; it says when an
aggregator fetched the page, never when the story was published. What HTML states by a standard goes before what is
printed, and that before what it states by none; a day in the URL comes next, and lines farther away last. A time stated
in UTC that the page also prints on its own clock is given with that clock's offset. Where only a change is printed, the
story was published by then. Two sources for one time that are more than a day apart are a conflict, as is a change
before the publication.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from functools import cache
from itertools import pairwise
from typing import Literal, NamedTuple

from schemas.story import Time
from worker.enrich.beside import NEAR, UNDER, Beside, find_beside
from worker.enrich.lexicon import fold
from worker.enrich.moment import Moment
from worker.enrich.printed import has_english_half, labels, lexicon, parse, put_months_first
from worker.split.model import Block, SplitPage

CONFLICT_DAYS = 1
"""Days by which two sources of one time may differ: time zones alone make one."""

WESTERNMOST, EASTERNMOST = timedelta(hours=-12), timedelta(hours=14)
OFFSETS = frozenset(timedelta(hours=hours) for hours in range(-12, 15)) | frozenset(
    timedelta(minutes=minutes) for minutes in (-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825)
)
"""The offsets from UTC in use: IANA tz database."""

_DAY = timedelta(days=1)

_EDGES = " \t\u00a0:：|-–—,،•·()"
_URL_DAY = re.compile(r"/((?:19|20)\d\d)[-/]?([01]\d)[-/]?([0-3]\d)(?=[-/_]|$)")
_LABELLED = "printed_label"

Kind = Literal["published", "modified", "other"]


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


class _Found(NamedTuple):
    rank: int
    kind: Kind
    stated: Stated


def find_crawl_stamp(page: SplitPage) -> CrawlStamp | None:
    """Return the time that an aggregator printed under the page's source line, None if there is none."""
    for previous, block in pairwise(page.blocks):
        if previous.role == "source_line" and block.role == "timestamp":
            moment = parse(page.text[block.start : block.end])
            return CrawlStamp(moment, block) if moment and _is_stamp(moment) else None
    return None


def find_times(page: SplitPage, blocks: Iterable[Block], now: datetime | None) -> Times:
    """Return the times of an embedded story or an item, by its own blocks.

    `now` is when the page was seen; without it nothing is known to lie in the future.
    """
    lines = [page.text[block.start : block.end] for block in blocks if block.role == "timestamp"]
    if not lines:
        return _NO_TIMES
    parts = [part for line in lines for part in _parts(line, "printed_line", month_first=False)]
    return _choose([_Found(0 if stated.method == _LABELLED else 1, kind, stated) for kind, stated in parts], now)


def find_page_times(
    page: SplitPage, main: int | None, stamp: CrawlStamp | None, url: str | None, *, language: str, now: datetime | None
) -> Times:
    """Return the times of the page's main story; `main` is its number, `url` the page's, `now` as for `find_times`."""
    beside = find_beside(page, page.stories[main], stamp.block if stamp else None) if main is not None else ()
    printed = [*_printed(beside, month_first=_has_month_first(page.text, beside, language))]
    found = [*_stated(page), *_in_url(url), *printed]
    return _choose(found, now)


def _choose(found: list[_Found], now: datetime | None) -> Times:
    ranked = sorted(found, key=lambda one: one.rank)
    published = [one for one in ranked if one.kind == "published"]
    first = published[0].stated if published else None
    changed = next((one.stated for one in ranked if one.kind == "modified"), None)
    flags = tuple(_flags([one.stated for one in published if one.rank <= _NEAR_RANK], first, changed, now))
    if first is None and changed:
        first = replace(changed, method="modified_only")
    elif first:
        first = _on_own_clock(first, [one.stated for one in published if one.rank in (_LABEL_RANK, _NEAR_RANK)])
    return Times(first, changed, flags)


def _on_own_clock(first: Stated, printed: list[Stated]) -> Stated:
    """Return a time stated in UTC as the page prints it: with its own clock's offset, or by its own clock's day."""
    at = first.moment.at
    if at.tzinfo is None or at.utcoffset() or first.moment.precision == "day":
        return first
    utc = at.replace(tzinfo=None, second=0, microsecond=0)
    for other in printed:
        if other.moment.at.tzinfo is not None:
            continue
        ahead = other.moment.at.replace(second=0) - utc
        if other.moment.precision == "day":
            is_next = other.moment.day != utc.date() and WESTERNMOST - _DAY < ahead <= EASTERNMOST
            if is_next and other.method == "below_headline":
                return other
        elif ahead and ahead in OFFSETS:
            return replace(first, moment=Moment(at.astimezone(timezone(ahead)), first.moment.precision))
    return first


# -- sources ----------------------------------------------------------------------------------------------------------

_RANKS = {"jsonld": 0, "opengraph": 0, "microdata": 0, "microformat": 0, "meta": 3, "time_element": 6}
_LABEL_RANK, _NEAR_RANK, _URL_RANK, _FAR_RANK = 1, 2, 4, 5


def _stated(page: SplitPage) -> Iterator[_Found]:
    facts: tuple[tuple[Kind, tuple[tuple[str, str], ...]], ...] = (
        ("published", page.facts.published),
        ("modified", page.facts.modified),
    )
    for kind, times in facts:
        for method, raw in times:
            moment = parse(raw)
            if moment:
                yield _Found(_RANKS[method], kind, Stated(moment, raw.strip(), method))


def _in_url(url: str | None) -> Iterator[_Found]:
    day = _URL_DAY.search(url) if url else None
    moment = parse("-".join(day.groups())) if day else None
    if day and moment:
        yield _Found(_URL_RANK, "published", Stated(moment, day[0][1:], "url"))


def _printed(beside: tuple[Beside, ...], *, month_first: bool) -> Iterator[_Found]:
    parts = [(place, *part) for line, place in beside for part in _parts(line, place, month_first=month_first)]
    days = {place: {one.moment.day for where, _, one in parts if where == place} for place in UNDER}
    for place, kind, stated in parts:
        if len(days.get(place, ())) > 1 and stated.method != _LABELLED:
            continue  # several days under a text are those of other articles
        is_near = place in NEAR or (stated.method == _LABELLED and place not in UNDER and not place.startswith("far"))
        rank = _FAR_RANK if not is_near else _LABEL_RANK if stated.method == _LABELLED else _NEAR_RANK
        yield _Found(rank, kind, stated)


def _has_month_first(text: str, beside: tuple[Beside, ...], language: str) -> bool:
    """Tell whether the page puts the month before the day in dates of figures: by its other ones, else by its clock."""
    slashed = [line.text for line in beside if "/" in line.text]
    if not slashed:
        return False
    known = put_months_first(text)
    return known if known is not None else language == "en" and any(map(has_english_half, slashed))


def _is_stamp(moment: Moment) -> bool:
    return moment.precision == "second" and moment.at.tzinfo is not None


def _parts(line: str, method: str, *, month_first: bool) -> Iterator[tuple[Kind, Stated]]:
    """Give the times of a line, each with what its label says, the first part's without one with the method."""
    found = list(labels().finditer(line))
    starts: list[tuple[int, Kind, str]] = [(0, "published", method)]
    starts += [(label.end(), _kind(label[0]), _LABELLED) for label in found]
    ends = [*(label.start() for label in found), len(line)]
    for (start, kind, how), end in zip(starts, ends, strict=True):
        raw = line[start:end].strip(_EDGES)
        moment = parse(raw, month_first=month_first) if raw else None
        if moment:
            yield kind, Stated(moment, raw, how)


def _flags(
    published: list[Stated], first: Stated | None, changed: Stated | None, now: datetime | None
) -> Iterator[str]:
    days = [stated.moment.day.toordinal() for stated in published]
    is_split = bool(days) and max(days) - min(days) > CONFLICT_DAYS
    if is_split or (changed and days and days[0] - changed.moment.day.toordinal() > CONFLICT_DAYS):
        yield "date_conflict"
    if now and any(stated.moment.is_after(now) for stated in (first, changed) if stated):
        yield "future_date"


def _kind(label: str) -> Kind:
    return _kinds().get(fold(label), "published")


@cache
def _kinds() -> dict[str, Kind]:
    words = lexicon().labels
    return {**dict.fromkeys(map(fold, words.modified), "modified"), **dict.fromkeys(map(fold, words.other), "other")}
