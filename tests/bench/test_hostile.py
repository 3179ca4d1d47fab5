"""The quick form of `make bench-hostile`: the committed bounds, for each stream that is made to cost much."""

import gc
import tomllib
from collections.abc import Callable, Sequence

import pytest
from bench.attacks import ATTACKS
from bench.footprint import resident_bytes
from bench.hostile import Cost, InMemory, measure
from bench.pipeline import HERE

from worker.dedup.rules import Rules
from worker.dedup.sighting import HeadlineSighting, Sighting
from worker.dedup.state import HeadlineState, encode

BOUNDS = tomllib.loads((HERE / "floors.toml").read_text("utf-8"))["hostile"]
SIGHTINGS = 300
FEW = 40
"""Of endless headlines, which take long to make."""

MOST_TRIES = 3
"""Turns, of which one must do: another program on the machine can slow one."""

LEAST_SECONDS = 0.001
"""What takes less than this by sighting is as quick as it need be: its growth says little."""

KEPT = 50_000

AT_THE_BOUND = ("all keys, sorted", "blocks, sorted", "chain of 24 words", "near copies", "chain of bodies")


def _sightings(name: str) -> Sequence[Sighting]:
    return list(ATTACKS[name].sightings(FEW if name == "endless" else SIGHTINGS))


def _is_bounded(cost: Cost) -> bool:
    return (
        max(cost.seconds) <= BOUNDS["most_seconds_of_one"]
        and max(cost.records) <= BOUNDS["most_records_of_one"]
        and max(cost.writes) <= BOUNDS["most_writes_of_one"]
        and (cost.tenths[-1] < LEAST_SECONDS or cost.growth <= BOUNDS["most_growth"])
    )


def _does(run: Callable[[], Cost], is_good: Callable[[Cost], bool]) -> bool:
    return any(is_good(run()) for _ in range(MOST_TRIES))


@pytest.mark.parametrize("name", ATTACKS)
def test_no_stream_costs_more_the_longer_it_is(name: str) -> None:
    """Nor does any one of its sightings take long, send much or write much."""
    sightings = _sightings(name)
    assert _does(lambda: measure(sightings, Rules(), InMemory()), _is_bounded)


@pytest.mark.parametrize("name", AT_THE_BOUND)
def test_nor_does_one_that_pushes_out_what_came_before(name: str) -> None:
    """Groups go whole: what one sighting forgets is bounded as well as what is remembered."""
    sightings, bound = _sightings(name), SIGHTINGS // 4

    def is_good(cost: Cost) -> bool:
        assert cost.entries <= bound
        assert cost.forgotten_early == len({_id(one) for one in sightings}) - cost.entries
        return _is_bounded(cost)

    assert _does(lambda: measure(sightings, Rules(most_entries=bound), InMemory()), is_good)


def test_a_state_that_is_kept_takes_little_more_memory_than_its_bytes() -> None:
    """Though the library that writes it takes ten times as much at first."""
    (sighting,) = ATTACKS["one headline"].sightings(1)
    assert isinstance(sighting, HeadlineSighting)
    encode(HeadlineState(sighting, sighting.seen_at))
    gc.collect()
    empty = resident_bytes("self")
    kept = [encode(HeadlineState(sighting, sighting.seen_at, turn)) for turn in range(KEPT)]
    assert resident_bytes("self") - empty < 2 * sum(map(len, kept))


def _id(sighting: Sighting) -> str:
    return sighting.headline_id if sighting.kind == "headline" else sighting.content_id
