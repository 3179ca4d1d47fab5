"""The quick form of `make bench`: the bounds, with fewer rounds."""

from bench.pipeline import HERE, page_ratio

BOUND = 1 / 3
QUICK_ROUNDS = 15


def test_a_text_page_takes_under_a_third_of_trafilaturas_time() -> None:
    """Decode to records costs less than a third of what trafilatura needs to find the main text alone."""
    _, _, ratio = page_ratio((HERE / "page.txt").read_text("utf-8"), QUICK_ROUNDS)
    assert ratio < BOUND
