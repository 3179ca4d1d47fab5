"""What Arabic articles are about: keywords that editors gave them."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from eval.composed import DATA, rows
from eval.floors import hold

from worker.enrich.entities import find_entities
from worker.enrich.gazetteer import spell
from worker.enrich.keywords import find_keywords
from worker.enrich.passage import passage_of
from worker.enrich.quotes import find_quotes

BEST = 15


def test_keywords_of_editors() -> None:
    """The share of those that stand in headline or text which are among the best found."""
    if not (DATA / "almayadeen_dev.jsonl.zst").exists():
        pytest.skip("almayadeen_dev is not there: it holds other people's texts")
    given = found = 0
    for row in rows("almayadeen_dev"):
        text = spelled(f"{row['title']}\n{row['full_text']}")
        printed = {keyword for keyword in map(spelled, row["keywords"]) if keyword and keyword in text}
        given += len(printed)
        found += len(printed & set(map(spelled, answers(row))))
    hold("almayadeen_keyword_recall", found / given, "enrich")


def answers(row: Mapping[str, Any]) -> list[str]:
    """Return the best keywords of an article."""
    passages = (passage_of(row["full_text"], 0),)
    entities = find_entities(passages, "ar", find_quotes(passages, "ar"))
    return [keyword.text for keyword in find_keywords(row["title"], passages, "ar", entities)][:BEST]


def spelled(text: str) -> str:
    """Return the words of a text, as names are looked for."""
    return " ".join(re.findall(r"\w+", spell(text)))
