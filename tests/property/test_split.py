"""Splitting holds for any text and any HTML: every visible character in exactly one block, and nothing raised."""

from hypothesis import given, settings
from hypothesis import strategies as st

from worker.split import split
from worker.split.model import SplitPage

PIECES = (
    *(
        "Read also:",
        "Read also: Ferry returns to the old harbour",
        "Related",
        "Most read",
        "Source: Courier",
        "By Ines",
    ),
    *("اقرأ أيضا", "المصدر: صدى الوادي", "مقالات مشابهة", "News in brief", "09:40", "27 February 2025", "\u00a0", " "),
    *("• Tunnel traffic doubles in a week", "- ", "1. Ferry", "相关新闻", "Old bridge closes", "Courier:", "©", "..."),
    "The council approved a plan on Monday that will close the old bridge for two years, officials said.",
    "أقر مجلس المدينة يوم الاثنين خطة لإغلاق الجسر القديم أمام حركة السيارات لمدة عامين.",
)
TAGS = (
    *("<p>", "</p>", "<h1>", "</h1>", "<li>", "<ul>", "</ul>", "<div>", "</div>", "<a href='/x'>", "</a>", "<article>"),
    *("<nav>", "</nav>", "<br>", "<pre>", "<script>", "</script>", "<!--", "-->", "<time datetime=2025>", "<table>"),
    *("&amp;", "&#0;", "&#xD800;", "<title>", "<figure>", "<form>", "<svg>", "<template>", "</body>", "<h2>"),
)
lines = st.sampled_from(PIECES) | st.text(max_size=30)
texts = st.lists(lines, max_size=25).map("\n".join) | st.text(max_size=200)
markup = st.lists(st.sampled_from(TAGS) | lines, max_size=40).map("".join)


def check(page: SplitPage) -> None:
    """Assert what holds of every page."""
    text, end = page.text, 0
    for block in page.blocks:
        assert end <= block.start < block.end <= len(text)
        assert not text[end : block.start].strip()
        shown = text[block.start : block.end]
        assert shown == shown.strip()
        assert block.rule
        assert block.story is None or 0 <= block.story < len(page.stories)
        end = block.end
    assert not text[end:].strip()
    for number, story in enumerate(page.stories):
        own = [block for block in page.blocks if block.story == number]
        assert story.headline or story.paragraphs
        assert [(span.start, span.end) for span in story.paragraphs] == [
            (block.start, block.end) for block in own if block.role == "paragraph"
        ]
    items = {block.end: block for block in page.blocks if block.role == "related_item"}
    for item in page.related:
        assert item.headline == text[item.start : item.end] == item.headline.strip() != ""
        assert items[item.end].start <= item.start


@settings(max_examples=400, deadline=None)
@given(content=texts)
def test_any_text_is_covered_by_its_blocks(content: str) -> None:
    """Blocks are in order, trimmed, apart, and leave no visible character out; the same text gives the same page."""
    page = split(content, "text/plain")
    assert page.text == content
    check(page)
    assert split(content, "text/plain") == page


@settings(max_examples=400, deadline=None)
@given(content=markup)
def test_any_markup_is_covered_by_its_blocks(content: str) -> None:
    """The same of the text as rendered."""
    page = split(content, "text/html")
    check(page)
    assert split(content, "text/html") == page
