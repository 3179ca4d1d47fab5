"""What headlines are filed under."""

import subprocess
import sys

import pytest

from worker.dedup import signature
from worker.dedup.index import LEAST_SHARED
from worker.dedup.reading import read
from worker.dedup.signature import keys_of

FERRY = "Ferry to the outer islands will run through the winter, transport ministry says"


def shared(one: str, other: str) -> int:
    """Return how many keys two headlines share."""
    return len(set(keys_of(read(one))) & set(keys_of(read(other))))


def test_keys_are_the_same_in_every_process() -> None:
    """They are numbers of 64 bits that follow from the words alone: state on disk is found again by them."""
    script = (
        f"from worker.dedup.signature import *; from worker.dedup.reading import read; print(keys_of(read({FERRY!r})))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert outputs == {f"{keys_of(read(FERRY))}\n".encode()}


def test_the_keys_of_known_words_never_change() -> None:
    """A version of the hash library that gives other numbers would not find what older state holds."""
    assert sorted(keys_of(read("harbour bridge"))) == [2438801218317029911, 6844054654201191999, 11311131048954754585]


def test_a_headline_has_as_many_keys_as_are_allowed_and_a_long_one_some_more() -> None:
    """Up to twenty; only neighbours of a headline that is longer than real ones make more, and those are bounded."""
    many = " ".join(f"word{number}" for number in range(100_000))
    assert len(keys_of(read(FERRY))) == signature.MOST_KEYS
    assert len(keys_of(read(many))) == signature.MOST_WORDS - 1


@pytest.mark.parametrize("headline", ["", "!?", "🔥🔥🔥", "\ud800"])
def test_a_headline_without_words_has_no_keys(headline: str) -> None:
    """It can be repeated, and is like no other."""
    assert keys_of(read(headline)) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FERRY, "Ferry to the outer islands will run thr..."),
        (FERRY, "Transport ministry: ferry to outer islands runs through winter"),
        ("Harbour bridge opens", "Bridge opens: harbour"),
        ("Is it on?", "It is on"),
        ("افتتاح جسر الميناء بعد عامين من الإغلاق", "بعد عامين من إغلاقه.. جسر الميناء يفتتح"),
        ("海港大桥两年后重新开放", "海港大桥两年后重新..."),
        ("Мост в гавани открыли после двух лет ремонта", "После двух лет ремонта открыт мост в гавани"),
    ],
)
def test_headlines_of_one_news_share_enough_keys(one: str, other: str) -> None:
    """Cut, in another order, with other function words, of two words or of none that say much."""
    assert shared(one, other) >= LEAST_SHARED


def test_headlines_that_share_two_words_do_not_meet() -> None:
    """A name of two words in common is no reason to compare."""
    assert shared(FERRY, "Transport ministry hires three hundred drivers for new night buses") < LEAST_SHARED
