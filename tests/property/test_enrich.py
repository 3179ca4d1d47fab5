"""What holds for the enricher whatever the page: it answers, its offsets are right, its values fit the contract."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from schemas.page import Role
from schemas.raw import RawArticle
from schemas.record import Slug, Timestamp
from schemas.story import FoundDate, Quote
from worker.enrich import enrich
from worker.enrich.model import PageFields, StoryFields
from worker.split import split
from worker.split.model import Block, PageFacts, Span, SplitPage, SplitStory, StoryKind

PIECES = (
    "قال",
    "وأضاف",
    "أكّدت",
    "إن",
    "أنّ",
    "بحسب",
    "الخميس",
    "أمس",
    "اليوم",
    "في",
    "موسكو",
    "وكالة",
    "تاس",
    "(وكالات)",
    "السفير سليم الراوي",
    "said",
    "Minister Ada Quill",
    "according to",
    "told",
    "Reuters",
    "LONDON (Reuters) -",
    "BERLIN, Feb 27 (AFP)",
    "yesterday",
    "last May",
    "sagte",
    "laut",
    "dijo",
    "según",
    "сказал",
    "по словам",
    "вчера",
    "dedi",
    "گفت",
    "دیروز",
    "a déclaré",
    "hier",
    "“",
    "”",
    '"',
    "«",
    "»",
    "„",
    "‘",
    "’",
    "''",
    "「",
    "」",
    "\ufffc",
    ":",
    ",",
    "،",
    ".",
    "!",
    "?",
    "-",
    "/",
    "|",
    "(",
    ")",
    "\n",
    "\n\n",
    " ",
    "\u00a0",
    "\u200f",
    "\u0651",
    "27",
    "31.02.2025",
    "2025-02-27@01:36:37 GMT",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00",
    "٢٧ شباط / فبراير ٢٠٢٥",
    "12:99",
    "تاريخ النشر:",
    "Updated:",
    "المصدر:",
    "Source:",
    "By",
    "İ",
    "ß",
    "ﬁ",
    "\U0001f600",
    "汉字",
    "かな",
    "\ud800",
    "0",
    "a",
    "ب",
)

texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=40).map(" ".join)
timestamps = st.integers(min_value=-(2**63), max_value=2**63 - 1) | st.sampled_from((-1, 0, 1740620197000))
web_times = st.datetimes(timezones=st.timezones() | st.none()).map(str) | texts
offsets = st.integers(min_value=-1439, max_value=1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
fetch_times = st.datetimes(timezones=offsets).map(datetime.isoformat)
articles = st.builds(
    RawArticle,
    content=st.just(""),
    url=st.none() | st.text(max_size=30) | texts.map(lambda text: f"https://{text}"),
    source=st.none() | texts,
    fetched_at=st.none() | fetch_times,
    language=st.none() | st.text(max_size=8) | st.sampled_from(("ar", "pt-BR", "EN_us")),
)


@st.composite
def pages(draw: st.DrawFn) -> SplitPage:
    """A page that no splitter would make: any role anywhere, stories of any kind, facts of any content."""
    lines = draw(st.lists(texts.filter(str.strip), min_size=1, max_size=8))
    roles = st.sampled_from(get_args(Role))
    text = "\n".join(lines)
    blocks: list[Block] = []
    stories: tuple[list[Span], list[Span]] = ([], [])
    start = 0
    for line in lines:
        story = draw(st.sampled_from((0, 1, None)))
        block = Block(draw(roles), start, start + len(line), "any", story)
        blocks.append(block)
        if story is not None and block.role == "paragraph":
            stories[story].append(Span(block.start, block.end))
        start += len(line) + 1
    facts = PageFacts(
        canonical_url=draw(st.none() | st.text(max_size=20)),
        site_name=draw(st.none() | texts),
        language=draw(st.none() | st.text(max_size=8)),
        authors=tuple(draw(st.lists(texts, max_size=2))),
        published=tuple(("jsonld", value) for value in draw(st.lists(web_times, max_size=2))),
    )
    kinds: tuple[StoryKind, ...] = ("main", "embedded")
    return SplitPage(
        text=text,
        layout="any",
        blocks=tuple(blocks),
        stories=tuple(
            SplitStory(kinds[index], None, "none", None, tuple(spans)) for index, spans in enumerate(stories)
        ),
        related=(),
        facts=facts,
    )


def check_story(text: str, story: StoryFields) -> None:
    """Hold every value of a story against the contract's models, and every offset against the page."""
    stretches: tuple[Quote | FoundDate, ...] = (*story.quotes, *story.dates)
    for found in stretches:
        assert text[found.start : found.end].split() == found.text.split()
    values = (story.publisher, story.language, story.dateline, story.published_at, story.modified_at)
    for value in (*values, *story.quotes, *story.dates):
        assert value is None or type(value).model_validate(value.model_dump()) == value
    slugs: TypeAdapter[str] = TypeAdapter(Slug)
    for slug in (*story.flags, *story.provenance.values()):
        slugs.validate_python(slug)


def check_page(text: str, fields: PageFields) -> None:
    """Hold a page's fields against the contract."""
    times: TypeAdapter[str] = TypeAdapter(Timestamp)
    times.validate_python(fields.seen_at)
    if fields.fetched_at is not None:
        times.validate_python(fields.fetched_at)
    for story in fields.stories:
        check_story(text, story)


@given(pages(), articles, timestamps)
@settings(max_examples=200, deadline=None)
def test_any_page_gives_fields_that_fit_the_contract(page: SplitPage, article: RawArticle, timestamp_ms: int) -> None:
    """Whatever blocks, facts and message: no exception, one entry a story, every value valid, every offset right."""
    fields = enrich(page, article, timestamp_ms)
    assert len(fields.stories) == len(page.stories)
    check_page(page.text, fields)


@given(texts, articles, timestamps)
@settings(max_examples=100, deadline=None)
def test_what_the_splitter_makes_is_enriched(text: str, article: RawArticle, timestamp_ms: int) -> None:
    """The splitter's own pages of any text are enriched, and twice the same."""
    page = split(text, "text/plain")
    fields = enrich(page, article, timestamp_ms)
    check_page(page.text, fields)
    assert enrich(page, article, timestamp_ms) == fields


@pytest.mark.parametrize(
    "make",
    [
        lambda n: '"' * n,
        lambda n: "قال " * n + '"كلام طويل هنا جدا"',
        lambda n: "“" * n,
        lambda n: ": “كلام " * n,
        lambda n: "27 " * n,
        lambda n: "Thursday, " * n,
        lambda n: "- " * n,
        lambda n: "a" * n,
        lambda n: "وكالة " * n,
        lambda n: "’a" * n,
    ],
)
def test_time_grows_with_the_length_of_the_text(make: Callable[[int], str]) -> None:
    """A text four times as long takes not much more than four times as long, whatever it repeats."""

    def seconds(size: int) -> float:
        text = make(size)
        page = SplitPage(
            text, "any", (), (SplitStory("main", None, "none", None, (Span(0, len(text)),)),), (), PageFacts()
        )
        best = float("inf")
        for _ in range(3):
            started = time.perf_counter()
            enrich(page, RawArticle(content=""), 0)
            best = min(best, time.perf_counter() - started)
        return best

    assert seconds(16_000) < 12 * seconds(4_000) + 0.02
