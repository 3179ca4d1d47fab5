"""What is read of one headline."""

import pytest

from worker.dedup import normalise
from worker.dedup.reading import Reading, key, read


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("عاجل | افتتاح جسر الميناء", "إفتتاح جسر المينـاء - بوابة الأهرام"),
        ("عاجل افتتاح جسر الميناء", "افتتاح جسر الميناء (فيديو)"),
        ("مقتل ٣ في حادث الجسر..", "مقتل 3 في حادث الجسر"),
        ("BREAKING: Harbour bridge opens", "harbour bridge opens | Reuters"),
        ("HARBOUR BRIDGE OPENS EARLY - BBC NEWS", "“Harbour bridge” opens early"),
        ("Срочно: мост в порту открыт", "Мост в порту открыт - РИА Новости"),
        ("فوری: پل بندر باز شد", "پل بندر باز شد/ فیلم"),
        ("【速報】港の橋が開通しました", "港の橋が開通しました - NHK"),
        ("Son dakika: Liman köprüsü açıldı", "LİMAN KÖPRÜSÜ AÇILDI - NTV"),
    ],
)
def test_one_headline_has_one_key(one: str, other: str) -> None:
    """Spelling, case, digits, marks, urgent tags and the newspaper's name make no difference."""
    assert key(one) == key(other)
    assert key(one) == read(one).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Harbour bridge opens early", "Harbour bridge opens early - mayor"),
        ("52 ships leave the harbour", "61 ships leave the harbour"),
        ("Moscow: bridge opens early", "Kyiv: bridge opens early"),
        ("الجسر مفتوح - خبراء", "الجسر مفتوح - الوزير"),
        ("Home | BBC News", "Sport | BBC News"),
        ("Reuters", "CNN"),
    ],
)
def test_different_headlines_have_different_keys(one: str, other: str) -> None:
    """What is behind a stroke or before a colon counts unless it is known as a tag or a source."""
    assert key(one) != key(other)


def test_a_headline_without_affixes_keeps_the_key_of_its_letters() -> None:
    """Only affixes part this key from the folded headline."""
    assert key("Harbour-Bridge “opens”!") == normalise.key("Harbour-Bridge “opens”!") == "harbour bridge opens"


def test_words_are_folded_without_affixes_and_parted_from_their_signs() -> None:
    """Contractions stay one word, possessives and marks go, dotted abbreviations are one word."""
    assert read("LIVE: U.S. won't sell the port's “old” bridge (video)", "en").words == (
        "us",
        "wont",
        "sell",
        "the",
        "port",
        "old",
        "bridge",
    )


@pytest.mark.parametrize(
    ("headline", "language", "words"),
    [
        ("L'eau de l'île", "fr", ("l", "eau", "de", "l", "île")),
        ("L'acqua dell'isola", "it", ("l", "acqua", "dell", "isola")),
        ("Diyarbakır'da köprü", "tr", ("diyarbakir", "köprü")),
        ("П'ять об'єктів порту", "uk", ("5", "обєктів", "порту")),
        ("قال إنّ الجسرَ مفتوحٌ", "ar", ("قال", "ان", "الجسر", "مفتوح")),
        ("पुल में काम", "hi", ("पुल", "में", "काम")),
    ],
)
def test_apostrophes_and_marks_are_read_as_the_language_has_them(
    headline: str, language: str, words: tuple[str, ...]
) -> None:
    """Elided articles are words, Turkish endings behind an apostrophe go, vowel signs of a word stay with it."""
    assert read(headline, language).words == words


def test_text_without_blanks_is_cut_into_pairs() -> None:
    """Chinese characters go in overlapping pairs, kana in runs, and digits by themselves."""
    assert read("港口大桥开通").words == ("港口", "口大", "大桥", "桥开", "开通")
    assert read("東京のホテルで25人").words == ("東京", "の", "ホテル", "で", "25", "人")
    assert read("สะพานเปิด").words[:2] == ("สะ", "ะพ")


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("الوزير", "وزير", "ar"),
        ("والوزير", "وزير", "ar"),
        ("مهندسون", "المهندسين", "ar"),
        ("bridges", "bridge", "en"),
        ("opening", "opens", "en"),
        ("Brücken", "Brücke", "de"),
        ("мостов", "мосты", "ru"),
        ("köprüler", "köprü", "tr"),
        ("پل‌ها", "پل‌های", "fa"),
        ("다리가", "다리는", "ko"),
    ],
)
def test_forms_of_a_word_share_their_stem(one: str, other: str, language: str) -> None:
    """Articles, clitics and common endings are taken off."""
    assert read(one, language).stems == read(other, language).stems


