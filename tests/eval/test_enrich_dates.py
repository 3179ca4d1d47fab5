"""The dates that Arabic texts name: where they stand, and which they are."""

import re

import pytest
from eval.composed import DATA
from eval.floors import hold
from eval.spans import score
from eval.timex import documents


def test_dates_in_texts() -> None:
    """Spans of all dates; values of those that print their own year."""
    if not (DATA / "heideltime_ar.jsonl.zst").exists():
        pytest.skip("heideltime_ar is not there: it holds other people's texts")
    read = list(documents())
    found = score((one.gold.keys(), one.found.keys()) for one in read)
    print(found)
    hold("heideltime_ar_span_f1", found.f1, "enrich")
    values = [
        one.gold[span] == one.found[span]
        for one in read
        for span in one.gold.keys() & one.found.keys()
        if re.search(r"\d{4}", one.text[slice(*span)])
    ]
    hold("heideltime_ar_values", sum(values) / len(values), "enrich")
