"""Bylines."""

import pytest

from worker.enrich.authors import read_byline, read_stated
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
        ("بقلم محمد وليد", ("محمد وليد",), ()),
        ("بقلم وائل الراوي ووليد القاسم", ("وائل الراوي", "وليد القاسم"), ()),
        ("example.org", (), ()),
        ("", (), ()),
    ],
)
def test_people_are_told_from_the_rest(line: str, authors: tuple[str, ...], agencies: tuple[str, ...]) -> None:
    """The people of a byline are its authors; agencies are named apart; publisher, dates and addresses are not."""
    byline = read_byline(line, CONTEXT)
    assert (byline.authors, byline.agencies) == (authors, agencies)


def test_stated_authors_are_cut_and_cleaned() -> None:
    """A list in one string, initials in brackets and the publisher's own name are not how people are called."""
    stated = ("Ada Quill, Tom Reed and Ida Holm", "Max Berg (mbg)", "Harbour Post")
    assert read_stated(stated, CONTEXT).authors == ("Ada Quill", "Tom Reed", "Ida Holm", "Max Berg")
