"""Quotations in the speaker's words and in others, and who says them."""

import time
from functools import partial

import pytest
from said import said

from worker.enrich.passage import passage_of
from worker.enrich.quotes import find_quotes

found = partial(said, kind="direct")


def test_arabic_verbs_chains_and_phrases() -> None:
    """A speaker is named in full from his first mention, carried through "he added", and found behind a phrase."""
    assert found(
        "ar",
        "أعلن وزير النقل الأردني سليم الراوي، أمس، أن الجسر سيفتح.",
        "وقال الراوي إنّ الأعمال “ستنتهي قبل بداية الشتاء المقبل”.",
        "وأضاف أنّ الحركة “ستعود إلى طبيعتها في وقت قريب”.",
        "وتبدأ المرحلة التالية، بحسب الراوي، بعدما “تنتهي فحوص السلامة كلها دون تأخير”.",
        "وقال المتحدث باسم البلدية، عمر النجار، إن “الميزانية كافية لكل هذه الأعمال”.",
    ) == [
        ("قال", "سليم الراوي", "ستنتهي قبل بداية الشتاء المقبل"),
        ("أضاف", "سليم الراوي", "ستعود إلى طبيعتها في وقت قريب"),
        ("بحسب", "سليم الراوي", "تنتهي فحوص السلامة كلها دون تأخير"),
        ("قال", "عمر النجار", "الميزانية كافية لكل هذه الأعمال"),
    ]


def test_offices_and_metonyms_stay_as_printed() -> None:
    """A capital, an embassy or an office without a name is the speaker in its own words."""
    assert found(
        "ar",
        "وقد أكّدت عمّان أنّ “فتح المعبر بداية لعمل مشترك أوسع”، بينما قالت دمشق، إنّ الزيارة كانت “ناجحةً جدا”.",
        'وقالت السفارة الأردنية - في رسالة وزعتها الأحد - "نرحب بكل من يزور المعرض".',
        'وقالت السفارة "إن أبوابنا مفتوحة طوال الأسبوع".',
    ) == [
        ("أكّدت", "عمّان", "فتح المعبر بداية لعمل مشترك أوسع"),
        ("قالت", "السفارة الأردنية", "نرحب بكل من يزور المعرض"),
        ("قالت", "السفارة الأردنية", "إن أبوابنا مفتوحة طوال الأسبوع"),
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", 'كما نقلت عن الوزارة وكالة أنباء "تاس" مساء.'),
        ("ar", 'وقالت صحيفة "أخبار المدينة القديمة اليوم" إن الجسر مغلق.'),
        ("ar", "وافتتح الوزير معرض “ألوان من الضفة الأخرى للنهر” مساء أمس."),
        ("ar", 'وقال قائد "القوة الثالثة" إن الجسر مغلق.'),
        ("en", "The “hero” minister said the plan called “Big Step” would work."),
        ("en", "The novel “A Long Way Down the River” won the prize."),
        ("en", "She said the newspaper “The Daily Harbour News Today” was closed."),
        ("de", "Der Film „Ein langer Weg nach Hause“ läuft im Kino."),
    ],
)
def test_names_titles_and_scare_quotes_are_none(language: str, text: str) -> None:
    """Marks around a name, a title or a single word quote nobody."""
    assert found(language, text) == []


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "“We are ready to talk,” said foreign minister Ada Quill.",
            ("said", "Ada Quill", "We are ready to talk,"),
        ),
        ("en", "“We are ready to talk,” the ministry said.", ("said", "the ministry", "We are ready to talk,")),
        (
            "en",
            "Ada Quill, the foreign minister, told the paper: “We are ready to talk.”",
            ("told", "Ada Quill", "We are ready to talk."),
        ),
        (
            "en",
            "According to Ada Quill, this was “a first step on a long road”.",
            ("According to", "Ada Quill", "a first step on a long road"),
        ),
        (
            "de",
            "„Wir sind zu Gesprächen bereit“, sagte Außenministerin Ada Quill.",
            ("sagte", "Ada Quill", "Wir sind zu Gesprächen bereit"),
        ),
        (
            "de",
            "Am Montag sagte Ada Quill: „Wir sind zu Gesprächen bereit.“",
            ("sagte", "Ada Quill", "Wir sind zu Gesprächen bereit."),
        ),
        (
            "fr",
            "« Nous sommes prêts à discuter », a déclaré la ministre Ada Quill.",
            ("a déclaré", "Ada Quill", "Nous sommes prêts à discuter"),
        ),
        (
            "es",
            "«Estamos listos para hablar», dijo la ministra Ada Quill.",
            ("dijo", "Ada Quill", "Estamos listos para hablar"),
        ),
        (
            "ru",
            "«Мы готовы к переговорам», — заявил министр Андрей Соколов.",
            ("заявил", "Андрей Соколов", "Мы готовы к переговорам"),
        ),
        (
            "fa",
            "آرش کیانی، وزیر راه گفت: «ما برای گفتگو آماده هستیم».",
            ("گفت", "آرش کیانی", "ما برای گفتگو آماده هستیم"),
        ),
        (
            "tr",
            'Bakan Deniz Kaya, "Görüşmelere tamamen hazırız artık." dedi.',
            ("dedi", "Deniz Kaya", "Görüşmelere tamamen hazırız artık."),
        ),
    ],
)
def test_verbs_stand_before_and_behind(language: str, text: str, expected: tuple[str, str, str]) -> None:
    """In each language, with the verb before or behind the words, and the name without its office."""
    assert found(language, text) == [expected]


def test_a_speech_goes_on() -> None:
    """Sentences behind a quoted one are the same speaker's, also in a paragraph that is all quotation."""
    assert found(
        "en",
        "“We are ready,” said Ada Quill, “but we will wait.”",
        "“There is no hurry at all.”",
        "He added: “It is time.”",
    ) == [
        ("said", "Ada Quill", "We are ready,"),
        ("said", "Ada Quill", "but we will wait."),
        (None, "Ada Quill", "There is no hurry at all."),
        ("added", "Ada Quill", "It is time."),
    ]


def test_a_colon_above_opens_the_paragraph_below() -> None:
    """A paragraph that ends with a colon names the speaker of the next."""
    assert found("en", "Ada Quill told the council on Monday:", "“The old bridge must be closed.”") == [
        ("told", "Ada Quill", "The old bridge must be closed.")
    ]


def test_an_unknown_speaker_is_null() -> None:
    """A pronoun with nobody before it leaves the speaker open."""
    assert found("en", "He said: “The old bridge must be closed.”") == [
        ("said", None, "The old bridge must be closed.")
    ]


def test_a_language_that_is_not_read_gives_none() -> None:
    """Without the words of a language nothing is guessed."""
    assert found("el", "Είπε: «Η παλιά γέφυρα πρέπει να κλείσει».") == []


def test_a_paragraph_of_nothing_but_quotations_is_read_in_linear_time() -> None:
    """Twenty times as many quotations take less than eighty times as long: no text is built anew for each of them."""

    def seconds(count: int) -> float:
        text = "“a b” " * count
        started = time.perf_counter()
        find_quotes((passage_of(text, 0),), "en")
        return time.perf_counter() - started

    assert min(seconds(40_000) for _ in range(2)) < 80 * max(min(seconds(2_000) for _ in range(3)), 0.002)
