"""What is forgotten, and when: by event time, in turn, and within a bound.

In: when something was seen last. Out: whose turn it is. It is decided with each sighting and kept with the state, so
that a replay forgets where the live run forgot. An entry is kept for the window after its last sighting, and for
another one for what comes late from another partition; a date that is further ahead of the clock than the window counts
as no further.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from worker.dedup import clock
from worker.dedup.clock import Clock
from worker.dedup.memory import Memory
from worker.dedup.rules import Rules

TABLE = "index"
CLOCK_PREFIX = b"c"
TURN_PREFIX = b"q"

KEPT_WINDOWS = 2
"""A gap between two sightings of a headline is then never so long that a third one in it is far from both: between its
first and its last one a headline was there."""

MOST_AT_ONCE = 4
"""Turns that come up with one sighting: more than sightings add, so that what is due does not pile up."""

MOST_PASSED = 128
"""Turns that one sighting passes, with those of what has been forgotten with others: while it passes a row of these
nobody is forgotten, so that there are more entries than the bound allows, by one in so many at most."""

GIVEN_UP = b"-"
"""In place of a turn whose entry has been forgotten with others."""

_ENDS = Struct(">QQQ")
_TURN = Struct(">8sq")
_NUMBER = Struct(">Q")


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that has come up, and whose: `is_due`, because its time is over; `is_full`: the bound leaves no choice."""

    number: int
    one: bytes
    is_due: bool
    is_full: bool


@dataclass(slots=True)
class Queue:
    """The clock of a realm, and the queue of its entries, whose turns are numbered from `tail` to `head`."""

    memory: Memory
    realm: bytes
    rules: Rules
    clock: Clock
    tail: int = 0
    head: int = 0
    entries: int = 0
    """How many wait for their turn."""

    def due(self, last: float) -> int:
        """Return until when an entry is kept that was seen last at `last`."""
        window = self.rules.window_seconds
        return int(min(last, self.clock.now + window) + KEPT_WINDOWS * window)

    def add(self, one: bytes, last: float) -> int:
        """Let one wait that was seen last at `last`; return the number of its turn."""
        turn = self.head
        self.memory.put(TABLE, self._key(turn), _TURN.pack(one, self.due(last)))
        self.head += 1
        self.entries += 1
        return turn

    def is_over(self, last: float) -> bool:
        """Tell whether the time of one whose turn has come is over; of one that is dated in the future it is."""
        return last > self.clock.now + self.rules.window_seconds or self.due(last) <= self.clock.now

    def is_waiting(self, turn: int) -> bool:
        """Tell whether a turn may still come up; one that has been lost may not."""
        return self.memory.get(TABLE, self._key(turn)) is not None

    def give_up(self, turn: int) -> None:
        """Let a turn count no longer: who had it is forgotten."""
        if self.is_waiting(turn):
            self.memory.put(TABLE, self._key(turn), GIVEN_UP)
            self.entries -= 1

    def up(self) -> Iterator[Turn]:
        """Take the turns that have come up."""
        taken = 0
        for _ in range(MOST_PASSED):
            if taken == MOST_AT_ONCE or self.tail == self.head:
                return
            packed = self.memory.get(TABLE, self._key(self.tail))
            one, due = _TURN.unpack(packed) if packed not in (None, GIVEN_UP) else (b"", 0)
            is_full = self.entries > self.rules.most_entries
            # A due time that is too far ahead was told by a clock that has gone back since: it is told anew.
            if self.clock.now < due <= self.clock.now + (KEPT_WINDOWS + 1) * self.rules.window_seconds and not is_full:
                return
            self.memory.put(TABLE, self._key(self.tail), None)
            self.tail += 1
            self.entries -= packed != GIVEN_UP
            if one:  # a changelog that is cut off at its beginning may have lost it
                taken += 1
                yield Turn(self.tail - 1, one, due <= self.clock.now, is_full)

    def save(self) -> None:
        """Write where the queue begins and ends, how many wait, and the clock."""
        self.memory.put(
            TABLE, CLOCK_PREFIX + self.realm, self.clock.encode() + _ENDS.pack(self.tail, self.head, self.entries)
        )

    def _key(self, turn: int) -> bytes:
        return TURN_PREFIX + self.realm + _NUMBER.pack(turn)


def open_queue(memory: Memory, realm: bytes, rules: Rules, seconds: float, page_id: str) -> Queue:
    """Return a realm's queue, its clock moved by a sighting."""
    page = bytes.fromhex(page_id[:16])
    kept = memory.get(TABLE, CLOCK_PREFIX + realm)
    if kept is None:
        return Queue(memory, realm, rules, Clock(int(seconds), 0, page))
    return Queue(memory, realm, rules, clock.decode(kept[: -_ENDS.size]).tick(int(seconds), page), *_ends(kept))


def open_beside(queue: Queue, name: bytes) -> Queue:
    """Return a queue of other entries of the same realm, by the same clock."""
    realm = queue.realm + name
    kept = queue.memory.get(TABLE, CLOCK_PREFIX + realm)
    return Queue(queue.memory, realm, queue.rules, queue.clock, *(_ends(kept) if kept else ()))


def _ends(kept: bytes) -> tuple[int, int, int]:
    tail, head, entries = _ENDS.unpack(kept[-_ENDS.size :])
    return tail, head, entries
