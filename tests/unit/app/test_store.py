"""The store on disk without a broker: whatever happens to its files, what it holds has no gap."""

import asyncio
import random
import shutil
import time
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import NamedTuple

import pytest
from faust.types import TP

from worker.app import store as stores
from worker.app.factory import App, _options
from worker.app.store import Store
from worker.app.tables import Entry, Tables
from worker.errors import Fatal
from worker.settings import Settings

ENTRIES = 4000
KEYS = 1500
"""Fewer than entries: later ones replace earlier ones, in other files."""

FILES = ("CURRENT", "MANIFEST-*", "*.sst", "*.log", "OPTIONS-*")
HARMS = ("deleted", "emptied", "cut", "scribbled", "zeroed")

TIMES = 2
"""Of each harm to each kind of file, every time somewhere else: without a cure some of them leave a gap."""


class Kept(NamedTuple):
    """Tables over a folder, and the store of one of them."""

    tables: Tables
    store: Store
    changelog: str

    def open(self) -> int:
        """Open partition 0 as when it is assigned; return the offset up to which it is said to be kept, or -1."""
        asyncio.run(self.store._try_open_db_for_partition(0))
        offset = self.store.persisted_offset(TP(self.changelog, 0))
        return -1 if offset is None else offset

    def keep(self, first: int, end: int) -> None:
        """Keep the entries from one offset to another."""
        for offset in range(first, end, 20):
            asyncio.run(self.tables.keep([(entry(one), one) for one in range(offset, offset + 20)]))

    def get(self, key: int) -> bytes | None:
        """Return the state of a key."""
        return self.tables.get("headline", 0, b"%064x" % key)


def entry(offset: int) -> Entry:
    """Return the entry at an offset of the changelog."""
    return Entry("headline", 0, b"%064x" % (offset % KEYS), value(offset))


def value(offset: int) -> bytes:
    """Return its state, which does not compress well."""
    return b"%08d" % offset + random.Random(offset).randbytes(120)


def is_kept(state: bytes | None, key: int, offset: int) -> bool:
    """Tell whether a state is the key's last one up to an offset, or a later one, or rightly missing."""
    last = offset - (offset - key) % KEYS
    found = int(state[:8]) if state else -1
    return found >= last and found % KEYS == key if last >= 0 else True


def over(folder: Path) -> Kept:
    """Return tables over a folder."""
    app = App("test-dedupe", **_options("dedupe", Settings(state_store="rocksdb", state_dir=folder, group="test")))
    app._create_directories()
    tables = Tables(app, ["headline"])
    store = tables._tables["headline"].on_disk
    assert store is not None
    return Kept(tables, store, tables._tables["headline"].changelog_topic_name)


