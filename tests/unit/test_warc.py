"""Pages out of web archives."""

import gzip
import tracemalloc
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import orjson
import pytest

from worker.errors import Permanent
from worker.process import process_files
from worker.settings import Settings
from worker.sources import Sourced, find, read

HTML = "<html><body><h1>Harbour bridge opens</h1><p>The bridge opened on Thursday.</p></body></html>"
DATE = "2025-02-27T06:00:00Z"


def packed(data: bytes) -> bytes:
    """Return data as gzip, without the time: two processes that run these tests must see the same names of them."""
    return gzip.compress(data, mtime=0)


def write(
    path: Path, *responses: tuple[str, bytes, Sequence[tuple[str, str]]], status: str = "200 OK", kind: str = "response"
) -> Path:
    """Write an archive of (url, body, HTTP headers), each record packed by itself where the name says so."""
    records = [_record("warcinfo", "", b"software: a test\r\n")]
    for url, body, headers in responses:
        http = "".join(f"{name}: {value}\r\n" for name, value in headers)
        records.append(_record(kind, url, f"HTTP/1.1 {status}\r\n{http}\r\n".encode() + body))
    pack = gzip.compress if path.suffix == ".gz" else bytes
    path.write_bytes(b"".join(pack(record) for record in records))
    return path


def _record(kind: str, url: str, block: bytes) -> bytes:
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: {DATE}\r\n"
    return f"{head}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def pages(path: Path, limit: int = 100_000) -> list[Sourced]:
    """Return the messages of an archive."""
    return [sourced for source in find([str(path)]) for sourced in read(source, limit)]


def chunked(body: bytes, size: int = 10) -> bytes:
    """Return a body as HTTP's chunked transfer has it."""
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize("name", ["crawl.warc", "crawl.warc.gz"])
def test_an_html_response_is_a_raw_article(tmp_path: Path, name: str) -> None:
    """With its URL for key, and the crawl's date for its event time."""
    url = "https://example.org/جسر"
    (sourced,) = pages(write(tmp_path / name, (url, HTML.encode(), [("Content-Type", "text/html; charset=utf-8")])))
    message = sourced.message
    assert orjson.loads(message.value or b"") == {
        "content": HTML,
        "content_type": "text/html",
        "url": url,
        "fetched_at": "2025-02-27T06:00:00+00:00",
    }
    assert (message.key, message.timestamp_ms, message.topic) == (url.encode(), 1_740_636_000_000, name)
    assert sourced.is_recorded


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (HTML.encode("cp1256"), [("Content-Type", "text/html; charset=windows-1256")]),
        (HTML.encode(), [("Content-Type", "application/xhtml+xml")]),
        (chunked(HTML.encode()), [("Content-Type", "text/html"), ("Transfer-Encoding", "chunked")]),
        (HTML.encode(), [("Content-Type", "text/html"), ("Transfer-Encoding", "chunked")]),
        (packed(HTML.encode()), [("Content-Type", "text/html"), ("Content-Encoding", "gzip")]),
        (HTML.encode(), [("Content-Type", "text/html"), ("Content-Encoding", "gzip")]),
        (zlib.compress(HTML.encode()), [("Content-Type", "text/html"), ("Content-Encoding", "deflate")]),
        (zlib.compress(HTML.encode())[2:-4], [("Content-Type", "text/html"), ("Content-Encoding", "deflate")]),
        (
            chunked(packed(HTML.encode())),
            [("Content-Type", "text/html"), ("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")],
        ),
    ],
)
def test_a_body_is_freed_from_its_encodings(tmp_path: Path, body: bytes, headers: list[tuple[str, str]]) -> None:
    """Chunks, packings and character encodings; headers that no longer hold are seen through."""
    (sourced,) = pages(write(tmp_path / "crawl.warc", ("https://example.org/1", body, headers)))
    assert sourced.error is None
    assert orjson.loads(sourced.message.value or b"")["content"] == HTML


def test_what_is_no_page_is_passed_over(tmp_path: Path) -> None:
    """Pictures, errors, requests: none of them is a message, and none an error."""
    html = [("Content-Type", "text/html")]
    one = write(tmp_path / "one.warc", ("https://example.org/a.png", b"\x89PNG", [("Content-Type", "image/png")]))
    two = write(tmp_path / "two.warc", ("https://example.org/no", b"<p>gone</p>", html), status="404 Not Found")
    three = write(tmp_path / "three.warc", ("dns:example.org", b"x", []), kind="resource")
    assert [pages(path) for path in (one, two, three)] == [[], [], []]


