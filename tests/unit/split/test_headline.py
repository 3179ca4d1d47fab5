"""Pages that open with their menus: which line is the headline, and what is none of the story's head."""

import pytest

from worker.split import split
from worker.split.model import SplitPage

MENU = ["* Home", "* News", "+ Harbour", "+ Town Hall", "+ Schools", "* Sport", "+ Rowing", "* Weather", "* Tides"]
SITE = ["Skip to content", "Menu", *MENU, "* Jobs", "* Shop", "Search", "Log in", "Lowestrand Courier"]
TITLE = "Harbour of Lowestrand to be dredged in spring"
BODY = [
    "The harbour board of Lowestrand will dredge the inner basin in spring, for the first time in nineteen years.",
    "Eleven of the nineteen councillors were in favour of it, and the board will pay a third of the work.",
    "The dredger will come from Hallig in the second week of April and stay for about forty days, the board said.",
    "Not everybody is content: the rowing club fears that its slipway will be of no use before the regatta in June.",
]


def page(*lines: str) -> SplitPage:
    """Split a page of these lines."""
    return split("\n\n".join(lines), "text/plain")


def headlines(found: SplitPage) -> list[str | None]:
    """Return the headline of each story."""
    return [story.headline.of(found.text) if story.headline else None for story in found.stories]


def test_the_headline_stands_below_the_menu() -> None:
    """And no entry of the menu is a writer, a subhead or a paragraph."""
    found = page(*SITE, TITLE, "By Ilse Brandt", "6 March 2026", *BODY)
    assert headlines(found) == [TITLE]
    assert found.stories[0].headline_rule == "likeliest_title"
    assert [span.of(found.text) for span in found.stories[0].paragraphs] == BODY
    assert {block.role for block in found.blocks[: len(SITE)]} <= {"navigation", "other"}
    assert [found.text[block.start : block.end] for block in found.blocks if block.role == "byline"] == [
        "By Ilse Brandt"
    ]


def test_a_caption_and_a_summary_are_not_taken_for_it() -> None:
    """Their wording comes back in the text as well."""
    caption = "The harbour of Lowestrand and its inner basin at low water. (Photo: Reuters)"
    summary = "The harbour board of Lowestrand has found the money to dredge its inner basin in spring."
    assert headlines(page(*SITE, TITLE, summary, caption, *BODY)) == [TITLE]


def test_an_entry_of_the_menu_has_no_second_word_by_its_bullet() -> None:
    """Its word comes back in every text, and a title's words in part."""
    below = "The Business School of Lowestrand pays a tenth of it, as business in the harbour is good."
    assert headlines(page("* Business", *SITE, "Lowestrand digs for its ferries", *BODY, below)) == [
        "Lowestrand digs for its ferries"
    ]


def test_a_headline_may_name_an_agency() -> None:
    """As a caption does, which stands above a text as well."""
    title = "Archive of Lowestrand sold to Reuters"
    bought = "The archive of Lowestrand was sold to Reuters on Monday, with all the plates of its first photographer."
    assert headlines(page(*SITE, title, bought, *BODY)) == [title]


def test_a_headline_that_opens_the_page_stays() -> None:
    """However much stands between it and the text, and however well another line would do."""
    between = [f"Share on network {number}" for number in range(14)]
    assert headlines(page(TITLE, *between, "Rowers of Lowestrand fear for their regatta", *BODY)) == [TITLE]


@pytest.mark.parametrize(
    ("title", "series"),
    [
        (TITLE, [f"Ward {number}: {900 + number} votes for the harbour" for number in range(30)]),
        ("Harbour vote", [f"Member {number} of the harbour board: yes" for number in range(13)]),
        ("Slipway of Lowestrand", ["Jo Doe", *(f"Key point {number}: the board dredges" for number in range(12))]),
    ],
)
def test_a_list_above_the_text_is_no_headline(title: str, series: list[str]) -> None:
    """Its lines begin alike, and the first title of the page stands however short and far above it is."""
    assert headlines(page(title, "By Ilse Brandt", *series, *BODY)) == [title]


def test_two_stories_are_not_joined() -> None:
    """However short the first one is beside the other: it has a head and no menu above its text."""
    lamps = [f"The old lighthouse of Hallig gets lamp {number} in summer, said its keeper." for number in range(90)]
    lines = ["See also", "Old lighthouse of Hallig gets new lamps", *lamps]
    found = page(TITLE, BODY[0], "Source: Lowestrand Courier", *lines)
    assert [story.kind for story in found.stories] == ["main", "embedded"]
    assert [span.of(found.text) for span in found.stories[0].paragraphs] == BODY[:1]


def test_a_page_without_prose_keeps_its_first_line() -> None:
    """There is nothing that a headline could be like."""
    assert headlines(page(*SITE)) == ["* News"]


def test_a_report_above_a_long_article_is_a_story_below_a_menu_too() -> None:
    """However short it is beside what follows "Read also"."""
    report = ["The council of Hallig will keep the island ferry through the winter.", "It will pay half of the cost."]
    found = page(*SITE, "Island ferry to run through the winter", *report, "Read also:", TITLE, *BODY, *BODY, *BODY)
    assert [story.kind for story in found.stories] == ["main", "embedded"]


def test_a_link_is_no_story_where_nothing_stands_above_it() -> None:
    """Below a menu, "See also" and a title are a link, and the text is the page's own."""
    link = "Rowers of Lowestrand fear for the regatta of Lowestrand harbour"
    teaser = "The regatta may be moved to the outer basin, its treasurer says in an interview with the Courier."
    menu = [*SITE, "Sign up for the tide tables of the harbour, which come out on every first of a month."]
    found = page(*menu, TITLE, "By Ilse Brandt", "See also", link, *BODY, teaser)
    assert [story.kind for story in found.stories] == ["main"]
    assert headlines(found) == [TITLE]
    assert [item.headline for item in found.related] == [link]
