"""Whole pages: times, publisher, agencies and what the stories of one page share."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from promises import FLAGS

from schemas.page import Role
from schemas.raw import RawArticle
from worker.enrich import enrich
from worker.enrich.model import PageFields, Wanted
from worker.split.model import Block, PageFacts, Span, SplitPage, SplitStory

KAFKA_MS = 1740620197000
"""2025-02-27T01:36:37Z."""

Line = tuple[Role, str, int | None]

LINES: tuple[Line, ...] = (
    ("source_line", "الضفة نت:", None),
    ("timestamp", "2025-02-27@05:10:20 GMT", None),
    ("headline", "افتتاح الجسر القديم", 0),
    ("timestamp", "تاريخ النشر: 27th, February 2025 GMT", 0),
    ("dateline", "الضفة / عمّان / وكالات", 0),
    ("paragraph", "أعلن وزير النقل الأردني سليم الراوي، امس ، أن الجسر القديم سيفتح اليوم الخميس أمام حركة السير.", 0),
    ("paragraph", "وقال الراوي إن الأعمال “انتهت قبل موعدها بشهر كامل”.", 0),
    ("credit", "المصدر: الضفة نت", 0),
    ("headline", "سفارة: لا تغيير في المواعيد", 1),
    ("paragraph", 'أكدت السفارة الأربعاء أن المواعيد لم تتغير، بحسب وكالة أنباء "بترا" الأردنية.', 1),
)


def page_of(lines: tuple[Line, ...], facts: PageFacts | None = None) -> SplitPage:
    """Return a split page of some lines, each with its role and story; story 0 is the main one."""
    blocks: list[Block] = []
    start = 0
    for role, text, story in lines:
        blocks.append(Block(role, start, start + len(text), "test", story))
        start += len(text) + 1
    numbers = sorted({story for _, _, story in lines if story is not None})
    stories = tuple(
        SplitStory(
            kind="embedded" if number else "main",
            headline=next((Span(b.start, b.end) for b in blocks if (b.role, b.story) == ("headline", number)), None),
            headline_rule="test",
            subhead=None,
            paragraphs=tuple(Span(b.start, b.end) for b in blocks if (b.role, b.story) == ("paragraph", number)),
        )
        for number in numbers
    )
    text = "\n".join(text for _, text, _ in lines)
    return SplitPage(text, "test", tuple(blocks), stories, (), facts or PageFacts())


def fields_of(*lines: Line, facts: PageFacts | None = None, **message: object) -> PageFields:
    """Enrich a page of some lines, with some fields of the message."""
    article = RawArticle.model_validate({"content": "x", **message})
    return enrich(page_of(lines, facts), article, KAFKA_MS)


def test_a_page_is_read_in_full() -> None:
    """Crawl stamp, publication day, publisher, credit, dateline, agencies, language, lead, quotation and dates."""
    fields = fields_of(*LINES)
    main = fields.stories[0]
    assert fields.seen_at == fields.fetched_at == main.fetched_at == "2025-02-27T05:10:20Z"
    assert main.published_at is not None
    assert main.published_at.model_dump() == {
        "value": "2025-02-27",
        "precision": "day",
        "raw": "27th, February 2025 GMT",
        "method": "printed_label",
    }
    assert main.publisher.model_dump() == {"name": "الضفة نت", "domain": None, "credit": "المصدر: الضفة نت"}
    assert main.dateline is not None
    assert (main.dateline.publisher, main.dateline.places, main.dateline.agencies) == ("الضفة", ["عمّان"], ["wires"])
    assert main.agencies == ("wires",)
    assert (main.language.code, main.language.script, main.language.direction) == ("ar", "Arab", "rtl")
    assert main.summary == LINES[5][1]
    assert [(quote.speaker, quote.verb, quote.kind) for quote in main.quotes] == [
        ("سليم الراوي", "أعلن", "indirect"),
        ("سليم الراوي", "قال", "direct"),
    ]
    assert [(found.text, found.value) for found in main.dates] == [
        ("امس", "2025-02-26"),
        ("اليوم الخميس", "2025-02-27"),
    ]
    assert main.provenance["fetched_at"] == "crawl_stamp"
    assert [(one.text, one.kind, one.role) for one in main.entities[:1]] == [
        ("سليم الراوي", "person", "وزير النقل الأردني")
    ]
    assert main.keywords[0].score == 1
    assert main.flags == ()


def test_an_embedded_story_has_its_own_fields() -> None:
    """The page's publication time and credit are not its own; its dates are resolved against the page's day."""
    embedded = fields_of(*LINES).stories[1]
    assert embedded.published_at is None
    assert embedded.publisher.credit is None
    assert embedded.publisher.name == "الضفة نت"
    assert embedded.agencies == ("Petra",)
    assert [(quote.speaker, quote.verb, quote.text) for quote in embedded.quotes] == [
        ("السفارة", "أكدت", "المواعيد لم تتغير")
    ]
    assert [(found.text, found.value) for found in embedded.dates] == [("الأربعاء", "2025-02-26")]


def test_every_value_has_its_method() -> None:
    """Provenance names the method of exactly the fields that have a value."""
    story = fields_of(*LINES).stories[0]
    assert set(story.provenance) == {
        "publisher",
        "agencies",
        "dateline",
        "published_at",
        "fetched_at",
        "language",
        "headline",
        "summary",
        "quotes",
        "dates",
        "entities",
        "keywords",
    }


def test_event_time_is_the_first_that_is_known() -> None:
    """The message's time, else the crawl stamp, else the Kafka record's; only the last is no `fetched_at`."""
    told = "2025-02-28T01:02:03Z"
    assert fields_of(*LINES, fetched_at=told).seen_at == "2025-02-28T01:02:03Z"
    bare = fields_of(*LINES[2:])
    assert (bare.seen_at, bare.fetched_at) == ("2025-02-27T01:36:37Z", None)


def test_a_time_line_elsewhere_is_no_crawl_stamp() -> None:
    """Only directly under the source line, to the second and with an offset, is it the aggregator's stamp."""
    fields = fields_of(LINES[2], ("timestamp", "2025-02-27 05:10:20 GMT", 0), LINES[5])
    published = fields.stories[0].published_at
    assert fields.fetched_at is None
    assert published is not None
    assert (published.value, published.method) == ("2025-02-27T05:10:20Z", "below_headline")


