"""Under which keys stories meet."""

from prose import prose

from worker.dedup.bands import SMALLEST, find_keys
from worker.dedup.body import as_text, sketch
from worker.dedup.sighting import StorySighting

PLACE = "https://example.org/ferry"


def sighted(body: str | None, url: str | None = None) -> StorySighting:
    """Return a sighting of a story with this body."""
    text = None if body is None else as_text(sketch(body))
    return StorySighting("1" * 32, "2" * 32, "3" * 32, url, "2025-02-27T01:36:37Z", url, text)


def test_copies_share_keys_and_other_news_does_not() -> None:
    """The smallest hashes of what is common."""
    whole, shortened, other = (find_keys(sighted(body)) for body in (prose(1, 300), prose(1, 200), prose(2, 300)))
    assert set(whole) & set(shortened)
    assert not set(whole) & set(other)
    assert len(whole) == SMALLEST


def test_versions_share_the_key_of_their_url() -> None:
    """However different they are, and with no sketch at all."""
    assert set(find_keys(sighted(prose(1, 99), PLACE))) & set(find_keys(sighted(None, PLACE)))
    assert not set(find_keys(sighted(None, PLACE))) & set(find_keys(sighted(None, f"{PLACE}-2")))


def test_keys_are_distinct_and_fit_64_bits() -> None:
    """One message a key, and a number that any store holds."""
    found = find_keys(sighted(prose(1, 99), PLACE))
    assert len(set(found)) == len(found) == SMALLEST + 1
    assert all(0 <= one < 2**64 for one in found)


def test_a_story_of_which_nothing_is_known_has_no_keys() -> None:
    """An old sighting of a page without a URL, or an empty body."""
    assert find_keys(sighted(None)) == find_keys(sighted("")) == ()
