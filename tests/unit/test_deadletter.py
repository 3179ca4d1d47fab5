"""A dead letter is the message itself, with why in its headers."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import pytest
from aiokafka.errors import MessageSizeTooLargeError

from schemas import DeadLetterHeaders
from worker import __version__
from worker.deadletter import encode, letters, publish, without_value
from worker.guard import Failure
from worker.incoming import Headers, Incoming
from worker.publish import Acknowledged, Publisher

FAILURE = Failure("malformed_json", "decode", "Permanent", "no JSON at character 3")
MESSAGE = Incoming("news.raw.v1", 3, 41, 1_700_000_000_123, b"\xff key", b"\x00 value", (("content-type", b"x"),))


def test_key_and_value_are_unchanged() -> None:
    """Whatever bytes they are."""
    letter = encode(MESSAGE, FAILURE, "news.deadletter.v1")
    assert (letter.topic, letter.key, letter.value) == ("news.deadletter.v1", MESSAGE.key, MESSAGE.value)


def test_headers_say_why_and_where_from() -> None:
    """They are the contract's, after the message's own."""
    headers = encode(MESSAGE, FAILURE, "dead").headers
    assert headers[0] == ("content-type", b"x")
    assert dict(headers[1:]) | {"worker.version": b""} == {
        "error.reason": b"malformed_json",
        "error.stage": b"decode",
        "error.type": b"Permanent",
        "error.message": b"no JSON at character 3",
        "origin.topic": b"news.raw.v1",
        "origin.partition": b"3",
        "origin.offset": b"41",
        "origin.timestamp": b"1700000000123",
        "worker.version": b"",
    }


def test_a_letter_that_comes_back_tells_its_new_reason_only() -> None:
    """A message that was a dead letter before does not carry its old reason along."""
    first = encode(MESSAGE, Failure("too_deep", "decode", "Permanent", "deep"), "dead")
    again = Incoming("dead", 0, 0, 0, first.key, first.value, first.headers)
    headers = encode(again, FAILURE, "dead").headers
    assert [value for name, value in headers if name == "error.reason"] == [b"malformed_json"]
    assert ("content-type", b"x") in headers


def test_a_letter_without_its_value_tells_the_size() -> None:
    """Key and headers stay; the value is empty and never null, which would be a tombstone."""
    letter = without_value(encode(MESSAGE, FAILURE, "dead"))
    assert (letter.key, letter.value) == (MESSAGE.key, b"")
    assert letter.headers[-1] == ("error.original_size", b"7")
    assert ("error.reason", b"malformed_json") in letter.headers


def test_a_null_header_stays_null() -> None:
    """Kafka tells no value from an empty one, and so does the letter."""
    headers = (("nothing", None), ("empty", b""))
    assert encode(replace(MESSAGE, headers=headers), FAILURE, "dead").headers[:2] == headers


def test_headers_of_others_stay() -> None:
    """Only the names that tell reasons and places are replaced: another's version stays, and ours comes after it."""
    headers = (("worker.version", b"theirs"), ("error.budget", b"theirs"), ("error.reason", b"theirs"))
    letter = encode(replace(MESSAGE, headers=headers), FAILURE, "dead")
    assert letter.headers[:2] == headers[:2]
    assert [name for name, _ in letter.headers].count("error.reason") == 1
    assert letter.headers[-1] == ("worker.version", __version__.encode())


@dataclass
class NarrowProducer:
    """A producer onto a list that refuses records of more than 2 kB."""

    sent: list[tuple[bytes | None, bytes | None, Headers]] = field(default_factory=list)

    async def send(  # noqa: PLR0917 - aiokafka's
        self,
        topic: str,
        value: bytes | None = None,
        key: bytes | None = None,
        partition: int | None = None,
        timestamp_ms: int | None = None,
        headers: Sequence[tuple[str, bytes | None]] | None = None,
    ) -> asyncio.Future[Acknowledged]:
        """Take a record that is small enough."""
        del topic, partition, timestamp_ms
        future: asyncio.Future[Acknowledged] = asyncio.get_running_loop().create_future()
        own = sum(len(name) + len(data or b"") for name, data in headers or ())
        if len(key or b"") + len(value or b"") + own > 2000:
            future.set_exception(MessageSizeTooLargeError())
        else:
            self.sent.append((key, value, tuple(headers or ())))
            future.set_result(NotImplemented)
        return future

    def current(self) -> Self:
        """Return itself: it is never lost."""
        return self

    async def renew(self, lost: object) -> None:
        """Never called."""


def put_aside(message: Incoming) -> tuple[bytes | None, bytes | None, dict[str, bytes | None]]:
    """Return key, value and headers of the one dead letter of a message."""
    producer = NarrowProducer()
    publisher = Publisher(producer, role="split", timeout_seconds=1)
    asyncio.run(publish(letters(message, FAILURE, "dead"), publisher))
    ((key, value, headers),) = producer.sent
    return key, value, dict(headers)


@pytest.mark.parametrize(
    "too_large", [{"key": b"k" * 3000}, {"headers": (("feed", b"f" * 3000),)}, {"headers": (("f" * 3000, b""),)}]
)
@pytest.mark.parametrize("value", [b"value", b"v" * 3000])
def test_nothing_is_too_large_to_be_put_aside(too_large: dict[str, Any], value: bytes) -> None:
    """A key or headers that the topic refuses are left out with the value, and the sizes told."""
    message = replace(MESSAGE, value=value, **too_large)
    key, left, headers = put_aside(message)
    assert (key, left) == (None, b"")
    assert headers["error.original_key_size"] == str(len(message.key or b"")).encode()
    assert headers["error.original_size"] == str(len(value)).encode()
    assert (headers["error.reason"], headers["origin.offset"]) == (b"malformed_json", b"41")
    DeadLetterHeaders.model_validate({name: (data or b"").decode() for name, data in headers.items()})


def test_what_fits_stays() -> None:
    """A message whose value alone is too large keeps its key and headers."""
    key, value, headers = put_aside(replace(MESSAGE, value=b"v" * 3000))
    assert (key, value, headers["content-type"]) == (MESSAGE.key, b"", b"x")
    assert "error.original_key_size" not in headers
