"""Properties of reading: any headline gives a reading, and one that is whole."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from worker.dedup.normalise import as_shown
from worker.dedup.reading import key, read

PARTS = [
    "عاجل",
    "عـاجل",
    "#عاجل",
    "BREAKING:",
    "video",
    "(video)",
    "-",
    "|",
    "..",
    "…",
    "Reuters",
    "رويترز",
    "صحيفة",
    "news",
    "x.net",
    "bridge",
    "opens",
    "الجسر",
    "يفتح",
    "May",
    "12",
    "2024",
    "5",
    "3.5",
    "1,500",
    "3-1",
    "10:30",
    "million",
    "مليون",
    "ونصف",
    "نصف",
    "half",
    "a",
    "and",
    "hundred",
    "%",
    "$",
    "F-16",
    "三百",
    "人",
    "5万",
    "の",
    "لا",
    "not",
    "?",
    "؟",
    "'",
    "’s",
    "«»",
    "【速報】",
]
SIGNS = "عاجل: |-–.…!?()[]«»\"' 125,.$%٪٣ABCbreakingف و ـ\u200f\u200c\u0301三百万年月日\ud83d🔴/+\u2044½"
headlines = (
    st.text(max_size=60)
    | st.text(alphabet=SIGNS, max_size=40)
    | st.lists(st.sampled_from(PARTS), max_size=12).map(" ".join)
    | st.lists(st.sampled_from(PARTS), max_size=8).map("".join)
)
given_languages = st.sampled_from([None, "ar", "de", "en", "fr", "ja", "ko", "ru", "tr", "zh", "xx", "not a tag"])

LONG = 100_000
LONG_SECONDS = 10
"""Far more than any takes (below 1 on one core), far less than quadratic time would come to."""


@settings(deadline=None, max_examples=300)
@given(headlines, given_languages)
def test_any_headline_is_read_whole(headline: str, language: str | None) -> None:
    """Words, stems and stops are of one length, none empty; each figure's place is a word; key and reading agree."""
    reading = read(headline, language)
    assert len(reading.words) == len(reading.stems) == len(reading.stops)
    assert all(reading.words)
    assert all(reading.stems)
    assert all(0 <= figure.place < len(reading.words) for figure in reading.figures)
    assert reading.shown == as_shown(headline)
    assert reading.key == key(headline)


@settings(deadline=None, max_examples=300)
@given(headlines)
@example("عآجل;0:0")
def test_the_key_of_a_key_is_the_key(headline: str) -> None:
    """Taking off affixes and folding ends in one step, and what is shown has the key of what was printed."""
    assert key(key(headline)) == key(headline)
    assert key(as_shown(headline)) == key(headline)
    assert bool(key(headline)) == bool(as_shown(headline))


@settings(deadline=None)
@given(headlines)
def test_case_makes_no_difference_to_a_key(headline: str) -> None:
    """A headline in capitals, whose capitals mean the same letters, has the same key."""
    if headline.upper().casefold() == headline.casefold():
        assert key(headline.upper()) == key(headline)


@settings(deadline=None)
@given(
    st.sampled_from(["BREAKING: ", "عاجل | ", "Срочно: ", "【速報】"]), st.sampled_from(["", " - Reuters", " (فيديو)"])
)
def test_tags_and_names_make_no_difference_to_a_key(before: str, behind: str) -> None:
    """Whatever stands around a headline, its key is that of the headline alone."""
    for headline in ("Harbour bridge opens early", "افتتاح جسر الميناء اليوم", "Мост в порту открыт", "港口大桥开通"):
        assert key(before + headline + behind) == key(headline)


REPEATED = (
    *("bridge ", "1", "1,", "1 ", ".", "a.b", "million ", "five thousand ", "5 million and ", "and ", "half a "),
    *("三百", "三万人", "5万", "のア", "ก", "🌊", "\ud83d", "عاجل ", "عاجل: ", "مليون ونصف ", "a b c - Reuters "),
    *("(", "'", "a'", "1-", "%", "$1", "a1", "12 may ", "ma", "않", "\u0301", "1 000 ", "1h1", "1/", "½", "ﷺ", " - "),
)
IN_A_LANGUAGE = (("1 000 ", "fr"), ("a'", "fr"), ("ma", "tr"), ("5 million and ", "en"), ("و", "ar"), ("1억", "ko"))


@pytest.mark.parametrize(("part", "language"), [*((part, None) for part in REPEATED), *IN_A_LANGUAGE])
def test_a_hundred_thousand_characters_take_linear_time(part: str, language: str | None) -> None:
    """No repetition of anything makes reading slow."""
    headline = (part * LONG)[:LONG]
    before = time.process_time()
    read(headline, language)
    assert time.process_time() - before < LONG_SECONDS
