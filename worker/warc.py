"""Web archives (WARC): the HTML pages of their responses, as raw articles that keep when they were fetched.

In: the unpacked bytes of an archive, from `sources`. Out: a raw article's JSON a page, with `url` and `fetched_at`, so
that its event time is the crawl's; requests, revisits, redirects, errors and what is no HTML are passed over. A page
whose characters cannot be read goes on as the bare bytes with the archive's `content-type`, for the decoder to refuse.
Headers and bodies are bounded; records are told apart by warcio, on a stream that is.
"""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.limitreader import LimitReader
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser, StatusAndHeadersParserException

from worker.charset import read_bare
from worker.errors import Permanent
from worker.httpbody import PIECE_BYTES, SIZE_LINE_BYTES, read_body
from worker.incoming import Headers

STAGE = "warc"

MAX_LINE_BYTES = 64 * 1024
MAX_HEADER_BYTES = 1024 * 1024
"""Of one line and of all headers of one record: servers send a few kB, browsers accept 256 KiB."""

WIRE_FACTOR = 2
"""A body may have so many times the limit on the wire, where its chunks have their sizes around them."""

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
SUCCESS = "200"

DAMAGE = (ArchiveLoadFailed, StatusAndHeadersParserException)
"""What warcio raises for a file that is no archive or a damaged one."""

_HTTP = StatusAndHeadersParser(ArcWarcRecordLoader.HTTP_TYPES, verify=False)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of an archive: `number` is its record's place, `size` counts the bytes seen; with an error it is cut."""

    number: int
    url: str
    timestamp_ms: int
    value: bytes
    headers: Headers
    size: int
    error: Permanent | None = None


def read_pages(chunks: Iterable[bytes], max_bytes: int) -> Iterator[Page]:
    """Yield the pages of an archive, in its order.

    Raises:
        ArchiveLoadFailed: The archive is damaged, or none; what stood before has been yielded.
        EOFError: It ends inside a record.
    """
    stream = _Stream(chunks)
    records = ArchiveIterator(stream, no_record_parse=True)
    # Its own reader would take a line of any length.
    records.reader = stream
    for number, record in enumerate(records):
        body = record.raw_stream
        if not isinstance(body, LimitReader):
            raise ArchiveLoadFailed("a record does not say how long it is")
        stream.begin_record()
        page = _read_page(number, record, max_bytes)
        if page is not None:
            yield page
        _skip(body)


class _Stream:
    """An archive's bytes as warcio reads them, with a limit to each record's headers."""

    decompressor = None

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._chunk = b""
        self._start = 0
        self._passed = 0
        self._header_bytes = 0

    def begin_record(self) -> None:
        self._header_bytes = 0

    def read(self, length: int) -> bytes:
        if self._start >= len(self._chunk):
            self._advance()
        piece = self._chunk[self._start : self._start + length]
        self._start += len(piece)
        return piece

    def readline(self, length: int | None = None) -> bytes:
        limit = MAX_LINE_BYTES if length is None else min(length, MAX_LINE_BYTES)
        line = b""
        while len(line) < limit and not line.endswith(b"\n"):
            if self._start >= len(self._chunk) and not self._advance():
                break
            end = self._chunk.find(b"\n", self._start) + 1 or len(self._chunk)
            line += self.read(min(end - self._start, limit - len(line)))
        # The sizes of a body's chunks are no headers.
        if limit > SIZE_LINE_BYTES:
            self._check(line, is_cut=len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"))
        return line

    def tell(self) -> int:
        return self._passed + self._start

    def rem_length(self) -> int:
        return 0

    def close_decompressor(self) -> None:
        """Nothing is unpacked here."""

    def _advance(self) -> bool:
        self._passed += len(self._chunk)
        self._start, self._chunk = 0, b""
        while not self._chunk and (chunk := next(self._chunks, None)) is not None:
            self._chunk = chunk
        return bool(self._chunk)

    def _check(self, line: bytes, *, is_cut: bool) -> None:
        self._header_bytes += len(line)
        if is_cut or self._header_bytes > MAX_HEADER_BYTES:
            raise ArchiveLoadFailed("the headers of a record are too long")


def _skip(body: LimitReader) -> None:
    while body.read(PIECE_BYTES):
        pass
    if body.limit:
        raise EOFError


def _read_page(number: int, record: ArcWarcRecord, max_bytes: int) -> Page | None:
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    if record.rec_type != "response" or not url.startswith(("http:", "https:")):
        return None
    try:
        http = _HTTP.parse(record.raw_stream)
    except EOFError:
        return None
    content_type = http.get_header("content-type") or ""
    if http.get_statuscode() != SUCCESS or content_type.partition(";")[0].strip().lower() not in HTML_TYPES:
        return None
    fetched = _time(record.rec_headers.get_header("WARC-Date"))
    timestamp_ms = max(0, round(1000 * fetched.timestamp())) if fetched else 0
    try:
        body = _body(record, http, max_bytes)
    except Permanent as error:
        return Page(number, url, timestamp_ms, b"", (), max_bytes + 1, error)
    value, headers = _message(body, content_type, url, fetched)
    return Page(number, url, timestamp_ms, value, headers, len(value))


def _body(record: ArcWarcRecord, http: StatusAndHeaders, max_bytes: int) -> bytes:
    wire = _Wire(record.raw_stream, WIRE_FACTOR * max_bytes)
    found = bytearray()
    try:
        for piece in read_body(
            wire, http.get_header("transfer-encoding") or "", http.get_header("content-encoding") or ""
        ):
            found += piece
            if len(found) > max_bytes:
                raise Permanent("too_large", "decode", f"the page has more than {max_bytes} bytes, which are the limit")
    except zlib.error:
        raise Permanent("damaged_input", STAGE, "the packed body of a response is damaged") from None
    return bytes(found)


class _Wire:
    """A body on the wire, which ends the page when it goes past its limit."""

    def __init__(self, body: LimitReader, limit: int) -> None:
        self._body = body
        self._left = limit

    def read(self, length: int) -> bytes:
        return self._count(self._body.read(length))

    def readline(self, length: int) -> bytes:
        return self._count(self._body.readline(length))

    def _count(self, piece: bytes) -> bytes:
        self._left -= len(piece)
        if self._left < 0:
            raise Permanent("too_large", "decode", "the page is too large on the wire")
        return piece


def _message(body: bytes, content_type: str, url: str, fetched: datetime | None) -> tuple[bytes, Headers]:
    try:
        content, _ = read_bare(body, content_type, is_html=True)
    except UnicodeDecodeError:
        return body, (("content-type", content_type.replace("application/xhtml+xml", "text/html").encode()),)
    article = {"content": content, "content_type": "text/html", "url": url}
    if fetched is not None:
        article["fetched_at"] = fetched.isoformat()
    return orjson.dumps(article), ()


def _time(text: str | None) -> datetime | None:
    """Return a record's date in UTC; None where it has none that is one."""
    try:
        time = datetime.fromisoformat(text or "")
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
