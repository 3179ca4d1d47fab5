"""Story to fields, a module for each family of them.

In: a split page and the raw article it came from. Out: `model.PageFields`. Pure: no I/O but the lexicons read once, no
clock, no network; the same page always gives the same fields. It never raises for any split page.
"""

from datetime import datetime
from itertools import accumulate

from schemas.page import Role
from schemas.raw import RawArticle
from schemas.story import Publisher
from worker.enrich.address import find_canonical, find_domain
from worker.enrich.calendar import calendar
from worker.enrich.gazetteer import find_names
from worker.enrich.model import EVERYTHING, PageFields, Wanted
from worker.enrich.moment import from_milliseconds, to_timestamp, to_utc
from worker.enrich.months import LOCALES
from worker.enrich.passage import read_passages
from worker.enrich.publisher import find_publisher
from worker.enrich.story import ROLES, PageContext, deal_out, find_main, find_page_language, read_story
from worker.enrich.times import CrawlStamp, find_crawl_stamp, find_page_times
from worker.enrich.voice import voice
from worker.split.model import Block, PageFacts, Span, SplitPage, SplitStory

__all__ = ["enrich", "warm_up"]

_LINES: tuple[tuple[Role, str], ...] = (
    ("source_line", "Eastmere Post:"),
    ("timestamp", "Published: 27 February 2025 09:22 am GMT"),
    ("dateline", "Eastmere / Ada Quill / Reuters / 27 February 2025"),
    ("byline", "By Ada Quill and Bo Lee"),
    ("credit", "Source: Eastmere Post"),
    (
        "paragraph",
        "The Ministry of Works opens it on Thursday, the news agency Reuters quoted Minister Ada Quill.",
    ),
)
"""A page that asks for every word list: own words."""


def enrich(page: SplitPage, article: RawArticle, timestamp_ms: int, wanted: Wanted = EVERYTHING) -> PageFields:
    """Return the fields of every story of the page, in the splitter's order.

    `timestamp_ms` is the Kafka record's timestamp; it is the event time of a page that neither the message nor the
    page itself dates.
    """
    passages = tuple([read_passages(page.text, story) for story in page.stories])
    blocks = tuple([block for block in page.blocks if block.role in ROLES])
    stamp = find_crawl_stamp(page)
    fetched, method = _fetched(article, stamp)
    seen_at = fetched or from_milliseconds(timestamp_ms)
    # A record without a timestamp carries -1, one out of a file 0: no clock to hold the page's times against.
    now = seen_at if fetched or timestamp_ms > 0 else None
    dealt = deal_out(page, blocks)
    canonical_url, _ = find_canonical(page.facts.canonical_url, article.url)
    language = find_page_language(page, passages, article.language or page.facts.language)
    url, code = canonical_url or article.url, language.language.code
    times = find_page_times(page, find_main(page), stamp, url, language=code, now=now)
    published = times.published.moment.day if times.published else None
    publisher = find_publisher(page, blocks, article)
    domain = find_domain(url)
    fetched_at = to_timestamp(fetched) if fetched else None
    context = PageContext(
        page=page,
        blocks=dealt,
        passages=passages,
        language=language,
        publisher=publisher,
        domain=domain,
        now=now,
        fetched_at=fetched_at,
        fetched_method=method,
        today=published or (fetched.date() if fetched else None),
        times=times,
        wanted=wanted,
    )
    return PageFields(
        seen_at=fetched_at or to_timestamp(seen_at),
        fetched_at=fetched_at,
        canonical_url=canonical_url,
        publisher=Publisher(name=publisher.name, domain=domain, credit=publisher.credit),
        stories=tuple([read_story(context, index) for index in range(len(page.stories))]),
    )


def warm_up(wanted: Wanted = EVERYTHING) -> None:
    """Load the language model and every word list that is wanted, which otherwise the first pages do.

    It takes about a second, half of it for names, and no time when called again.
    """
    for language in LOCALES:
        calendar(language)
        voice(language)
    if wanted.names:
        find_names("\u0627", "ar")  # the names in Arabic script, apart from those of the page below
    enrich(_first_page(), RawArticle(content="", url="https://example.com/?utm_source=a"), 0, wanted)


def _first_page() -> SplitPage:
    text = "\n".join([line for _, line in _LINES])
    starts = accumulate((len(line) + 1 for _, line in _LINES), initial=0)
    blocks = tuple([Block(role, at, at + len(line), "", 0) for (role, line), at in zip(_LINES, starts, strict=False)])
    story = SplitStory("main", None, "", None, (Span(blocks[-1].start, blocks[-1].end),))
    return SplitPage(text, "", blocks, (story,), (), PageFacts())


def _fetched(article: RawArticle, stamp: CrawlStamp | None) -> tuple[datetime | None, str]:
    if article.fetched_at:
        return to_utc(article.fetched_at), "message"
    return (to_utc(stamp.moment.at), "crawl_stamp") if stamp else (None, "none")
