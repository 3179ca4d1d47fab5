"""What is reported without marks, and who says it."""

import time
from functools import partial

import pytest
from said import said

from worker.enrich.passage import passage_of
from worker.enrich.quotes import find_quotes

reported = partial(said, kind="indirect")


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ar", "وقال وزير النقل سليم الراوي إن الجسر سيفتح غدا.", ("قال", "سليم الراوي", "الجسر سيفتح غدا")),
        ("ar", "نفت دمشق أن تكون قد أغلقت الجسر.", ("نفت", "دمشق", "تكون قد أغلقت الجسر")),
        ("ar", "وحذرت الوزارة في بيان من أن الجسر قد ينهار.", ("حذرت", "الوزارة", "الجسر قد ينهار")),
        ("ar", "ووفقا لوزارة النقل، فإن الجسر مغلق منذ أمس.", ("وفقا", "وزارة النقل", "الجسر مغلق منذ أمس")),
        (
            "ar",
            "نقلت وكالة الأنباء عن حاكم المدينة قوله إن الجسر سليم تماما.",
            ("نقلت", "حاكم المدينة", "الجسر سليم تماما"),
        ),
        ("ar", "وكان الوزير سليم الراوي قد قال إن الجسر سيفتح غدا.", ("قال", "سليم الراوي", "الجسر سيفتح غدا")),
        ("en", "Ada Quill, the minister, said that the bridge was safe.", ("said", "Ada Quill", "the bridge was safe")),
        ("en", "The union said the bridge was safe.", ("said", "The union", "the bridge was safe")),
        (
            "en",
            "Ada Quill told the Quay Herald she had seen the bridge.",
            ("told", "Ada Quill", "she had seen the bridge"),
        ),
        ("en", "According to Ada Quill, the bridge is safe.", ("According to", "Ada Quill", "the bridge is safe")),
        ("en", "The bridge is safe, the ministry said on Monday.", ("said", "the ministry", "The bridge is safe")),
        ("en", "The bridge is safe, says its builder, Ada Quill.", ("says", "Ada Quill", "The bridge is safe")),
        ("de", "Ada Quill sagte, die Brücke sei sicher.", ("sagte", "Ada Quill", "die Brücke sei sicher")),
        ("de", "Das Amt teilte mit, dass die Brücke sicher ist.", ("teilte mit", "Amt", "die Brücke sicher ist")),
        (
            "de",
            "Nach Angaben der Polizei ist die Brücke sicher.",
            ("Nach Angaben", "Polizei", "ist die Brücke sicher"),
        ),
        (
            "fr",
            "La ministre Ada Quill a assuré qu’aucun pont ne fermerait.",
            ("a assuré", "Ada Quill", "aucun pont ne fermerait"),
        ),
        ("fr", "Selon Ada Quill, le pont est sûr.", ("Selon", "Ada Quill", "le pont est sûr")),
        ("es", "Ada Quill negó que el puente estuviera cerrado.", ("negó", "Ada Quill", "el puente estuviera cerrado")),
        (
            "ru",
            "Министр Андрей Соколов заявил, что мост снова открыт.",
            ("заявил", "Андрей Соколов", "мост снова открыт"),
        ),
        ("ru", "По словам Андрея Соколова, мост снова открыт.", ("По словам", "Андрея Соколова", "мост снова открыт")),
        ("fa", "آرش کیانی، وزیر راه، گفت که پل فردا گشوده می‌شود.", ("گفت", "آرش کیانی", "پل فردا گشوده می‌شود")),
        (
            "tr",
            "Deniz Kaya, köprünün yarın açılacağını söyledi.",
            ("söyledi", "Deniz Kaya", "köprünün yarın açılacağını"),
        ),
        (
            "tr",
            "Ulaştırma Bakanlığı’na göre, köprü yarın açılacak.",
            ("göre", "Ulaştırma Bakanlığı", "köprü yarın açılacak"),
        ),
    ],
)
def test_each_language_reports_in_its_own_ways(language: str, text: str, expected: tuple[str, str, str]) -> None:
    """Behind "that", without it, by the verb's form, behind a phrase and before who is named at the end."""
    assert reported(language, text) == [expected]


