"""The store of a run: what it sorts and finds."""

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.dedup.index import LEAST_SHARED, MOST_FILED, candidates, insert
from worker.errors import Fatal
from worker.feed.store import Known, open_store

keys = st.lists(st.sampled_from([1, 2, 3, 2**63, 2**64 - 1]), max_size=5, unique=True)


def known(number: int) -> Known:
    """Return a headline."""
    return Known(number, b"%016d" % number, "Harbour bridge opens", None, None, b"", 0, number)


@given(st.lists(keys, max_size=MOST_FILED + 8))
def test_candidates_are_those_of_the_index(tmp_path_factory: pytest.TempPathFactory, filed: list[list[int]]) -> None:
    """What the store finds by sorting is what filing one headline after the other finds."""
    table: dict[int, bytes] = {}
    with open_store(tmp_path_factory.mktemp("store")) as store:
        for number, own in enumerate(filed):
            store.add_headline(known(number), own)
            for key in own:
                table[key] = insert(table.get(key), number.to_bytes(8, "big"))[0]
        found = list(store.candidates())
    wanted = [
        (one, other)
        for one, other in combinations(range(len(filed)), 2)
        if other.to_bytes(8, "big") in candidates(one.to_bytes(8, "big"), map(table.get, filed[one]))
    ]
    assert found == wanted


def test_headlines_that_share_their_keys_with_twenty_thousand_are_bounded(tmp_path: Path) -> None:
    """An attacker's: no more pairs than a key names."""
    with open_store(tmp_path) as store:
        for number in range(20_000):
            store.add_headline(known(number), range(LEAST_SHARED))
        assert len(list(store.candidates())) == MOST_FILED * (MOST_FILED - 1) // 2


def test_a_store_leaves_nothing_behind(tmp_path: Path) -> None:
    """Its folder is gone with it, after a failure too."""
    with pytest.raises(Fatal, match="cannot be kept") as failure, open_store(tmp_path) as store:
        store.database.execute("SELECT * FROM nothing")
    assert failure.value.reason == "bad_output"
    assert list(tmp_path.iterdir()) == []
