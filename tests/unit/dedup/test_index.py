"""Postings: whom a key names."""

from worker.dedup.index import ID_BYTES, LEAST_SHARED, MOST_FILED, candidates, file, insert


def id_of(number: int) -> bytes:
    """Return the beginning of an id."""
    return number.to_bytes(ID_BYTES, "big")


def posting_of(*numbers: int) -> bytes:
    """Return the posting that names these headlines."""
    return b"".join(map(id_of, sorted(numbers)))


FULL = posting_of(*range(10, 10 + MOST_FILED))


def test_a_key_that_named_nobody_names_its_headline() -> None:
    """Nobody is seen and nobody leaves."""
    assert insert(None, id_of(7)) == insert(b"", id_of(7)) == (id_of(7), b"", None)


def test_a_posting_names_its_headlines_by_rising_id() -> None:
    """The newcomer takes its place and sees all others."""
    assert insert(posting_of(3, 9), id_of(5)) == (posting_of(3, 5, 9), posting_of(3, 9), None)


def test_a_full_posting_pushes_its_largest_out_for_a_smaller_id() -> None:
    """Who is pushed out is told, and not seen."""
    after, seen, pushed_out = insert(FULL, id_of(1))
    assert after == id_of(1) + FULL[:-ID_BYTES]
    assert seen == FULL[:-ID_BYTES]
    assert pushed_out == FULL[-ID_BYTES:]


def test_a_full_posting_does_not_name_a_larger_id() -> None:
    """The newcomer sees nobody, so that nobody is linked by a key that does not name both."""
    assert insert(FULL, id_of(10_000)) == (FULL, b"", None)


def test_a_headline_that_is_named_already_changes_nothing() -> None:
    """It sees the others again: a message that is delivered twice is decided alike."""
    assert insert(posting_of(3, 9), id_of(9)) == (posting_of(3, 9), posting_of(3), None)
    last = FULL[-ID_BYTES:]
    assert insert(FULL, last) == (FULL, FULL[:-ID_BYTES], None)


def test_candidates_are_named_by_enough_keys() -> None:
    """One key fewer is not enough; none of the keys need be the same ones for two candidates."""
    postings = [posting_of(1)] * LEAST_SHARED + [posting_of(2)] * (LEAST_SHARED - 1)
    filed = file(id_of(5), postings)
    assert filed.candidates == [id_of(1)]
    assert filed.postings == [posting_of(1, 5)] * LEAST_SHARED + [posting_of(2, 5)] * (LEAST_SHARED - 1)
    assert filed.pushed_out == []
    assert candidates(id_of(5), filed.postings) == [id_of(1)]
    assert candidates(id_of(1), [posting_of(1), None, b""]) == []


def test_filing_tells_under_which_keys_somebody_was_pushed_out() -> None:
    """By the place of the key among the headline's own."""
    filed = file(id_of(1), [None, FULL, posting_of(3), FULL])
    assert filed.pushed_out == [(1, FULL[-ID_BYTES:]), (3, FULL[-ID_BYTES:])]


def test_a_million_headlines_under_the_same_keys_are_bounded() -> None:
    """Each key names as many as ever, and a newcomer meets no more: here twenty thousand of them, smallest last."""
    postings: list[bytes | None] = [None] * LEAST_SHARED
    for number in range(20_000, 0, -1):
        filed = file(id_of(number), postings)
        postings[:] = filed.postings
        assert len(filed.candidates) < MOST_FILED
    assert postings == [posting_of(*range(1, MOST_FILED + 1))] * LEAST_SHARED
