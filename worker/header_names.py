r"""Header names that are not UTF-8: aiokafka's fetcher dies of one, and with it every message of its partition.

In: a fetched part of a topic, from aiokafka. Out: the same records to aiokafka, where bytes of a name that are no UTF-8
stand as `\xff`. Everything else stays aiokafka's own, and no byte of a key or value is touched.
"""

from collections.abc import Iterator
from itertools import islice
from struct import Struct
from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.record.default_records import DefaultRecord, _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords

BEGINNING = Struct(">qi")
"""Every batch begins with its base offset and the length of what follows (Kafka's message format, all versions)."""


def accept_all() -> None:
    """Let every aiokafka consumer of this process read such names; a second call changes nothing."""
    fetcher.MemoryRecords = _Records


class _Records:
    """What the fetcher takes batches from (aiokafka's `MemoryRecords`)."""

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        self._records = MemoryRecords(data)
        self.has_next = self._records.has_next
        self.size_in_bytes = self._records.size_in_bytes

    def next_batch(self) -> "_Batch":
        batch = self._records.next_batch()
        _, length = BEGINNING.unpack_from(self._data)
        end = BEGINNING.size + length
        written, self._data = self._data[:end], self._data[end:]
        return _Batch(batch, written)


class _Batch:
    """A batch that is read again from where a name could not be decoded."""

    def __init__(self, batch: Any, written: memoryview) -> None:  # noqa: ANN401 - of either of aiokafka's parsers
        self._batch = batch
        self._written = written

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - aiokafka's
        return getattr(self._batch, name)

    def __next__(self) -> DefaultRecord:
        record: DefaultRecord = next(self._batch)
        return record

    def __iter__(self) -> Iterator[DefaultRecord]:
        done = 0
        try:
            for done, record in enumerate(self._batch, 1):  # noqa: B007 - how many were read when it fails
                yield record
        except UnicodeDecodeError:
            yield from islice(_LenientBatch(self._written), done, None)


class _LenientBatch(_DefaultRecordBatchPy):  # type: ignore[misc]
    """aiokafka's parser in Python, which decodes nothing but the names of headers."""

    def _maybe_uncompress(self) -> None:
        super()._maybe_uncompress()
        self._buffer: bytearray = _Lenient(self._buffer)


class _Lenient(bytearray):
    def __getitem__(self, place: Any) -> Any:  # noqa: ANN401 - as bytearray's
        piece = super().__getitem__(place)
        return _Lenient(piece) if isinstance(piece, bytearray) else piece

    def decode(self, encoding: str = "utf-8", _errors: str = "strict") -> str:
        return super().decode(encoding, "backslashreplace")
