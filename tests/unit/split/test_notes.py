"""Notes on a story's writers below its text are put aside; what names somebody else, or stands higher, is not."""

import pytest

from worker.split import split
from worker.split.model import SplitPage

TITLE = "Harbour of Lowestrand to be dredged in spring"
BODY = [
    "Lowestrand is to dredge its harbour, the council said on Thursday, and two thirds of the money are there already.",
    "The harbour board of Lowestrand will dredge the inner basin in spring, for the first time in nineteen years.",
    "Eleven of the nineteen councillors were in favour of it, and the board will pay a third of the work.",
    "The dredger comes from Hallig in the second week of April and stays in the inner basin for forty days.",
]
NOTE = "Ilse Brandt reports on harbours and shipping for the Valley Courier, and has lived on a boat since 2009."
FOLLOW = "Follow her on the platform of your choice, or write a letter to the desk at the harbour."


def notes(page: SplitPage) -> list[str]:
    """Return the texts of the notes."""
    return [page.text[block.start : block.end] for block in page.blocks if block.rule == "writer_note"]


def text_page(*lines: str) -> SplitPage:
    """Return a text page, split."""
    return split("\n".join(lines), "text/plain")


@pytest.mark.parametrize(
    ("byline", "note"),
    [
        ("By Ilse Brandt", NOTE),
        ("By Ilse Brandt | Valley Courier", NOTE),
        (
            "Von Jon Holm und Ilse Brandt",
            "Als Redakteurin für Hafen und Schiffe schreibt Ilse Brandt seit 2009 bei uns.",
        ),
        (
            "By ILSE BRANDT, JON HOLM and KAI",
            "Valley Courier writers Ilse Brandt and Jon Holm contributed to this report.",
        ),
        ("Ilse Brandt", NOTE),
        (
            "Par Zoé Aubigné-Roux",
            "Journaliste au service des ports, Zoé Aubigné-Roux vit sur un bateau depuis 2009.",
        ),
        ("بقلم: سلمى الوادي", "سلمى الوادي كاتبة في شؤون الموانئ والملاحة البحرية، وتعيش على قارب منذ عام 2009."),
        ("Автор: Ильзе Брандт", "С 2009 года Ильзе Брандт живёт на лодке и пишет для нас о портах."),
    ],
)
def test_a_note_on_the_writer_is_none_of_the_text(byline: str, note: str) -> None:
    """In any script, with the name at its beginning or, where there are capitals, within it."""
    page = text_page(TITLE, byline, *BODY, note, FOLLOW)
    assert notes(page) == [note, FOLLOW]
    assert len(page.stories[0].paragraphs) == len(BODY)


def test_a_note_of_an_html_page_is_none_either() -> None:
    """Both kinds of pages go through one model."""
    paragraphs = "".join(f"<p>{line}</p>" for line in (*BODY, NOTE))
    page = split(f"<article><h1>{TITLE}</h1><p>By Ilse Brandt</p>{paragraphs}</article>", "text/html")
    assert notes(page) == [NOTE]


@pytest.mark.parametrize(
    "lines",
    [
        [TITLE, "By Ilse Brandt", *BODY, NOTE.replace("Ilse Brandt", "Olaf Voss")],
        [TITLE, "By Ilse Brandt", "On Thursday Ilse Brandt was on board, and saw that it was not deep.", *BODY, NOTE],
        [TITLE, "By Ilse Brandt", BODY[0], NOTE, *BODY[1:]],
        [TITLE, "By Ilse Brandt", *BODY[:2], NOTE],
        [
            TITLE,
            "By Ilse Brandt | Valley Courier",
            *BODY,
            "He told the Valley Courier that he would not go to sea again.",
        ],
        [TITLE, *BODY, NOTE, "By Ilse Brandt"],
        [TITLE, "بقلم: سلمى الوادي", *BODY, "كانت الكاتبة سلمى الوادي على متن القارب عندما وصلت الجرافة إلى الميناء."],
    ],
    ids=["somebody else", "named above", "in the text", "a short text", "the house", "a name below", "no capitals"],
)
def test_what_is_no_note_stays(lines: list[str]) -> None:
    """The text goes on below it, has the name itself, or is about another one."""
    assert not notes(text_page(*lines))
