"""The local store on disk: Faust's RocksDB store, which survives damage and a full disk.

In: Faust's calls. Out: databases, one for each partition of a table, in the folder of the local state. All that it
holds stands in a changelog, so what is damaged is thrown away and recovered. It never loses an entry that is not in
Kafka, and never goes on from a state in which an older entry is missing and a newer one is not.
"""

import asyncio
import gc
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from faust.stores.rocksdb import RocksDBOptions
from faust.stores.rocksdb import Store as FaustStore
from faust.types import TP, CollectionT, EventT
from rocksdict import BlockBasedOptions, Cache, DBCompressionType, Options

from worker import log
from worker.errors import Fatal
from worker.guard import abandon, try_out
from worker.publish import FIRST_BACKOFF_SECONDS, LAST_BACKOFF_SECONDS

OPTIONS = {"block_cache_size": 16 << 20, "write_buffer_size": 2 << 20, "max_write_buffer_number": 2}
"""Bytes and buffers of each partition of a table; Faust's default cache alone may grow to 2 GiB a partition. What is in
the buffers has to be recovered after a kill: some 5,000 entries each, which take a second."""

BLOCK_BYTES = 8 << 10
"""Of a block before it is compressed. Headlines of an Arabic stream with their postings take 577 bytes each on disk,
compacted; in RocksDB's own blocks of 4 KiB 604, without compression 769; in blocks of 16 KiB 555, read more slowly."""

DAMAGE = ("Corruption", "Invalid argument", "IO error: No such file")
"""How RocksDB's messages begin where its files are not what it wrote (`Status::ToString`): found by damaging each kind
of file. A full disk, or a lock that another process holds, is another `IO error`."""

Attempt = Callable[[], Exception | None]


def _never() -> bool:
    return False


class Compressed(RocksDBOptions):
    """Faust's options with compressed blocks."""

    def as_options(self) -> Options:
        """Return them as RocksDB takes them."""
        options: Options = super().as_options()
        options.set_compression_type(DBCompressionType.zstd())
        table = BlockBasedOptions()
        table.set_block_size(BLOCK_BYTES)
        table.set_bloom_filter(self.bloom_filter_size, block_based=True)
        table.set_block_cache(Cache(self.block_cache_size))
        options.set_block_based_table_factory(table)
        return options