def test_labels_part_publication_from_change() -> None:
    """One line may hold both, each under its label."""
    line: Line = ("timestamp", "Published: 26 Feb 2025 10:00 GMT | Updated: 27 Feb 2025 11:30 GMT", 0)
    story = fields_of(LINES[2], line, LINES[5]).stories[0]
    assert story.published_at is not None
    assert story.modified_at is not None
    assert (story.published_at.value, story.published_at.raw) == ("2025-02-26T10:00Z", "26 Feb 2025 10:00 GMT")
    assert (story.modified_at.value, story.modified_at.raw) == ("2025-02-27T11:30Z", "27 Feb 2025 11:30 GMT")


def test_html_facts_go_before_print() -> None:
    """Times, writers and address that the HTML states are taken, and the method says so."""
    facts = PageFacts(
        canonical_url="/a",
        site_name="Harbour Post",
        authors=("Ada Quill",),
        published=(("jsonld", "yesterday"), ("opengraph", "2025-02-27T04:00:00+03:00")),
        modified=(("jsonld", "2025-02-27T01:30:00Z"),),
    )
    fields = fields_of(*LINES[2:], facts=facts, url="https://www.example.org/x?utm_source=y")
    story = fields.stories[0]
    assert story.published_at is not None
    assert story.modified_at is not None
    assert (story.published_at.value, story.published_at.method) == ("2025-02-27T04:00:00+03:00", "opengraph")
    assert story.modified_at.method == "jsonld"
    assert (story.authors, story.provenance["authors"]) == (("Ada Quill",), "html")
    assert fields.canonical_url == "https://www.example.org/a"
    assert (story.publisher.name, story.publisher.domain) == ("Harbour Post", "example.org")
    assert story.flags == ()


