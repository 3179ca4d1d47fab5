"""The body of an archived HTTP response, freed from its transfer and content encodings.

In: the body's bytes as they went over the wire, from `warc`. Out: pieces of the body, each of bounded size whatever it
unpacks from: warcio's own decoding takes a chunk and what it unpacks to whole.
"""

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Protocol

from worker.errors import Permanent

STAGE = "warc"

PIECE_BYTES = 64 * 1024

SIZE_LINE_BYTES = 64
"""A chunk's size and its extensions; longer ones are not met, and mean that the body is not chunked."""

GZIP_MAGIC = b"\x1f\x8b"

IDENTITY = frozenset({"", "identity"})
GZIP = frozenset({"gzip", "x-gzip"})


class Stream(Protocol):
    """The bytes of a record, to its end."""

    def read(self, length: int) -> bytes:
        """Return some bytes, at most so many; none at the end."""

    def readline(self, length: int) -> bytes:
        """Return bytes up to a line feed, at most so many."""


def read_body(stream: Stream, transfer: str, content: str) -> Iterator[bytes]:
    """Return the pieces of a body.

    Args:
        stream: The body's bytes.
        transfer: The header `transfer-encoding`; many archives keep it although the chunks are gone.
        content: The header `content-encoding`; the same.

    Raises:
        Permanent: `unsupported_encoding`, for any but gzip and deflate.
        zlib.error: The body is damaged.
    """
    wire = _dechunk(stream) if "chunked" in transfer.lower() else _rest(stream)
    encoding = content.strip().lower()
    if encoding in IDENTITY:
        return wire
    if encoding not in GZIP | {"deflate"}:
        raise Permanent("unsupported_encoding", STAGE, "the body's content-encoding is neither gzip nor deflate")
    return _inflate(wire, encoding)


def _rest(stream: Stream, before: bytes = b"") -> Iterator[bytes]:
    if before:
        yield before
    yield from iter(lambda: stream.read(PIECE_BYTES), b"")


def _dechunk(stream: Stream) -> Iterator[bytes]:
    line = stream.readline(SIZE_LINE_BYTES)
    if _size(line) is None:
        yield from _rest(stream, line)
        return
    while size := _size(line):
        yield from _take(stream, size)
        stream.readline(SIZE_LINE_BYTES)  # the line end behind the chunk
        line = stream.readline(SIZE_LINE_BYTES)


def _size(line: bytes) -> int | None:
    digits = line.split(b";")[0].strip()
    if not line.endswith(b"\n") or not digits or digits.strip(b"0123456789abcdefABCDEF"):
        return None
    return int(digits, 16)


def _take(stream: Stream, size: int) -> Iterator[bytes]:
    while size > 0 and (piece := stream.read(min(size, PIECE_BYTES))):
        size -= len(piece)
        yield piece


def _inflate(wire: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    pieces = iter(wire)
    first = next(pieces, b"")
    window = _window(first, encoding)
    if window is None:
        yield first
        yield from pieces
        return
    unpacker = zlib.decompressobj(window)
    for piece in chain([first], pieces):
        rest = piece
        while rest and not unpacker.eof:
            yield unpacker.decompress(rest, PIECE_BYTES)
            rest = unpacker.unconsumed_tail
    if not unpacker.eof:
        raise zlib.error("the packed body is cut off")


def _window(first: bytes, encoding: str) -> int | None:
    """Return zlib's window bits for a body that begins so; None where it is not packed after all."""
    if encoding in GZIP:
        return 16 + zlib.MAX_WBITS if first.startswith(GZIP_MAGIC) else None
    # "deflate" is zlib by its standard and a bare stream in practice: the first byte's lower half tells.
    is_zlib = len(first) > 1 and first[0] & 0x0F == zlib.DEFLATED and (first[0] << 8 | first[1]) % 31 == 0
    return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS
