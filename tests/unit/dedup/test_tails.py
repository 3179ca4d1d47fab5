"""What stands behind a headline and may be its source's name."""

import pytest

from worker.dedup.reading import LONGEST_REMEMBERED
from worker.dedup.tails import find_tail, is_own_name

BRIDGE = "Bridge at Harlow reopens after repairs"
BRIDGES = {
    "en": BRIDGE,
    "de": "Die Brücke über den Fluss ist nach der Reparatur wieder offen",
    "fr": "Le pont sur la rivière rouvre après les travaux",
    "ru": "Мост через реку открыли после ремонта",
    "ar": "إعادة فتح الجسر بعد الترميم",
    "tr": "Nehir üzerindeki köprü onarımdan sonra yeniden açıldı",
}


@pytest.mark.parametrize(
    ("headline", "words", "rest"),
    [
        (f"{BRIDGE} | Qux", "qux", BRIDGE),
        (f"{BRIDGE} | The Blorb Quill", "the blorb quill", BRIDGE),
        (f"{BRIDGE} – Qux", "qux", BRIDGE),
        (f"{BRIDGE} | Qux | Reuters", "qux", BRIDGE),
        (f"BREAKING: {BRIDGE} | Qux", "qux", f"BREAKING: {BRIDGE}"),
        ("إعادة فتح الجسر بعد الترميم | عين الميناء", "عين الميناء", "إعادة فتح الجسر بعد الترميم"),
        ("港口大桥维修后重新开放｜港湾视界", "港湾视界", "港口大桥维修后重新开放"),
    ],
)
def test_a_tail_stands_behind_the_last_mark(headline: str, words: str, rest: str) -> None:
    """In any script, before a source that a lexicon knows; tags before the headline stay with the rest."""
    tail = find_tail(headline)
    assert tail is not None
    assert (tail.words, tail.rest) == (words, rest)


@pytest.mark.parametrize(
    "headline",
    [
        BRIDGE,
        f"{BRIDGE} - Reuters",
        f"{BRIDGE} | qux.org",
        "Harlow Rovers beat Vardens – 2:1",
        f"{BRIDGE} | 2025",
        "Sport | Qux",
        "Mayor: we will reopen the bridge",
        f"{BRIDGE} | and three more of them will follow",
        f"{BRIDGE} | Qu…",
        f"{BRIDGE} | !!!",
        "|",
        "",
    ],
)
def test_what_is_no_tail(headline: str) -> None:
    """Nothing, what a lexicon or its look tells, scores and years, too much, a cut; or hardly a headline is left."""
    assert find_tail(headline) is None


@pytest.mark.parametrize("tail", ["| Qux", "| Paid Program", "｜ Qux", "|Qux"])
def test_words_behind_a_bar_may_be_learned(tail: str) -> None:
    """They are names and sections."""
    found = find_tail(f"{BRIDGE} {tail}")
    assert found is not None
    assert found.is_countable


@pytest.mark.parametrize(
    ("tail", "language"),
    [
        ("– Qux", "en"),
        ("- Peskov", "en"),
        ("— эксперт", "ru"),
        ("| Mayor", "en"),
        ("| London", "en"),
        ("| Monday", "en"),
        ("| March", "en"),
        ("| Prime Minister", "en"),
        ("| Day Two", "en"),
        ("| Second leg", "en"),
        ("| Under Nineteen", "en"),
        ("| Teil zwei", "de"),
        ("| Deuxième partie", "fr"),
        ("| Часть вторая", "ru"),
        ("| الجزء الثاني", "ar"),
        ("| İkinci bölüm", "tr"),
    ],
)
def test_words_that_tell_headlines_apart_may_not(tail: str, language: str) -> None:
    """Behind a dash stands who said it; offices, places, days and figures, in words too, are news behind any mark."""
    found = find_tail(f"{BRIDGES[language]} {tail}", language)
    assert found is not None
    assert not found.is_countable


@pytest.mark.parametrize(
    ("words", "source", "name"),
    [
        ("qux", "qux.example", None),
        ("the qux times", "quxtimes.example", None),
        ("qux times", "the-quxtimes.example", None),
        ("o fórum", "oforum.example", None),
        ("عين الميناء", "port.example", "عين الميناء"),
        ("blorb", "bz.example", "The Blorb"),
        ("the daily blorb", "The Daily Blorb", None),
        ("st varden blorb", "St. Varden Blorb", None),
    ],
)
def test_a_name_is_told_by_its_letters(words: str, source: str, name: str | None) -> None:
    """Those of the domain or of what the pages call it, without blanks, accents and article."""
    assert is_own_name(words, source, name)


@pytest.mark.parametrize(
    ("words", "source", "name"),
    [("qux", "blorb.example", "Blorb"), ("qux sport", "qux.example", "Qux"), ("the", "the.example", None)],
)
def test_another_name_is_not(words: str, source: str, name: str | None) -> None:
    """Nor what adds to it, nor an article alone."""
    assert not is_own_name(words, source, name)


def test_a_place_is_no_name_even_of_who_bears_it() -> None:
    """A town's paper that tells where something happened does not give its name."""
    found = find_tail("Bridge over the river reopens after repairs | London", "en")
    assert found is not None
    assert not found.is_namable


def test_what_is_too_long_for_a_headline_has_no_tail() -> None:
    """Whatever it is made of: it would be read anew with each comparison."""
    fitting = f"{'x' * (LONGEST_REMEMBERED - len(BRIDGE) - 7)} {BRIDGE} | Qux"
    assert len(fitting) == LONGEST_REMEMBERED
    assert find_tail(fitting) is not None
    for endless in (
        f"x{fitting}",
        *(f"{BRIDGE} {part * 50_000} | Qux" for part in (" ", "|", "-", "- ", "| a", "word ")),
    ):
        assert find_tail(endless) is None