@pytest.mark.parametrize(
    ("published", "modified", "flags"),
    [
        (("2025-02-20",), (), ("date_conflict",)),
        (("2025-02-27",), ("2025-02-20",), ("date_conflict",)),
        (("2025-02-26",), (), ()),
        (("2025-03-09",), (), ("date_conflict", "future_date")),
    ],
)
def test_doubtful_times_are_flagged(
    published: tuple[str, ...], modified: tuple[str, ...], flags: tuple[str, ...]
) -> None:
    """Two sources that disagree by more than a day, a change before the publication, and a time to come are flagged."""
    facts = PageFacts(
        published=tuple(("jsonld", value) for value in published),
        modified=tuple(("jsonld", value) for value in modified),
    )
    assert fields_of(*LINES, facts=facts).stories[0].flags == flags
    assert set(flags) <= FLAGS


def test_the_scraper_knows_the_publisher_best() -> None:
    """The message's source goes before the page's own first line, and an agency that is credited is no publisher."""
    assert fields_of(*LINES, source="Harbour Post").publisher.name == "Harbour Post"
    assert fields_of(LINES[5], ("credit", "المصدر: الضفة", 0)).publisher.name == "الضفة"
    agency = fields_of(LINES[5], ("credit", "المصدر: وكالات", 0))
    assert agency.publisher.name is None
    assert agency.stories[0].agencies == ("wires",)


def test_a_byline_names_the_writers() -> None:
    """People of a byline are authors; a byline of place and agency is a dateline."""
    story = fields_of(("byline", "By Ada Quill and Tom Reed", 0), LINES[5]).stories[0]
    assert (story.authors, story.dateline) == (("Ada Quill", "Tom Reed"), None)
    filed = fields_of(("byline", "نابلس - واس", 0), LINES[5]).stories[0]
    assert (filed.authors, filed.agencies) == ((), ("SPA",))
    assert filed.dateline is not None
    assert filed.dateline.places == ["نابلس"]


def test_a_story_without_a_body_says_so() -> None:
    """A headline alone has no lead and the flag; the page's own flags are handed on."""
    page = replace(page_of((LINES[2],)), flags=("truncated_body",))
    story = enrich(page, RawArticle(content="x"), KAFKA_MS).stories[0]
    assert story.summary is None
    assert story.flags == ("truncated_body", "no_body")


def test_a_page_without_stories_has_its_times() -> None:
    """Nothing to enrich is no failure: event time and publisher are there."""
    fields = enrich(page_of(LINES[:2]), RawArticle(content="x"), -1)
    assert (fields.seen_at, fields.publisher.name, fields.stories) == ("2025-02-27T05:10:20Z", "الضفة نت", ())


def test_threads_share_the_tables() -> None:
    """The same page gives the same fields from many threads at once."""
    page, article = page_of(LINES), RawArticle(content="x")
    expected = enrich(page, article, KAFKA_MS)
    with ThreadPoolExecutor(8) as pool:
        assert all(fields == expected for fields in pool.map(lambda _: enrich(page, article, KAFKA_MS), range(64)))


def test_names_can_be_left_out() -> None:
    """They are half of the work; all other fields are the same without them."""
    page = page_of(LINES)
    article = RawArticle(content=page.text)
    with_names, without = enrich(page, article, 0).stories[0], enrich(page, article, 0, Wanted(names=False)).stories[0]
    assert with_names.entities
    assert (without.entities, without.keywords) == ((), ())
    assert (without.quotes, without.published_at) == (with_names.quotes, with_names.published_at)
