"""Raw messages out of files: what the commands without a broker, and the replay, read.

In: names from the command line. Out: `Sourced` messages, each with its file's name as topic and its place there as
offset. Memory is bounded by the limit for one message, whatever a file unpacks to. It decodes nothing and writes no
file.

- `.jsonl`: a raw message a line, the bytes as they are; lines end at a line feed only and blank ones hold no message.
  The offset is the line's number from 0, blank lines counted. A line of a recording (`worker.recording`) is the message
  as it was recorded, with its own topic, partition, offset, key, headers and timestamp.
- `.txt`, `.html`, `.htm`: one bare page, with the `content-type` header that says so.
- `.warc`: a raw article for each HTML page of a web archive; the key is its URL, the timestamp the crawl's.
- each of them with `.gz` or `.zst` behind it; folders, recursively and in the order of their names; `-`: lines from
  standard input, or what is pasted there (`find_pasted`).

A folder may come from strangers: what its links lead to outside of it is not read, and linked folders are not entered.
"""

import os
import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Literal

import orjson

from worker import recording, unpack, warc
from worker.errors import Fatal, Permanent
from worker.incoming import Headers, Incoming
from worker.printable import excerpt

STAGE = "sources"

NAME_CHARACTERS = 200

STANDARD_INPUT = "-"

NO_TIMESTAMP_MS = 0
"""Timestamp of a message from a file, 1970-01-01T00:00:00Z: a file has none, and its own times differ by machine.

It becomes `seen_at` only where neither the message nor the page says when it was fetched.
"""

Form = Literal["lines", "text/plain", "text/html", "warc", "pasted"]
"""What a file holds: lines of messages, one page of a type, an archive, or what its first character tells."""

FORMS: dict[str, Form] = {
    ".jsonl": "lines",
    ".txt": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
    ".warc": "warc",
}
"""What a file's suffix says of it."""

PASTED: dict[bytes, Form] = {b"{": "lines", b"<": "text/html"}
"""What the first character of something pasted says of it; with any other it is text."""

BEFORE_FIRST = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n\f\v"
"""Bytes that may stand before the first character: byte order marks, UTF-16's zeros, whitespace."""

DAMAGE = (*unpack.DAMAGE, *warc.DAMAGE)
"""What reading a damaged or vanished file raises."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, or standard input (no path). `name` is what its messages call it."""

    name: str
    path: Path | None
    form: Form
    compression: str | None


@dataclass(frozen=True, slots=True)
class Sourced:
    """A message of a file, or of a topic.

    `number` is its place there, rising; `source` tells the files of one run apart. `size` counts all its bytes; with an
    `error` it cannot be used: its value is not whole. `is_recorded` says that key and timestamp are the message's own:
    other files have none.
    """

    message: Incoming
    size: int
    error: Permanent | None = None
    number: int = 0
    source: str = ""
    is_recorded: bool = False


def find(inputs: Sequence[str], *, leave_out: Path | None = None) -> list[Source]:
    """Return the files to read, in order; `leave_out` is a folder that is not searched (the output's own).

    Raises:
        Fatal: `bad_input`, naming the file that is missing, unreadable or of no known kind, or the empty folder.
    """
    return [source for name in inputs for source in _find(name, leave_out)]


def find_pasted(name: str) -> list[Source]:
    """Return the files to read, as `find`; of standard input what is pasted there: a page, a message or lines of them.

    Raises:
        Fatal: As `find`.
    """
    return [Source(STANDARD_INPUT, None, "pasted", None)] if name == STANDARD_INPUT else find([name])


def read(source: Source, max_bytes: int) -> Iterator[Sourced]:
    """Yield the messages of a source.

    A message of more than `max_bytes` is `too_large`, as the decoder has it, and keeps no value. A file that cannot be
    read to its end yields what it holds and then, without a value, the error `damaged_input`.
    """
    number = -1
    try:
        for sourced in _read(source, max_bytes):
            number = sourced.number
            yield sourced
    except DAMAGE as error:
        damage = f"{source.name} cannot be read to its end: {type(error).__name__}"
        lost = _message(source, number + 1, b"")
        yield Sourced(lost, 0, Permanent("damaged_input", STAGE, damage), number + 1)


def of_topic(message: Incoming) -> Sourced:
    """Return a message that was read from a topic."""
    return Sourced(message, len(message.value or b""), number=message.offset, is_recorded=True)


def sending_key(sourced: Sourced) -> bytes | None:
    """Return the key to send a message with: its own where it was recorded with one, or without; else `key_of`."""
    return sourced.message.key if sourced.is_recorded else key_of(sourced.message)


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
        return [Source(STANDARD_INPUT, None, "lines", None)]
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
    root, hidden = folder.resolve(), leave_out.resolve() if leave_out else None
    found = [
        _source(path, path.relative_to(folder).as_posix())
        for path in sorted(folder.rglob("*"))
        if not _is_strange(path, root) and path.is_file() and (hidden is None or hidden not in path.resolve().parents)
    ]
    sources = [source for source in found if source is not None]
    if not sources:
        raise Fatal("bad_input", STAGE, f"{folder}: no file in it is one of {_kinds()}")
    return sources


