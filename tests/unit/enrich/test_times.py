"""When a page was published: which of its lines and statements tells."""

import pytest

from schemas.raw import RawArticle
from schemas.story import Time
from worker.enrich import enrich
from worker.split import split

BODY = (
    "The harbour of Eastmere reopened after the storm had passed, the port authority said in a statement.\n\n"
    "Ships had waited outside for three days, and the first of them, a ferry, entered before noon, it added.\n\n"
    "Fishermen said that they had lost most of their nets, and asked the town for help before the season ends.\n"
)
PARAGRAPHS = "".join(f"<p>{paragraph}</p>" for paragraph in BODY.split("\n\n"))
OTHERS = "<div>Ferry stops for winter</div><div>27.02.2025</div><div>Market moves</div><div>26.02.2025</div>"
HEADLINE = "Harbour of Eastmere reopens after the storm"


def published(text: str, content_type: str = "text/plain", url: str | None = None) -> Time | None:
    """Return when the page's main story was published."""
    return enrich(split(text, content_type), RawArticle(content=text, url=url), 0).stories[0].published_at


def value_and_method(time: Time | None) -> tuple[str, str] | None:
    """Return what is asked of a time here."""
    return (time.value, time.method) if time else None


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (f"{HEADLINE}\n27 February 2025, 10:15\n\n{BODY}", ("2025-02-27T10:15", "below_headline")),
        (f"{HEADLINE}\nby Ada Quill on February 27, 2025\n\n{BODY}", ("2025-02-27", "below_headline")),
        (f"<div>News | 27.02.2025</div><h1>{HEADLINE}</h1>{PARAGRAPHS}", ("2025-02-27", "above_headline")),
        (f"{HEADLINE}\n\n27.2.2025 - {BODY}", ("2025-02-27", "opening_words")),
        (f"<h1>{HEADLINE}</h1>{PARAGRAPHS}<div>27.02.2025</div>", ("2025-02-27", "below_text")),
        (f"<h1>{HEADLINE}</h1>{PARAGRAPHS}{OTHERS}", None),
        (f"{HEADLINE}\nLast updated: 27 Feb 2025\n\n{BODY}", ("2025-02-27", "modified_only")),
        (f"{HEADLINE}\nRegistered: 3 May 2008\n27 Feb 2025\n\n{BODY}", ("2025-02-27", "below_headline")),
        (f"{HEADLINE}\n2/27/2025 10:46 PM\n\n{BODY}", ("2025-02-27T22:46", "below_headline")),
        (f"{HEADLINE}\n2/3/2025 10:46 PM\n\n{BODY}", ("2025-02-03T22:46", "below_headline")),
        (f"{HEADLINE}\n2/3/2025\n\n{BODY}", ("2025-03-02", "below_headline")),
        (f"{HEADLINE}\n\n{BODY}", None),
        (
            f"{HEADLINE}\n27 February 2025\n\n{BODY}\nFerry stops for winter\nPublished: 3 March 2019\n",
            ("2025-02-27", "below_headline"),
        ),
    ],
)
def test_the_line_beside_the_story_tells(page: str, told: tuple[str, str] | None) -> None:
    """Below the headline, above it, as the first words of the text, under it; a label says what it is of.

    Several days under a text are those of other articles.
    """
    assert value_and_method(published(page, "text/html" if page.startswith("<") else "text/plain")) == told


@pytest.mark.parametrize(
    ("stated", "printed", "told"),
    [
        ("2025-02-28T01:49:09Z", "PUBLISHED: February 27, 2025 at 5:49 p.m.", "2025-02-27T17:49:09-08:00"),
        ("2025-02-28T01:49:09Z", "February 27, 2025", "2025-02-27"),
        ("2025-02-28T01:49:09Z", "February 25, 2025", "2025-02-28T01:49:09Z"),
        ("2025-02-28T01:49:09Z", "February 28, 2025 at 2:04 a.m.", "2025-02-28T01:49:09Z"),
        ("2025-02-28T01:49:09Z", "February 27, 2025 at 5:48 p.m.", "2025-02-28T01:49:09Z"),
        ("2025-02-28T01:49:09+02:00", "February 27, 2025", "2025-02-28T01:49:09+02:00"),
        ("2025-02-28", "February 27, 2025", "2025-02-28"),
    ],
)
def test_a_time_in_utc_is_given_as_the_page_prints_it(stated: str, printed: str, told: str) -> None:
    """By its own clock, where it prints the same moment; what it prints of another moment is not mixed in."""
    meta = f'<meta property="article:published_time" content="{stated}">'
    page = f"<html><head>{meta}</head><body><h1>{HEADLINE}</h1><div>{printed}</div>{PARAGRAPHS}</body></html>"
    time = published(page, "text/html")
    assert time is not None
    assert time.value == told


def test_a_day_in_the_url_tells_where_nothing_better_does() -> None:
    """As many papers have it in theirs; a line beside the story goes before it."""
    url = "https://example.com/news/2025/02/27/harbour"
    assert value_and_method(published(f"{HEADLINE}\n\n{BODY}", url=url)) == ("2025-02-27", "url")
    told = ("2025-02-26", "below_headline")
    assert value_and_method(published(f"{HEADLINE}\n26.02.2025\n\n{BODY}", url=url)) == told
    assert published(f"{HEADLINE}\n\n{BODY}", url="https://example.com/2025/13/27/harbour") is None
