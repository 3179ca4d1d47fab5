"""Words that a site says of itself: what they are, and how a line is measured by them."""

import pytest

from worker.split.features import measure
from worker.split.lines import read_lines
from worker.split.view import view_lines
from worker.split.words import SERVICE


def share(*lines: str) -> list[float]:
    """Return the share of words of service in each line of a text page."""
    return [*measure(view_lines(read_lines("\n".join(lines)), None), ["service_share"])["service_share"]]


def test_a_lines_share_of_service_is_taken_of_four_words_at_least() -> None:
    """Whatever stands behind a word; a button of one word is not all service."""
    assert share(
        "Newsletter", "Subscribe. Then click!", "The ferry will run", "Cookies and the ferry in winter, too"
    ) == [
        *(1 / 4, 2 / 4, 0.0),
        1 / 7,
    ]


@pytest.mark.parametrize(
    "word", ["مشترک", "نیوز", "varsler", "zustimmen", "assinatura", "anúncio", "εφαρμογή", "meldingen"]
)
def test_words_that_news_uses_as_often_are_none(word: str) -> None:
    """Joint, news, warns, agree, signature, announcement, application, reports."""
    assert word not in SERVICE
