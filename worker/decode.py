"""Bytes to a raw article, or the reason why not: the only place where a message's form is unknown.

In: one Kafka message (value, `content-type` header, timestamp), from the pipeline. Out: a `Decoded` article. Never
puts a message's text into an error: errors name the field.

A header `content-type` of `text/plain` or `text/html` says that the value is the bare page; with any other, or none,
the value is the JSON of `schemas.RawArticle`.
"""

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

import orjson
from pydantic import ValidationError

from schemas.raw import ContentType, RawArticle
from worker.charset import read_bare
from worker.errors import Permanent
from worker.incoming import Incoming
from worker.settings import Settings

BARE_TYPES: dict[str, ContentType] = {"text/plain": "text/plain", "text/html": "text/html"}
"""The header values that announce a bare page, as the contract has them."""

LINE_BREAKS = ("\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")
"""The line ends that `worker.split.lines` knows."""

FIELDS = frozenset(RawArticle.model_fields)

Container = dict[str, Any] | list[Any]

JSON_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
"""A string, an opening or a closing bracket; possessive, so that it never goes back."""


BYTES_OF_CHARACTER = 4
"""Most bytes of a character in UTF-8: orjson tells positions in characters."""


@dataclass(frozen=True, slots=True)
class RawMessage:
    """What a message of the raw topic holds; `timestamp_ms` is Kafka's own, in milliseconds since the epoch."""

    value: bytes | None
    content_type: str | None
    timestamp_ms: int

    @classmethod
    def of(cls, message: Incoming) -> Self:
        """Return it as it was consumed."""
        return cls(message.value, message.header("content-type"), message.timestamp_ms)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a message may hold at most: bytes of its value, lines of its content, levels of nested JSON."""

    max_message_bytes: int
    max_lines: int
    max_depth: int

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return those of the settings."""
        return cls(settings.max_message_bytes, settings.max_lines, settings.max_depth)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A raw article, the encoding its content was read with, and the fields of the JSON that the contract lacks."""

    article: RawArticle
    encoding: str
    unknown_fields: tuple[str, ...]


def decode(message: RawMessage, limits: Limits) -> Decoded:
    """Read a message into a raw article.

    Raises:
        Permanent: with stage `decode` and the reason `empty_message`, `too_large`, `too_deep`, `invalid_encoding`,
            `malformed_json`, `not_an_object`, `missing_content`, `invalid_content_type`, `invalid_field` or
            `empty_content`.
    """
    value = message.value or b""
    if len(value) > limits.max_message_bytes:
        raise _refusal("too_large", f"the message has {len(value)} bytes, the limit is {limits.max_message_bytes}")
    if not value or value.isspace():
        raise _refusal("empty_message", "the message has no value")
    bare_type = BARE_TYPES.get(_media_type(message.content_type))
    decoded = _read_page(value, message.content_type or "", bare_type) if bare_type else _read_json(value, limits)
    _check_content(decoded.article.content, limits)
    return decoded


def _media_type(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip().lower()


def _read_page(value: bytes, header: str, content_type: ContentType) -> Decoded:
    try:
        content, encoding = read_bare(value, header, is_html=content_type == "text/html")
    except UnicodeDecodeError as error:
        raise _refusal("invalid_encoding", f"byte {error.start} of the page is not {error.encoding}") from None
    return Decoded(RawArticle(content=content, content_type=content_type), encoding, ())


def _read_json(value: bytes, limits: Limits) -> Decoded:
    record = _parse(value.removeprefix(codecs.BOM_UTF8), limits)
    if not isinstance(record, dict):
        raise _refusal("not_an_object", "the message is JSON, but not an object")
    if _depth(record) > limits.max_depth:
        raise _too_deep(limits)
    if record.get("content") is None:
        raise _refusal("missing_content", "the field `content` is missing")
    return Decoded(_validate(record), "utf-8", tuple(sorted(record.keys() - FIELDS)))


def _parse(value: bytes, limits: Limits) -> object:
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise _explain(value, error.pos, limits) from None


def _explain(value: bytes, position: int, limits: Limits) -> Permanent:
    """Say why a message cannot be read: orjson has one error for wrong JSON, wrong encoding and deep nesting."""
    if _nests_deeper(value[: BYTES_OF_CHARACTER * position], limits.max_depth):
        return _too_deep(limits)
    try:
        value.decode()
    except UnicodeDecodeError as error:
        return _refusal("invalid_encoding", f"byte {error.start} of the message is not UTF-8")
    return _refusal("malformed_json", f"the message is not JSON at character {position}")


def _nests_deeper(value: bytes, max_depth: int) -> bool:
    depth = 0
    for token in JSON_TOKEN.finditer(value):
        sign = token.group()[:1]
        depth += (sign in b"[{") - (sign in b"]}")
        if depth > max_depth:
            return True
    return False


def _depth(record: dict[str, Any]) -> int:
    """Return how many containers stand in each other; level by level, as hostile nesting must not use the stack."""
    depth = 0
    level: list[Container] = [record]
    while level:
        depth += 1
        level = [part for container in level for part in _parts(container) if isinstance(part, dict | list)]
    return depth


def _parts(container: Container) -> Iterable[Any]:
    return container.values() if isinstance(container, dict) else container


def _validate(record: dict[str, Any]) -> RawArticle:
    try:
        article = RawArticle.model_validate(record)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False, include_context=False)[0]
        field = str(problem["loc"][0])
        reason = "invalid_content_type" if field == "content_type" else "invalid_field"
        raise _refusal(reason, f"the field `{field}` is not valid: {problem['type']}") from None
    if article.fetched_at and not _fits_utc(article.fetched_at):
        raise _refusal("invalid_field", "the field `fetched_at` is not valid: outside the years 1 to 9999 in UTC")
    return article


def _fits_utc(time: datetime) -> bool:
    """An offset can move the first and the last day of the calendar out of it."""
    try:
        time.astimezone(UTC)
    except OverflowError:
        return False
    return True


def _check_content(content: str, limits: Limits) -> None:
    if not content or content.isspace():
        raise _refusal("empty_content", "the field `content` holds nothing but whitespace")
    if len(content) > limits.max_lines:
        lines = 1 + sum(content.count(end) for end in LINE_BREAKS) - content.count("\r\n")
        if lines > limits.max_lines:
            raise _refusal("too_large", f"the page has {lines} lines, the limit is {limits.max_lines}")


def _too_deep(limits: Limits) -> Permanent:
    return _refusal("too_deep", f"the message nests deeper than {limits.max_depth} levels")


def _refusal(reason: str, message: str) -> Permanent:
    return Permanent(reason, "decode", message)
