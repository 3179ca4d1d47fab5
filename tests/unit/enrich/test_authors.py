"""Bylines."""

import pytest

from worker.enrich.authors import read_byline
from worker.enrich.dateline import Context

CONTEXT = Context(("Harbour Post",), "en", None)


@pytest.mark.parametrize(
    ("line", "authors", "agencies"),
    [
        ("By Ada Quill", ("Ada Quill",), ()),
        ("By Ada Quill and Tom Reed", ("Ada Quill", "Tom Reed"), ()),
        ("Von Ada Quill, Tom Reed", ("Ada Quill", "Tom Reed"), ()),
        ("Harbour Post with Reuters", (), ("Reuters",)),
        ("Ada Quill | 27 Feb 2025 | ada@example.org", ("Ada Quill",), ()),
        ("بقلم: سليم الراوي", ("سليم الراوي",), ()),
        ("كتب سليم الراوي وهدى القاسم", ("سليم الراوي", "هدى القاسم"), ()),
        ("example.org", (), ()),
        ("", (), ()),
    ],
)
def test_people_are_told_from_the_rest(line: str, authors: tuple[str, ...], agencies: tuple[str, ...]) -> None:
    """The people of a byline are its authors; agencies are named apart; publisher, dates and addresses are not."""
    byline = read_byline(line, CONTEXT)
    assert (byline.authors, byline.agencies) == (authors, agencies)
