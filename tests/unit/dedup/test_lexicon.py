"""What the lexicons of headlines hold."""

import pytest

from worker.dedup.lexicon import every, languages, lexicon
from worker.dedup.normalise import key


@pytest.mark.parametrize("language", sorted(languages()))
def test_every_language_has_what_telling_news_apart_needs(language: str) -> None:
    """Tags, negations, denials, contraries, synonyms, weekdays, units and names are there for all languages."""
    words = lexicon(language)
    assert words.urgent
    assert words.urgent_end
    assert words.papers
    assert words.negations or words.negation_parts
    assert words.denials
    assert words.questions or words.question_parts
    assert len(words.contraries) > 80
    assert len(words.synonyms) > 40
    assert set(words.weekdays.values()) == {*range(1, 8)}
    assert words.units
    assert words.stops or language in {"zh", "ja"}


@pytest.mark.parametrize("language", sorted(languages() - {"zh", "ja", "ko"}))
def test_months_and_numbers_are_complete(language: str) -> None:
    """All twelve months have a name and the numbers from two to ten a word; East Asia counts its months."""
    words = lexicon(language)
    assert set(words.months.values()) == {*range(1, 13)}
    assert {"2", "3", "4", "5", "6", "7", "8", "10"} <= set(words.numbers.values())


def test_words_are_spelled_as_keys_are() -> None:
    """Letters of the files are folded, so a folded headline finds them."""
    assert {"عاجل", "خبر عاجل", "حصريا"} <= lexicon("ar").urgent
    assert lexicon("ar").numbers["خمسميه"] == "500"
    assert all(word == key(word) for language in languages() for word in lexicon(language).stops)


def test_opposite_words_stand_on_two_sides_of_one_pair() -> None:
    """Rise and fall share a pair and not a side, in every form."""
    for language, one, other in [("en", "rises", "fell"), ("ar", "يرتفع", "تنخفض"), ("de", "steigt", "sank")]:
        sides = lexicon(language).contraries
        pairs = dict(sides[key(one)])
        assert any(pairs.get(pair, side) != side for pair, side in sides[key(other)])


def test_synonyms_lead_to_one_word() -> None:
    """Words of one group share what they lead to; words of two groups do not."""
    groups = lexicon("ar").synonyms
    assert groups["مقتل"] == groups["مصرع"] != groups[key("إصابة")]


def test_a_language_without_a_file_has_hardly_a_word() -> None:
    """What any language prints with figures is known, and nothing else."""
    unknown = lexicon("xx")
    assert unknown.scales["bn"] == 9
    assert not unknown.stops
    assert not unknown.urgent


def test_tags_of_all_languages_are_known_together() -> None:
    """A page may tag in another language than its headlines'."""
    assert {"breaking", "عاجل", "eilmeldung", "速報"} <= every("urgent")
