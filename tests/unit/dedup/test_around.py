"""Which of those that hang together are looked at."""

from dataclasses import dataclass

import pytest

from worker.dedup import around, links
from worker.dedup.around import Around
from worker.dedup.links import Link
from worker.dedup.memory import Memory

MOST = 4


@dataclass(frozen=True, slots=True)
class Seen:
    """One that was there all the time."""

    first: float = 0
    last: float = 0


def chain(*scores: float) -> Around[Seen]:
    """Return those that links of these scores join, one to the next, in a chain."""
    memory = Memory(lambda *_: None)
    for number, score in enumerate(scores):
        links.join(memory, one(number), [Link(one(number + 1), score, vetoed=False)])
    return Around(memory, 0, lambda _: Seen())


def one(number: int) -> bytes:
    """Return an id."""
    return number.to_bytes(links.SHORT_BYTES, "big")


def members(found: Around[Seen], count: int) -> list[list[int]]:
    """Return with whom each hangs together."""
    components = [found.component(one(number)) for number in range(count)]
    return [sorted(int.from_bytes(member, "big") for member in each.members) for each in components if each]


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(around, "MOST_MEMBERS", MOST)


def test_as_many_as_are_looked_at_hang_together_by_weak_links() -> None:
    """No link is left out without need."""
    assert members(chain(0.63, 0.63, 0.63), 4) == [[0, 1, 2, 3]] * 4


def test_of_more_the_weak_links_do_not_count() -> None:
    """Each tells of the same ones, whatever it can reach; those that a weak link alone joined stand alone."""
    assert members(chain(0.95, 0.85, 0.75, 0.75, 0.65), 6) == [*[[0, 1, 2]] * 3, [3], [4], [5]]


def test_no_more_hang_together_than_are_looked_at() -> None:
    """Even if all tell the same, each one for itself."""
    assert members(chain(1, 1, 1, 1), 5) == [[0], [1], [2], [3], [4]]