def test_a_page_whose_characters_cannot_be_read_keeps_its_bytes(tmp_path: Path) -> None:
    """The decoder refuses it by name, and its dead letter has the bytes as they were crawled."""
    body = HTML.encode("utf-16-le")[1:] + b"\xff"
    path = write(
        tmp_path / "crawl.warc", ("https://example.org/1", body, [("Content-Type", "text/html; charset=utf-8")])
    )
    (sourced,) = pages(path)
    assert sourced.message.value == body
    assert sourced.message.header("content-type") == "text/html; charset=utf-8"
    assert process_files([str(path)], tmp_path / "out", Settings()).reasons == {"invalid_encoding": 1}


def test_an_archive_goes_through_the_pipeline(tmp_path: Path) -> None:
    """Its records have the crawl's time and the page's address."""
    path = write(tmp_path / "crawl.warc.gz", ("https://example.org/1", HTML.encode(), [("Content-Type", "text/html")]))
    assert process_files([str(path)], tmp_path / "out", Settings()).outcomes == {"published": 1}
    (story,) = (tmp_path / "out" / "story.jsonl").read_bytes().splitlines()
    assert orjson.loads(story)["fetched_at"] == DATE
    assert orjson.loads(story)["url"] == "https://example.org/1"


def errors(path: Path, limit: int = 100_000) -> list[str]:
    """Return the reasons for which messages of an archive cannot be used, and "" for those that can."""
    found: list[Permanent | None] = [sourced.error for sourced in pages(path, limit)]
    return [error.reason if error else "" for error in found]


GOOD = ("https://example.org/good", HTML.encode(), [("Content-Type", "text/html")])


@pytest.mark.parametrize(
    ("body", "headers", "reason"),
    [
        (b"x" * 200_000, [], "too_large"),
        (packed(b"x" * 50_000_000), [("Content-Encoding", "gzip")], "too_large"),
        (
            chunked(packed(b"x" * 50_000_000), 30_000),
            [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")],
            "too_large",
        ),
        (zlib.compress(b"x" * 50_000_000), [("Content-Encoding", "deflate")], "too_large"),
        (zlib.compress(b"x" * 50_000_000)[2:], [("Content-Encoding", "deflate")], "too_large"),
        (packed(packed(b"x" * 50_000_000)), [("Content-Encoding", "gzip, gzip")], "unsupported_encoding"),
        (b"ffffffffffffffff\r\n" + b"x" * 9, [("Transfer-Encoding", "chunked")], ""),
        (chunked(b"x" * 90_000, 1), [("Transfer-Encoding", "chunked")], "too_large"),
        (packed(HTML.encode())[:-10], [("Content-Encoding", "gzip")], "damaged_input"),
        (packed(HTML.encode())[:15] + b"\xff" * 9, [("Content-Encoding", "gzip")], "damaged_input"),
        (b"x", [("Content-Encoding", "br")], "unsupported_encoding"),
    ],
)
def test_a_page_that_cannot_be_used_does_not_stop_the_archive(
    tmp_path: Path, body: bytes, headers: list[tuple[str, str]], reason: str
) -> None:
    """It is told with its reason, in little memory, and the next page is read."""
    bad = ("https://example.org/bad", body, [("Content-Type", "text/html"), *headers])
    path = write(tmp_path / "crawl.warc.gz", bad, GOOD)
    tracemalloc.start()
    assert errors(path) == [reason, ""]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-200],
        lambda data: data.replace(b"Content-Length: ", b"Content-Length: 9"),
        lambda data: data.replace(b"Content-Length: ", b"Content-Longth: "),
        lambda data: data + b"WARC/1.0\r\nX: " + b"y" * 200_000,
        lambda data: data + b"WARC/1.0\r\n" + b"X: y\r\n" * 400_000,
        lambda data: data + b"no archive at all\r\n\r\n" * 3,
        lambda _data: b"no archive at all",
        lambda _data: b"\x1f\x8b" + b"\x00" * 100,
    ],
)
def test_a_damaged_archive_ends_with_an_error(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    """Whatever is wrong with it: what could be read is there, and one `damaged_input` behind it."""
    path = write(tmp_path / "crawl.warc", GOOD)
    path.write_bytes(damage(path.read_bytes()))
    *good, last = errors(path)
    assert last == "damaged_input"
    assert set(good) <= {""}


@pytest.mark.parametrize("line", [b"\0" * 100_000_000, b"WARC/1.0\r\n" + b"a" * 100_000_000, b"\r\n" * 50_000_000])
def test_a_bomb_is_read_in_little_memory(tmp_path: Path, line: bytes) -> None:
    """A line, a header or blank lines without an end."""
    path = tmp_path / "bomb.warc.gz"
    path.write_bytes(gzip.compress(line, 1))
    tracemalloc.start()
    found = errors(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found in ([], ["damaged_input"])
    assert peak < 5_000_000
