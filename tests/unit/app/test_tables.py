"""The dedup tables without a broker: what is kept in a partition is found there and nowhere else."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from faust.types import TP

from worker.app.factory import App, _options
from worker.app.tables import Entry, Tables, wipe
from worker.settings import Settings


@pytest.fixture(params=["memory", "rocksdb"])
def tables(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Tables]:
    """Tables in either store."""
    settings = Settings(state_store=request.param, state_dir=tmp_path, group="test")
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    app = App("test-dedupe", **_options("dedupe", settings))
    app._create_directories()
    yield Tables(app, ["headline", "story"])
    asyncio.set_event_loop(None)
    loop.close()


def test_what_is_applied_is_found(tables: Tables) -> None:
    """Under its table and key; the last one counts."""
    asyncio.run(tables.keep([(Entry("headline", 0, b"key", b"old"), 7), (Entry("headline", 0, b"key", b"new"), 8)]))
    assert tables.get("headline", 0, b"key") == b"new"
    assert tables.get("headline", 0, b"other") is None
    assert tables.get("story", 0, b"key") is None


def test_f9_a_key_is_looked_up_in_its_own_partition(tables: Tables) -> None:
    """A key that stands in two partitions has the state of the one that is asked for."""
    if tables._tables["headline"].app.conf.store.scheme == "memory":
        return  # it has no partitions, and a key has only one
    asyncio.run(tables.keep([(Entry("headline", 0, b"key", b"zero"), 1), (Entry("headline", 1, b"key", b"one"), 1)]))
    assert tables.get("headline", 0, b"key") == b"zero"
    assert tables.get("headline", 1, b"key") == b"one"
    assert tables.get("headline", 2, b"key") is None


def test_the_offset_of_the_changelog_is_kept_with_the_state(tables: Tables) -> None:
    """A restart recovers from there; a memory store recovers from the beginning."""
    table = tables._tables["headline"]
    asyncio.run(tables.keep([(Entry("headline", 1, b"a", b"1"), 40), (Entry("headline", 1, b"b", b"2"), 41)]))
    kept = table.persisted_offset(TP(table.changelog_topic_name, 1))
    assert kept == (None if table.app.conf.store.scheme == "memory" else 41)


def test_the_size_of_a_table_is_told(tables: Tables) -> None:
    """In memory the bytes of keys and values, on disk those of its files; nothing of a table that holds nothing."""
    entries = [(Entry("headline", 0, b"%04d" % number, b"v" * 96), number) for number in range(3000)]
    asyncio.run(tables.keep(entries))
    sizes = tables.sizes()
    if tables._tables["headline"].app.conf.store.scheme == "memory":
        assert sizes == {"headline": 300_000, "story": 0}
    else:
        assert sizes["headline"] > 300_000
        assert sizes["story"] == 0


def test_a_wiped_partition_is_empty(tables: Tables) -> None:
    """And the others are not; a memory store keeps nothing that could be ahead."""
    table = tables._tables["headline"]
    if table.app.conf.store.scheme == "memory":
        return
    asyncio.run(tables.keep([(Entry("headline", 0, b"key", b"zero"), 1), (Entry("headline", 1, b"key", b"one"), 1)]))
    wipe(table, 0)
    assert tables.get("headline", 0, b"key") is None
    assert table.persisted_offset(TP(table.changelog_topic_name, 0)) is None
    assert tables.get("headline", 1, b"key") == b"one"


def test_a_changelog_record_goes_to_the_partition_of_its_source(tables: Tables) -> None:
    """Under the name that `topics apply` gives the changelog."""
    record = tables.changelog(Entry("story", 3, b"key", b"value"))
    assert (record.topic, record.partition) == ("test-dedupe-story-changelog", 3)
    assert (record.key, record.value) == (b"key", b"value")
