"""The local store on disk: Faust's RocksDB store, which survives damage and a full disk.

In: Faust's calls. Out: databases, one for each partition of a table, in the folder of the local state. All that it
holds stands in a changelog, so what is damaged is thrown away and recovered. It never loses an entry that is not in
Kafka.
"""

import gc
import shutil
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from faust.stores.rocksdb import Store as FaustStore
from faust.types import EventT

from worker import log
from worker.errors import Fatal
from worker.guard import try_out

OPTIONS = {"block_cache_size": 16 << 20, "write_buffer_size": 8 << 20, "max_write_buffer_number": 2}
"""Bytes and buffers of each partition of a table; Faust's default cache alone may grow to 2 GiB a partition."""

DAMAGE = ("Corruption", "Invalid argument", "No such file")
"""How RocksDB's messages begin where its files are not what it wrote (`Status::ToString`). A full disk, or a lock that
another process holds, is an `IO error`."""


class Store(FaustStore):
    """RocksDB whose exceptions are told apart: it raises plain ones."""

    def _open_for_partition(self, partition: int) -> Any:  # noqa: ANN401 - rocksdict's
        database = try_out(lambda: super(Store, self)._open_for_partition(partition))
        if not isinstance(database, Exception):
            return database
        if not str(database).startswith(DAMAGE):
            raise database
        self._throw_away(partition)
        return super()._open_for_partition(partition)

    def get_of(self, partition: int, key: bytes) -> bytes | None:
        """Return the value of a key.

        Raises:
            Fatal: `state_damaged`, where the files cannot be read. They are thrown away: a new process recovers them.
        """
        value: bytes | Exception | None = try_out(lambda: self._db_for_partition(partition).get(key))
        if isinstance(value, Exception):
            self._throw_away(partition)
            raise Fatal("state_damaged", "dedupe", "the local state was unreadable; it is recovered from its changelog")
        return value

    def write(self, events: Iterable[EventT[bytes]]) -> Exception | None:
        """Write entries, or return why not; after that the database is closed, and opened anew by the next attempt."""
        batch = list(events)
        error = try_out(lambda: self.apply_changelog_batch(batch, _same, _same))
        if error is not None:
            # RocksDB writes nothing more after a failed write until it is opened again.
            for partition in {event.message.partition for event in batch}:
                self.close(partition)
        return error

    def close(self, partition: int) -> None:
        """Close a partition's database, if it is open."""
        self._dbs.pop(partition, None)
        gc.collect()  # RocksDB is closed, and its lock given back, when its last reference goes

    def wipe(self, partition: int) -> None:
        """Forget a partition, to be recovered from the beginning of its changelog."""
        self.close(partition)
        with suppress(FileNotFoundError):
            shutil.rmtree(self.partition_path(partition))

    def _throw_away(self, partition: int) -> None:
        log.get().warning("state_wiped", table=self.table_name, partition=partition, cause="damaged")
        self.wipe(partition)


def _same(value: Any) -> Any:  # noqa: ANN401 - bytes are bytes
    return value
