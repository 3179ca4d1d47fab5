"""Splitting HTML pages: rendered text, what elements say of lines, and what the page says about itself."""

import time

import pytest

from worker.split import split
from worker.split.html import render

LEAD = "The council approved a plan on Monday that will close the old bridge for two years, officials said."
MORE = "Drivers will be sent through the northern tunnel, which was widened last spring for this purpose."

PAGE = f"""<!DOCTYPE html><html lang="en-GB"><head><title>Old bridge closes - Valley Courier</title>
<link rel="canonical" href="https://valley.example/bridge"><meta property="og:site_name" content="Valley Courier">
<meta property="article:published_time" content="2025-02-27T09:22:00+01:00">
<script type="application/ld+json">{{"@graph": [{{"@type": "NewsArticle", "headline": "Old bridge closes",
"author": [{{"name": "Ines Barrow"}}], "datePublished": "2025-02-27", "dateModified": "2025-02-28"}}]}}</script>
<style>p {{ color: red }}</style></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><h1>Old bridge closes</h1><time datetime="2025-02-27">27 February 2025</time>
<p>{LEAD}</p><figure><img src="b.jpg"><figcaption>The bridge in March</figcaption></figure>
<h2>Buses take another way</h2><p>Drivers will be sent through the&nbsp;northern <b>tunnel</b>, which was
   widened last spring for this purpose.</p><p hidden>Secret</p></article>
<aside><h3>Related stories</h3><ul><li><a href="/tunnel">Tunnel traffic doubles in a week</a></li>
<li><a href="/ferry">Ferry returns to the old harbour</a></li></ul></aside>
<footer>Imprint and contact</footer><script>document.write("never")</script></body></html>"""


def test_an_html_page_has_the_same_parts_as_a_text_page() -> None:
    """Headline, body, caption, crosshead, related items with their links."""
    page = split(PAGE, "text/html")
    story = page.stories[0]
    assert story.headline is not None
    assert story.headline.of(page.text) == "Old bridge closes"
    assert [span.of(page.text) for span in story.paragraphs] == [
        LEAD,
        MORE.replace("the northern", "the\u00a0northern"),
    ]
    assert [(item.headline, item.url) for item in page.related] == [
        ("Tunnel traffic doubles in a week", "/tunnel"),
        ("Ferry returns to the old harbour", "/ferry"),
    ]
    assert [block.role for block in page.blocks] == [
        *("navigation", "navigation", "headline", "timestamp", "paragraph", "caption", "subhead", "paragraph"),
        *("marker", "related_item", "related_item", "navigation"),
    ]


def test_what_is_not_shown_is_not_in_the_text() -> None:
    """Scripts, styles and hidden elements are left out."""
    text = split(PAGE, "text/html").text
    assert not any(word in text for word in ("never", "color", "Secret"))


def test_a_page_s_own_facts_are_read_best_first() -> None:
    """JSON-LD before Open Graph before the title element."""
    facts = split(PAGE, "text/html").facts
    assert facts.canonical_url == "https://valley.example/bridge"
    assert facts.title == "Old bridge closes"
    assert facts.site_name == "Valley Courier"
    assert facts.language == "en-GB"
    assert facts.authors == ("Ines Barrow",)
    assert facts.published[:2] == (("jsonld", "2025-02-27"), ("opengraph", "2025-02-27T09:22:00+01:00"))
    assert facts.modified == (("jsonld", "2025-02-28"),)


def test_a_link_inside_a_paragraph_does_not_break_its_line() -> None:
    """Inline elements stay in their line, blocks and breaks end it."""
    assert render("<p>One <a href=x>two</a><br>three</p>four<div>five</div>").text == "One two\nthree\nfour\nfive"


def test_preformatted_lines_are_kept() -> None:
    """White space collapses except in `pre`."""
    assert render("<p>a\n  b</p><pre>c\nd</pre>").text == "a b\nc\nd"


@pytest.mark.parametrize("facts", ["{", "[[[[", '{"@type": 3}', '"x"', "null", '{"@graph": {"@graph": []}}'])
def test_broken_structured_data_is_no_fact(facts: str) -> None:
    """JSON-LD that cannot be read is passed over."""
    page = split(f'<script type="application/ld+json">{facts}</script><h1>Title</h1><p>{LEAD}</p>', "text/html")
    assert page.facts.published == ()
    assert len(page.stories) == 1


@pytest.mark.parametrize(
    "unit",
    ["<div>", "<b>", "<table><tr><td>", "<div></x>", "<x><div></x>", '<a b="', "<a ", "<!--", "<p>a", "<ul><li>x", "<"],
)
def test_hostile_markup_takes_time_in_proportion_to_its_length(unit: str) -> None:
    """Depth, unclosed tags and stray quotes cost no more than ordinary text (a second for 300 kB is far above it)."""
    started = time.thread_time()
    split(unit * (300_000 // len(unit)), "text/html")
    assert time.thread_time() - started < 10


def test_a_tag_of_a_hundred_thousand_attributes_is_cut_out() -> None:
    """What would hold the parser for seconds is not given to it; the page around it is read."""
    attributes = " ".join(f"a{number}" for number in range(100_000))
    page = split(f"<h1>Old bridge closes</h1><p>{LEAD}</p><div {attributes}>", "text/html")
    assert page.stories[0].headline is not None


@pytest.mark.parametrize("name", ["body", "HTML"])
def test_attributes_do_not_add_up_over_many_tags(name: str) -> None:
    """The parser gives all to one element, whose tags may stand anywhere: the first few count, the text is whole."""
    tags = "".join(f"<{name} a{number}=1>" for number in range(60_000))
    started = time.thread_time()
    page = split(f'<html lang="en"><h1>Old bridge closes</h1>{tags}<p>{LEAD}</p>', "text/html")
    assert time.thread_time() - started < 3
    assert page.facts.language == "en"
    assert page.text == f"Old bridge closes\n{LEAD}"


NAMES = 180_000


@pytest.mark.parametrize(
    ("before", "unit"),
    [
        ("", "</t{}>"),
        ("", "<br a{}>"),
        ("", "</a a{}>"),
        ("", '<br\fb="1"a{}>'),
        ("", "<!doctype t{}>"),
        ("<!-->", "<br a{}>"),
        ("<svg><style>", "<br a{}>"),
        ("<script>x<b c='</script>", "<br a{}>"),
    ],
)
def test_names_that_are_all_different_take_time_in_proportion(before: str, unit: str) -> None:
    """The parser keeps all it has met, and looks for a new one among many: 180,000 would take it more than 10 s."""
    html = f"<h1>Old bridge closes</h1><p>{LEAD}</p>{before}" + "".join(map(unit.format, range(NAMES)))
    started = time.thread_time()
    text = split(html, "text/html").text
    assert time.thread_time() - started < 5
    assert LEAD in text


def test_tags_in_raw_text_are_what_they_were() -> None:
    """On long pages they are taken out of the parser's way: titles and structured data read the same."""
    data = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "1 < 2 & <b>3</b>"}</script>'
    html = f"<title>0 <i>1</title><script>if (a<b) c()</script>{data}<h1>Bridge</h1>" + f"<p>{LEAD}</p>" * 50
    facts = split(html, "text/html").facts
    assert facts.title == "1 < 2 & <b>3</b>"
    assert split(html.replace(data, ""), "text/html").facts.title == "0 <i>1"
