"""The places that Arabic texts name."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import pytest
from eval.composed import DATA, rows
from eval.floors import hold
from eval.spans import score

from worker.enrich.gazetteer import find_names

Tokens = set[tuple[int, int]]
"""First token and the one behind the last."""


def test_places_in_texts() -> None:
    """ANERcorp's tokens, joined by blanks: a place is right that takes in the same tokens."""
    if not (DATA / "anercorp.jsonl.zst").exists():
        pytest.skip("anercorp is not there: it holds other people's texts")
    found = score((marked(row), answered(row)) for row in rows("anercorp"))
    print(found)
    hold("anercorp_place_f1", found.f1, "enrich")


def marked(row: Mapping[str, Any]) -> Tokens:
    """Return the places that are marked."""
    tags = [*row["tags"], "O"]
    starts = [index for index, tag in enumerate(tags) if tag == "B-LOC"]
    return {(start, next(at for at in range(start + 1, len(tags)) if tags[at] != "I-LOC")) for start in starts}


def answered(row: Mapping[str, Any]) -> Tokens:
    """Return the places that are found."""
    tokens = row["tokens"]
    bounds = list(pairwise([0, *ends(tokens)]))
    hits = [hit for hit in find_names(" ".join(tokens), "ar") if hit.entry.kind == "place"]
    spans = [
        [index for index, (first, last) in enumerate(bounds) if first < hit.end and hit.start < last] for hit in hits
    ]
    return {(span[0], span[-1] + 1) for span in spans}


def ends(tokens: list[str]) -> Iterator[int]:
    """Give where each token and the blank behind it end in the text."""
    at = 0
    for token in tokens:
        at += len(token) + 1
        yield at
