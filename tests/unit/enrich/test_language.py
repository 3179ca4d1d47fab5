"""The language of a story."""

import pytest

from worker.enrich.language import find_script, identify

ARABIC = "قالت البلدية إن أعمال الصيانة في الجسر القديم ستنتهي قبل بداية الشتاء، وإن الحركة ستعود إلى طبيعتها"
SAMPLES = {
    "ar": ARABIC,
    "en": "The council said that repairs on the old bridge would end before winter and traffic would return to normal",
    "de": "Die Stadt teilte mit, dass die Arbeiten an der alten Brücke noch vor dem Winter abgeschlossen werden sollen",
    "fr": "La mairie a indiqué que les travaux sur le vieux pont seraient terminés avant l'hiver",
    "ru": "Городская администрация сообщила, что ремонт старого моста закончится до наступления зимы",
    "fa": "شهرداری اعلام کرد که تعمیر پل قدیمی پیش از زمستان به پایان می‌رسد و رفت و آمد عادی می‌شود",
    "tr": "Belediye, eski köprüdeki onarımların kış gelmeden biteceğini ve trafiğin normale döneceğini açıkladı",
    "ja": "市は古い橋の修理が冬までに終わり、交通は元に戻ると発表した。",
    "zh": "市政府表示旧桥的维修工程将在冬天之前完成交通将恢复正常",
    "el": "Ο δήμος ανακοίνωσε ότι οι εργασίες στην παλιά γέφυρα θα τελειώσουν πριν από τον χειμώνα",
    "he": "העירייה הודיעה כי עבודות השיפוץ בגשר הישן יסתיימו לפני החורף",
}


@pytest.mark.parametrize("code", SAMPLES)
def test_a_sentence_is_enough(code: str) -> None:
    """One sentence tells the language, with a score that is sure."""
    language, method = identify(SAMPLES[code], None)
    assert (language.code, method) == (code, "detector")
    assert language.confidence > 0.5


@pytest.mark.parametrize(
    ("code", "script", "direction"),
    [("ar", "Arab", "rtl"), ("fa", "Arab", "rtl"), ("he", "Hebr", "rtl"), ("en", "Latn", "ltr"), ("ja", "Jpan", "ltr")],
)
def test_script_and_direction_follow_the_letters(code: str, script: str, direction: str) -> None:
    """The script is ISO 15924, the direction the script's."""
    language, _ = identify(SAMPLES[code], None)
    assert (language.script, language.direction) == (script, direction)


@pytest.mark.parametrize("text", ["", "   ", "27.02.2025 !!", "\U0001f600 — 42"])
def test_no_letters_no_language(text: str) -> None:
    """Without a letter the answer is und, with confidence 0."""
    language, method = identify(text, "ar")
    assert (language.code, language.script, language.confidence, method) == ("und", "Zyyy", 0.0, "none")


def test_an_answer_in_another_script_is_passed_over() -> None:
    """An Arabic word is never taken for a language written in Latin letters, however short."""
    for word in ("قال", "ثم", "لا"):
        assert identify(word, None)[0].code in {"ar", "fa", "ur", "ps", "ckb", "ug", "sd", "az", "pa"}


def test_a_declared_language_decides_where_the_detector_is_not_sure() -> None:
    """A declared language counts for a short text in its script, never against a sure detector or another script."""
    assert identify("Ok no", "pt-BR")[0].code == "pt"
    assert identify(ARABIC, "en")[0].code == "ar"
    assert identify("ثم", "en")[0].code != "en"


def test_lone_surrogates_are_survived() -> None:
    """A lone surrogate, which is no UTF-8, does not stop the detector."""
    assert identify(f"{SAMPLES['en']} \ud800", None)[0].code == "en"


def test_most_letters_decide_the_script() -> None:
    """A foreign name in a text does not change its script."""
    assert find_script("أعلنت شركة Example عن منتج جديد") == "Arab"
