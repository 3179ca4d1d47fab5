"""The lexicon: how phrases are matched, and that its files are sound."""

import tomllib
from importlib import resources

import pytest

from worker.split.fold import fold
from worker.split.markers import KINDS, PHRASE_WINDOW, SEPARATOR, find_mark

FILES = [file for file in (resources.files("worker") / "data" / "markers").iterdir() if file.name.endswith(".toml")]
LANGUAGES = {"ar", "fa", "ur", "tr", "en", "de", "fr", "es", "pt", "it", "pl", "cs", "ru", "el", "zh", "ja", "ko", "hi"}


@pytest.mark.parametrize(
    "line",
    [
        "إقرأ أيضاً:",
        "اقرأ أيضا",
        "اقرا ايضا..",
        "إقـــرأ أيضًا :",
        "► اقرأ أيضاً",
        "【اقرأ أيضا】",
        "\u200fاقرأ أيضا:",
        "اِقْـــرَأْ  أَيْضًا",
        "ﺍﻗﺮﺃ ﺃﻳﻀﺎ:",
    ],
)
def test_spellings_of_a_phrase_are_one_phrase(line: str) -> None:
    """Hamza, vowel signs, tatweel, decoration and closing signs make no difference."""
    mark = find_mark(line)
    assert mark is not None
    assert (mark.kind, mark.form) == ("read_also", "whole")


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("READ ALSO", "read_also"),
        ("A lire aussi", "read_also"),
        ("İLGİLİ HABERLER", "related"),
        ("相关新闻：", "related"),
        ("+++ Mehr zum Thema +++", "related"),
    ],
)
def test_case_accents_and_width_make_no_difference(line: str, kind: str) -> None:
    """Phrases are found in capitals, without accents, and before full-width signs."""
    mark = find_mark(line)
    assert mark is not None
    assert mark.kind == kind


def test_a_label_says_where_the_labelled_words_start() -> None:
    """`rest` points behind the separator."""
    line = "Source : Valley Courier"
    mark = find_mark(line)
    assert mark is not None
    assert line[mark.rest :] == "Valley Courier"


@pytest.mark.parametrize(
    "line",
    [
        "Share prices fell on Monday",
        "Related to the ministers by marriage",
        "Latest figures show a fall in unemployment",
        "Updated rules for cyclists come into force",
        "مصدر: المفاوضات تتعثر في يومها الثالث بسبب الخلاف على الحدود",
        "Homeowners face higher bills",
        "",
        "::::",
    ],
)
def test_words_that_open_a_headline_are_no_mark(line: str) -> None:
    """A phrase must end where a word ends, and stand alone, before a colon, or in a line that can be nothing else."""
    assert find_mark(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "图书馆将于五月重新开放，市民可以免费借阅。",
        "写真家の田中さんは港を三十年撮り続けてきた。",
        "図書館、五月に再開へ",
        "【写真】図書館、五月に再開へ",
        "[Photos] Lowestrand harbour as nobody has seen it",
    ],
)
def test_a_picture_is_labelled_by_a_colon(line: str) -> None:
    """Where words are not parted, a library and a photographer begin as a picture does; brackets open headlines."""
    assert find_mark(line) is None


def test_a_phrase_of_several_words_opens_a_caption_of_any_usual_length() -> None:
    """No colon is needed behind it; a paragraph is longer."""
    line = "Pictured are members of the rowing club of Lowestrand at the old slipway" + ", with Ann Reed" * 10
    mark = find_mark(line)
    assert mark is not None
    assert (mark.kind, mark.form) == ("caption", "prefix")
    assert find_mark(line + ", with Ann Reed" * 10) is None


def test_every_language_of_the_contract_has_its_phrases() -> None:
    """Each file names its language, source and licence."""
    languages = set()
    for file in FILES:
        text = file.read_text("utf-8")
        assert "# Source: " in text
        assert "# Licence: " in text
        languages.add(tomllib.loads(text).get("language"))
    assert languages - {None} == LANGUAGES


def test_every_phrase_is_of_a_known_kind_and_can_be_found() -> None:
    """No misspelt kind, no phrase longer than what is looked at, none with a separator inside."""
    for file in FILES:
        for kind, phrases in tomllib.loads(file.read_text("utf-8")).get("phrases", {}).items():
            assert kind in KINDS
            for phrase in phrases:
                assert 0 < len(fold(phrase)) <= PHRASE_WINDOW
                assert not SEPARATOR.search(phrase.strip()), phrase


def test_a_folded_phrase_folds_to_itself() -> None:
    """The lexicon is looked up by a letter as it is written first, and by its folded form only where that fails."""
    for file in FILES:
        for phrases in tomllib.loads(file.read_text("utf-8")).get("phrases", {}).values():
            for phrase in map(fold, phrases):
                assert fold(phrase) == phrase
