"""Readers' comments: entries with times below a heading are no story's, and a heading alone takes nothing away."""

import pytest

from worker.split import split
from worker.split.model import SplitPage

BODY = [
    "Lowestrand is to dredge its harbour, the council said on Thursday, and two thirds of the money are there already.",
    "The harbour board of Lowestrand will dredge the inner basin in spring, for the first time in nineteen years.",
    "Eleven of the nineteen councillors were in favour of it, and the board will pay a third of the work.",
]
SAID = [
    "I have moored there for thirty years and have never seen the mud as high as it has been this winter.",
    "They could have waited until the regatta is over, which brings more people into town than any boat.",
    "The regatta lasts for two days and the mud is there all the year round, and it smells besides.",
]
LINKS = ["Ferry to Hallig sails an hour later", "Bakery on the quay closes for good"]
TIMES = {
    "en": ["March 6, 2026 at 7:12 am", "Old Salt on March 6, 2026 at 7:40 am said:", "2 hours ago"],
    "de": ["vor 3 Stunden", "06.03.2026 07:40 Uhr", "vor 25 Minuten"],
    "fr": ["il y a 3 heures", "6 mars 2026 à 7:40", "il y a 25 minutes"],
    "ar": ["منذ 3 ساعات", "6 مارس 2026 07:40", "قبل 25 دقيقة"],
    "el": ["πριν από 3 ώρες", "6 Μαρτίου 2026 07:40", "πριν από 25 λεπτά"],
    "hi": ["3 घंटे पहले", "6 मार्च 2026 07:40", "25 मिनट पहले"],
    "ko": ["3시간 전", "2026년 3월 6일 07:40", "25분 전"],
    "ja": ["3時間前", "2026年3月6日 7:40", "25分前"],
    "ru": ["3 часа назад", "06.03.2026 07:40", "25 минут назад"],
}
HEADINGS = {
    "en": "Comments",
    "de": "Kommentare",
    "fr": "Commentaires",
    "ar": "التعليقات",
    "el": "Σχόλια",
    "hi": "टिप्पणियाँ",
    "ko": "댓글",
    "ja": "コメント",
    "ru": "Комментарии",
}


def page(*lines: str) -> SplitPage:
    """Split a page of these lines, under a headline."""
    return split("\n\n".join(["Harbour of Lowestrand to be dredged in spring", *lines]), "text/plain")


def body(found: SplitPage) -> list[str]:
    """Return the paragraphs of the page's first story."""
    return [span.of(found.text) for span in found.stories[0].paragraphs]


def entries(times: list[str]) -> list[str]:
    """Return a discussion: a time and a text, in turns."""
    return [line for entry in zip(times, SAID, strict=False) for line in entry]


@pytest.mark.parametrize("language", TIMES)
def test_what_readers_wrote_is_no_part_of_the_story(language: str) -> None:
    """With a date and a clock, or with how long ago."""
    found = page(*BODY, HEADINGS[language], *entries(TIMES[language]))
    assert body(found) == BODY
    shown = {found.text[block.start : block.end]: block.rule for block in found.blocks}
    assert {shown[line] for line in SAID} == {"reader_comment"}


@pytest.mark.parametrize(
    "heading", ["[ 3 comments ]", "34 responses to the board's plans for the harbour", "12 Comments", "12 टिप्पणियाँ"]
)
def test_a_heading_may_count_them(heading: str) -> None:
    """Before the word and in brackets, or with what was commented on behind it."""
    assert body(page(*BODY, heading, *entries(TIMES["en"]))) == BODY


def test_lists_below_the_comments_are_read() -> None:
    """The next section's heading ends them."""
    found = page(*BODY, "Comments", *entries(TIMES["en"]), "Related stories", *(f"- {one}" for one in LINKS))
    assert [item.headline for item in found.related] == LINKS


def test_a_heading_above_the_text_takes_nothing() -> None:
    """Pages print it beside the time, however many times the text names."""
    entries_of_a_day = [line for clock in (7, 8, 9) for line in (f"March 6, 2026 at {clock}:12 am", BODY[0])]
    assert body(page("3 Comments", *BODY, *entries_of_a_day))[:3] == BODY


def test_two_times_are_no_discussion() -> None:
    """Another article may stand below the heading, with the times of its first and its last version."""
    found = page(*BODY, "Comments", "Published 6 March 2026 07:12", "Updated 6 March 2026 09:40", *SAID)
    assert body(found) == [*BODY, *SAID]


def test_prose_below_the_heading_is_the_storys() -> None:
    """A button between two paragraphs is no heading of a discussion."""
    found = page(*BODY, "Comments", BODY[1], *entries(TIMES["en"]))
    assert set(SAID) <= set(body(found))


STAMPS = [["18:05", "17:40", "17:12", "16:58"], [f"6 March 2026 {hour}:40" for hour in (18, 17, 16, 15)]]


@pytest.mark.parametrize("stamps", STAMPS)
def test_a_live_blog_below_the_button_is_whole(stamps: list[str]) -> None:
    """It prints the time alone, or has but a line or two above its entries."""
    entries_of_a_day = [line for stamp in stamps for line in (stamp, *SAID[:2])]
    above = BODY if stamps[0] == "18:05" else BODY[:1]
    found = page(*above, "12 comments", *entries_of_a_day)
    assert sum(len(story.paragraphs) for story in found.stories) >= len(above) + 2 * len(stamps)


@pytest.mark.parametrize(
    "heading", ["Responses", "12 responses were sent to the council before the programme was printed."]
)
def test_words_for_comments_are_other_words_too(heading: str) -> None:
    """Alone in their line they are a crosshead, in a sentence they are prose."""
    chronology = [line for number in (9, 8, 7) for line in (f"{number} years ago", SAID[0])]
    assert len(body(page(*BODY, heading, *chronology))) >= len(BODY) + len(chronology) // 2


def test_another_article_below_is_read() -> None:
    """What stands alone below the last entry ends the discussion."""
    found = page(*BODY, "Comments", *entries(TIMES["en"]), "Next story", "Lighthouse becomes a school", *BODY)
    assert body(found) == [*BODY, *BODY]
