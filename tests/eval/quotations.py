"""Quotations with their speakers in own-written passages, and what the enricher finds in them.

In: `quotes/*.toml`. Out: for each passage what is marked and what is found. A quotation is right whose words are
the marked ones but for marks at its ends, and whose speaker is the marked one, or a longer or shorter form of the name.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from worker.enrich.passage import passage_of
from worker.enrich.quotes import find_quotes

HERE = Path(__file__).parent / "quotes"
MARKS = " .,،؛;:!?؟…–—-"


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said, and who; an empty name where the text does not tell."""

    text: str
    speaker: str
    kind: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A text and what is said in it."""

    language: str
    why: str
    text: str
    quotes: list[Said] = field(default_factory=list)


def read(name: str) -> list[Passage]:
    """Return the passages of a file."""
    text = (HERE / f"{name}.toml").read_text("utf-8")
    return TypeAdapter(dict[str, list[Passage]]).validate_python(tomllib.loads(text))["passages"]


def found_in(passage: Passage) -> list[Said]:
    """Return what the enricher finds."""
    paragraphs, at = [], 0
    for paragraph in passage.text.split("\n\n"):
        paragraphs.append(passage_of(paragraph, at))
        at += len(paragraph) + 2
    quotes = find_quotes(tuple(paragraphs), passage.language)
    return [Said(quote.text, quote.speaker or "", quote.kind) for quote in quotes]


def right_of(passage: Passage) -> Iterator[Said]:
    """Give the marked quotations that are found."""
    left = found_in(passage)
    for marked in passage.quotes:
        match = next((one for one in left if _is_same(marked, one)), None)
        if match:
            left.remove(match)
            yield marked


def _is_same(marked: Said, one: Said) -> bool:
    names = (marked.speaker.split(), one.speaker.split())
    short, full = sorted(names, key=len)
    is_same_name = short == full or (bool(short) and short in (full[-len(short) :], full[: len(short)]))
    return marked.text.strip(MARKS) == one.text.strip(MARKS) and marked.kind == one.kind and is_same_name
