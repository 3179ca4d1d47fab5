"""The tables of the dedup state as one decision sees them: it reads what it has written, and hands its writes on.

In: a function that reads an entry of a table. Out: the same entries to whoever decides, and in `writes` what is to be
kept, in the order of the first write. It stores nothing itself: a decision that is thrown away has changed nothing.
"""

from collections.abc import Callable

Read = Callable[[str, bytes], bytes | None]
"""Returns the value of a table's key, None where there is none."""

Place = tuple[str, bytes]
"""A table and a key in it."""


class Memory:
    """What is kept, and what one decision has changed of it."""

    __slots__ = ("_known", "_read", "writes")

    def __init__(self, read: Read) -> None:
        """Read through `read`, each entry once."""
        self._read = read
        self._known: dict[Place, bytes | None] = {}
        self.writes: dict[Place, bytes | None] = {}

    def get(self, table: str, key: bytes) -> bytes | None:
        """Return the value of a key, as it was written last."""
        place = table, key
        if place in self.writes:
            return self.writes[place]
        if place not in self._known:
            self._known[place] = self._read(table, key)
        return self._known[place]

    def put(self, table: str, key: bytes, value: bytes | None) -> None:
        """Write the value of a key; None deletes it. What changes nothing is not written."""
        if self.get(table, key) != value:
            self.writes[table, key] = value

    def put_again(self, table: str, key: bytes) -> None:
        """Write a value once more as it is, so that its changelog keeps it."""
        if (value := self.get(table, key)) is not None:
            self.writes[table, key] = value

    def unwritten(self) -> "Memory":
        """Return the same entries as they were before any was written; none is read twice."""
        memory = Memory(self._read)
        memory._known = self._known
        return memory
