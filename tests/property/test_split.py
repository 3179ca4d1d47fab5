"""Splitting holds for any text and any HTML: every visible character in exactly one block, and nothing raised."""

from hypothesis import given, settings
from hypothesis import strategies as st
from promises import check_page, check_rendering

from worker.split import split

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
    *("Ø£Ù‚Ø± Ù…Ø¬Ù„Ø³", "ط£ظ‚ط± ظ…ط¬ظ„ط³"),
    "The council approved a plan on Monday that will close the old bridge for two years, officials said.",
    "أقر مجلس المدينة يوم الاثنين خطة لإغلاق الجسر القديم أمام حركة السيارات لمدة عامين.",
)
TAGS = (
    *("<p>", "</p>", "<h1>", "</h1>", "<li>", "<ul>", "</ul>", "<div>", "</div>", "<a href='/x'>", "</a>", "<article>"),
    *("<nav>", "</nav>", "<br>", "<pre>", "<script>", "</script>", "<!--", "-->", "<time datetime=2025>", "<table>"),
    *("&amp;", "&#0;", "&#xD800;", "<title>", "<figure>", "<form>", "<svg>", "<template>", "</body>", "<h2>"),
    *("<div hidden>", "<p style='display: none'>", "<p style=color:red>", "<span hidden>", "</svg>", "</template>"),
)
SIGNS = (
    *("\0", "\x1b", "\x85", "\u2028", "\u200b", "\u200c", "\u2060", "\ufeff", "\u200f", "\u202e", "\u2066", "\u2069"),
    *("\ufffd", "\ue000", "\ud83d", "\udcff", "\U0001f4f0"),
)
"""Characters that show nothing, turn the direction, or are left of what was no text."""

anything = st.text(st.characters() | st.characters(categories=["Cs"]) | st.sampled_from(SIGNS), max_size=30)
lines = st.sampled_from(PIECES) | anything
texts = st.lists(lines, max_size=25).map("\n".join) | st.text(max_size=200)
markup = st.lists(st.sampled_from(TAGS) | lines, max_size=40).map("".join)


@settings(max_examples=400, deadline=None)
@given(content=texts)
def test_any_text_is_covered_by_its_blocks(content: str) -> None:
    """Blocks are in order, trimmed, apart, and leave no visible character out; the same text gives the same page."""
    page = split(content, "text/plain")
    assert page.text == content
    check_page(page)
    assert split(content, "text/plain") == page


@settings(max_examples=400, deadline=None)
@given(content=markup)
def test_any_markup_is_covered_by_its_blocks(content: str) -> None:
    """The same of the text as rendered."""
    page = split(content, "text/html")
    check_page(page)
    check_rendering(content, page)
    assert split(content, "text/html") == page
