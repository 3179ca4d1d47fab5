"""The day on which a page was published: what the enricher says, compared with what people or parsers say.

In: rows of `htmldate` and `fundus_dev`, each as HTML and as the text that it is rendered to. Out: how many pages were
answered, and how many of the answers are right. A page without a day is right where nothing is said. The texts
belong to their publishers and stay outside the repository.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from eval.composed import rows

from schemas.raw import RawArticle
from worker.enrich import enrich
from worker.enrich.beside import LONGEST_LINE
from worker.enrich.printed import parse
from worker.enrich.times import OFFSETS
from worker.split import split
from worker.split.model import SplitPage


@dataclass(frozen=True, slots=True)
class Day:
    """One page: its address, the day or time of its publication, and what is said of it."""

    page: str
    gold: str | None
    found: str | None

    @property
    def is_right(self) -> bool:
        """Whether it is the day, or the same moment on the clock of another place."""
        if self.gold is None or self.found is None:
            return self.gold == self.found
        return self.found[:10] == self.gold[:10] or _is_same_moment(self.found, self.gold)


@dataclass(frozen=True, slots=True)
class Score:
    """Shares: right ones of all pages, right ones of the answers, answers of all pages."""

    accuracy: float
    precision: float
    coverage: float


def score(days: list[Day]) -> Score:
    """Return the shares."""
    answers = [one for one in days if one.found]
    right = sum(one.is_right for one in days)
    return Score(right / len(days), sum(one.is_right for one in answers) / len(answers), len(answers) / len(days))


def htmldate_html() -> Iterator[Day]:
    """Pages of many kinds, by their HTML."""
    return _days("htmldate", lambda row: (split(row["html"], "text/html"), row["url"]))


def htmldate_text() -> Iterator[Day]:
    """The same pages, by the text alone."""
    return _days("htmldate", _as_text)


def fundus_text() -> Iterator[Day]:
    """Pages of newspapers that print the day somewhere, by the text alone."""
    for row, day in zip(rows("fundus_dev"), _days("fundus_dev", _as_text), strict=True):
        if _prints_day(split(row["html"], "text/html").text, day):
            yield day


def _days(name: str, read: Callable[[Mapping[str, Any]], tuple[SplitPage, str | None]]) -> Iterator[Day]:
    for row in rows(name):
        yield Day(row["url"], _gold(row), _published(*read(row)))


def _as_text(row: Mapping[str, Any]) -> tuple[SplitPage, None]:
    return split(split(row["html"], "text/html").text, "text/plain"), None


def _gold(row: Mapping[str, Any]) -> str | None:
    gold = row["date"] if "date" in row else row["gold"]["publishing_date"]
    return gold if isinstance(gold, str) else None


def _published(page: SplitPage, url: str | None) -> str | None:
    """Return the time that is said of a page's first story: the main one where there is one."""
    fields = enrich(page, RawArticle(content="", url=url), 0)
    times = [story.published_at for story in fields.stories]
    kinds = [story.kind for story in page.stories]
    first = times[kinds.index("main") if "main" in kinds else 0] if times else None
    return first.value if first else None


def _prints_day(text: str, day: Day) -> bool:
    lines = [line for line in text.split("\n") if len(line) <= LONGEST_LINE and re.search(r"\d", line)]
    printed = [moment.value for line in lines if (moment := parse(line))]
    return any(Day(day.page, day.gold, value).is_right for value in printed)


def _is_same_moment(found: str, gold: str) -> bool:
    if len(found) <= len("2025-02-27") or len(gold) <= len("2025-02-27"):
        return False
    local = datetime.fromisoformat(found).replace(tzinfo=None, second=0)
    moment = datetime.fromisoformat(gold).astimezone(UTC).replace(tzinfo=None, second=0, microsecond=0)
    return local - moment in OFFSETS
