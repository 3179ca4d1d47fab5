"""What is one headline and what are two."""

import pytest

from worker.dedup.normalise import MOST_MARKS, as_shown, key


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("  Harbour bridge\topens \n early ", "Harbour bridge opens early"),
        ("\u200fجسر الميناء\u200e يفتح", "جسر الميناء يفتح"),
        ("\u2067افتتاح\u2069 الجسر\u200b", "افتتاح الجسر"),
        ("Hafen\u00adbrücke", "Hafenbrücke"),
        ("Bridge\u00a0opens", "Bridge opens"),
        ("می\u200cشود", "می\u200cشود"),
        ("cut \ud83d short", "cut \ufffd short"),
        (" \u200e\n", ""),
    ],
)
def test_as_shown_keeps_what_a_reader_sees(printed: str, shown: str) -> None:
    """Blanks are single, steering marks are gone, shaping joiners and letters stay."""
    assert as_shown(printed) == shown


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("افتتاح الجسر", "إفتتاح الجسر"),
        ("آثار المدينة", "اثار المدينه"),
        ("مُحادَثاتٌ", "محادثات"),
        ("الجـــسر الجديد", "الجسر الجديد"),
        ("مستشفى كبرى", "مستشفي كبري"),
        ("مسؤول: هيئة الطيران", "مسوول هيية الطيران"),
        ("کتاب کی تازه", "كتاب كي تازه"),
        ("یہ شہر", "يه شهر"),
        ("می\u200cشود", "میشود"),
        ("عام ٢٠٢٥", "عام 2025"),
        ("سال ۲۰۲۵", "سال 2025"),
        ("२०२५ में", "2025 में"),
        ("ﻣﺤﺎﺩﺛﺎﺕ", "محادثات"),
        ("\u200fلندن: “لا تهديد”..!\u200e", "لندن لا تهديد"),
        ("HARBOUR BRIDGE — opens!", "Harbour bridge opens"),
        ("Große Straße", "GROSSE STRASSE"),
        ("DİYARBAKIR'DA YAĞIŞ", "Diyarbakır'da yağış"),
        ("Ｆｕｌｌ ｗｉｄｔｈ", "full width"),
        ("cafe\u0301 reopens", "café reopens"),
        ("Bridge opens \U0001f389", "Bridge opens"),
    ],
)
def test_spellings_of_one_headline_share_their_key(one: str, other: str) -> None:
    """Case, marks, letter variants, digits, punctuation and forms of one headline give one key."""
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("52 ships leave the harbour", "61 ships leave the harbour"),
        ("schon wieder Regen", "schön wieder Regen"),
        ("الجسر مفتوح", "الجسر مغلق"),
        ("पुल खुला", "पल खला"),
        ("3.5 points", "35 points"),
        ("!!!", "???"),
        ("\U0001f30a", "\U0001f525"),
        ("ــ", "ـ َ"),
    ],
)
def test_headlines_that_differ_keep_their_keys_apart(one: str, other: str) -> None:
    """Numbers, letters and vowels that carry meaning stay, and signs alone are told apart."""
    assert key(one) != key(other)


def test_key_is_words_parted_by_single_blanks() -> None:
    """The key of a usual headline is readable: lower case words and nothing else."""
    assert key("  Port-City: Council's “new” plan (updated)... ") == "port city council s new plan updated"


def test_only_a_headline_that_shows_nothing_has_the_empty_key() -> None:
    """Whitespace and steering marks are nothing; a single sign is something."""
    assert key(" \u200f\n") == ""
    assert key("…") != ""


def test_a_very_long_headline_is_no_trouble() -> None:
    """A hundred thousand characters give a key of their own words."""
    assert key("Bridge! " * 12_500) == " ".join(["bridge"] * 12_500)


@pytest.mark.parametrize("unit", ["\u0301\u0323", "\uff9e\u0301", "ـ\u0301\u0323", "\u200d\u0301\u0323"])
def test_an_endless_run_of_marks_is_cut(unit: str) -> None:
    """Python puts combining marks in order in time squared, also those that come together by what is dropped."""
    found = key("a" + unit * 20_000)
    assert len(found) <= 1 + MOST_MARKS
    assert key(found) == found
