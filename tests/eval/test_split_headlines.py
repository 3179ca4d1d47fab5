"""Whether a page's headline is the one that its paper says it is, on pages that open with their menus."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from eval.composed import DATA, rows
from eval.floors import hold
from inscriptis import get_text

from worker.split import split
from worker.split.fold import fold

WORD = re.compile(r"\w+")

PAGES: Mapping[str, Callable[[Mapping[str, Any]], tuple[str, str]]] = {
    "fundus_html": lambda row: (row["html"], "text/html"),
    "fundus_text": lambda row: (get_text(row["html"]), "text/plain"),
}


@pytest.mark.parametrize("name", PAGES)
def test_headlines(name: str) -> None:
    """Word for word; a paper's own headline often stands on its page in other words, or not at all."""
    if not (DATA / "fundus_dev.jsonl.zst").exists():
        pytest.skip("fundus_dev is not there: it holds other people's texts and stays outside the repository")
    found = [_words(_headline_of(*PAGES[name](row))) == _words(row["gold"]["title"]) for row in rows("fundus_dev")]
    hold(f"{name}_headline", sum(found) / len(found))


def _headline_of(content: str, content_type: str) -> str:
    page = split(content, content_type)
    headline = page.stories[0].headline if page.stories else None
    return headline.of(page.text) if headline else ""


def _words(text: str) -> list[str]:
    return WORD.findall(fold(text))
