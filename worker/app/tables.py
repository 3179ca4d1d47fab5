"""The dedup state: Faust tables that we read and write ourselves, and that Faust recovers from their changelogs.

In: keys and states as bytes, from the dedupe half. Out: the state of a key; records for the changelog topics; the local
store, changed only after those are acknowledged. Faust's own way of writing a table is not used: it changes the local
store first and does not wait for its changelog.
"""

import asyncio
import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from statistics import fmean
from typing import TYPE_CHECKING, Any, cast

import faust
from faust.streams import _current_event
from faust.tables.base import Collection
from faust.types import TP, EventT

from worker.publish import Outgoing

if TYPE_CHECKING:
    from worker.app.consumer import Consumer

    # RocksDB's library is loaded where state is kept on disk, and nowhere else.
    from worker.app.store import Store

CLAIM = b"claim"
"""Key and value of the record that a partition's new writer begins with. No key of a state looks like it: those have
eight bytes, or a prefix and more."""

RUNS_GATHERED = 2
"""Runs that Faust gathers before it lets a table keep them; with one it goes on reading the changelog when it has
recovered: what was kept since would be overwritten by what was kept before (F31)."""

SAMPLED = 1000
"""Entries in memory by whose mean the size of all is told: to add up a million of them would hold the loop."""

RETRY_SECONDS = 5.0
"""Between two attempts of recovery to store what it has read, each of which adds a run to what waits."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A state to keep under a key, in the partition that its sightings have; None is forgotten."""

    table: str
    partition: int
    key: bytes
    value: bytes | None


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


class Table(faust.Table[bytes, bytes]):
    """A table whose store is ours, where it is kept on disk."""

    async def keep(self, events: list[EventT[bytes]]) -> None:
        """Keep entries, for as long as it takes."""
        if (store := self.on_disk) is not None:
            await store.keep(events)
        else:
            super().apply_changelog_batch(events)

    def apply_changelog_batch(self, batch: Iterable[EventT[bytes]]) -> None:
        """Keep what recovery has read: each event stands for a run of records."""
        consumer = cast("Consumer", self.app.consumer)
        runs = [(event.message.tp, consumer.run_of(event.message)) for event in batch]
        records = [ChangelogRecord(tp, one.offset, one.key, one.value) for tp, run in runs for one in run]
        super().apply_changelog_batch(cast("list[EventT[bytes]]", records))

    async def on_changelog_event(self, event: EventT[bytes]) -> None:
        """Slow recovery down while it cannot store: Faust tries again with each run that it reads."""
        await super().on_changelog_event(event)
        if (store := self.on_disk) is not None and store.is_retrying:
            await asyncio.sleep(RETRY_SECONDS)

    @property
    def on_disk(self) -> "Store | None":
        """Its store, where that is RocksDB's."""
        return cast("Store", self.data) if self.app.conf.store.scheme == "rocksdb" else None

    def _new_store(self) -> Any:  # noqa: ANN401 - Faust's stores share no type that helps
        if self.app.conf.store.scheme != "rocksdb":
            return super()._new_store()
        from worker.app.store import OPTIONS, Store  # noqa: PLC0415 - as above

        return Store(
            self.app.conf.store,
            self.app,
            self,
            table_name=self.name,
            key_type=self.key_type,
            key_serializer=self.key_serializer,
            value_serializer=self.value_serializer,
            value_type=self.value_type,
            loop=self.loop,
            options=OPTIONS,
        )


class Tables:
    """The state of all keys of this process's partitions."""

    def __init__(self, app: faust.App, names: Iterable[str]) -> None:
        """Declare the tables; they are recovered when partitions are assigned."""
        self._tables: Mapping[str, Table] = {name: _table(app, name) for name in names}

    @property
    def is_retrying(self) -> bool:
        """Whether something waits to be stored."""
        return any(table.on_disk is not None and table.on_disk.is_retrying for table in self._tables.values())

    def get(self, table: str, partition: int, key: bytes) -> bytes | None:
        """Return the state of a key; None where there is none."""
        kept = self._tables[table]
        if (store := kept.on_disk) is not None:
            return store.get_of(partition, key)
        # A store looks in the partition of the current event, which `take` sets in another task (F9).
        position = ChangelogRecord(TP(table, partition), 0, key, None)
        _current_event.set(weakref.ref(cast("EventT[bytes]", position)))
        value: bytes | None = kept.data.get(key)
        return value

    def sizes(self) -> dict[str, int]:
        """Return the bytes that each table takes here: of its files on disk, else of its keys and values in memory."""
        return {name: _size(table) for name, table in self._tables.items()}

    def changelog(self, entry: Entry) -> Outgoing:
        """Return the record that makes an entry last."""
        topic = self._tables[entry.table].changelog_topic_name
        return Outgoing("changelog", topic, entry.key, entry.value, partition=entry.partition)

    def claims(self, partition: int) -> list[Outgoing]:
        """Return the first records of a partition's new writer: one for each changelog, which ends its recovery."""
        return [self.changelog(Entry(table, partition, CLAIM, CLAIM)) for table in self._tables]

    async def keep(self, entries: Iterable[tuple[Entry, int]]) -> None:
        """Keep entries, each with the offset that its changelog record was given, for as long as it takes."""
        batches: dict[str, list[EventT[bytes]]] = {}
        for entry, offset in entries:
            tp = TP(self._tables[entry.table].changelog_topic_name, entry.partition)
            record = ChangelogRecord(tp, offset, entry.key, entry.value)
            batches.setdefault(entry.table, []).append(cast("EventT[bytes]", record))
        for table, batch in batches.items():
            await self._tables[table].keep(batch)


def wipe(table: Collection, partition: int) -> None:
    """Forget the local state of a partition, to be recovered from the beginning of its changelog."""
    if (store := cast("Table", table).on_disk) is not None:
        store.wipe(partition)


def _size(table: Table) -> int:
    if (store := table.on_disk) is not None:
        return store.size
    kept: Mapping[bytes, bytes] = cast("Any", table.data).data
    sample = list(islice(kept.items(), SAMPLED))
    return round(len(kept) * fmean(len(key) + len(value) for key, value in sample)) if sample else 0


def _table(app: faust.App, name: str) -> Table:
    return cast("Table", app.Table(name, key_type=bytes, value_type=bytes, recovery_buffer_size=RUNS_GATHERED))
