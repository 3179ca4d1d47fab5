"""What a sighting costs in streams that are made to cost much (`make bench-hostile`).

In: `bench.attacks`. Out: a line for each, of the real decision over its own store, in memory or on RocksDB: the time of
a sighting in the first tenth of the stream, in the one before its middle and in the last, the longest single decision,
what is remembered, in entries and bytes, the records and the writes of a decision, and by how much the process has
grown. Beside it the same with room for a quarter of the stream only, so that the rest pushes out what came before.
"""

import argparse
import gc
import time
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from bench.attacks import ATTACKS
from bench.dedup import open_rocksdb, weigh
from bench.footprint import resident_bytes
from rocksdict import WriteBatch

from worker.dedup.decision import Decision
from worker.dedup.memory import Memory, Place
from worker.dedup.rules import Rules
from worker.dedup.sighting import Sighting
from worker.dedup.stream import decide

MIDDLE = 4
"""Of the tenths of a stream: by then lists and groups are as long as they get, and what still grows has no bound."""


class Store(Protocol):
    """Where the state is kept."""

    def read(self, table: str, key: bytes) -> bytes | None:
        """Return an entry."""

    def write(self, writes: Iterable[tuple[Place, bytes | None]]) -> None:
        """Keep what a decision has changed."""

    def weight(self) -> int:
        """Return the bytes of all."""


class InMemory:
    """A dict."""

    def __init__(self) -> None:
        self.kept: dict[Place, bytes] = {}

    def read(self, table: str, key: bytes) -> bytes | None:
        """Return an entry."""
        return self.kept.get((table, key))

    def write(self, writes: Iterable[tuple[Place, bytes | None]]) -> None:
        """Keep what a decision has changed."""
        for place, value in writes:
            if value is None:
                self.kept.pop(place, None)
            else:
                self.kept[place] = value

    def weight(self) -> int:
        """Return the bytes of keys and values."""
        return sum(len(key) + len(value) for (_, key), value in self.kept.items())


class OnDisk:
    """RocksDB as `worker.app.store` opens it, a database for all tables."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = open_rocksdb(folder)

    def read(self, table: str, key: bytes) -> bytes | None:
        """Return an entry."""
        value: bytes | None = self.database.get(table.encode() + key)
        return value

    def write(self, writes: Iterable[tuple[Place, bytes | None]]) -> None:
        """Keep what a decision has changed."""
        batch = WriteBatch(raw_mode=True)
        for (table, key), value in writes:
            if value is None:
                batch.delete(table.encode() + key)
            else:
                batch.put(table.encode() + key, value)
        self.database.write(batch)

    def weight(self) -> int:
        """Return the bytes of its files."""
        return weigh(self.database, self.folder)


@dataclass(frozen=True, slots=True)
class Cost:
    """What the sightings of a stream cost, each figure in their order, and what is remembered in the end."""

    seconds: Sequence[float]
    records: Sequence[int]
    writes: Sequence[int]
    entries: int
    forgotten_early: int

    @property
    def tenths(self) -> Sequence[float]:
        """Seconds of a sighting in each tenth of the stream, on the mean."""
        size = max(1, len(self.seconds) // 10)
        return [sum(self.seconds[size * at : size * (at + 1)]) / size for at in range(10)]

    @property
    def growth(self) -> float:
        """The last tenth over the one before the middle."""
        return self.tenths[-1] / self.tenths[MIDDLE]


def measure(sightings: Iterable[Sighting], rules: Rules, store: Store) -> Cost:
    """Take the sightings in turn; what the process holds besides is left out of its looking for garbage."""
    gc.collect()
    gc.freeze()
    try:
        return _measure(sightings, rules, store)
    finally:
        gc.unfreeze()


def _measure(sightings: Iterable[Sighting], rules: Rules, store: Store) -> Cost:
    seconds, records, writes, entries, early = array("d"), array("l"), array("l"), 0, 0
    for sighting in sightings:
        memory = Memory(store.read)
        began = time.thread_time()
        decision = decide(sighting, memory, rules)
        seconds.append(time.thread_time() - began)
        store.write(memory.writes.items())
        records.append(_count(decision))
        writes.append(len(memory.writes))
        entries, early = decision.entries or 0, early + decision.forgotten_early
    return Cost(seconds, records, writes, entries, early)


def _count(decision: Decision) -> int:
    return len(decision.headlines) + len(decision.gone) + len(decision.copies) + (decision.mention is not None)


def _report(name: str, count: int, bound: int | None, *, on_disk: bool) -> None:
    """Print the line of an attack; in a process of its own, for what it has grown by."""
    attack = ATTACKS[name]
    sightings = list(attack.sightings(count // attack.one_in))
    rules = Rules(most_entries=max(1, len(sightings) // bound)) if bound else Rules()
    with TemporaryDirectory() as folder:
        store: Store = OnDisk(Path(folder)) if on_disk else InMemory()
        gc.collect()
        empty = resident_bytes("self")
        cost = measure(sightings, rules, store)
        grown = resident_bytes("self") - empty
        weight = store.weight()
    first, middle, last = (1e6 * cost.tenths[at] for at in (0, MIDDLE, 9))
    print(
        f"{name:30} {len(sightings):>9,} {first:>7,.0f} {middle:>7,.0f} {last:>7,.0f} {cost.growth:>6.2f}"
        f" {1000 * max(cost.seconds):>8.1f} {cost.entries:>9,} {cost.forgotten_early:>9,} {weight / 1e6:>8.1f}"
        f" {max(cost.records):>7} {max(cost.writes):>6,} {grown / 1e6:>8.0f}",
        flush=True,
    )


HEAD = (
    "stream                         sightings   first  middle    last growth  longest   entries     early"
    "    state records writes   memory\n"
    "                                            us      us      us               ms                         "
    "    MB    most   most       MB"
)


def main() -> None:
    """Print a line for each attack, and one at the bound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sightings", type=lambda text: int(float(text)), default=10**6)
    parser.add_argument("--only", default="", help="what the names of the attacks begin with")
    parser.add_argument("--disk", action="store_true")
    options = parser.parse_args()
    print(HEAD, flush=True)
    for name in ATTACKS:
        for bound in (None, 4):
            if name.startswith(options.only):
                run = get_context("fork").Process(
                    target=_report, args=(name, options.sightings, bound), kwargs={"on_disk": options.disk}
                )
                run.start()
                run.join()


if __name__ == "__main__":
    main()
