"""A page that goes on with its next article: no heading says so, but the first article's head is there once more."""

import pytest

from worker.split import split
from worker.split.model import SplitPage

FIRST = [
    "The harbour board of Lowestrand will dredge the inner basin in spring, for the first time in nineteen years.",
    "Eleven of the nineteen councillors were in favour of it, and the board will pay a third of the work.",
    "The dredger will come from Hallig in the second week of April and stay for about forty days, the board said.",
    "Not everybody is content: the rowing club fears that its slipway will be of no use before the regatta in June.",
]
SECOND = [
    "The bakery on Mill Street will open again in May, after a fire that had burnt its oven and roof in November.",
    "Its owner Edda Kruse said that the new oven came from a school in Hallig which did not need it any more.",
    "The first loaves are to be given away on the second of May, one for each household of the old town.",
]
TITLES = ("Harbour of Lowestrand to be dredged in spring", "Bakery of Mill Street opens again in May")
TIMES = {
    "en": ("Published on March 6, 2026 at 7:12 am", "Published on February 27, 2026 at 10:40 am"),
    "de": ("Stand: 06.03.2026, 07:12 Uhr", "Stand: 27.02.2026, 10:40 Uhr"),
    "ar": ("نشر في 6 مارس 2026 07:12", "نشر في 27 فبراير 2026 10:40"),
    "hi": ("प्रकाशित 6 मार्च 2026 07:12", "प्रकाशित 27 फ़रवरी 2026 10:40"),
    "nb": ("Publisert 06.03.2026 - 07:12", "Publisert 27.02.2026 - 10:40"),
}


def page(*lines: str) -> SplitPage:
    """Split a page of these lines."""
    return split("\n\n".join(lines), "text/plain")


def bodies(found: SplitPage) -> list[tuple[str, list[str]]]:
    """Return the kind and the paragraphs of each story."""
    return [(story.kind, [span.of(found.text) for span in story.paragraphs]) for story in found.stories]


@pytest.mark.parametrize("language", TIMES)
def test_the_next_article_is_a_story_of_its_own(language: str) -> None:
    """Its headline and its paragraphs, and none of them the first one's."""
    first, second = TIMES[language]
    found = page(TITLES[0], "Ilse Brandt", first, *FIRST, TITLES[1], "Ilse Brandt", second, *SECOND)
    assert bodies(found) == [("main", FIRST), ("embedded", SECOND)]
    headlines = [story.headline.of(found.text) for story in found.stories if story.headline]
    assert headlines == list(TITLES)
    assert found.stories[1].headline_rule == "unannounced_title"


def test_a_summary_above_the_time_is_of_the_article_below() -> None:
    """One line of prose between title and time belongs to the head."""
    first, second = TIMES["en"]
    summary = "A fire had burnt the oven and the roof of the bakery in November, and nobody was hurt by it."
    found = page(TITLES[0], first, *FIRST, TITLES[1], summary, second, *SECOND)
    assert bodies(found)[0] == ("main", FIRST)


@pytest.mark.parametrize(
    "below",
    [
        [TIMES["en"][1], SECOND[0]],
        [TIMES["en"][0], *SECOND],
        ["Updated on February 27, 2026 at 10:40 am", *SECOND],
        ["10:40", *SECOND],
        [f"{TIMES['en'][1]} {'by the harbour desk of Lowestrand ' * 2}", *SECOND],
        [TIMES["en"][1], SECOND[0], *["Menu"] * 12, *SECOND[1:]],
    ],
    ids=["a teaser", "the same time", "another kind of time", "a time of day", "a long line", "far below"],
)
def test_a_time_alone_begins_nothing(below: list[str]) -> None:
    """It must be of the first one's kind, and another one, and have an article below it."""
    found = page(TITLES[0], TIMES["en"][0], *FIRST, TITLES[1], *below)
    assert [story.kind for story in found.stories] == ["main"]


def test_a_last_paragraph_below_a_crosshead_is_no_summary() -> None:
    """The title below it is the one that the second article's text is about."""
    first, second = TIMES["en"]
    crosshead = "What the rowers say"
    found = page(TITLES[0], first, *FIRST[:3], crosshead, FIRST[3], TITLES[1], "Ilse Brandt", second, *SECOND)
    assert bodies(found) == [("main", FIRST), ("embedded", SECOND)]
    assert [story.headline.of(found.text) for story in found.stories if story.headline] == list(TITLES)


def test_a_caption_between_summary_and_time_is_no_title() -> None:
    """The text below is more about the title above the summary."""
    first, second = TIMES["en"]
    summary = "Nobody was hurt by it, but the people of the old town had no bread for half a year."
    found = page(TITLES[0], first, *FIRST, TITLES[1], summary, "A quiet yard in winter light", second, *SECOND)
    assert bodies(found)[0] == ("main", FIRST)
    assert [story.headline.of(found.text) for story in found.stories if story.headline] == list(TITLES)


@pytest.mark.parametrize("name", [(), ("Ilse Brandt",)], ids=["a chronicle", "readers"])
def test_times_without_titles_begin_nothing(name: tuple[str, ...]) -> None:
    """An article may go through its days, and readers answer each other below their names."""
    first, second = TIMES["en"]
    found = page(TITLES[0], *name, first, *FIRST, *name, second, *SECOND)
    assert [story.kind for story in found.stories] == ["main"]
    assert {*FIRST, *SECOND} <= set(bodies(found)[0][1])


def test_the_first_time_stands_in_the_pages_head() -> None:
    """Below three paragraphs it is none of the page's own article's."""
    first, second = TIMES["en"]
    found = page(TITLES[0], *FIRST, first, *SECOND, TITLES[1], second, *SECOND)
    assert [story.kind for story in found.stories] == ["main"]


def test_a_list_of_teasers_is_no_article() -> None:
    """Each entry has its time and a line or two."""
    entries = [
        line
        for day, text in enumerate([*SECOND, *FIRST], 1)
        for line in (f"Headline number {day}", f"Published on May {day}, 2026 at 9:30 am", text)
    ]
    found = page(TITLES[0], TIMES["en"][0], *FIRST, *entries)
    assert [story.kind for story in found.stories] == ["main"]