@pytest.mark.parametrize(
    ("language", "text", "speaker", "words"),
    [
        ("en", "The Bank of Quay said on Monday it was reviewing it.", "The Bank of Quay", "it was reviewing it"),
        ("en", "Police in Paris said that the road was closed.", "Police in Paris", "the road was closed"),
        ("en", "Saudi Arabia said that the talks were over.", "Saudi Arabia", "the talks were over"),
        ("en", "Ada Quill, asked about the bridge, said that it was safe.", "Ada Quill", "it was safe"),
        ("en", "The officer who made the arrest said that it was late.", "The officer", "it was late"),
        ("en", "The U.N. said that the U.S. Senate had met.", "U.N", "the U.S. Senate had met"),
        ("en", "The ministry never said why, but Ada Quill said that it was safe.", "Ada Quill", "it was safe"),
        ("en", "That bridge is not safe, the ministry said.", "the ministry", "That bridge is not safe"),
        ("de", "Das Amt sagte, die Brücke werde am 3. Mai geöffnet.", "Amt", "die Brücke werde am 3. Mai geöffnet"),
        ("de", "Ein Sprecher des Amtes sagte, die Lage sei ernst.", "Ein Sprecher des Amtes", "die Lage sei ernst"),
        ("de", "Ada Quill sagte der Deutschen Presse-Agentur, die Lage sei ernst.", "Ada Quill", "die Lage sei ernst"),
        ("es", "El Banco de España advirtió que la inflación subirá.", "Banco de España", "la inflación subirá"),
        ("ar", "وقال مسؤولون لرويترز إن الضربات ستستمر عدة أيام.", "مسؤولون", "الضربات ستستمر عدة أيام"),
        (
            "tr",
            "İçişleri Bakanlığından yapılan açıklamada, ana yolun dün kapatıldığı bildirildi.",
            "İçişleri Bakanlığı",
            "ana yolun dün kapatıldığı",
        ),
    ],
)
def test_subjects_and_sentences_are_told_from_what_looks_like_them(
    language: str, text: str, speaker: str, words: str
) -> None:
    """Places of an office, asides, relative clauses, listeners, abbreviations and the days of German dates."""
    assert [found[1:] for found in reported(language, text)] == [(speaker, words)]


def test_two_words_are_no_clause() -> None:
    """Fewer than three words report nothing that anybody would quote."""
    assert reported("en", "Ada Quill said that it snowed.") == []
    assert reported("en", "Ada Quill said that it snowed hard.") == [("said", "Ada Quill", "it snowed hard")]


def test_a_speaker_who_is_named_in_reported_speech_speaks_on() -> None:
    """A participle, a dropped subject and a pronoun go on from who was named before."""
    assert reported(
        "en",
        "Fire chief Ada Quill said the mill was empty, adding that two crews were on the roof.",
        "She denied that the alarm had failed.",
    ) == [
        ("said", "Ada Quill", "the mill was empty"),
        ("adding", "Ada Quill", "two crews were on the roof"),
        ("denied", "Ada Quill", "the alarm had failed"),
    ]
    assert reported("en", "Ada Quill accused him of fraud.", "“It is a scandal,” she said.", kind="direct") == [
        ("said", "Ada Quill", "It is a scandal,")
    ]


def test_a_quotation_inside_a_clause_ends_it_and_a_few_quoted_words_do_not() -> None:
    """Four quoted words stand for themselves; fewer are words of the clause, in which they are no quotation."""
    text = "The union said the new bridge was “closed until further notice”, while Ada Quill said it was “quite safe”."
    assert reported("en", text) == [
        ("said", "The union", "the new bridge was"),
        ("said", "Ada Quill", "it was “quite safe”"),
    ]
    assert reported("en", text, kind="direct") == [("said", "The union", "closed until further notice")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "He said goodbye to his staff on Friday."),
        ("en", "The claim that the bridge was safe came from nobody."),
        ("en", "The company announced a plan that would close the bridge."),
        ("en", "The ministry did not say that the bridge was safe."),
        ("en", "Ada Quill hopes that the bridge will open."),
        ("ar", "أعلن الوزير عن خطة من شأنها أن تفتح الجسر."),
        ("ar", "ولم تذكر الوزارة أن الجسر مغلق."),
        ("ru", "Он выразил надежду, что мост скоро откроют."),
        ("es", "El país cuenta con que el puente abra pronto."),
    ],
)
def test_nothing_is_reported_by_a_noun_a_denial_or_a_greeting(language: str, text: str) -> None:
    """A verb's letters alone report nothing."""
    assert reported(language, text) == []


def test_what_is_reported_can_be_left_out() -> None:
    """Then there are direct quotations only."""
    passages = (passage_of("Ada Quill said that the bridge was safe. “I built it myself,” she said.", 0),)
    assert [quote.kind for quote in find_quotes(passages, "en")] == ["indirect", "direct"]
    assert [quote.kind for quote in find_quotes(passages, "en", finds_reported=False)] == ["direct"]


SENTENCE = "Ada Quill, the minister, said that the bridge, {} was safe and sound for everybody who wanted to cross. "
PIECES = (
    SENTENCE.format("he said, " * 40),
    SENTENCE.format("adding that " * 60),
    SENTENCE.format("and said " * 60),
    SENTENCE.format("said Ada, " * 50),
    SENTENCE.format("(he said) " * 50),
    SENTENCE.format("“it is all over for us” said, " * 20),
    "adding " * 150 + "everything. ",
    "said, " * 150 + "everything. ",
    "وقال الوزير، مضيفا " * 40 + "أن الجسر مفتوح للجميع. ",
)


@pytest.mark.parametrize("piece", PIECES, ids=range(len(PIECES)))
def test_sentences_of_nothing_but_verbs_are_read_in_linear_time(piece: str) -> None:
    """A long sentence takes milliseconds, and ten times as many less than forty times as long."""

    def seconds(count: int) -> float:
        passages = tuple(passage_of(piece, 0) for _ in range(count))
        started = time.process_time()
        find_quotes(passages, "ar" if "قال" in piece else "en")
        return time.process_time() - started

    assert min(seconds(1) for _ in range(3)) < 0.1
    assert min(seconds(100) for _ in range(2)) < 40 * max(min(seconds(10) for _ in range(3)), 0.002)
