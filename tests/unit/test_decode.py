"""Decoding: what a raw message may be, and the reason for refusing every other."""

import orjson
import pytest

from worker.decode import Decoded, Limits, RawMessage, decode
from worker.errors import Permanent

LIMITS = Limits(max_message_bytes=1000, max_lines=10, max_depth=8)


def read(value: bytes, content_type: str | None = None) -> Decoded:
    """Decode a message under small limits."""
    return decode(RawMessage(value, content_type, 0), LIMITS)


def reason(value: bytes, content_type: str | None = None) -> str:
    """Return the reason for which a message is refused."""
    with pytest.raises(Permanent) as refused:
        read(value, content_type)
    assert refused.value.stage == "decode"
    return refused.value.reason


def test_a_json_object_with_content_is_an_article() -> None:
    """Only `content` is required; what is not said has its default."""
    decoded = read(b'{"content": "Rain"}')
    assert decoded.article.content == "Rain"
    assert decoded.article.content_type == "text/plain"
    assert decoded.encoding == "utf-8"


def test_unknown_fields_are_named_and_ignored() -> None:
    """Fields that the contract lacks are reported in order and do not stop the message."""
    assert read(b'{"zeta": 1, "content": "Rain", "alpha": {"b": []}}').unknown_fields == ("alpha", "zeta")


def test_a_byte_order_mark_before_json_is_tolerated() -> None:
    """JSON may open with the UTF-8 mark that some tools write."""
    assert read(b'\xef\xbb\xbf{"content": "Rain"}').article.content == "Rain"


@pytest.mark.parametrize("content_type", ["application/json", "application/octet-stream", "text/csv", "nonsense", ""])
def test_any_other_header_means_json(content_type: str) -> None:
    """Only text/plain and text/html announce a bare page."""
    assert read(b'{"content": "Rain"}', content_type).article.content == "Rain"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"", "empty_message"),
        (b" \n", "empty_message"),
        (b"x" * 1001, "too_large"),
        (b'{"content": "' + rb"a\n" * 11 + b'"}', "too_large"),
        (b'{"content": ' + b"[" * 9 + b"]" * 9 + b"}", "too_deep"),
        (b"[" * 500, "too_deep"),
        (b'{"content": "\xe9"}', "invalid_encoding"),
        ("{}".encode("utf-16"), "invalid_encoding"),
        (b'{"content": "Rain"', "malformed_json"),
        (b"Rain in the valley", "malformed_json"),
        (b'"[[[[[[[[[[[["', "not_an_object"),
        (b"[]", "not_an_object"),
        (b"{}", "missing_content"),
        (b'{"content": null}', "missing_content"),
        (b'{"content": 3}', "invalid_field"),
        (b'{"content": "Rain", "meta": {"a": 1}}', "invalid_field"),
        (b'{"content": "Rain", "fetched_at": "2025-02-27"}', "invalid_field"),
        (b'{"content": "Rain", "fetched_at": "0001-01-01T00:00:00+14:00"}', "invalid_field"),
        (b'{"content": "Rain", "content_type": "text/csv"}', "invalid_content_type"),
        (b'{"content": " \\u00a0\\n"}', "empty_content"),
    ],
)
def test_what_cannot_be_an_article_is_refused_with_its_reason(value: bytes, expected: str) -> None:
    """Each kind of bad message has a reason of its own."""
    assert reason(value) == expected


def test_brackets_in_a_string_are_not_nesting() -> None:
    """Depth counts containers, not characters."""
    assert reason(b'{"content": "' + b"[" * 400 + b'", }') == "malformed_json"


def test_nesting_up_to_the_limit_is_read() -> None:
    """The object itself is the first level."""
    value = b'{"content": "Rain", "extra": ' + b"[" * 7 + b"]" * 7 + b"}"
    assert read(value).unknown_fields == ("extra",)


def test_ten_mebibytes_of_brackets_are_refused_without_using_the_stack() -> None:
    """Hostile nesting ends as a reason, whatever its depth."""
    limits = Limits(max_message_bytes=10 * 2**20, max_lines=10, max_depth=8)
    with pytest.raises(Permanent) as refused:
        decode(RawMessage(b"[" * (10 * 2**20), None, 0), limits)
    assert refused.value.reason == "too_deep"


def test_an_error_names_the_field_and_never_its_value() -> None:
    """An operator reads where the fault is; the article's text stays out of logs and headers."""
    with pytest.raises(Permanent) as refused:
        read(orjson.dumps({"content": "Rain", "source": ["secret words"]}))
    assert "`source`" in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("value", "content_type", "content", "encoding"),
    [
        ("Pluie d’été".encode(), "text/plain", "Pluie d’été", "utf-8"),
        ("مطر".encode("cp1256"), "text/plain; charset=windows-1256", "مطر", "cp1256"),
        (b"caf\xe9", 'TEXT/PLAIN; Charset="ISO-8859-1"', "café", "cp1252"),
        ("дождь".encode("utf-16"), "text/plain; charset=koi8-r", "дождь", "utf-16-le"),
        ("дождь".encode("utf-8-sig"), "text/plain", "дождь", "utf-8"),
        (b"<meta charset=koi8-r>" + "дождь".encode("koi8-r"), "text/html", "<meta charset=koi8-r>дождь", "koi8-r"),
        (b"caf\xc3\xa9", "text/plain; charset=no-such-set", "café", "utf-8"),
    ],
)
def test_a_bare_page_is_read_with_the_encoding_it_declares(
    value: bytes, content_type: str, content: str, encoding: str
) -> None:
    """A byte order mark wins, then the header, then the page's own declaration, then UTF-8."""
    decoded = read(value, content_type)
    assert (decoded.article.content, decoded.encoding) == (content, encoding)
    assert decoded.article.content_type == content_type.partition(";")[0].lower()


def test_a_bare_page_in_no_known_encoding_is_refused() -> None:
    """Bytes are never replaced silently."""
    assert reason(b"caf\xe9", "text/plain") == "invalid_encoding"


@pytest.mark.parametrize("label", ["rot13", "base64", "undefined", "idna", "unicode_escape"])
def test_python_s_own_codecs_are_no_charsets(label: str) -> None:
    """A hostile header cannot choose a codec that is no character encoding."""
    assert read(b"Rain", f"text/plain; charset={label}").encoding == "utf-8"


@pytest.mark.parametrize(
    "time", ["1700000000", '"1700000000"', '"2025-02-27"', '"2025-02-27T10:00:00"', '"soon"', "true"]
)
def test_a_fetch_time_is_rfc_3339_or_refused(time: str) -> None:
    """A number or a text of another form is no time: it would silently become an event time."""
    with pytest.raises(Permanent, match="fetched_at") as refused:
        decode(RawMessage(f'{{"content": "x", "fetched_at": {time}}}'.encode(), None, 0), Limits(10**6, 100, 8))
    assert refused.value.reason == "invalid_field"