@pytest.fixture(scope="module", autouse=True)
def loop() -> Iterator[None]:
    """Faust asks for a loop where none runs."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state as a kill leaves it, in several files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(stores.OPTIONS, "write_buffer_size", 64 << 10)
        kept = over(tmp_path_factory.mktemp("state"))
        kept.open()
        database = kept.store._dbs[0]
        # So that no table goes while the folder is copied; a log that has been flushed may.
        database.set_options({"disable_auto_compactions": "true"})
        kept.keep(0, ENTRIES)
        while any(map(database.property_int_value, ("rocksdb.mem-table-flush-pending", "rocksdb.num-running-flushes"))):
            time.sleep(0.01)
        image = tmp_path_factory.mktemp("killed")
        (path,) = kept.store.path.glob("*.db")
        shutil.copytree(path, image / path.name, copy_function=copy_if_there)
    assert len(list(image.rglob("*.sst"))) > 1
    return image


def copy_if_there(source: str, target: str) -> None:
    """Copy a file, unless it is a log that has just gone."""
    with suppress(FileNotFoundError) if source.endswith(".log") else nullcontext():
        shutil.copy2(source, target)


def after(killed: Path, folder: Path) -> Kept:
    """Return tables over a copy of the state that a kill left."""
    kept = over(folder)
    shutil.copytree(killed, kept.store.path, dirs_exist_ok=True)
    return kept


def harm(path: Path, kind: str, choice: random.Random) -> None:
    """Damage a file."""
    content, size = path.read_bytes(), path.stat().st_size
    start = choice.randrange(size) if size else 0
    path.unlink()
    if kind == "emptied":
        path.touch()
    elif kind == "cut":
        path.write_bytes(content[:start])
    elif kind != "deleted":
        count = min(choice.choice([1, 64, size]), size - start)
        noise = choice.randbytes(count) if kind == "scribbled" else bytes(count)
        path.write_bytes(content[:start] + noise + content[start + count :])


@pytest.mark.parametrize("time", range(TIMES))
@pytest.mark.parametrize("kind", HARMS)
@pytest.mark.parametrize("pattern", FILES)
def test_harm_leaves_no_gap(killed: Path, tmp_path: Path, pattern: str, kind: str, time: int) -> None:
    """All entries up to the offset that is said are there, or reading one says that the state is damaged."""
    choice = random.Random(time)
    kept = after(killed, tmp_path)
    harm(choice.choice(sorted(kept.store.path.rglob(pattern))), kind, choice)
    offset = kept.open()
    try:
        gaps = [key for key in range(KEYS) if not is_kept(kept.get(key), key, offset)]
    except Fatal as error:
        assert error.reason == "state_damaged"  # noqa: PT017 - only some harm is met
        assert kept.open() == -1
    else:
        assert gaps == []


def test_without_harm_a_kill_costs_the_last_writes_only(killed: Path, tmp_path: Path) -> None:
    """What stands in files is used, what stands in the log alone is recovered again."""
    kept = after(killed, tmp_path)
    assert 0 < kept.open() < ENTRIES - 1


def test_a_stop_costs_nothing(tmp_path: Path) -> None:
    """What was kept last is in a file."""
    kept = over(tmp_path)
    kept.open()
    kept.keep(0, 100)
    asyncio.run(kept.store.stop())
    assert over(tmp_path).open() == 99


def test_a_partition_that_is_given_away_costs_nothing(tmp_path: Path) -> None:
    """Nor does it when it comes back."""
    kept = over(tmp_path)
    kept.open()
    kept.keep(0, 100)
    kept.store.revoke_partitions(kept.store.table, {TP(kept.changelog, 0)})
    assert kept.open() == 99


def test_files_that_change_under_a_running_store_end_the_process(tmp_path: Path) -> None:
    """Opened anew after a failed write, with less than was written in them, they are not gone on from."""
    kept = over(tmp_path)
    kept.open()
    kept.keep(0, 100)
    kept.store._close(0)
    shutil.rmtree(kept.store.partition_path(0))
    with pytest.raises(Fatal) as failure:
        kept.keep(100, 120)
    assert failure.value.reason == "state_damaged"
    assert kept.open() == -1


def test_recovery_goes_on_from_what_the_files_hold_and_nothing_else(tmp_path: Path) -> None:
    """Where they were thrown away it begins anew, whatever was recovered when the partition was here before."""
    kept = over(tmp_path)
    kept.open()
    kept.keep(0, 100)
    recovery = kept.store.app.tables.recovery
    tp = TP(kept.changelog, 0)
    recovery.add_active(kept.store.table, tp)
    assert recovery.active_offsets[tp] == 99
    kept.store.wipe(0)
    recovery.add_active(kept.store.table, tp)
    assert recovery.active_offsets[tp] is None


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """With the setting's name, and why."""
    (tmp_path / "file").touch()
    with pytest.raises(Fatal, match=r"NEWSWORKER_STATE_DIR.*Not a directory") as failure:
        over(tmp_path / "file" / "state")
    assert failure.value.reason == "state_dir_unusable"
