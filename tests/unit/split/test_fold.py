"""Folding: what the quick ways to compare and look up folded text rely on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.split.fold import CHANGED, TABLE, are_alike, fold


def test_folding_letter_by_letter_is_folding_the_text() -> None:
    """What is left out of the table of changes stays as it is."""
    text = "".join(map(chr, TABLE))
    assert " ".join("".join(CHANGED.get(letter, letter) for letter in text).split()) == fold(text)


def test_plain_letters_fold_alone_as_among_others() -> None:
    """Lines of nothing but ASCII go a shorter way to the same."""
    text = "".join(map(chr, range(128)))
    assert fold(f"{text} é") == f"{fold(text)} e"


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Old bridge closes", "OLD  bridge closes"),
        ("أعلن", "اعلن"),
        ("\u200fاعلن", "أعلنـ"),
        ("ﻻعب", "لاعب"),
        ("\u064b", "\u064e"),
        ("same", "same"),
    ],
)
def test_spellings_of_one_text_are_alike(text: str, other: str) -> None:
    """Case, accents, format characters and ligatures make no difference."""
    assert are_alike(text, other)
    assert are_alike(other, text)


@pytest.mark.parametrize(("text", "other"), [("bridge", "tunnel"), ("bridge", "brigade"), ("bridge", "\u064b")])
def test_different_texts_are_not_alike(text: str, other: str) -> None:
    """Whether or not they begin with the same letter."""
    assert not are_alike(text, other)


@given(text=st.text() | st.text(alphabet="aZéÉσςΣİıßſ“”’…€—ﬁＡ أإآٱىۀ"))
def test_lower_case_is_folding_where_it_is_taken_for_it(text: str) -> None:
    """Letter by letter is what folding is; the quick way must not be seen."""
    assert fold(text) == " ".join(text.translate(TABLE).split())
