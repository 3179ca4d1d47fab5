"""Which script and language a headline is in."""

import pytest

from worker.dedup.lexicon import languages
from worker.dedup.reading import read

HEADLINES = {
    "ar": "افتتاح جسر الميناء بعد عام من العمل",
    "de": "Die Brücke am Hafen ist wieder offen",
    "en": "The harbour bridge is open after a year of work",
    "es": "Abre el puente del puerto después de un año de obras",
    "fa": "پل بندر پس از یک سال کار باز شد",
    "fr": "Le pont du port est ouvert après un an de travaux",
    "hi": "एक साल के काम के बाद बंदरगाह का पुल खुला",
    "id": "Jembatan pelabuhan dibuka setelah setahun dikerjakan",
    "it": "Il ponte del porto è aperto dopo un anno di lavori",
    "ja": "港の橋が一年の工事を経て開通した",
    "ko": "항구의 다리가 일 년 만에 열렸다",
    "nl": "De havenbrug is open na een jaar werk aan het dek",
    "pl": "Most w porcie jest otwarty po roku prac",
    "pt": "A ponte do porto está aberta após um ano de obras",
    "ru": "Мост в порту открыт после года работы",
    "tr": "Liman köprüsü bir yıl sonra açıldı",
    "uk": "Міст у порту відкрито після року робіт",
    "ur": "بندرگاہ کا پل ایک سال کے کام کے بعد کھل گیا",
    "zh": "港口大桥在一年的施工后开通",
}


def test_every_language_with_a_lexicon_is_tried() -> None:
    """The headlines here are in all of the lexicons' languages."""
    assert set(HEADLINES) == languages()


@pytest.mark.parametrize("language", sorted(HEADLINES))
def test_the_language_is_told_by_letters_and_words(language: str) -> None:
    """A headline says itself what language it is in."""
    assert read(HEADLINES[language]).language == language


@pytest.mark.parametrize(
    ("headline", "script"),
    [
        (HEADLINES["ar"], "Arab"),
        (HEADLINES["en"], "Latn"),
        (HEADLINES["uk"], "Cyrl"),
        (HEADLINES["zh"], "Hani"),
        (HEADLINES["ja"], "Jpan"),
        (HEADLINES["ko"], "Kore"),
        (HEADLINES["hi"], "Deva"),
        ("Γέφυρα", "Grek"),
        ("افتتاح جسر الميناء in Basra", "Arab"),
        ("2024 - 3:1", ""),
        ("🌊🌊", ""),
        ("", ""),
    ],
)
def test_the_script_is_that_of_most_letters(headline: str, script: str) -> None:
    """Scripts are named by ISO 15924; without letters there is none."""
    assert read(headline).script == script


@pytest.mark.parametrize(
    ("headline", "given", "language"),
    [
        ("Ponte aberta", "pt", "pt"),
        ("Ponte aberta", "pt-BR", "pt"),
        ("Ponte aberta", "PT_br", "pt"),
        ("Bron öppnad", "sv", "sv"),
        ("افتتاح الجسر في الميناء", "en", "ar"),
        ("The bridge is open", "ar", "en"),
        ("The bridge is open", "und", "en"),
        ("The bridge is open", "???", "en"),
        ("2 - 1", "tr", "tr"),
        ("Мост отворен", "sr", "sr"),
    ],
)
def test_the_given_language_is_believed_where_it_fits(headline: str, given: str, language: str) -> None:
    """A page's language holds for its headlines unless they are in a script that it is not written in."""
    assert read(headline, given).language == language


@pytest.mark.parametrize("headline", ["Xylofon", "Zzz zzz", "12:30"])
def test_what_tells_nothing_has_no_language(headline: str) -> None:
    """Without a word or letter that tells, the language is unknown."""
    assert read(headline).language == ""
