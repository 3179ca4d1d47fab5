"""For arbitrary sequences of reading, finishing and rebalancing: what is in flight is what is held, and never stays."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from aiokafka import ConsumerRecord
from faust.types import TP
from faust.types.tuples import ConsumerMessage
from hypothesis import given
from hypothesis import strategies as st

from worker.app import factory
from worker.app.consumer import Consumer
from worker.app.flight import Load, portions
from worker.settings import Settings

LIMIT = 1000

Step = tuple[str, int]
STEPS = st.lists(
    st.tuples(st.sampled_from(["deliver", "lose", "take", "finish", "seek", "rebalance"]), st.integers(0, 2 * LIMIT))
)


@pytest.fixture(scope="module")
def consumer() -> Iterator[Consumer]:
    """A consumer that was never started."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    consumer = factory.build("split", Settings(max_in_flight_bytes=LIMIT)).consumer
    yield consumer
    consumer._thread.thread_loop.close()
    asyncio.set_event_loop(None)
    loop.close()


@dataclass
class Reader:
    """A stream with its queue and its batch, and a loop that remembers the last message it has read."""

    consumer: Consumer
    offset: int = 0
    last: ConsumerMessage | None = None
    queue: list[ConsumerMessage] = field(default_factory=list)
    batch: list[ConsumerMessage] = field(default_factory=list)
    forgotten: list[ConsumerMessage] = field(default_factory=list)

    def do(self, step: str, size: int) -> None:
        """Take a step; `size` is that of a message, or how many are taken."""
        if step in {"deliver", "lose"}:
            self.last = self._read(size)
        if step == "deliver" and self.last is not None:
            self.last.incref()
            self.queue.append(self.last)
        elif step == "take":
            self.batch, self.queue = self.batch + self.queue[:size], self.queue[size:]
        elif step == "finish":
            self._finish()
        elif step == "seek":
            self.consumer.stop_reading(set())
            self.forgotten += self.batch
            self.batch.clear()
            self.queue.clear()
            self.last = None
        elif step == "rebalance":
            self.queue.clear()
            self.consumer.app.consumer_generation_id += 1

    def _read(self, size: int) -> ConsumerMessage:
        self.offset += 1
        record = ConsumerRecord("raw", size % 3, self.offset, 0, 0, None, b"v" * size, None, -1, size, ())
        return self.consumer._to_message(TP("raw", size % 3), record)

    def _finish(self) -> None:
        for message in (*self.forgotten, *self.batch):
            message.ack(self.consumer)
        self.forgotten.clear()
        self.batch.clear()

    def held(self) -> Load:
        """Return what the queue and the batch hold of the present assignment, and since the last seek."""
        generation = self.consumer.generation
        values = [one.value or b"" for one in (*self.queue, *self.batch) if one.generation_id == generation]
        return Load(len(values), sum(len(value) for value in values))


@given(steps=STEPS)
def test_what_is_in_flight_is_what_is_held(consumer: Consumer, steps: list[Step]) -> None:
    """After every step, with never more room than there is; and in the end, when all is finished, there is room."""
    consumer.app.consumer_generation_id += 1
    reader = Reader(consumer)
    for step, size in steps:
        reader.do(step, size)
        assert consumer.flight.load == reader.held()
        assert consumer.flight.room <= LIMIT - reader.held().size
    reader.do("take", len(reader.queue))
    reader.do("finish", 0)
    assert consumer.flight.load == Load(0, 0)
    assert consumer.flight.room >= LIMIT / 2


@given(sizes=st.lists(st.integers(0, 2 * LIMIT)))
def test_portions_keep_all_items_in_their_order_and_the_limit(sizes: list[int]) -> None:
    """A portion is above the limit only where one item is; none could have taken the first of the next."""
    found = list(portions(sizes, LIMIT, int))
    assert [size for portion in found for size in portion] == sizes
    assert all(portion and (len(portion) == 1 or sum(portion) <= LIMIT) for portion in found)
    assert all(sum(one) + after[0] > LIMIT for one, after in pairwise(found))
