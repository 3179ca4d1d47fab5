"""The dedup state: Faust tables that we read and write ourselves, and that Faust recovers from their changelogs.

In: keys and states as bytes, from the dedupe half. Out: the state of a key; records for the changelog topics; the local
store, changed only after those are acknowledged. Faust's own way of writing a table is not used: it changes the local
store first and does not wait for its changelog.
"""

import gc
import shutil
import weakref
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

import faust
from faust.streams import _current_event
from faust.tables.base import Collection
from faust.types import TP, EventT

from worker.publish import Outgoing

ROCKSDB_OPTIONS = {"block_cache_size": 16 << 20, "write_buffer_size": 8 << 20, "max_write_buffer_number": 2}
"""Bytes and buffers of each partition of a table; Faust's default cache alone may grow to 2 GiB a partition."""


CLAIM = b"claim"
"""Key and value of the record that a partition's new writer begins with. No key of a state looks like it: those are
hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A state to keep under a key, in the partition that its sightings have."""

    table: str
    partition: int
    key: bytes
    value: bytes


@dataclass(frozen=True, slots=True, weakref_slot=True)
class ChangelogRecord:
    """An entry as Faust's stores take it in recovery: event and message in one."""

    tp: TP
    offset: int
    key: bytes
    value: bytes | None

    @property
    def message(self) -> "ChangelogRecord":
        """Itself."""
        return self

    @property
    def partition(self) -> int:
        """The partition of the changelog, which is that of the source."""
        return self.tp.partition


class Tables:
    """The state of all keys of this process's partitions."""

    def __init__(self, app: faust.App, names: Iterable[str]) -> None:
        """Declare the tables; they are recovered when partitions are assigned."""
        self._tables: Mapping[str, faust.Table[bytes, bytes]] = {name: _table(app, name) for name in names}

    def get(self, table: str, partition: int, key: bytes) -> bytes | None:
        """Return the state of a key; None where there is none."""
        # A store looks in the partition of the current event, which `take` sets in another task (F9).
        position = ChangelogRecord(TP(table, partition), 0, key, None)
        _current_event.set(weakref.ref(cast("EventT[bytes]", position)))
        value: bytes | None = self._tables[table].data.get(key)
        return value

    def changelog(self, entry: Entry) -> Outgoing:
        """Return the record that makes an entry last."""
        topic = self._tables[entry.table].changelog_topic_name
        return Outgoing("changelog", topic, entry.key, entry.value, partition=entry.partition)

    def claims(self, partition: int) -> list[Outgoing]:
        """Return the first records of a partition's new writer: one for each changelog, which ends its recovery."""
        return [self.changelog(Entry(table, partition, CLAIM, CLAIM)) for table in self._tables]

    def apply(self, entries: Iterable[tuple[Entry, int]]) -> None:
        """Keep entries, each with the offset that its changelog record was given."""
        batches: dict[str, list[ChangelogRecord]] = {}
        for entry, offset in entries:
            tp = TP(self._tables[entry.table].changelog_topic_name, entry.partition)
            batches.setdefault(entry.table, []).append(ChangelogRecord(tp, offset, entry.key, entry.value))
        for table, batch in batches.items():
            self._tables[table].apply_changelog_batch(cast("list[EventT[bytes]]", batch))


def wipe(table: Collection, partition: int) -> None:
    """Forget the local state of a partition, to be recovered from the beginning of its changelog."""
    if table.app.conf.store.scheme == "rocksdb":
        store = table.data
        store._dbs.pop(partition, None)  # as Faust closes a partition
        gc.collect()  # RocksDB is closed, and its lock given back, when its last reference goes
        with suppress(FileNotFoundError):
            shutil.rmtree(store.partition_path(partition))


def _table(app: faust.App, name: str) -> faust.Table[bytes, bytes]:
    options = dict(ROCKSDB_OPTIONS) if app.conf.store.scheme == "rocksdb" else None
    table = app.Table(name, key_type=bytes, value_type=bytes, options=options)
    return cast("faust.Table[bytes, bytes]", table)
