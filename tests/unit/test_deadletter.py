"""A dead letter is the message itself, with why in its headers."""

from worker.deadletter import encode, without_value
from worker.guard import Failure
from worker.incoming import Incoming

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
