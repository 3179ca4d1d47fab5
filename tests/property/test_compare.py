"""Comparing headlines: any two texts, in any language, give a verdict, the same both ways."""

from hypothesis import given, settings
from hypothesis import strategies as st

from worker.dedup.compare import compare
from worker.dedup.reading import read

WORDS = (
    *("س", "و", "ال", "لا", "هل", "وزير", "الخارجية", "يزور", "القاهرة", "مقتل", "52", "٦١", "مليونان", "عاجل", "نفى"),
    *("a", "I", "not", "no", "the", "Putin", "meets", "two", "million", "3-1", "$5m", "%", "...", "…", "?", "-", "'s"),
    *("не", "и", "ли", "мост", "在", "北京", "の", "東京", "है", "не", "ş", "ı", "'", "x", "1", "2025", "10:30", "12/5"),
)
texts = st.lists(st.sampled_from(WORDS) | st.text(max_size=4), max_size=9).map(" ".join)
languages = st.sampled_from([None, "ar", "en", "ru", "tr", "zh", "ja", "hi", "de", "und", "xx"])


@settings(max_examples=500, deadline=None)
@given(texts, texts, languages)
def test_any_two_texts_are_compared_alike_both_ways(one: str, other: str, language: str | None) -> None:
    """With a score from 0 to 1, and a reason."""
    first, second = read(one, language), read(other, language)
    found = compare(first, second)
    assert found == compare(second, first)
    assert 0 <= found.score <= 1
    assert found.reason
