"""Publishing: acknowledgements are awaited, infrastructure is retried for ever, nothing is sent twice in vain."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field

import pytest
from aiokafka.errors import (
    KafkaConnectionError,
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    OutOfOrderSequenceNumber,
    UnknownTopicOrPartitionError,
)

from worker import publish
from worker.errors import Permanent
from worker.publish import Acknowledged, Outgoing, Publisher


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record was put."""

    partition: int
    offset: int


@dataclass
class MemoryProducer:
    """A producer onto a list: `answers` says what happens to the next sends, `None` being success."""

    answers: list[KafkaError | float | None] = field(default_factory=list)
    sent: list[bytes | None] = field(default_factory=list)

    async def send(  # noqa: PLR0917 - aiokafka's
        self,
        topic: str,
        value: bytes | None = None,
        key: bytes | None = None,
        partition: int | None = None,
        timestamp_ms: int | None = None,
        headers: Sequence[tuple[str, bytes | None]] | None = None,
    ) -> asyncio.Future[Acknowledged]:
        """Put the value onto the list; a number as answer is a delay in seconds."""
        del topic, key, timestamp_ms, headers
        self.sent.append(value)
        future: asyncio.Future[Acknowledged] = asyncio.get_running_loop().create_future()
        answer = self.answers.pop(0) if self.answers else None
        place = Place(partition or 0, len(self.sent) - 1)
        if isinstance(answer, float):
            asyncio.get_running_loop().call_later(answer, future.set_result, place)
        elif answer is None:
            future.set_result(place)
        else:
            future.set_exception(answer)
        return future


@dataclass
class MemoryProducers:
    """Producers of which a lost one is followed by one that works."""

    running: MemoryProducer
    renewals: int = 0

    def current(self) -> MemoryProducer:
        """Return the running one."""
        return self.running

    async def renew(self, lost: object) -> None:
        """Put a new one in its place."""
        if self.running is lost:
            self.running = MemoryProducer(sent=self.running.sent)
            self.renewals += 1


Publish = Callable[..., list[Acknowledged]]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Back off for milliseconds."""
    monkeypatch.setattr(publish, "FIRST_BACKOFF_SECONDS", 0.001)


def record(value: bytes = b"value") -> Outgoing:
    """Return a record."""
    return Outgoing("story", "news.story.v1", b"key", value)


def run(
    producer: MemoryProducer, *records: Outgoing, timeout: float = 1.0
) -> tuple[list[Acknowledged], MemoryProducers]:
    """Publish the records."""
    producers = MemoryProducers(producer)
    publisher = Publisher(producers, role="split", timeout_seconds=timeout)
    work: Coroutine[None, None, list[Acknowledged]] = publisher.publish(records)
    placed = asyncio.run(work)
    assert not publisher.is_retrying
    return placed, producers


def test_records_are_sent_in_their_order_and_told_where_they_are() -> None:
    """The places come back in the order of the records."""
    producer = MemoryProducer()
    placed, _ = run(producer, record(b"a"), record(b"b"))
    assert producer.sent == [b"a", b"b"]
    assert [one.offset for one in placed] == [0, 1]


@pytest.mark.parametrize(
    "error", [KafkaTimeoutError(), KafkaConnectionError(), UnknownTopicOrPartitionError(), KafkaTimeoutError("full")]
)
def test_infrastructure_is_retried_until_it_works(error: KafkaError) -> None:
    """However often it fails."""
    producer = MemoryProducer([error] * 5)
    placed, producers = run(producer, record())
    assert len(producer.sent) == 6
    assert placed[0].offset == 5
    assert producers.renewals == 0


def test_a_late_acknowledgement_is_waited_for_and_nothing_sent_again() -> None:
    """While a record is in flight the idempotent producer repeats it; we only wait."""
    producer = MemoryProducer([0.2])
    placed, _ = run(producer, record(), timeout=0.02)
    assert producer.sent == [b"value"]
    assert placed[0].offset == 0


def test_a_record_too_large_is_permanent() -> None:
    """It is never retried, and the message names sizes and topic, not the value."""
    with pytest.raises(Permanent, match=r"8 bytes are too many for news\.story\.v1") as caught:
        run(MemoryProducer([MessageSizeTooLargeError()]), record())
    assert (caught.value.reason, caught.value.stage) == ("record_too_large", "publish")


@pytest.mark.parametrize("error", [OutOfOrderSequenceNumber(), KafkaError("Unexpected error during batch delivery")])
def test_a_lost_producer_is_replaced_once(error: KafkaError) -> None:
    """Every record it has failed is sent by its successor."""
    producer = MemoryProducer([error, error])
    placed, producers = run(producer, record(b"a"), record(b"b"))
    assert producers.renewals == 1
    assert producer.sent == [b"a", b"b", b"a", b"b"]
    assert [one.offset for one in placed] == [2, 3]


def test_an_error_that_is_not_kafkas_goes_up() -> None:
    """It is unexpected: the guard ends the process."""

    async def fail() -> None:
        class Broken(MemoryProducer):
            async def send(self, *_arguments: object, **_options: object) -> asyncio.Future[Acknowledged]:
                future: asyncio.Future[Acknowledged] = asyncio.get_running_loop().create_future()
                future.set_exception(RuntimeError("no Kafka error"))
                return future

        await Publisher(MemoryProducers(Broken()), role="split", timeout_seconds=1).publish([record()])

    with pytest.raises(RuntimeError):
        asyncio.run(fail())


def test_being_in_trouble_is_visible() -> None:
    """While a record is retried the publisher says so, and not afterwards."""

    async def watch() -> list[bool]:
        publisher = Publisher(MemoryProducers(MemoryProducer([0.1])), role="split", timeout_seconds=0.01)
        seen = [publisher.is_retrying]
        work = asyncio.create_task(publisher.publish([record()]))
        await asyncio.sleep(0.05)
        seen.append(publisher.is_retrying)
        await work
        return [*seen, publisher.is_retrying]

    assert asyncio.run(watch()) == [False, True, False]
