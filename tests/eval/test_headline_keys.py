"""Which repeats of the composed development set share a key, so that no state is needed to find them.

The pages' contents are real and their variants this project's making; say so when quoting a figure.
"""

from itertools import combinations
from typing import Any

import pytest
from eval.composed import DATA, rows

from worker.dedup.reading import key


@pytest.fixture(scope="module")
def lists() -> list[list[dict[str, Any]]]:
    """Return the related lists of all pages."""
    if not (DATA / "composed_dev.jsonl.zst").exists():
        pytest.skip("composed_dev is not there: it holds other people's texts and stays outside the repository")
    return [row["gold"]["related"] for row in rows("composed_dev")]


def test_repeats_share_their_key_whatever_their_spelling(lists: list[list[dict[str, Any]]]) -> None:
    """All pairs of a headline and its repeat, or its variant in dots, quotes, letters, digits or suffix."""
    pairs = [
        key(one["headline"]) == key(other["headline"])
        for related in lists
        for one, other in combinations(related, 2)
        if one["group"] == other["group"] and any(_is_repeat(entry) for entry in (one, other))
    ]
    print(f"composed_dev pairs of one headline that share their key: {sum(pairs)} of {len(pairs)}")
    assert all(pairs)


def test_other_news_never_share_a_key(lists: list[list[dict[str, Any]]]) -> None:
    """No two headlines of different groups, though alike, except those that the data print letter by letter alike."""
    shared = [
        (one["headline"], other["headline"])
        for related in lists
        for one, other in combinations(related, 2)
        if one["group"] != other["group"] and key(one["headline"]) == key(other["headline"])
    ]
    assert all(_letters(one) == _letters(other) for one, other in shared)


def _is_repeat(entry: dict[str, Any]) -> bool:
    return entry["kind"] == "exact_dup" or entry["kind"].startswith("surface_variant")


def _letters(headline: str) -> str:
    return "".join(filter(str.isalpha, headline))
