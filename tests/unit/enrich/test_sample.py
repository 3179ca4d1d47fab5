"""The sample page, where the development data are beside the repository: every field of both its stories."""

from pathlib import Path

import pytest

from schemas.raw import RawArticle
from worker.enrich import enrich
from worker.enrich.model import PageFields
from worker.split import split

SAMPLE = Path(__file__).parents[4] / "shared" / "data" / "seed" / "page.txt"


@pytest.fixture(scope="module")
def fields() -> PageFields:
    """The sample page's fields."""
    if not SAMPLE.exists():
        pytest.skip(f"the sample page is not there: {SAMPLE}")
    content = SAMPLE.read_text("utf-8")
    return enrich(split(content, "text/plain"), RawArticle(content=content), 0)


def test_the_page_tells_its_times_and_its_publisher(fields: PageFields) -> None:
    """Crawl stamp, publication day, publisher and credit."""
    main, embedded = fields.stories
    assert fields.seen_at == fields.fetched_at == "2025-02-27T01:36:37Z"
    assert main.published_at is not None
    assert (main.published_at.value, main.published_at.precision) == ("2025-02-27", "day")
    assert (main.published_at.raw, main.published_at.method) == ("27th, February 2025 GMT", "printed_label")
    assert (main.publisher.name, main.publisher.credit) == ("الثورة نت", "المصدر: الثورة نت")
    assert (embedded.published_at, embedded.publisher.credit) == (None, None)
    assert {main.language.code, embedded.language.code} == {"ar"}
    assert main.flags == embedded.flags == ()


def test_the_stories_tell_where_they_come_from(fields: PageFields) -> None:
    """Dateline of publisher, place and unnamed agencies; the embedded story's agency."""
    main, embedded = fields.stories
    assert main.dateline is not None
    assert main.dateline.raw.split() == ["الثورة", "/", "موسكو", "/", "وكالات"]
    assert (main.dateline.publisher, main.dateline.places, main.dateline.agencies) == ("الثورة", ["موسكو"], ["wires"])
    assert (main.dateline.date, main.agencies, embedded.agencies) == (None, ("wires",), ("TASS",))
    assert (main.authors, embedded.authors, embedded.dateline) == ((), (), None)


def test_the_quotations_have_their_speakers(fields: PageFields) -> None:
    """Those in the speaker's words and those in others, with verb and full name, in the order of the page."""
    main, embedded = fields.stories
    assert [(quote.kind, quote.verb, quote.speaker, quote.text.split()[0]) for quote in main.quotes] == [
        ("indirect", "أعلن", "سيرغي لافروف", "دبلوماسيين"),
        ("direct", "قال", "سيرغي لافروف", "ستركّز"),
        ("indirect", "أضاف", "سيرغي لافروف", "نتائج"),
        ("direct", "أضاف", "سيرغي لافروف", "ستظهر"),
        ("direct", "بحسب", "سيرغي لافروف", "سيركّزان"),
        ("direct", "قال", "سيرغي لافروف", "دبلوماسيينا"),
        ("indirect", "أفاد", "دميتري بيسكوف", "روسيا،"),
        ("direct", "قال", "دميتري بيسكوف", "تمّ"),
        ("direct", "أكّدت", "واشنطن", "المحادثات"),
        ("indirect", "قالت", "موسكو", "كانت"),
    ]
    assert [(quote.kind, quote.verb, quote.speaker) for quote in embedded.quotes] == [
        ("indirect", "أكدت", "السفارة الروسية"),
        ("indirect", "مشيرة", "السفارة الروسية"),
        ("direct", "قالت", "السفارة الروسية"),
        ("direct", "أضافت", "السفارة الروسية"),
        ("direct", "قالت", "السفارة الروسية"),
    ]


def test_the_dates_are_resolved(fields: PageFields) -> None:
    """Days against the page's own day; the embedded story's against the same."""
    main, embedded = fields.stories
    assert [(found.text, found.value) for found in main.dates] == [
        ("امس", "2025-02-26"),
        ("اليوم الخميس", "2025-02-27"),
        ("الخميس", "2025-02-27"),
        ("الـ18 من فبراير الجاري", "2025-02-18"),
    ]
    assert [found.value for found in embedded.dates] == ["2025-02-26", "2018", "2025-02-27"]
