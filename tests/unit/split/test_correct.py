"""Long stories: what they have taken in is taken out, and what is odd in them by itself stays."""

from collections.abc import Collection, Iterable

import pytest

from worker.split import split
from worker.split.model import SplitPage

PARAGRAPH = (
    "The harbour board of Lowestrand said on {day} that dredging of the {part} basin would begin in spring, after the "
    "council had voted for the plan by a narrow margin, and that fishing boats would keep their berths meanwhile."
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
PARTS = ("inner", "outer", "eastern", "western", "northern")
TITLE = "Harbour board of Lowestrand to dredge the basin in spring"
BODY = [PARAGRAPH.format(day=day, part=part) for day in DAYS for part in PARTS]
MENU = ["Home", "News", "Sport", "Weather", "Jobs", "Log in", "Shop", "Archive", "Contact", "Imprint", "Video", "Radio"]


def body(page: SplitPage) -> list[str]:
    """Return the paragraphs of the page's first story."""
    return [span.of(page.text) for span in page.stories[0].paragraphs]


def text(*lines: str) -> str:
    """Return a page with a line for each."""
    return "\n\n".join(lines)


def test_a_menu_inside_a_long_story_is_taken_out() -> None:
    """It says what weighed against it, and the prose on either side is whole."""
    page = split(text(TITLE, *BODY[:12], *MENU, *BODY[12:]), "text/plain")
    assert body(page) == BODY
    rules = {block.rule for block in page.blocks if page.text[block.start : block.end] in MENU}
    assert any(rule.startswith("unlikely:") for rule in rules)


def test_a_poem_stays_whole() -> None:
    """Next to nothing of it is likely, so nothing is unlikely."""
    verses = [
        f"And the {thing} went {way} the {part} quay" for thing in PARTS for way in MENU[:8] for part in PARTS[:1]
    ]
    page = split(text("Forty verses for a harbour", *verses), "text/plain")
    assert {(block.role, block.rule.partition(":")[0]) for block in page.blocks} <= {
        ("headline", "first_title"),
        ("subhead", "deck"),
        ("paragraph", "short_paragraph"),
    }


def test_few_but_long_paragraphs_are_a_body() -> None:
    """A short report among the menus of a large site."""
    page = split(text(*MENU, *(f"* {line} of Lowestrand" for line in MENU), TITLE, *BODY[:2], *MENU), "text/plain")
    assert body(page) == BODY[:2]


def test_what_is_printed_between_all_paragraphs_is_furniture() -> None:
    """It is none of the text, and the text is as whole as without it."""
    page = split(text(TITLE, *(line for each in BODY for line in (each, "Article content"))), "text/plain")
    assert body(page) == BODY
    assert rules(page, {"Article content"}) == {("other", "printed_often")}


def test_a_caption_stands_above_its_credit() -> None:
    """Where the text goes on below it; the last paragraph is none, though a copyright notice follows."""
    caption = "A dredger at work off the western quay of Hallig last autumn, when the basin there was dug out"
    lines = [TITLE, *BODY[:9], caption, "© Courier archive", *BODY[9:], "© 2026 Courier"]
    page = split(text(*lines, *MENU), "text/plain")
    assert body(page) == BODY
    assert rules(page, {caption}) == {("caption", "credit_below")}


def test_speakers_and_refrains_are_no_furniture() -> None:
    """Who speaks stands between all paragraphs too, and a refrain among verses."""
    speakers = ["Ilse Brandt:", "Piet Anders:"] * 12
    talk = [line for speaker, said in zip(speakers, BODY, strict=False) for line in (speaker, said)]
    assert body(split(text(TITLE, *talk), "text/plain")) == talk[1:]
    verses = [f"And the {thing} boat sailed to the {way}" for thing in PARTS for way in MENU[:8]]
    song = [line for verse in verses for line in (verse, "O the harbour of Lowestrand")]
    assert body(split(text("Song of a harbour", *song), "text/plain"))[-60:] == song[-60:]


def test_who_speaks_goes_with_what_is_said() -> None:
    """In a list of teasers, or of what readers wrote, the same words stand above each entry."""
    teasers = [line for day in DAYS for line in ("Exclusive:", f"See what the Courier found out on {day}.")]
    page = split(text(TITLE, *BODY, *MENU, *MENU, *teasers, *MENU), "text/plain")
    assert body(page) == BODY
    posts = [line for day in DAYS for line in ("rower_19", "12 posts", "Quote:", f"That was on {day}, was it?", "Like")]
    assert body(split(text(TITLE, *BODY, *MENU, *posts), "text/plain")) == BODY


def test_a_short_story_is_as_the_rules_say() -> None:
    """Nothing is weighed on a page of few lines: the very menu that a long story loses stays."""
    page = split(text(TITLE, *BODY[:3], *MENU, *BODY[3:5]), "text/plain")
    assert not any(":" in block.rule for block in page.blocks)


def html(*parts: str) -> SplitPage:
    """Return a page of HTML, split."""
    return split(f"<html><body>{''.join(parts)}</body></html>", "text/html")


def elements(tag: str, lines: Iterable[str]) -> str:
    """Return an element for each line."""
    return "".join(f"<{tag}>{line}</{tag}>" for line in lines)


def rules(page: SplitPage, lines: Collection[str]) -> set[tuple[str, str]]:
    """Return the roles and the kinds of the rules of the lines."""
    shown = {(block.role, block.rule.partition(":")[0]): page.text[block.start : block.end] for block in page.blocks}
    return {decided for decided, line in shown.items() if line in lines}


def test_readers_comments_are_taken_out_of_html() -> None:
    """They read as the story does: what stands around them tells."""
    comments = [f"{line} I have fished there for {years} years." for years, line in enumerate(BODY[:12], 2)]
    thread = "".join(f'<div class="comment"><p>{line}</p></div>' for line in comments)
    page = html(f"<div><h1>{TITLE}</h1>{elements('p', BODY)}</div>", f'<div class="comments">{thread}</div>')
    assert body(page) == BODY
    assert rules(page, comments) == {("other", "unlikely")}


def test_a_digests_last_entry_ends_where_the_page_goes_on() -> None:
    """Entries are short, but for the last, which the rules let run to the end of the page."""
    texts = [BODY[2 * hour : 2 * hour + 2] for hour in range(9)]
    entries = [line for hour in range(9) for line in (f"0{hour}:15", f"Ferry {hour} sails again", *texts[hour])]
    foot = [f"{line} of the Lowestrand Courier" for line in MENU for _ in range(4)]
    page = split(text("Live: the harbour of Lowestrand", *entries, *foot), "text/plain")
    items = [story for story in page.stories if story.kind == "item"]
    assert [[span.of(page.text) for span in story.paragraphs] for story in items] == texts


def test_long_lines_of_a_menu_are_no_text_above_the_headline() -> None:
    """They may read as prose; what is a tenth of the text is none."""
    names = "Harbour Diary Culture Cinema Crossing Waters Rowing Inspire Meet The Locals Musica Travel Notes"
    page = split(text(*MENU, *(f"* {line} of Lowestrand" for line in MENU), names, TITLE, *BODY), "text/plain")
    assert body(page) == BODY
    assert [story.headline.of(page.text) for story in page.stories if story.headline] == [TITLE]


def test_a_caption_with_its_credit_leaves_the_body() -> None:
    """Whether the credit ends it or stands below it, and however long the caption is."""
    caption = (
        "A dredger at work off the western quay of Hallig last autumn, when the basin there was dug out for the first "
        "time in a generation, while members of the board look on from the pier (Ann Reed/AP Photo)"
    )
    above = "Members of the rowing club carry their boats past the old customs house of Lowestrand on Sunday"
    page = split(
        text(TITLE, *BODY[:9], caption, *BODY[9:15], above, "(Ann Reed / AP)", *BODY[15:], *MENU), "text/plain"
    )
    assert body(page) == BODY
    shown = {page.text[block.start : block.end]: block.rule for block in page.blocks}
    assert (shown[caption], shown[above]) == ("credit_named", "credit_below")


@pytest.mark.parametrize(
    "caption",
    ["The quay on Friday. Jo Doe for Reuters", "Jo Doe, Reuters, via Getty Images", "The ferry at Lowestrand (AP)"],
)
def test_a_short_line_may_be_a_caption(caption: str) -> None:
    """With no more than a few words before its credit."""
    page = split(text(*MENU, TITLE, *BODY[:5], caption, *BODY[5:]), "text/plain")
    assert body(page) == BODY


def test_credits_and_notices_leave_the_body_and_posts_do_not() -> None:
    """The paragraph above a picture without a caption stays, and a line with a link to a site that lends pictures."""
    credit, owned = (
        "Jan Meier/Getty Images",
        "The dredger at the quay. Ann Reed/Copyright 2026 The AP. All rights reserved.",
    )
    post = "The ferry will run all winter, says the minister, and all are welcome on board pic.twitter.com/Ab3dEf9"
    page = split(text(TITLE, *BODY[:6], credit, *BODY[6:9], owned, *BODY[9:12], post, *BODY[12:], *MENU), "text/plain")
    assert body(page) == BODY
    roles = {page.text[block.start : block.end]: block.role for block in page.blocks}
    assert (roles[credit], roles[owned], roles[post]) == ("caption", "caption", "subhead")


def test_a_long_line_is_no_caption_whatever_it_ends_with() -> None:
    """It is a paragraph about a picture."""
    long = ("The board showed how the basin looked when it was dug out last, " * 5) + "a postcard tells (Ann Reed/AP)"
    page = split(text(TITLE, *BODY[:9], long, *BODY[9:], *MENU), "text/plain")
    assert long in body(page)


def test_a_paragraph_above_the_agency_that_it_is_from_stays() -> None:
    """A roundup names the agency below each report; below a picture the photographer is named too."""
    report = "The bakery on Mill Street will open again in May, after a fire in November, its owner Edda Kruse said."
    page = split(text(TITLE, *BODY[:9], report, "(dpa/AFP)", *BODY[9:], *MENU), "text/plain")
    assert body(page) == [*BODY[:9], report, *BODY[9:]]


def test_a_digest_is_not_corrected() -> None:
    """Its entries are short by nature, and what stands around them makes no story of its own."""
    entries = "".join(
        f"<p>0{number}:15</p><h2>Ferry {number} sails again</h2><p>{BODY[number]}</p>" for number in range(9)
    )
    notes = elements("p", (f"{line} All rights are with the board." for line in BODY[10:13]))
    menu = f"<nav>{elements('a', MENU)}{notes}</nav>"
    page = html(menu, "<h1>News in brief</h1>", entries, f"<footer>{notes}</footer>")
    assert {story.kind for story in page.stories} == {"item"}
