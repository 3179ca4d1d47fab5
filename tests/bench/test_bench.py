"""The quick form of `make bench`: the committed bounds, with fewer rounds."""

import tomllib

from bench.pipeline import HERE, page_ratio

QUICK_ROUNDS = 25


def test_a_text_page_takes_less_of_trafilaturas_time_than_committed() -> None:
    """From bytes to records costs less than the committed part of what trafilatura needs for the main text alone."""
    bound = tomllib.loads((HERE / "floors.toml").read_text("utf-8"))["pipeline"]["most_of_trafilatura"]
    _, _, ratio = page_ratio((HERE / "page.txt").read_text("utf-8"), QUICK_ROUNDS)
    assert ratio < bound
