"""Who filed a story, and where, by the line that a paper prints under its headline."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from eval.floors import hold
from pydantic import TypeAdapter

from worker.enrich.dateline import Context, read_line

PAPERS = {
    "alriyadh": "الرياض",
    "alyaum": "اليوم",
    "aleqtisadiya": "الاقتصادية",
    "aljazirah": "الجزيرة",
    "alweeam": "الوئام",
}
"""Names by which the papers call themselves; a page names its own."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line as printed, its paper, and what it names."""

    line: str
    source: str
    agencies: list[str]
    places: list[str]
    unsure: bool = field(default=False)


def test_bylines() -> None:
    """The share of lines whose agencies are all right, and whose places are, in their order."""
    text = (Path(__file__).parent / "bylines.toml").read_text("utf-8")
    lines = TypeAdapter(dict[str, list[Line]]).validate_python(tomllib.loads(text))["lines"]
    sure = [line for line in lines if not line.unsure]
    found = [read_line(line.line, Context((PAPERS[line.source],), "ar", None)).dateline for line in sure]
    pairs = list(zip(sure, found, strict=True))
    assert len(lines) == 200
    agencies = sum({*map(str.casefold, gold.agencies)} == {*map(str.casefold, got.agencies)} for gold, got in pairs)
    places = sum(gold.places == got.places for gold, got in pairs)
    hold("byline_agencies", agencies / len(pairs), "enrich")
    hold("byline_places", places / len(pairs), "enrich")
