"""Two headlines compared without what their sources are known to put behind them.

In: a headline with its source, and whether words behind it are known to be no news. Out: a `Told`, and the comparison
of two. Keys and ids stay those of the whole headline: what is known of a source changes how two headlines compare, and
not which headline one is.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from worker.dedup.compare import Comparison, compare
from worker.dedup.learned import is_learned
from worker.dedup.memory import Memory
from worker.dedup.reading import Reading, read_beginning
from worker.dedup.sighting import HeadlineSighting
from worker.dedup.tails import Tail, find_tail, is_own_name

IsLearned = Callable[[str, str], bool]
"""Tells whether a source (first) is known to put words (folded) behind its headlines."""


@dataclass(frozen=True, slots=True)
class Told:
    """A headline: as read, and, where its source is known to put `words` behind it, without them (`bare`).

    `words` stand behind it, whether known or not; "" where nothing does, or nobody knows its source.
    """

    reading: Reading
    bare: Reading | None = None
    source: str = ""
    words: str = ""


def tell(headline: str, language: str | None, source: str | None, name: str | None, is_learned: IsLearned) -> Told:
    """Return a headline with what is known of the words behind it; `name` is what the source's pages call it."""
    reading = read_beginning(headline, language)
    tail = find_tail(headline, language) if source else None
    if not source or tail is None:
        return Told(reading)
    bare = read_beginning(tail.rest, language) if _is_known(tail, source, name, is_learned) else None
    return Told(reading, bare, source, tail.words)


def compare_sightings(memory: Memory, realm: bytes, one: HeadlineSighting, other: HeadlineSighting) -> Comparison:
    """Compare two headlines of a realm with what the stream has learned of their sources."""
    is_known = partial(is_learned, memory, realm)
    return compare_told(
        tell(one.headline, one.language, one.source, one.source_name, is_known),
        tell(other.headline, other.language, other.source, other.source_name, is_known),
    )


def _is_known(tail: Tail, source: str, name: str | None, is_learned: IsLearned) -> bool:
    if tail.is_namable and is_own_name(tail.words, source, name):
        return True
    return tail.is_countable and is_learned(source, tail.words)


def compare_told(a: Told, b: Told) -> Comparison:
    """Compare two headlines without what is known to be no news.

    Two of one source with different words behind them are compared as they stand: its name is one, its sections and
    towns are many.
    """
    if (a.bare is None and b.bare is None) or _are_sections(a, b):
        return compare(a.reading, b.reading)
    found = compare(a.bare or a.reading, b.bare or b.reading)
    without = ", ".join(sorted({f"“{one.words}” of {one.source}" for one in (a, b) if one.bare is not None}))
    return replace(found, match="near" if found.match else None, reason=f"{found.reason}; without {without}")


def _are_sections(a: Told, b: Told) -> bool:
    return bool(a.words and b.words) and a.source == b.source and a.words != b.words
