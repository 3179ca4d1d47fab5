"""What a story is about."""

import time

import pytest

from schemas.story import Keyword
from worker.enrich.entities import find_entities
from worker.enrich.keywords import MOST, find_keywords
from worker.enrich.passage import passage_of


def keywords_of(headline: str | None, text: str, language: str) -> tuple[Keyword, ...]:
    """Return the keywords of a story of one paragraph."""
    passages = (passage_of(text, 0),)
    return find_keywords(headline, passages, language, find_entities(passages, language, ()))


@pytest.mark.parametrize(
    ("language", "headline", "text", "among"),
    [
        (
            "en",
            "Harbour crane lifts its last load",
            "The harbour crane of Rotterdam lifts no more. A harbour crane is a landmark, and the town keeps it.",
            {"Rotterdam", "harbour crane"},
        ),
        (
            "ar",
            "القوات الروسية تتقدم",
            "تقدمت القوات الروسية في دونباس، وقالت إن للقوات الروسية خططا، وفي دونباس قتال",
            {"دونباس", "القوات الروسية"},
        ),
        ("de", None, "Die Brücke in Hamburg bleibt gesperrt, denn die Brücke ist alt.", {"Hamburg", "Brücke"}),
        ("fr", None, "Le pont de Lyon reste fermé, car ce pont est vieux.", {"Lyon", "pont"}),
        ("es", None, "El puente de Sevilla sigue cerrado porque el puente es viejo.", {"Sevilla", "puente"}),
        ("ru", None, "Каменный мост чинит Омск. Город ждёт каменный мост.", {"Омск", "каменный мост"}),
    ],
)
def test_what_is_named_and_what_comes_again(language: str, headline: str | None, text: str, among: set[str]) -> None:
    """Best first, the best with score 1, none twice."""
    found = keywords_of(headline, text, language)
    texts = [one.text for one in found]
    assert among <= {*texts, *map(str.lower, texts)}
    assert found[0].score == 1
    assert sorted(found, key=lambda one: -one.score) == list(found)
    assert len(set(texts)) == len(texts)


def test_forms_of_a_word_are_one() -> None:
    """By their stems, so that their mentions count together."""
    found = keywords_of(
        None, "A bridge was closed. Two bridges were closed. Of bridges we know: a bridge may close.", "en"
    )
    assert found[0].text.lower() == "bridge"
    assert "bridges" not in [one.text for one in found]


def test_nothing_to_tell_of_is_no_keyword() -> None:
    """Stop words and figures are none, and there are never more than a bound."""
    assert keywords_of(None, "It was 12 of the 2024.", "en") == ()
    words = " ".join(f"{letter}word{other}x," for letter in "abcdefghij" for other in "abcdefghij")
    assert len(keywords_of(None, words, "en")) == MOST


def test_short_names_are_told_apart() -> None:
    """Also where a name is shorter than a word that may be a keyword, or looks like a stop word."""
    texts = {one.text for one in keywords_of(None, "The EU and the UN met NATO. The UN spoke.", "en")}
    assert texts >= {"EU", "UN", "NATO"}


def test_what_is_no_word_takes_no_time() -> None:
    """A stemmer needs seconds for a hundred thousand letters."""
    began = time.thread_time()
    keywords_of(None, "aufbau" * 40_000, "de")
    assert time.thread_time() - began < 1
