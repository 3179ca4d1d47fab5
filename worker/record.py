"""A bounded range of a topic into a file: `newsworker record`.

In: messages, from `reader`. Out: a recording (`worker.recording`), which `replay` and `process` read; it takes its name
only when it is whole. Nothing is committed and no group is joined.
"""

import gzip
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, cast

import zstandard

from worker import recording
from worker.errors import Fatal, writing_into
from worker.progress import show_progress
from worker.reader import Range, open_range
from worker.settings import Settings

STAGE = "record"

SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.zst")


async def record_range(settings: Settings, wanted: Range, out: Path) -> int:
    """Write the range into `out` and return how many messages it had.

    The same records give the same bytes.

    Raises:
        Fatal: `bad_input` for a name that is no recording's; `bad_output`; and as `reader.open_range`.
        Transient: as `reader.open_range`, and `read_stopped`; there is no file then.
    """
    if not out.name.endswith(SUFFIXES):
        raise Fatal("bad_input", STAGE, f"{out}: a recording's name ends with {', '.join(SUFFIXES)}")
    count = 0
    async with open_range(settings, wanted) as reading:
        with show_progress(f"recording {wanted.topic}", reading.total) as move, _new_file(out) as file:
            async for message in reading.messages():
                file.write(recording.encode(message) + b"\n")
                count += 1
                move(count)
    sys.stderr.write(f"recorded {count}\n")
    return count


@contextmanager
def _new_file(out: Path) -> Iterator[BinaryIO]:
    """Yield a file that packs as its name says and takes its name at the end."""
    with writing_into(out, STAGE):
        out.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=out.parent, prefix=".record-") as folder:
            beside = Path(folder) / "recording"
            with beside.open("wb") as raw, _packing(raw, out.suffix) as file:
                yield file
            beside.replace(out)


@contextmanager
def _packing(raw: BinaryIO, suffix: str) -> Iterator[BinaryIO]:
    if suffix == ".gz":
        # Without name and time: the same messages are the same bytes.
        with gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as file:
            yield cast("BinaryIO", file)
    elif suffix == ".zst":
        with zstandard.ZstdCompressor(write_checksum=True).stream_writer(raw, closefd=False) as file:
            yield cast("BinaryIO", file)
    else:
        yield raw
