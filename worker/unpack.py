"""Files as bytes in pieces, whatever they are packed in; never more of them in memory than a piece.

In: a path, or standard input, from `sources`. Out: pieces, lines or whole contents, cut at what may be kept. A bomb
costs the time that its bytes take to count, and no memory.
"""

import gzip
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from io import BufferedReader
from pathlib import Path

import zstandard

COMPRESSIONS = (".gz", ".zst")

CHUNK_BYTES = 64 * 1024
"""Read at once from a plain file, and unpacked at once from gzip."""

ZSTD_CHUNK_BYTES = 1024
"""Unpacked at once from Zstandard, whose blocks can unpack 32,768-fold (RFC 8878: 128 KiB out of 4 bytes): 32 MiB."""

ZSTD_WINDOW_BYTES = 128 * 1024 * 1024
"""The largest window that is accepted, that of `zstd --long=27`; larger ones would ask for that much memory."""

DAMAGE = (OSError, EOFError, zlib.error, zstandard.ZstdError)
"""What reading a damaged or vanished file raises."""


@contextmanager
def open_chunks(path: Path | None, compression: str | None) -> Iterator[Iterator[bytes]]:
    """Yield the pieces of a file's contents, unpacked; of standard input where there is no path."""
    with ExitStack() as stack:
        if path is None:
            yield iter(lambda: sys.stdin.buffer.readline(CHUNK_BYTES), b"")
        elif compression == ".gz":
            yield _pieces(stack.enter_context(gzip.open(path)), CHUNK_BYTES)
        elif compression == ".zst":
            yield _unpack_zstd(stack.enter_context(path.open("rb")))
        else:
            yield _pieces(stack.enter_context(path.open("rb")), CHUNK_BYTES)


def split_lines(chunks: Iterable[bytes], keep: int) -> Iterator[tuple[bytes, int]]:
    """Yield the first `keep` bytes of each line, and its size; what follows is counted and dropped as it comes."""
    head, size = bytearray(), 0
    for chunk in chunks:
        start = 0
        while (end := chunk.find(b"\n", start)) >= 0:
            head += chunk[start : min(end, start + keep - len(head))]
            yield bytes(head), size + end - start
            head, size, start = bytearray(), 0, end + 1
        head += chunk[start : start + keep - len(head)]
        size += len(chunk) - start
    if size:
        yield bytes(head), size


def join(chunks: Iterable[bytes], keep: int) -> tuple[bytes, int]:
    """Return the first `keep` bytes of all pieces, and their size."""
    head, size = bytearray(), 0
    for chunk in chunks:
        head += chunk[: keep - len(head)]
        size += len(chunk)
    return bytes(head), size


def _pieces(stream: BufferedReader | gzip.GzipFile, size: int) -> Iterator[bytes]:
    # `read` would lose what was unpacked before damage is met.
    return iter(lambda: stream.read1(size), b"")


def _unpack_zstd(stream: BufferedReader) -> Iterator[bytes]:
    # The library's own stream reader takes a file cut inside a frame for a whole one.
    unpacker, frame_is_open = _new_unpacker(), False
    for piece in _pieces(stream, ZSTD_CHUNK_BYTES):
        rest = piece
        while rest:
            yield unpacker.decompress(rest)
            rest, frame_is_open = unpacker.unused_data, not unpacker.eof
            unpacker = unpacker if frame_is_open else _new_unpacker()
    if frame_is_open:
        raise EOFError


def _new_unpacker() -> "zstandard.ZstdDecompressionObj":  # the name exists for type checkers only
    return zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW_BYTES).decompressobj()