def test_words_stems_and_stops_go_together() -> None:
    """One stem and one mark for each word; figures and names with digits are their own stems."""
    reading = read("The F-16s and 5 bridges of the port", "en")
    assert reading.words == ("the", "f16s", "and", "5", "bridges", "of", "the", "port")
    assert reading.stems == ("the", "f16s", "and", "5", "bridg", "of", "the", "port")
    assert reading.stops == (True, False, True, False, False, True, True, False)


@pytest.mark.parametrize(
    ("headline", "language"),
    [
        ("Harbour bridge opens?", "en"),
        ("Why the bridge opens", "en"),
        ("Is the bridge open", "en"),
        ("هل يفتح الجسر", "ar"),
        ("الجسر يفتح؟", "ar"),
        ("Est-ce que le pont ouvre", "fr"),
        ("Warum die Brücke öffnet", "de"),
        ("Откроется ли мост", "ru"),
        ("آیا پل باز می‌شود", "fa"),
        ("大桥是否开通", "zh"),
        ("大橋はなぜ開通したか", "ja"),
        ("Köprü açıldı mı", "tr"),
        ("다리는 왜 열렸나", "ko"),
        ("Apakah jembatan dibuka", "id"),
    ],
)
def test_questions_are_told_by_marks_and_words(headline: str, language: str) -> None:
    """A question mark of any script, or a word that asks."""
    assert read(headline, language).is_question


@pytest.mark.parametrize(
    ("headline", "language"),
    [
        ("Harbour bridge opens", "en"),
        ("The bridge is open", "en"),
        ("الجسر يفتح غدا", "ar"),
        ("Köprünün yeni ismi belli oldu", "tr"),
        ("港口大桥开通", "zh"),
    ],
)
def test_statements_are_no_questions(headline: str, language: str) -> None:
    """Words that may ask elsewhere do not make a question."""
    assert not read(headline, language).is_question


@pytest.mark.parametrize(
    ("headline", "language", "count"),
    [
        ("The bridge is not open", "en", 1),
        ("The bridge isn't open", "en", 1),
        ("The bridge isn’t open, nor is the port", "en", 2),
        ("The bridge is open", "en", 0),
        ("No. 5 bridge is open", "en", 0),
        ("الجسر لم يفتح", "ar", 1),
        ("الجسر غير مفتوح", "ar", 1),
        ("Le pont n'est pas ouvert", "fr", 1),
        ("Die Brücke ist nicht offen", "de", 1),
        ("Мост не открыт", "ru", 1),
        ("پل باز نمی‌شود", "fa", 1),
        ("Köprü açılmadı", "tr", 1),
        ("大桥未开通", "zh", 1),
        ("다리는 열리지 않았다", "ko", 1),
        ("Jembatan tidak dibuka", "id", 1),
        ("Most nie jest otwarty", "pl", 1),
        ("पुल नहीं खुला", "hi", 1),
    ],
)
def test_negating_words_are_counted(headline: str, language: str, count: int) -> None:
    """Words and parts of words that negate."""
    assert read(headline, language).negations == count


def test_what_was_taken_off_and_cut_is_told() -> None:
    """Affixes are as shown, `cut` says where words are missing, `shown` is all of the headline."""
    reading = read("  BREAKING: Harbour bridge\u200f opens ear... | Reuters")
    assert reading.shown == "BREAKING: Harbour bridge opens ear... | Reuters"
    assert (reading.affixes, reading.cut, reading.key) == (("BREAKING", "Reuters"), "end", "harbour bridge opens ear")


@pytest.mark.parametrize(
    "headline", ["", " \u200f\n", "…", "!!!", "🌊", "\ud83d", "a", "ـ", "\u0301", "½", "$", "%", "-"]
)
def test_what_is_hardly_a_headline_is_read(headline: str) -> None:
    """Nothing, signs, an emoji, half of one, a single letter."""
    reading = read(headline)
    assert isinstance(reading, Reading)
    assert bool(reading.key) == bool(reading.shown)


def test_a_reading_is_remembered_but_not_a_very_long_one() -> None:
    """The caches hold headlines of ordinary length only, so that their size in memory is bounded."""
    headline = "Harbour bridge opens early again"
    long = headline * 40
    assert read(headline) is read(headline)
    assert read(long) is not read(long)
    assert read(long) == read(long)
