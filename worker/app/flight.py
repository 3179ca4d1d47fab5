"""In flight: what was read and is not done with, how much more may be read, and how much is handled at once.

In: messages as the consumer makes them, and a batch from the agent. Out: their number and bytes, the room that is left,
and the batch in portions. It is a look at what is held and no account: a message counts as long as a stream has it, so
one that a seek or a rebalance has thrown away is gone from here without being told, and nothing can be left over.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast
from weakref import WeakKeyDictionary

from aiokafka import ConsumerRecord
from faust.types.tuples import Message

from worker.incoming import Headers
from worker.settings import MIB

T = TypeVar("T")

PORTION_BYTES = 8 * MIB
"""Handled at once: more than 200 usual pages, fewer than two of the largest. The records of a page may be four times
its size, and all those of a portion are held until the last one is acknowledged."""


@dataclass(frozen=True, slots=True)
class Load:
    """How much is in flight."""

    messages: int
    size: int


class Flight:
    """The messages that were read and are not done with."""

    def __init__(self, limit: int, is_current: Callable[[Message], bool]) -> None:
        """Leave room for `limit` bytes; messages that are not current do not count, for they are read again."""
        self._limit = limit
        self._is_current = is_current
        self._sizes: WeakKeyDictionary[Message, int] = WeakKeyDictionary()
        self._most = 0

    def add(self, message: Message) -> None:
        """Count a message from when a stream gets it until no stream has it any more, or nobody."""
        size = size_of(message)
        self._sizes[message] = size
        self._most += size

    def __contains__(self, message: Message) -> bool:
        """Tell whether a message was read and has not been forgotten since."""
        return message in self._sizes

    def forget(self) -> None:
        """Count no more what was read until now: it is read again."""
        self._sizes.clear()
        self._most = 0

    @property
    def load(self) -> Load:
        """What is in flight now."""
        # Faust's count of the streams that have a message and have not acknowledged it.
        sizes = [size for message, size in self._sizes.items() if message.refcount and self._is_current(message)]
        return Load(len(sizes), sum(sizes))

    @property
    def room(self) -> int:
        """Bytes that may be read besides; none where it is 0 or less. Exact where it is less than half the limit."""
        # A look goes over all messages: until so much was read since the last one, it would tell nothing that matters.
        if 2 * self._most > self._limit:
            self._most = self.load.size
        return self._limit - self._most


def size_of(message: Message | ConsumerRecord[bytes, bytes]) -> int:
    """Return the bytes of key, value and headers."""
    headers = sum(len(name) + len(value or b"") for name, value in cast("Headers", message.headers or ()))
    # What is null has the size -1.
    return max(message.serialized_key_size, 0) + max(message.serialized_value_size, 0) + headers


def portions(items: Sequence[T], limit: int, size: Callable[[T], int]) -> Iterator[list[T]]:
    """Give the items in their order, as many at a time as are within the limit together; a larger one comes alone."""
    portion: list[T] = []
    room = limit
    for item in items:
        needed = size(item)
        if portion and needed > room:
            yield portion
            portion, room = [], limit
        portion.append(item)
        room -= needed
    if portion:
        yield portion
