"""Dates in Arabic texts: the spans of TimeML documents, and what the enricher finds in the same texts.

In: rows of `heideltime_ar`. Out: marked and found spans with their values. Only dates of the calendar count (a year, a
month or a day); the documents have no day of their own, so relative ones are resolved against any. The texts belong to
their publishers and stay outside the repository.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from eval.composed import rows

from worker.enrich.dates import find_dates
from worker.enrich.passage import passage_of

ANY_DAY = date(2010, 1, 15)

_TIMEX = re.compile(r"<TIMEX3 ([^>]*)>(.*?)</TIMEX3>", re.DOTALL)
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
_CALENDAR = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")

Spans = Mapping[tuple[int, int], str]


@dataclass(frozen=True, slots=True)
class Document:
    """A text, its marked dates, and those found; times, durations and dates without a value are in neither."""

    text: str
    gold: Spans
    found: Spans


def documents() -> Iterator[Document]:
    """Return the documents."""
    for row in rows("heideltime_ar"):
        yield _read(row["tml"])


def _read(tml: str) -> Document:
    body = tml[tml.index("<TimeML>") + len("<TimeML>") : tml.rindex("</TimeML>")]
    text, at = "", 0
    gold, others = dict[tuple[int, int], str](), set[tuple[int, int]]()
    for tag in _TIMEX.finditer(body):
        text += body[at : tag.start()]
        span = (len(text), len(text) + len(tag[2]))
        text, at = text + tag[2], tag.end()
        attributes = dict(_ATTRIBUTE.findall(tag[1]))
        if attributes["type"] == "DATE" and _CALENDAR.fullmatch(attributes["value"]):
            gold[span] = attributes["value"]
        else:
            others.add(span)
    text += body[at:]
    dates = find_dates((passage_of(text, 0),), "ar", ANY_DAY)
    return Document(
        text, gold, {(one.start, one.end): one.value for one in dates if (one.start, one.end) not in others}
    )
