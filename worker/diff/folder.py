"""An output folder as a comparison reads it: where each record's line is, and on what page it stands.

In: the JSON-lines files that `process` writes. Out: entries by identity, and records as they are asked for. It holds
no record, only its place and digest, so that folders of any size can be compared.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, Self, cast

import orjson

from worker.diff.model import Record
from worker.errors import Fatal

STAGE = "diff"

DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class Entry:
    """A record's identity and occurrence, its line's digest and its place in the file."""

    key: str
    digest: bytes
    start: int
    size: int


class Folder:
    """One side of a comparison; closed with the `with` that opened it."""

    def __init__(self, path: Path) -> None:
        """Look into a folder.

        Raises:
            Fatal: `bad_input`, where it has no story.jsonl.
        """
        if not (path / "story.jsonl").is_file():
            raise Fatal("bad_input", STAGE, f"{path}: no output folder of `newsworker process`: no story.jsonl in it")
        self._path = path
        self._files: dict[str, BinaryIO] = {}
        self._stack = ExitStack()
        self._places: dict[str, str] = {}

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.push(self.__exit__)
            self._places = self._find_places()
            stack.pop_all()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stack.close()

    def entries(self, kind: str, identity: Callable[[Record], str]) -> dict[str, Entry]:
        """Return every record of a kind; one that comes up again has its number behind its identity."""
        found: dict[str, Entry] = {}
        occurrences: dict[str, int] = {}
        for start, line in self._lines(kind):
            key = identity(self._record(kind, line))
            occurrences[key] = number = occurrences.get(key, 0) + 1
            key = key if number == 1 else f"{key}#{number}"
            found[key] = Entry(key, blake2b(line, digest_size=DIGEST_BYTES).digest(), start, len(line))
        return found

    def load(self, kind: str, entry: Entry) -> Record:
        """Return a record."""
        file = self._files[kind]
        file.seek(entry.start)
        return self._record(kind, file.read(entry.size))

    def place_of(self, page_id: object) -> str:
        """Return what stays of a page when its content changes: its URL, else the scraper's id, else its own."""
        return self._places.get(str(page_id), str(page_id))

    def _find_places(self) -> dict[str, str]:
        places: dict[str, str] = {}
        # Where pages are not written their stories tell the same, the main one of each its URL.
        for kind in ("story", "page"):
            for _, line in self._lines(kind):
                record = self._record(kind, line)
                if place := record.get("url") or record.get("raw_id"):
                    places.setdefault(str(record.get("page_id")), str(place))
        return places

    def _lines(self, kind: str) -> Iterator[tuple[int, bytes]]:
        file = self._open(kind)
        if file is None:
            return
        file.seek(0)
        start = 0
        for line in file:
            if line.strip():
                yield start, line
            start += len(line)

    def _open(self, kind: str) -> BinaryIO | None:
        path = self._path / f"{kind}.jsonl"
        if kind not in self._files:
            if not path.is_file():
                return None
            self._files[kind] = self._stack.enter_context(path.open("rb"))
        return self._files[kind]

    def _record(self, kind: str, line: bytes) -> Record:
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError:
            record = None
        if not isinstance(record, dict):
            raise Fatal("bad_input", STAGE, f"{self._path / kind}.jsonl: a line is no JSON object")
        return cast("Record", record)
