"""What a headline costs when so many are known: signature and index, from 10^4 headlines to 10^7 (`make bench-dedup`).

In: headlines put together anew from the development data. Out: a table and a plot. At each size the next `PROBES`
headlines are filed and measured: candidates, store reads (a posting for each key, a headline for each candidate), CPU
time, and the growth of resident memory by headline; with `--disk` the store is RocksDB, and what it weighs is told too.
A bare rensa signature of the same words, taken in turn, tells how fast the machine is.
"""

import argparse
import gc
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from bench.footprint import resident_bytes
from bench.recombine import headlines, is_there, words
from rensa import RMinHash
from rocksdict import AccessType, Rdict, WriteBatch

from worker.app.store import OPTIONS, Compressed
from worker.dedup.index import ID_BYTES, file
from worker.dedup.reading import Reading
from worker.dedup.signature import MOST_KEYS, keys_of

SEED = 1
PROBES = 2000
CHUNK = 100
"""Headlines timed together, in turn with as many bare signatures."""

BAR = 40


class Store(Protocol):
    """Where postings are kept, by key."""

    def read(self, keys: Sequence[int]) -> list[bytes | None]:
        """Return the postings of the keys."""

    def write(self, keys: Sequence[int], postings: Sequence[bytes], headline: bytes, text: str) -> None:
        """Keep the postings, and the headline itself where the store weighs it."""

    def weight(self) -> int:
        """Return the bytes on disk."""


class Memory:
    """A dict."""

    def __init__(self) -> None:
        self.postings: dict[int, bytes] = {}

    def read(self, keys: Sequence[int]) -> list[bytes | None]:
        """Return the postings of the keys."""
        return list(map(self.postings.get, keys))

    def write(self, keys: Sequence[int], postings: Sequence[bytes], headline: bytes, text: str) -> None:
        """Keep the postings."""
        del headline, text
        self.postings.update(zip(keys, postings, strict=True))

    def weight(self) -> int:
        """Return none."""
        return 0


class Disk:
    """RocksDB as `worker.app.store` opens it, and the headlines' texts in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = open_rocksdb(folder)

    def read(self, keys: Sequence[int]) -> list[bytes | None]:
        """Return the postings of the keys."""
        found: list[bytes | None] = self.database.get([key.to_bytes(8, "big") for key in keys])
        return found

    def write(self, keys: Sequence[int], postings: Sequence[bytes], headline: bytes, text: str) -> None:
        """Keep the postings and the headline."""
        batch = WriteBatch(raw_mode=True)
        for key, posting in zip(keys, postings, strict=True):
            batch.put(key.to_bytes(8, "big"), posting)
        batch.put(b"h" + headline, text.encode())
        self.database.write(batch)

    def weight(self) -> int:
        """Return the bytes on disk."""
        return weigh(self.database, self.folder)


def open_rocksdb(folder: Path) -> Rdict:
    """Return a database as the worker opens it."""
    return Rdict(str(folder), Compressed(**OPTIONS).as_options(), access_type=AccessType.read_write())


def weigh(database: Rdict, folder: Path) -> int:
    """Return the bytes of its files, compacted."""
    database.flush()
    database.compact_range(None, None)
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@dataclass(frozen=True, slots=True)
class Point:
    """What a headline costs among so many; each figure is the mean of one headline."""

    entries: int
    candidates: float
    reads: float
    microseconds: float
    to_rensa: float
    memory_bytes: float
    disk_bytes: float


def curve(readings: Iterator[Reading], sizes: Sequence[int], store: Store) -> Iterator[Point]:
    """Yield a point for each size, which rise."""
    gc.collect()
    empty, filed = resident_bytes("self"), 0
    for size in sizes:
        for reading in islice(readings, size - filed):
            _file(reading, store)
        probes = list(islice(readings, PROBES))
        found = [_measure(probes[start : start + CHUNK], store) for start in range(0, PROBES, CHUNK)]
        filed = size + PROBES
        ours, theirs = (statistics.median(one[at] for one in found) for at in (0, 1))
        keys, candidates = (statistics.fmean(one[at] for one in found) for at in (2, 3))
        memory = (resident_bytes("self") - empty) / filed
        yield Point(size, candidates, keys + candidates, ours, ours / theirs, memory, store.weight() / filed)


def _measure(probes: Sequence[Reading], store: Store) -> tuple[float, float, float, float]:
    """Return the microseconds of a headline, of its bare signature, and its keys and candidates, as means."""
    began = time.thread_time()
    met = [_file(probe, store) for probe in probes]
    filed = time.thread_time()
    for probe in probes:
        signature = RMinHash(num_perm=MOST_KEYS, seed=SEED)
        signature.update(probe.stems)
        signature.digest()
    ended = time.thread_time()
    keys, candidates = (sum(one) / len(probes) for one in zip(*met, strict=True))
    return 1e6 * (filed - began) / len(probes), 1e6 * (ended - filed) / len(probes), keys, candidates


def _file(reading: Reading, store: Store) -> tuple[int, int]:
    headline = blake2b(reading.key.encode(), digest_size=ID_BYTES).digest()
    keys = keys_of(reading)
    filed = file(headline, store.read(keys))
    store.write(keys, filed.postings, headline, reading.shown)
    return len(keys), len(filed.candidates)


def powers_up_to(entries: int) -> list[int]:
    """Return 10^4, 10^5 and so on up to the entries, which are the last."""
    sizes = [10**power for power in range(4, 10) if 10**power < entries]
    return [*sizes, entries]


def plot(points: Sequence[Point]) -> Iterator[str]:
    """Yield the lines of a plot: a bar for each figure at each size, as long as it is to the largest one."""
    for name in ("candidates", "reads", "microseconds", "memory_bytes", "disk_bytes"):
        values = [asdict(point)[name] for point in points]
        if most := max(values):
            yield name
            for point, value in zip(points, values, strict=True):
                yield f"  {point.entries:>10,} {'█' * round(BAR * value / most):<{BAR}} {value:,.2f}"


def main() -> None:
    """Print the table as it grows, and the plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=lambda text: int(float(text)), default=10**6)
    parser.add_argument("--disk", action="store_true")
    options = parser.parse_args()
    if not is_there():
        print("dedup: skipped, its words are other people's and stay outside the repository")
        return
    with TemporaryDirectory() as folder:
        store: Store = Disk(Path(folder)) if options.disk else Memory()
        print("   entries candidates  reads microseconds to rensa memory/headline disk/headline")
        points = []
        for point in curve(headlines(words(), SEED), powers_up_to(options.entries), store):
            print(
                f"{point.entries:>10,} {point.candidates:>10.2f} {point.reads:>6.2f} {point.microseconds:>12.1f}"
                f" {point.to_rensa:>8.1f} {point.memory_bytes:>15,.0f} {point.disk_bytes:>13,.0f}",
                flush=True,
            )
            points.append(point)
    print("\n".join(plot(points)))


if __name__ == "__main__":
    main()
