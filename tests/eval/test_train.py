"""What lines the training takes for a story's: those that the marked body has, and no others."""

import pytest
from eval.train import _covered

GOLD = "The council approved a plan on Monday. It will close the old bridge for two years."

LINES = {
    "a line of the body": ("The council approved a plan on Monday.", True),
    "its words in another order": ("Monday on plan a approved council the", False),
    "three of its words in a row": ("close the old harbour", False),
    "half of them": ("the old bridge for cars and lorries alike", True),
    "less than half": ("the old bridge for cars and lorries and buses alike", False),
    "no words": ("* * *", False),
}


@pytest.mark.parametrize(("line", "is_covered"), [*LINES.values()], ids=[*LINES])
def test_a_line_whose_words_are_half_in_runs_of_the_body_is_of_the_story(line: str, is_covered: bool) -> None:
    """Four words in a row count, whatever stands around them."""
    assert _covered(["Read also", line, "Weather"], GOLD) == [False, is_covered, False]


def test_a_run_of_words_may_go_on_over_lines() -> None:
    """A renderer breaks lines where the marked body has none."""
    assert _covered(["It will close", "the old bridge", "Share"], GOLD) == [True, True, False]


def test_in_kana_han_and_hangul_each_character_is_a_word() -> None:
    """There a sentence, or a phrase, is written without blanks."""
    council, weather, korean = "市议会批准计划", "天气预报", "시의회가승인했다"
    assert _covered([council, weather, korean], f"{council}。{korean}") == [True, False, True]


def test_nothing_is_of_a_story_without_body() -> None:
    """Neither lines nor a page without any."""
    assert _covered(["The council approved a plan"], "") == [False]
    assert _covered([], GOLD) == []
