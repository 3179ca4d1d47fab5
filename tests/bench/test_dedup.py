"""The quick form of `make bench-dedup`: the committed bounds, from 10^4 headlines to 10^5."""

import tomllib

import pytest
from bench.dedup import SEED, Memory, curve, plot
from bench.pipeline import HERE
from bench.recombine import headlines, is_there, words

BOUNDS = tomllib.loads((HERE / "floors.toml").read_text("utf-8"))["dedup"]
SIZES = (10_000, 100_000)


@pytest.mark.skipif(not is_there(), reason="its words are other people's and stay outside the repository")
def test_a_headline_costs_about_the_same_among_ten_times_as_many() -> None:
    """Candidates, store reads and time, the latter over that of a bare signature of the same words."""
    few, many = curve(headlines(words(), SEED), SIZES, Memory())
    print(*plot([few, many]), sep="\n")
    assert many.candidates <= BOUNDS["most_growth_of_candidates"] * few.candidates
    assert many.reads <= BOUNDS["most_growth_of_reads"] * few.reads
    assert many.to_rensa <= BOUNDS["most_of_rensa"]
