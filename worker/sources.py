"""Raw messages out of files: what the commands without a broker, and the replay, read.

In: names from the command line. Out: `Sourced` messages, each with its file's name as topic and its place there as
offset. Memory is bounded by the limit for one message, whatever a file unpacks to. It decodes nothing, writes nothing.

- `.jsonl`: a raw message a line, the bytes as they are; lines end at a line feed only and blank ones hold no message.
  The offset is the line's number from 0, blank lines counted.
- `.txt`, `.html`, `.htm`: one bare page, with the `content-type` header that says so.
- each of them with `.gz` or `.zst` behind it; folders, recursively and in the order of their names; `-`: lines from
  standard input.
"""

import gzip
import os
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

import orjson
import zstandard

from worker.errors import Fatal, Permanent
from worker.incoming import Headers, Incoming

STAGE = "sources"

STANDARD_INPUT = "-"

NO_TIMESTAMP_MS = 0
"""Timestamp of a message from a file, 1970-01-01T00:00:00Z: a file has none, and its own times differ by machine.

It becomes `seen_at` only where neither the message nor the page says when it was fetched.
"""

CONTENT_TYPES: dict[str, str | None] = {
    ".jsonl": None,
    ".txt": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
}
"""What a file's suffix says of it; None: lines."""

COMPRESSIONS = (".gz", ".zst")

CHUNK_BYTES = 64 * 1024
"""Read at once from a plain file, and unpacked at once from gzip."""

ZSTD_CHUNK_BYTES = 1024
"""Unpacked at once from Zstandard, whose blocks can unpack 32,768-fold (RFC 8878: 128 KiB out of 4 bytes): 32 MiB."""

ZSTD_WINDOW_BYTES = 128 * 1024 * 1024
"""The largest window that is accepted, that of `zstd --long=27`; larger ones would ask for that much memory."""

DAMAGE = (OSError, EOFError, zlib.error, zstandard.ZstdError)
"""What reading a damaged or vanished file raises."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, or standard input (no path). `name` is what its messages call it; `content_type` None: lines."""

    name: str
    path: Path | None
    content_type: str | None
    compression: str | None


@dataclass(frozen=True, slots=True)
class Sourced:
    """A message of a file. `size` counts all its bytes; with an `error` it cannot be used: its value is not whole."""

    message: Incoming
    size: int
    error: Permanent | None = None


def find(inputs: Sequence[str], *, leave_out: Path | None = None) -> list[Source]:
    """Return the files to read, in order; `leave_out` is a folder that is not searched (the output's own).

    Raises:
        Fatal: `bad_input`, naming the file that is missing, unreadable or of no known kind, or the empty folder.
    """
    return [source for name in inputs for source in _find(name, leave_out)]


def read(source: Source, max_bytes: int) -> Iterator[Sourced]:
    """Yield the messages of a source.

    A message of more than `max_bytes` is `too_large`, as the decoder has it, and keeps no value. A file that cannot be
    read to its end yields what it holds and then, without a value, the error `damaged_input`.
    """
    offset = -1
    try:
        for offset, value, size in _values(source, max_bytes):
            yield _sourced(source, offset, value, size, max_bytes)
    except DAMAGE as error:
        damage = f"{source.name} cannot be read to its end: {type(error).__name__}"
        yield Sourced(_message(source, offset + 1, b""), 0, Permanent("damaged_input", STAGE, damage))


def key_of(message: Incoming) -> bytes | None:
    """Return the Kafka key of a raw message: its `url`, else its `id`; None where it has neither or is not JSON."""
    if message.header("content-type") is not None:
        return None
    try:
        record = orjson.loads(message.value or b"")
    except orjson.JSONDecodeError:
        return None
    names = (record.get("url"), record.get("id")) if isinstance(record, dict) else ()
    return next((name.encode() for name in names if isinstance(name, str) and name), None)


def _find(name: str, leave_out: Path | None) -> Iterable[Source]:
    path = Path(name)
    if name == STANDARD_INPUT:
        return [Source(STANDARD_INPUT, None, None, None)]
    if path.is_dir():
        return _find_in_folder(path, leave_out)
    if not path.exists():
        raise Fatal("bad_input", STAGE, f"{name}: no such file or folder")
    if not os.access(path, os.R_OK):
        raise Fatal("bad_input", STAGE, f"{name}: not readable for this user")
    if (source := _source(path, path.name)) is None:
        raise Fatal("bad_input", STAGE, f"{name}: not one of {_kinds()}")
    return [source]


def _find_in_folder(folder: Path, leave_out: Path | None) -> list[Source]:
    hidden = leave_out.resolve() if leave_out else None
    paths = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and (hidden is None or hidden not in path.resolve().parents)
    )
    found = [_source(path, path.relative_to(folder).as_posix()) for path in paths]
    sources = [source for source in found if source is not None]
    if not sources:
        raise Fatal("bad_input", STAGE, f"{folder}: no file in it is one of {_kinds()}")
    return sources


def _kinds() -> str:
    return f"{' '.join(CONTENT_TYPES)}, each also with {' or '.join(COMPRESSIONS)} behind it"


def _source(path: Path, name: str) -> Source | None:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    compression = suffixes.pop() if suffixes and suffixes[-1] in COMPRESSIONS else None
    if not suffixes or suffixes[-1] not in CONTENT_TYPES:
        return None
    # A name that is no UTF-8 comes with lone surrogates, which no record can hold.
    printable = name.encode("utf-8", "replace").decode()
    return Source(printable, path, CONTENT_TYPES[suffixes[-1]], compression)


def _sourced(source: Source, offset: int, value: bytes, size: int, max_bytes: int) -> Sourced:
    if size <= max_bytes:
        return Sourced(_message(source, offset, value), size)
    error = Permanent("too_large", "decode", f"the message has {size} bytes, the limit is {max_bytes}")
    return Sourced(_message(source, offset, b""), size, error)


def _message(source: Source, offset: int, value: bytes) -> Incoming:
    headers: Headers = (("content-type", source.content_type.encode()),) if source.content_type else ()
    return Incoming(source.name, 0, offset, NO_TIMESTAMP_MS, None, value, headers)


def _values(source: Source, max_bytes: int) -> Iterator[tuple[int, bytes, int]]:
    """Yield place, bytes (no more than the limit and one) and true size of each message."""
    with _chunks(source) as chunks:
        if source.content_type is None:
            lines = enumerate(_lines(chunks, max_bytes + 1))
            yield from ((number, line, size) for number, (line, size) in lines if line.strip() or size > max_bytes)
        else:
            yield (0, *_whole(chunks, max_bytes + 1))


def _lines(chunks: Iterable[bytes], keep: int) -> Iterator[tuple[bytes, int]]:
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


def _whole(chunks: Iterable[bytes], keep: int) -> tuple[bytes, int]:
    head, size = bytearray(), 0
    for chunk in chunks:
        head += chunk[: keep - len(head)]
        size += len(chunk)
    return bytes(head), size


@contextmanager
def _chunks(source: Source) -> Iterator[Iterator[bytes]]:
    with ExitStack() as stack:
        if source.path is None:
            yield iter(lambda: sys.stdin.buffer.readline(CHUNK_BYTES), b"")
        elif source.compression == ".gz":
            yield _pieces(stack.enter_context(gzip.open(source.path)), CHUNK_BYTES)
        elif source.compression == ".zst":
            yield _unpack_zstd(stack.enter_context(source.path.open("rb")))
        else:
            yield _pieces(stack.enter_context(source.path.open("rb")), CHUNK_BYTES)


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
