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

_ENDS = Struct(">QQ")
_TURN = Struct(">8sq")
_NUMBER = Struct(">Q")


@dataclass(slots=True)
class Queue:
    """The clock of a realm, and the queue of its entries, whose turns are numbered from `tail` to `head`."""

    memory: Memory
    realm: bytes
    rules: Rules
    clock: Clock
    tail: int = 0
    head: int = 0

    @property
    def entries(self) -> int:
        """How many wait for their turn."""
        return self.head - self.tail

    def due(self, last: float) -> int:
        """Return until when an entry is kept that was seen last at `last`."""
        window = self.rules.window_seconds
        return int(min(last, self.clock.now + window) + KEPT_WINDOWS * window)

    def add(self, one: bytes, last: float) -> int:
        """Let one wait that was seen last at `last`; return the number of its turn."""
        turn = self.head
        self.memory.put(TABLE, self._key(turn), _TURN.pack(one, self.due(last)))
        self.head += 1
        return turn

    def up(self) -> Iterator[tuple[int, bytes, bool]]:
        """Take the turns that have come up: number, whose, and whether the bound leaves no choice."""
        for _ in range(MOST_AT_ONCE):
            packed = self.memory.get(TABLE, self._key(self.tail))
            if packed is None:
                return
            one, due = _TURN.unpack(packed)
            is_full = self.entries > self.rules.most_entries
            if due > self.clock.now and not is_full:
                return
            self.memory.put(TABLE, self._key(self.tail), None)
            self.tail += 1
            yield self.tail - 1, one, is_full

    def save(self) -> None:
        """Write where the queue begins and ends, and the clock."""
        self.memory.put(TABLE, CLOCK_PREFIX + self.realm, self.clock.encode() + _ENDS.pack(self.tail, self.head))

    def _key(self, turn: int) -> bytes:
        return TURN_PREFIX + self.realm + _NUMBER.pack(turn)


def open_queue(memory: Memory, realm: bytes, rules: Rules, seconds: float, page_id: str) -> Queue:
    """Return a realm's queue, its clock moved by a sighting."""
    page = bytes.fromhex(page_id[:16])
    kept = memory.get(TABLE, CLOCK_PREFIX + realm)
    if kept is None:
        return Queue(memory, realm, rules, Clock(int(seconds), 0, page))
    tail, head = _ENDS.unpack(kept[-_ENDS.size :])
    return Queue(memory, realm, rules, clock.decode(kept[: -_ENDS.size]).tick(int(seconds), page), tail, head)
