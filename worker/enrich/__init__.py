"""Story to fields, a module for each family of them.

In: a split page and the raw article it came from. Out: `model.PageFields`. Pure: no I/O but the lexicons read once, no
clock, no network; the same page always gives the same fields. It never raises for any split page.
"""

from datetime import datetime

from schemas.raw import RawArticle
from schemas.story import Publisher
from worker.enrich.address import find_canonical, find_domain
from worker.enrich.model import PageFields
from worker.enrich.moment import from_milliseconds, to_timestamp, to_utc
from worker.enrich.passage import read_passages
from worker.enrich.publisher import find_credit, find_name, find_names
from worker.enrich.story import PageContext, blocks_of, find_page_language, read_story
from worker.enrich.times import CrawlStamp, find_crawl_stamp, find_times
from worker.split.model import Block, SplitPage

__all__ = ["enrich"]


def enrich(page: SplitPage, article: RawArticle, timestamp_ms: int) -> PageFields:
    """Return the fields of every story of the page, in the splitter's order.

    `timestamp_ms` is the Kafka record's timestamp; it is the event time of a page that neither the message nor the
    page itself dates.
    """
    passages = tuple(read_passages(page.text, story) for story in page.stories)
    stamp = find_crawl_stamp(page)
    fetched, method = _fetched(article, stamp)
    seen_at = fetched or from_milliseconds(timestamp_ms)
    # A record without a timestamp carries -1, one out of a file 0: no clock to hold the page's times against.
    now = seen_at if fetched or timestamp_ms > 0 else None
    times = find_times(page, _page_blocks(page, stamp), now, with_facts=True)
    published = times.published.moment.day if times.published else None
    canonical_url, _ = find_canonical(page.facts.canonical_url, article.url)
    name = find_name(page, article)
    domain = find_domain(canonical_url or article.url)
    fetched_at = to_timestamp(fetched) if fetched else None
    context = PageContext(
        page=page,
        passages=passages,
        language=find_page_language(page, passages, article.language or page.facts.language),
        publisher=name,
        publisher_names=find_names(page, name),
        domain=domain,
        now=now,
        fetched_at=fetched_at,
        fetched_method=method,
        today=published or (fetched.date() if fetched else None),
        times=times,
    )
    return PageFields(
        seen_at=to_timestamp(seen_at),
        fetched_at=fetched_at,
        canonical_url=canonical_url,
        publisher=Publisher(name=name.name, domain=domain, credit=find_credit(page, page.blocks)),
        stories=tuple(read_story(context, index) for index in range(len(page.stories))),
    )


def _fetched(article: RawArticle, stamp: CrawlStamp | None) -> tuple[datetime | None, str]:
    if article.fetched_at:
        return to_utc(article.fetched_at), "message"
    return (to_utc(stamp.moment.at), "crawl_stamp") if stamp else (None, "none")


def _page_blocks(page: SplitPage, stamp: CrawlStamp | None) -> tuple[Block, ...]:
    """Return the blocks that tell the page's own times: the main story's and the page's, without the crawl stamp."""
    main = next((index for index, story in enumerate(page.stories) if story.kind == "main"), None)
    own = blocks_of(page, main) if main is not None else tuple(block for block in page.blocks if block.story is None)
    return tuple(block for block in own if stamp is None or block != stamp.block)
