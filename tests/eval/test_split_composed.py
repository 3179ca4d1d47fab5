"""How many lines and pages of the composed development set come out right, held against floors that only rise.

The pages' contents are real and their layouts this project's choice; say so when quoting a figure.
"""

import pytest
from eval.composed import DATA, Verdict, judge, macro_f1, rows
from eval.floors import hold


@pytest.fixture(scope="module")
def verdicts() -> list[Verdict]:
    """Judge every page once."""
    if not (DATA / "composed_dev.jsonl.zst").exists():
        pytest.skip("composed_dev is not there: it holds other people's texts and stays outside the repository")
    return [judge(row) for row in rows("composed_dev")]


def test_line_classes(verdicts: list[Verdict]) -> None:
    """Main, embedded, related and rest are told apart line by line."""
    hold("composed_dev_line_macro_f1", macro_f1(verdicts))


def test_whole_pages(verdicts: list[Verdict]) -> None:
    """Pages with every line's class right."""
    hold("composed_dev_pages_right", sum(verdict.is_right for verdict in verdicts) / len(verdicts))


def test_embedded_headlines(verdicts: list[Verdict]) -> None:
    """The embedded story's headline is found exactly."""
    found = [verdict.embedded_is_right for verdict in verdicts if verdict.embedded_is_right is not None]
    hold("composed_dev_embedded_headline", sum(found) / len(found))


def test_related_headlines(verdicts: list[Verdict]) -> None:
    """Every headline of the related lists is found as printed."""
    hold("composed_dev_related_recall", sum(verdict.related_recall for verdict in verdicts) / len(verdicts))
