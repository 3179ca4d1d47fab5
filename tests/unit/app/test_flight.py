"""What is in flight: what a stream has counts, and nothing else; batches are handled in portions."""

from faust.types import TP
from faust.types.tuples import ConsumerMessage

from worker.app.flight import Flight, Load, portions, size_of

LIMIT = 1000


def message(size: int, *, generation: int = 1) -> ConsumerMessage:
    """Return a message whose value has so many bytes."""
    value = b"v" * size
    return ConsumerMessage("raw", 0, 0, 0.0, 0, (), None, value, None, -1, size, TP("raw", 0), generation_id=generation)


def of_generation(number: int) -> Flight:
    """Return what is in flight in a generation."""
    return Flight(LIMIT, lambda one: one.generation_id == number)


def test_a_message_counts_while_a_stream_has_it() -> None:
    """From when it is given to one until it is acknowledged."""
    flight, one = of_generation(1), message(600)
    flight.add(one)
    assert flight.load == Load(0, 0)
    one.incref()
    assert (flight.load, flight.room) == (Load(1, 600), 400)
    one.decref()
    assert (flight.load, flight.room) == (Load(0, 0), LIMIT)


def test_what_is_thrown_away_does_not_count() -> None:
    """Nobody has to tell: a queue that is cleared is enough."""
    flight, queue = of_generation(1), [message(600), message(600)]
    for one in queue:
        flight.add(one)
        one.incref()
    del one
    assert (flight.load, flight.room) == (Load(2, 1200), -200)
    queue.clear()
    assert flight.load == Load(0, 0)


def test_what_was_read_before_a_rebalance_does_not_count() -> None:
    """It is read again, even where something still holds it."""
    flight, old, new = of_generation(2), message(600, generation=1), message(300, generation=2)
    for one in (old, new):
        flight.add(one)
        one.incref()
    assert flight.load == Load(1, 300)


def test_what_was_read_before_a_seek_is_forgotten() -> None:
    """It is read again in the same generation: what a batch holds of it is not to be finished."""
    flight, old, new = of_generation(1), message(600), message(300)
    flight.add(old)
    flight.forget()
    flight.add(new)
    new.incref()
    assert (old in flight, new in flight) == (False, True)
    assert flight.load == Load(1, 300)


def test_the_size_of_a_message_is_that_of_key_value_and_headers() -> None:
    """What is null has none."""
    headers = (("feed", b"12345"), ("null", None))
    whole = ConsumerMessage("raw", 0, 0, 0.0, 0, headers, b"key", b"value", None, 3, 5, TP("raw", 0))
    assert size_of(whole) == 3 + 5 + len("feed12345null")
    assert size_of(ConsumerMessage("raw", 0, 0, 0.0, 0, None, None, None, None, -1, -1, TP("raw", 0))) == 0


def test_a_batch_is_cut_where_a_portion_is_full() -> None:
    """An item that does not fit begins the next one; one that fits nowhere comes alone."""
    assert list(portions([3, 7, 1, 20, 2, 2], 10, int)) == [[3, 7], [1], [20], [2, 2]]
    assert list(portions([], 10, int)) == []
