"""Dead letters of any content can be listed."""

import pytest

from worker.dlq.letter import Letter
from worker.incoming import Incoming

DEEP = b"[" * 1000 + b"]" * 1000


@pytest.mark.parametrize(
    ("value", "source"),
    [
        (b'{"source":"Harbour Post","url":"https://example.org/1"}', "Harbour Post"),
        (b'{"url":"https://example.org/1"}', "example.org"),
        (b'{"source":%s,"url":%s}' % (DEEP, DEEP), "a-key"),
        (b'{"source":7,"url":{"a":1}}', "a-key"),
        (DEEP, "a-key"),
        (b"\xff", "a-key"),
        (None, "a-key"),
    ],
)
def test_a_source_is_text_or_none(value: bytes | None, source: str) -> None:
    """What stands in its place in a hostile message is no name, and stops nobody."""
    letter = Letter(Incoming("news.deadletter.v1", 0, 0, 0, b"a-key", value))
    assert letter.source == source
    assert source.casefold() in letter.sources