class Store(FaustStore):
    """RocksDB whose exceptions are told apart: it raises plain ones."""

    _stored: dict[int, int]
    _troubled: set[int]

    def __init__(self, *args: Any, options: Mapping[str, Any], **kwargs: Any) -> None:  # noqa: ANN401 - Faust's
        """Open databases as the options say."""
        super().__init__(*args, options=dict(options), **kwargs)
        self.rocksdb_options = Compressed(**options)

    def __post_init__(self) -> None:
        """Begin without trouble."""
        super().__post_init__()
        self._stored = {}
        self._troubled = set()

    @property
    def is_retrying(self) -> bool:
        """Whether something waits to be written, or a database to be opened."""
        return bool(self._troubled)

    @property
    def size(self) -> int:
        """The bytes of its databases' files."""
        folders = [self.partition_path(partition) for partition in tuple(self._dbs)]
        return sum(_size(file) for folder in folders for file in folder.glob("*"))

    def get_of(self, partition: int, key: bytes) -> bytes | None:
        """Return the value of a key.

        Raises:
            Fatal: `state_damaged`, where the files are not what was written. They are thrown away: a new process
                recovers them. `state_not_stored`, where they cannot be read for another reason.
        """
        value: bytes | Exception | None = try_out(lambda: self._db_for_partition(partition).get(key))
        if isinstance(value, Exception):
            raise self._fatal(value, [partition])
        return value

    async def keep(self, events: Iterable[EventT[bytes]]) -> None:
        """Write entries, for as long as it takes.

        Raises:
            Fatal: as `get_of`.
        """
        await self._persist(partial(self._write, list(events)))

    def apply_changelog_batch(
        self,
        batch: Iterable[EventT[bytes]],
        to_key: Callable[[Any], Any],  # noqa: ARG002 - Faust's: bytes stay bytes
        to_value: Callable[[Any], Any],  # noqa: ARG002
    ) -> None:
        """Write what recovery has read, or raise: then Faust keeps it and comes again."""
        error = try_out(partial(self._write, list(batch)))
        if isinstance(error, Fatal):
            abandon(error)  # Faust would swallow it, and go on in an empty database
        if error is not None:
            raise _not_stored(error)

    def persisted_offset(self, tp: TP) -> int | None:
        """Return the offset of the changelog up to which everything is kept, or None where nothing is."""
        if (error := self._open(tp.partition)) is not None:
            raise _not_stored(error)
        offset: int | Exception | None = try_out(lambda: super(Store, self).persisted_offset(tp))
        if _is_damage(offset):
            self._throw_away(tp.partition)
            return None
        if isinstance(offset, Exception):
            raise _not_stored(offset)
        return offset

    def revoke_partitions(self, table: CollectionT, tps: set[TP]) -> None:
        """Close the databases of partitions that are given away."""
        for tp in tps:
            if tp.topic in table.changelog_topic.topics:
                self._forget(tp.partition)
        super().revoke_partitions(table, tps)

    def wipe(self, partition: int) -> None:
        """Forget a partition, to be recovered from the beginning of its changelog."""
        self._close(partition)
        self._forget(partition)
        with suppress(FileNotFoundError):
            shutil.rmtree(self.partition_path(partition))

    async def _try_open_db_for_partition(
        self,
        partition: int,
        max_retries: int = 30,  # noqa: ARG002 - Faust's
        retry_delay: float = 1.0,  # noqa: ARG002
        generation_id: int = 0,
    ) -> None:
        """Open an assigned partition for as long as it takes: the next process would find the disk as full."""

        def is_over() -> bool:
            return self.app.should_stop or generation_id != self.app.consumer_generation_id

        await self._persist(partial(self._open, partition), is_over)

    async def _persist(self, attempt: Attempt, is_over: Callable[[], bool] = _never) -> None:
        backoff = FIRST_BACKOFF_SECONDS
        while attempt() is not None and not is_over():
            await asyncio.sleep(backoff)
            backoff = min(2 * backoff, LAST_BACKOFF_SECONDS)

    def _open(self, partition: int) -> Exception | None:
        """Open what an earlier process has left, or return why not; what is damaged is thrown away."""
        if partition in self._dbs:
            return None
        self._drop_log(partition)
        database = try_out(lambda: self._db_for_partition(partition))
        if _is_damage(database):
            self._throw_away(partition)
            database = try_out(lambda: self._db_for_partition(partition))
        return self._note(database if isinstance(database, Exception) else None, {partition})

    def _drop_log(self, partition: int) -> None:
        """Leave out the log of the last writes, which recovery reads again: it may stand behind a gap.

        The files before it are listed in a manifest. Where that has lost its end, RocksDB would leave out the files
        that the end named and still read the log, which was written after them.
        """
        path = self.partition_path(partition)
        if (path / "CURRENT").exists():  # else RocksDB finds by the log that it is missing
            for file in path.glob("*.log"):
                file.unlink()

    def _write(self, batch: Sequence[EventT[bytes]]) -> Exception | None:
        """Write entries, or return why not; after that the databases are closed, and opened anew by the next attempt.

        Raises:
            Fatal: as `get_of`.
        """
        partitions = {event.message.partition for event in batch}
        error = try_out(partial(self._apply, batch, partitions))
        if error is not None and _is_damage(error):
            raise self._fatal(error, partitions)
        for partition in partitions if error else ():
            # RocksDB writes nothing more after a failed write until it is opened again.
            self._close(partition)
        return self._note(error, partitions)

    def _apply(self, batch: Sequence[EventT[bytes]], partitions: set[int]) -> None:
        for partition in partitions - self._dbs.keys():
            self._reopen(partition)
        super().apply_changelog_batch(batch, _same, _same)
        for event in batch:
            message = event.message
            self._stored[message.partition] = max(message.offset, self._stored.get(message.partition, -1))

    def _reopen(self, partition: int) -> None:
        offset = self._db_for_partition(partition).get(self.offset_key)
        if int(offset or -1) < self._stored.get(partition, -1):
            raise _damaged()

    def _note(self, error: Exception | None, partitions: set[int]) -> Exception | None:
        if error is None:
            self._troubled -= partitions
        else:
            self._troubled |= partitions
            log.get().error("state_not_stored", table=self.table_name, cause=_cause(error))
        return error

    def _fatal(self, error: Exception, partitions: Iterable[int]) -> Fatal:
        if not _is_damage(error):
            return _not_stored(error)
        for partition in partitions:
            self._throw_away(partition)
        return _damaged()

    def _throw_away(self, partition: int) -> None:
        log.get().warning("state_wiped", table=self.table_name, partition=partition, cause="damaged")
        self.wipe(partition)

    def _close(self, partition: int) -> None:
        self._dbs.pop(partition, None)
        gc.collect()  # RocksDB writes its buffers into files, and gives its lock back, when its last reference goes

    def _forget(self, partition: int) -> None:
        self._stored.pop(partition, None)
        self._troubled.discard(partition)


def _size(path: Path) -> int:
    with suppress(OSError):  # RocksDB has just done away with it
        return path.stat().st_size
    return 0


def _same(value: Any) -> Any:  # noqa: ANN401 - bytes are bytes
    return value


def _cause(error: Exception) -> str:
    return str(error)[:200]


def _is_damage(value: object) -> bool:
    return isinstance(value, Fatal) or (isinstance(value, Exception) and str(value).startswith(DAMAGE))


def _damaged() -> Fatal:
    return Fatal("state_damaged", "dedupe", "the local state was unreadable; it is recovered from its changelog")


def _not_stored(error: Exception) -> Fatal:
    return Fatal("state_not_stored", "dedupe", f"the local state cannot be read or written: {_cause(error)}")
