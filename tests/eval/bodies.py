"""Article bodies: what the splitter takes for a page's story, compared with the body that people marked.

In: rows of `aeb` and `fundus_dev`, each as HTML and as a text dump. Out: shingle F1: precision and recall of the runs
of four words, and of five characters in kana and Han, each the mean over pages; and the harmonic mean of the two. The
texts belong to their publishers and stay outside the repository.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.composed import rows
from inscriptis import get_text

from worker.split import split
from worker.split.model import SplitPage

SHINGLE = 4
WIDE_SHINGLE = 5
WORD = re.compile(r"\w+")
WIDE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
"""Kana and Han: `\\w+` takes a whole sentence for a word."""

BODY_ROLES = frozenset({"paragraph", "subhead"})

Shingles = Counter[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Body:
    """One page: its name, the body as marked, and as split."""

    page: str
    gold: str
    found: str


@dataclass(frozen=True, slots=True)
class Score:
    """Means over pages of precision and recall, and their harmonic mean."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def aeb_text() -> Iterator[Body]:
    """The benchmark's own text dumps."""
    return _bodies("aeb", lambda row: (row["text"], "text/plain"))


def aeb_html() -> Iterator[Body]:
    """The same pages' HTML."""
    return _bodies("aeb", lambda row: (row["html"], "text/html"))


def fundus_html() -> Iterator[Body]:
    """Newspapers of 21 countries."""
    return _bodies("fundus_dev", lambda row: (row["html"], "text/html"))


def fundus_text() -> Iterator[Body]:
    """The same pages, rendered as the benchmark's dumps were."""
    return _bodies("fundus_dev", lambda row: (get_text(row["html"]), "text/plain"))


def _bodies(name: str, page_of: Callable[[Mapping[str, Any]], tuple[str, str]]) -> Iterator[Body]:
    for row in rows(name):
        yield Body(str(row["id"]), gold_of(row), story_of(split(*page_of(row))))


def gold_of(row: Mapping[str, Any]) -> str:
    """Return the marked body of a row of either set."""
    if "articleBody" in row:
        return str(row["articleBody"])
    body = row["gold"]["body"]
    sections = (line for section in body["sections"] for line in [*section["headline"], *section["paragraphs"]])
    return "\n".join([*body["summary"], *sections])


def story_of(page: SplitPage) -> str:
    """Return the text of the page's own story: all but what is embedded in it."""
    own = (block for block in page.blocks if block.role in BODY_ROLES and block.story is not None)
    return "\n".join(
        page.text[block.start : block.end] for block in own if page.stories[block.story or 0].kind != "embedded"
    )


def score(bodies: Sequence[Body]) -> Score:
    """Return the mean precision and recall of shingles."""
    pairs = [_compare(_shingles(body.gold), _shingles(body.found)) for body in bodies]
    return Score(sum(one for one, _ in pairs) / len(pairs), sum(one for _, one in pairs) / len(pairs))


def _compare(gold: Shingles, found: Shingles) -> tuple[float, float]:
    both = (gold & found).total()
    return both / found.total() if found else float(not gold), both / gold.total() if gold else 1.0


def _shingles(text: str) -> Shingles:
    words = WORD.findall(text)
    shingles = Counter(runs(words, SHINGLE))
    wide = WIDE.findall(text)
    return shingles + Counter(runs(wide, WIDE_SHINGLE)) if wide else shingles


def runs(parts: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    """Yield every run of so many parts; all of them where there are fewer."""
    if parts and len(parts) < size:
        yield tuple(parts)
    for start in range(len(parts) - size + 1):
        yield tuple(parts[start : start + size])
