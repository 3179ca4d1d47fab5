"""The day of a page's publication, from its HTML and from its text alone."""

from collections.abc import Callable, Iterator

import pytest
from eval.composed import DATA
from eval.days import Day, fundus_text, htmldate_html, htmldate_text, score
from eval.floors import hold

SETS = {"htmldate_html": htmldate_html, "htmldate_text": htmldate_text, "fundus_text": fundus_text}


@pytest.mark.parametrize("name", SETS)
def test_publication_day(name: str) -> None:
    """Right answers of all, and of the answers; a page of text may not print its day at all."""
    make: Callable[[], Iterator[Day]] = SETS[name]
    if not (DATA / "htmldate.jsonl.zst").exists():
        pytest.skip("htmldate and fundus_dev are not there: they hold other people's texts")
    found = score(list(make()))
    print(f"{name}: {found}")
    hold(f"{name}_day_accuracy", found.accuracy, "enrich")
    hold(f"{name}_day_precision", found.precision, "enrich")
    hold(f"{name}_day_coverage", found.coverage, "enrich")