def _is_strange(path: Path, root: Path) -> bool:
    """Tell whether a path is a link to a folder, or to a file outside the root: here, and on standard error."""
    is_strange = path.is_symlink() and (path.is_dir() or (path.is_file() and root not in path.resolve().parents))
    if is_strange and (path.is_dir() or _source(path, path.name) is not None):
        sys.stderr.write(f"passed over {excerpt(str(path), NAME_CHARACTERS)}, a link to a folder or out of this one\n")
    return is_strange


def _kinds() -> str:
    return f"{' '.join(FORMS)}, each also with {' or '.join(unpack.COMPRESSIONS)} behind it"


def _source(path: Path, name: str) -> Source | None:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    compression = suffixes.pop() if suffixes and suffixes[-1] in unpack.COMPRESSIONS else None
    if not suffixes or suffixes[-1] not in FORMS:
        return None
    # A name that is no UTF-8 comes with lone surrogates, which no record can hold.
    printable = name.encode("utf-8", "replace").decode()
    return Source(printable, path, FORMS[suffixes[-1]], compression)


def _read(source: Source, max_bytes: int) -> Iterator[Sourced]:
    with unpack.open_chunks(source.path, source.compression) as chunks:
        if source.form == "pasted":
            yield from _read_pasted(source, chunks, max_bytes)
        else:
            yield from _read_chunks(source, chunks, max_bytes)


def _read_pasted(source: Source, chunks: Iterator[bytes], max_bytes: int) -> Iterator[Sourced]:
    head = _take(chunks, max_bytes, lambda chunk: bool(chunk.strip(BEFORE_FIRST)))
    form = PASTED.get(head.lstrip(BEFORE_FIRST)[:1], "text/plain")
    read_form = _read_messages if form == "lines" else _read_chunks
    yield from read_form(replace(source, form=form), chain([head], chunks), max_bytes)


def _take(chunks: Iterator[bytes], max_bytes: int, is_last: Callable[[bytes], bool]) -> bytes:
    """Return the chunks up to and with the one that is the last, or makes more than `max_bytes`."""
    head = bytearray()
    for chunk in chunks:
        head += chunk
        if is_last(chunk) or len(head) > max_bytes:
            break
    return bytes(head)


def _read_messages(source: Source, chunks: Iterator[bytes], max_bytes: int) -> Iterator[Sourced]:
    """Yield the one message that may stand in many lines, else each line as a message."""
    head = _take(chunks, max_bytes, lambda _: False)
    if len(head) <= max_bytes and _is_object(head):
        line = head.strip()
        yield _of_line(source, 0, line, len(line), max_bytes)
    else:
        yield from _read_lines(source, chain([head], chunks), max_bytes)


def _is_object(pasted: bytes) -> bool:
    try:
        return isinstance(orjson.loads(pasted.removeprefix(BOM_UTF8)), dict)
    except orjson.JSONDecodeError:
        return False


def _read_chunks(source: Source, chunks: Iterable[bytes], max_bytes: int) -> Iterator[Sourced]:
    if source.form == "lines":
        yield from _read_lines(source, chunks, max_bytes)
    elif source.form == "warc":
        yield from (_of_archive(source, page, max_bytes) for page in warc.read_pages(chunks, max_bytes))
    else:
        value, size = unpack.join(chunks, max_bytes + 1)
        yield _limited(_message(source, 0, value), size, max_bytes)


def _read_lines(source: Source, chunks: Iterable[bytes], max_bytes: int) -> Iterator[Sourced]:
    lines = unpack.split_lines(chunks, recording.max_line_bytes(max_bytes) + 1)
    for number, (line, size) in enumerate(lines):
        if size > max_bytes or line.strip():
            yield _of_line(source, number, line, size, max_bytes)


def _of_line(source: Source, number: int, line: bytes, size: int, max_bytes: int) -> Sourced:
    if recording.is_recorded(line):
        return _of_recording(source, number, line, size, max_bytes)
    return _limited(_message(source, number, line), size, max_bytes)


def _of_recording(source: Source, number: int, line: bytes, size: int, max_bytes: int) -> Sourced:
    if size > len(line):
        return _limited(_message(source, number, b""), size, max_bytes)
    try:
        message = recording.decode(line)
    except Permanent as error:
        # Nobody knows its key: it is not looked for in what may be a bomb.
        return Sourced(_message(source, number, line), size, error, number, is_recorded=True)
    sourced = _limited(message, len(message.value or b""), max_bytes)
    return replace(sourced, number=number, is_recorded=True)


def _of_archive(source: Source, page: warc.Page, max_bytes: int) -> Sourced:
    message = Incoming(source.name, 0, page.number, page.timestamp_ms, page.url.encode(), page.value, page.headers)
    if page.error is not None:
        return Sourced(message, page.size, page.error, page.number, is_recorded=True)
    return replace(_limited(message, page.size, max_bytes), is_recorded=True)


def _limited(message: Incoming, size: int, max_bytes: int) -> Sourced:
    if size <= max_bytes:
        return Sourced(message, size, number=message.offset)
    error = Permanent("too_large", "decode", f"the message has {size} bytes, the limit is {max_bytes}")
    return Sourced(replace(message, value=b""), size, error, message.offset)


def _message(source: Source, offset: int, value: bytes) -> Incoming:
    is_page = source.form.startswith("text/")
    headers: Headers = (("content-type", source.form.encode()),) if is_page else ()
    return Incoming(source.name, 0, offset, NO_TIMESTAMP_MS, None, value, headers)
