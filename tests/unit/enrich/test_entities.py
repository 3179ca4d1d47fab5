"""Persons, organisations and places in texts of several languages."""

import pytest

from schemas.story import Entity
from worker.enrich.entities import find_entities
from worker.enrich.passage import passage_of
from worker.enrich.quotes import find_quotes


def entities_of(text: str, language: str) -> tuple[Entity, ...]:
    """Return the entities of a text of one paragraph."""
    passages = (passage_of(text, 7),)
    return find_entities(passages, language, find_quotes(passages, language))


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "ar",
            "زار وزير النقل الأردني سامر الحمداني موسكو وبغداد وللعراق، ثم عاد الحمداني إلى مجلس الأمن الدولي",
            [
                ("سامر الحمداني", "سامر الحمداني", "وزير النقل الأردني"),
                ("موسكو", "Moscow", "524901"),
                ("بغداد", "Baghdad", "98182"),
                ("للعراق", "Iraq", "IQ"),
                ("الحمداني", "سامر الحمداني", "وزير النقل الأردني"),
                ("مجلس الأمن الدولي", "United Nations Security Council", None),
            ],
        ),
        ("ar", "أعلنت وزارة الصحة التونسية ذلك", [("وزارة الصحة التونسية", "وزارة الصحة التونسية", None)]),
        ("ar", "قدم دعم مالي للجميع", []),
        ("en", "Long Island and indie films", []),
        ("hi", "भारतीय दल", []),
        ("ar", "كان البيان طويلا في مدينة صغيرة ثم مكّة", [("مكّة", "Mecca", "104515")]),
        (
            "en",
            "Foreign Minister Ada Quill left Berlin for the U.S. on Monday; reading in Reading, Quill met the UN.",
            [
                ("Ada Quill", "Ada Quill", "Foreign Minister"),
                ("Berlin", "Berlin", "2950159"),
                ("U.S.", "United States", "US"),
                ("Quill", "Ada Quill", "Foreign Minister"),
                ("UN", "United Nations", None),
            ],
        ),
        (
            "en",
            "The Ministry of Public Works told us of it",
            [("Ministry of Public Works", "Ministry of Public Works", None)],
        ),
        (
            "en",
            "Mayor Anne-Marie O’Dell spoke. Then Anne-Marie O’Dell left.",
            [("Anne-Marie O’Dell", "Anne-Marie O’Dell", "Mayor")] * 2,
        ),
        (
            "de",
            "Ministerin Lena Ortwin reiste nach München, wo die SPD tagte.",
            [("Lena Ortwin", "Lena Ortwin", "Ministerin"), ("München", "Munich", "2867714"), ("SPD", "SPD", None)],
        ),
        (
            "fr",
            "Le ministre Paul Vasseur est arrivé à Paris, selon l’ONU.",
            [
                ("Paul Vasseur", "Paul Vasseur", "ministre"),
                ("Paris", "Paris", "2988507"),
                ("ONU", "United Nations", None),
            ],
        ),
        (
            "ru",
            "Министр Андрей Зимин прибыл в Москва, сообщила ООН.",
            [
                ("Андрей Зимин", "Андрей Зимин", "Министр"),
                ("Москва", "Moscow", "524901"),
                ("ООН", "United Nations", None),
            ],
        ),
        (
            "es",
            "El presidente Juan Olmedo visitó Madrid.",
            [("Juan Olmedo", "Juan Olmedo", "presidente"), ("Madrid", "Madrid", "3117735")],
        ),
        ("fa", "او به تهران رفت", [("تهران", "Tehran", "112931")]),
        ("tr", "Ankara toplantısı bitti", [("Ankara", "Ankara", "323786")]),
        ("zh", "他昨天在北京说", [("北京", "Beijing", "1816670")]),
    ],
)
def test_who_and_what_is_named(language: str, text: str, expected: list[tuple[str, str, str | None]]) -> None:
    """Each mention with its name, and with the office or the code."""
    found = [(one.text, one.name, one.role or one.code) for one in entities_of(text, language)]
    assert found == expected


def test_offsets_are_of_the_page() -> None:
    """Also where folding leaves out marks between the letters."""
    text = "وصل إلى مكّة ثم بغداد"
    for one in entities_of(text, "ar"):
        assert text[one.start - 7 : one.end - 7] == one.text


def test_no_more_than_a_bound_are_given() -> None:
    """A hostile page names places without end."""
    assert len(entities_of("Berlin, " * 2000, "en")) == 500
