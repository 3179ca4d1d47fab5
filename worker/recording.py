"""The recording: a file of messages as they stood on a topic, one line of JSON each.

In and out: `Incoming` messages, to and from lines. A line is
`{"recorded":1,"topic":...,"partition":...,"offset":...,"timestamp":...,"key":...,"value":...,"headers":[[name,bytes]]}`.
Keys, values and headers are bytes: UTF-8 stands as a string, anything else as `{"base64":"..."}`, a tombstone or a
missing key as null; so each line gives back the very bytes. A raw article is never taken for one: it has no `recorded`.
Lines come from anywhere: one that would take far more memory than its bytes is refused before it is parsed.
"""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Literal

import orjson
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from worker.errors import Permanent
from worker.incoming import Headers, Incoming

STAGE = "recording"

_MARK = re.compile(rb'\s*+\{\s*+"recorded"\s*+:\s*+1\s*+[,}]')
"""The beginning of every line, as we write it or with the blanks that other writers of JSON put in."""

TEXT_FACTOR = 2
"""A value stands as text up to this length against its bytes; JSON escapes make control characters six times longer."""

MAX_PARTS = 65_536
"""Commas and opening brackets of a line outside its strings: those of a message with 20,000 headers. Each can cost a
thousand bytes where it is wrong: a line of 20 MB took 10 GB."""

PART_SIGNS = (b",", b"[", b"{")

_PART = re.compile(rb'(?:"[^"\\]*+(?:\\.?+[^"\\]*+)*+(?:"|\Z)|[^",\[{]++)*+(?:[,\[{]|\Z)', re.DOTALL)
"""Everything up to the next sign that stands in no string; possessive, so that it never goes back."""

INT32_MAX, INT64_MAX = 2**31 - 1, 2**63 - 1
"""Kafka's numbers."""

_STRICT = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


@dataclass(frozen=True, slots=True)
class _Binary:
    __pydantic_config__ = _STRICT

    base64: str


Bytes = str | _Binary


@dataclass(frozen=True, slots=True)
class _Line:
    __pydantic_config__ = _STRICT

    recorded: Literal[1]
    topic: str
    partition: Annotated[int, Field(ge=0, le=INT32_MAX)]
    offset: Annotated[int, Field(ge=0, le=INT64_MAX)]
    timestamp: Annotated[int, Field(ge=-INT64_MAX - 1, le=INT64_MAX)]
    key: Bytes | None
    value: Bytes | None
    headers: list[tuple[str, Bytes | None]]


_READER = TypeAdapter(_Line)


def max_line_bytes(max_value_bytes: int) -> int:
    """Return the longest line that is read for values of so many bytes, with a MiB for key, headers and names."""
    return TEXT_FACTOR * max_value_bytes + 2**20


def is_recorded(line: bytes) -> bool:
    """Tell by its first key whether a line is a recorded message, or was one before it was damaged."""
    return _MARK.match(line) is not None


def encode(message: Incoming) -> bytes:
    """Return the line of a message, without a line feed; the same message gives the same bytes."""
    return orjson.dumps(
        {
            "recorded": 1,
            "topic": message.topic,
            "partition": message.partition,
            "offset": message.offset,
            "timestamp": message.timestamp_ms,
            "key": _written(message.key),
            "value": _written(message.value),
            "headers": [[name, _written(value)] for name, value in message.headers],
        }
    )


def decode(line: bytes) -> Incoming:
    """Return the message that `encode` wrote.

    Raises:
        Permanent: `damaged_recording`, for a line that is not whole or was changed.
    """
    if _has_too_many_parts(line):
        raise Permanent("damaged_recording", STAGE, f"the line has more than {MAX_PARTS} parts")
    try:
        found = _READER.validate_json(line)
        headers: Headers = tuple((name, _read(value)) for name, value in found.headers)
        key, value = _read(found.key), _read(found.value)
    except ValueError as error:
        what = error.errors()[0]["type"] if isinstance(error, ValidationError) else "base64"
        raise Permanent("damaged_recording", STAGE, f"the line is no whole recorded message: {what}") from None
    return Incoming(found.topic, found.partition, found.offset, found.timestamp, key, value, headers)


def _has_too_many_parts(line: bytes) -> bool:
    # Counting all signs is fast, and an article has not so many.
    if sum(line.count(sign) for sign in PART_SIGNS) <= MAX_PARTS:
        return False
    return next(islice(_PART.finditer(line), MAX_PARTS, None), None) is not None


def _written(value: bytes | None) -> object:
    if value is None:
        return None
    try:
        text = orjson.dumps(value.decode())
    except UnicodeDecodeError:
        text = None
    if text is None or len(text) > TEXT_FACTOR * len(value) + len('""'):
        return {"base64": b64encode(value).decode()}
    return orjson.Fragment(text)


def _read(value: Bytes | None) -> bytes | None:
    if isinstance(value, _Binary):
        return b64decode(value.base64, validate=True)
    return None if value is None else value.encode()
