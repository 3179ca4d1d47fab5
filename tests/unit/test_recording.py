"""Recordings: every message comes back as it was."""

import json

import orjson
import pytest

from worker import recording
from worker.errors import Permanent
from worker.incoming import Incoming

VALUES = (None, b"", b"text", "عنوان".encode(), b"\xff\x00", b"\x00" * 100, b'"quoted"\n', "\ufeff\u2028".encode())


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("key", [None, b"", b"https://example.org/1", b"\x80"])
def test_a_message_comes_back_from_its_line(key: bytes | None, value: bytes | None) -> None:
    """Null, empty, text and bytes are told apart."""
    message = Incoming("news.raw.v1", 3, 17, 1_740_000_000_000, key, value, (("a", b"1"), ("a", b"\xff"), ("b", b"")))
    line = recording.encode(message)
    assert recording.is_recorded(line)
    assert b"\n" not in line
    assert recording.decode(line) == message


def test_a_line_that_others_have_written_anew_is_still_a_recording() -> None:
    """With other blanks it is the same message, and a page that only speaks of one is a page."""
    message = Incoming("news.raw.v1", 3, 17, 1_740_000_000_000, b"key", b"text", (("a", b"1"),))
    line = json.dumps(json.loads(recording.encode(message))).encode()
    assert line.startswith(b'{"recorded": 1, ')
    assert recording.is_recorded(line)
    assert recording.decode(line) == message
    for page in (b'{"recorded":10,"content":"x"}', b'{"content":"{\\"recorded\\":1,"}', b'"recorded":1,', b""):
        assert not recording.is_recorded(page)


def test_text_stands_as_text() -> None:
    """An operator can search a recording."""
    line = orjson.loads(recording.encode(Incoming("t", 0, 0, 5, b"key", "نص".encode(), (("h", b"v"),))))
    assert (line["key"], line["value"], line["headers"]) == ("key", "نص", [["h", "v"]])


def test_what_an_article_holds_are_no_parts_of_its_line() -> None:
    """Text, JSON and quotes with any number of commas and brackets come back; so do ten thousand headers."""
    for value in (b",[{" * 50_000, b'["\\",{"a":1}],' * 50_000):
        message = Incoming("t", 0, 0, 5, b",[{", value, (("h", b"a,b"),) * 10_000)
        assert recording.decode(recording.encode(message)) == message


@pytest.mark.parametrize("value", [b"\xff" * 10_000, b"\x01" * 10_000, b'"' * 10_000])
def test_a_line_is_never_much_longer_than_its_value(value: bytes) -> None:
    """So that the limit for values bounds the lines."""
    line = recording.encode(Incoming("t", 0, 0, 5, None, value))
    assert len(line) <= recording.max_line_bytes(len(value))
    assert len(line) < 2.1 * len(value)


@pytest.mark.parametrize(
    "line",
    [
        b'{"recorded":1,',
        b'{"recorded":1,"topic":"t"}',
        recording.encode(Incoming("t", 0, 0, 5, None, b"x")).replace(b'"x"', b"7"),
        recording.encode(Incoming("t", 0, 0, 5, None, b"\xff")).replace(b"/w==", b"/w="),
        recording.encode(Incoming("t", 0, 0, 5, None, b"x")).replace(b'"offset":0', b'"offset":-1'),
        recording.encode(Incoming("t", 0, 2**63, 5, None, b"x")),
        recording.encode(Incoming("t", 2**31, 0, 5, None, b"x")),
        recording.encode(Incoming("t", 0, 0, 2**63, None, b"x")),
        recording.encode(Incoming("t", 0, 0, 5, None, b"x", (("h", b""),) * 30_000)),
        recording.encode(Incoming("t", 0, 0, 5, None, b"x"))[:-1] + b',"more":1}',
    ],
)
def test_a_damaged_line_is_told_without_its_text(line: bytes) -> None:
    """It is never taken for a message with less in it."""
    with pytest.raises(Permanent) as caught:
        recording.decode(line)
    assert caught.value.reason == "damaged_recording"
