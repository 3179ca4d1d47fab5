"""Properties of the index: whatever is filed, in whatever order, however often."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from worker.dedup import index
from worker.dedup.index import ID_BYTES, candidates, file
from worker.dedup.reading import read
from worker.dedup.signature import MOST_KEYS, MOST_WORDS, keys_of

Pairs = set[tuple[bytes, bytes]]

FEW = 3
"""Headlines that a key names in these tests, so that postings overflow soon."""

keys = st.lists(st.integers(0, 5), min_size=1, max_size=6, unique=True)
headlines = st.dictionaries(st.integers(0, 30).map(lambda number: number.to_bytes(ID_BYTES, "big")), keys, max_size=16)


def by_rule(keys_by_id: Mapping[bytes, Sequence[int]]) -> Pairs:
    """Return the pairs of candidates as the rule has them, from the whole set at once."""
    named = {key: sorted(one for one, own in keys_by_id.items() if key in own)[:FEW] for key in range(6)}
    return {
        (one, other)
        for one, other in combinations(sorted(keys_by_id), 2)
        if sum(one in ids and other in ids for ids in named.values()) >= index.LEAST_SHARED
    }


def by_insertion(keys_by_id: Mapping[bytes, Sequence[int]], order: Sequence[bytes]) -> tuple[Pairs, dict[int, bytes]]:
    """File one after the other, take back what each one pushed out had, and return the pairs and the table."""
    table: dict[int, bytes] = {}
    pairs: Pairs = set()
    for one in order:
        filed = file(one, map(table.get, keys_by_id[one]))
        table.update(zip(keys_by_id[one], filed.postings, strict=True))
        pairs |= {(min(one, other), max(one, other)) for other in filed.candidates}
        for _, out in filed.pushed_out:
            still = candidates(out, map(table.get, keys_by_id[out]))
            pairs -= {pair for pair in pairs if out in pair and not {*pair} - {out} <= {*still}}
    return pairs, table


@given(headlines, st.data())
def test_candidates_depend_on_the_set_alone(keys_by_id: dict[bytes, list[int]], data: st.DataObject) -> None:
    """Any order of insertion, and any repeats, leave the candidates of the rule and the same postings."""
    ids = sorted(keys_by_id)
    order = data.draw(st.permutations(ids)) + data.draw(st.lists(st.sampled_from(ids) if ids else st.nothing()))
    with patch.object(index, "MOST_FILED", FEW):
        pairs, table = by_insertion(keys_by_id, order)
        assert (pairs, table) == by_insertion(keys_by_id, ids)
        assert pairs == by_rule(keys_by_id)


@given(headlines)
def test_all_candidates_are_found_from_either_side(keys_by_id: dict[bytes, list[int]]) -> None:
    """Once all is filed, each of two candidates finds the other."""
    with patch.object(index, "MOST_FILED", FEW):
        pairs, table = by_insertion(keys_by_id, sorted(keys_by_id))
        found = {(one, other) for one, own in keys_by_id.items() for other in candidates(one, map(table.get, own))}
    assert found == pairs | {(other, one) for one, other in pairs}


@given(st.text(max_size=200) | st.lists(st.sampled_from(["harbour", "bridge", "a", "جسر", "港大", "7"])).map(" ".join))
def test_any_headline_has_bounded_keys(headline: str) -> None:
    """Each once, each of 64 bits, the same each time."""
    found = keys_of(read(headline))
    assert len(set(found)) == len(found) <= max(MOST_KEYS, MOST_WORDS)
    assert all(0 <= key < 1 << 64 for key in found)
    assert found == keys_of(read(headline))
