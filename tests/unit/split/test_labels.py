"""Links in a text under a label that no lexicon knows: its repetition tells."""

import pytest

from worker.split import split
from worker.split.labels import find_labels
from worker.split.markers import find_mark
from worker.split.model import SplitPage

TITLE = "Umwele waseLowestrand uzokwembiwa entwasahlobo"
BODY = [
    "The harbour board of Lowestrand will dredge the inner basin in spring, for the first time in nineteen years.",
    "Eleven of the nineteen councillors were in favour of it, and the board will pay a third of the work.",
    "The dredger will come from Hallig in the second week of April and stay for about forty days, the board said.",
]
TITLES = ("Isikebhe sibuyele ebhishi ngoLwesibili", "Ibhikawozi livulwa futhi ngoMeyi")


def page(*lines: str) -> SplitPage:
    """Split a page of these lines, under a headline."""
    return split("\n\n".join([TITLE, *lines]), "text/plain")


def test_links_between_paragraphs_leave_the_body() -> None:
    """Their titles are related headlines, and the body goes on below them."""
    links = [f"BONA FUTHI | {title}" for title in TITLES]
    found = page(BODY[0], links[0], BODY[1], links[1], BODY[2])
    assert [span.of(found.text) for span in found.stories[0].paragraphs] == BODY
    assert tuple(item.headline for item in found.related) == TITLES


@pytest.mark.parametrize(
    "lines",
    [
        [BODY[0], f"BONA FUTHI | {TITLES[0]}", *BODY[1:]],
        [BODY[0], f"EZEMIDLALO | {TITLES[0]}", BODY[1], f"EZEMIDLALO | {TITLES[1]}", BODY[2]],
        [*BODY, f"BONA FUTHI | {TITLES[0]}", f"BONA FUTHI | {TITLES[1]}"],
    ],
    ids=["once", "a section", "below the text"],
)
def test_other_bars_are_no_labels(lines: list[str]) -> None:
    """A label stands at least twice, has more than one word, and paragraphs above and below."""
    assert not page(*lines).related


@pytest.mark.parametrize(
    ("label", "below", "found"),
    [
        ("BONA FUTHI", BODY[2], [1, 3]),
        ("BONA FUTHI", "Ilse Brandt", []),
        ("BONA FUTHI " * 4, BODY[2], []),
        ("Read also", BODY[2], []),
    ],
    ids=["a label", "no paragraph below", "too long", "a phrase"],
)
def test_a_label_is_short_unknown_and_between_paragraphs(label: str, below: str, found: list[int]) -> None:
    """What the lexicon knows is marked already."""
    links = [f"{label} | {title}" for title in TITLES]
    texts = [BODY[0], links[0], BODY[1], links[1], below]
    assert sorted(find_labels(texts, [text in BODY for text in texts], [*map(find_mark, texts)])) == found
