"""What a run over a feed knows, on disk: SQLite in a folder of its own that is gone when the run ends.

In: lines; then headlines, each with its sightings and keys; then pairs that were compared. Out: the same, sorted as the
next step needs it. What takes memory is SQLite's cache, of a fixed size. Headlines are numbered from 0 by rising id, so
that numbers compare as ids do.

The candidates of `candidates` are those of `worker.dedup.index`, found by sorting: the whole feed is there.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from worker.dedup.index import LEAST_SHARED, MOST_FILED
from worker.errors import Fatal

CACHE_KIBIBYTES = 16 * 1024

SIGNED = 1 << 63
"""SQLite's integers have 63 bits and a sign, keys 64 without one."""

_SETUP = f"""
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA cache_size = -{CACHE_KIBIBYTES};
PRAGMA temp_store = FILE;
CREATE TABLE line (number INTEGER PRIMARY KEY, id BLOB, time INTEGER, shown TEXT, language TEXT, source TEXT,
                   echo BLOB);
CREATE TABLE tail (source TEXT, words TEXT, is_name INTEGER, is_countable INTEGER, headline BLOB, time INTEGER);
CREATE TABLE affix (source TEXT, words TEXT, is_name INTEGER, is_counted INTEGER, headlines INTEGER,
                    first INTEGER, last INTEGER, PRIMARY KEY (source, words)) WITHOUT ROWID;
CREATE TABLE headline (number INTEGER PRIMARY KEY, id BLOB, shown TEXT, language TEXT, source TEXT, spans BLOB,
                       time INTEGER, line INTEGER);
CREATE TABLE sighting (line INTEGER, headline INTEGER, match INTEGER);
CREATE TABLE filed (key INTEGER, headline INTEGER);
CREATE TABLE pair (one INTEGER, other INTEGER, score INTEGER, kind INTEGER);
CREATE TABLE bond (component INTEGER, one INTEGER, other INTEGER, score INTEGER, kind INTEGER);
BEGIN;
"""

_CANDIDATES = """
WITH named AS MATERIALIZED (
    SELECT key, headline FROM (
        SELECT key, headline, row_number() OVER (PARTITION BY key ORDER BY headline) AS place,
               count(*) OVER (PARTITION BY key) AS sharing
        FROM filed
    ) WHERE place <= ? AND sharing > 1
)
SELECT first.headline, second.headline
FROM named AS first JOIN named AS second ON second.key = first.key AND second.headline > first.headline
GROUP BY 1, 2 HAVING count(*) >= ?
"""


_LEARN = """
INSERT INTO affix
SELECT source, words, max(is_name) AS is_name,
       count(DISTINCT CASE WHEN is_countable THEN headline END) >= ? AS is_counted,
       count(DISTINCT headline), min(time), max(time)
FROM tail GROUP BY source, words HAVING is_name OR is_counted
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """A line as the store holds it: the id of its headline, and how the headline is shown."""

    number: int
    id: bytes
    time: int
    shown: str
    language: str | None
    source: str | None
    echo: bytes


@dataclass(frozen=True, slots=True)
class Known:
    """A distinct headline. `time` and `line` are those of its first sighting."""

    number: int
    id: bytes
    shown: str
    language: str | None
    source: str | None
    spans: bytes
    time: int
    line: int


@dataclass(frozen=True, slots=True)
class Tailed:
    """Words behind a headline of a source: they are its name, or may be learned by counting."""

    source: str
    words: str
    is_name: bool
    is_countable: bool
    headline: bytes
    time: int


@dataclass(frozen=True, slots=True)
class Affix:
    """Words that a source puts behind so many of its headlines: its name, or learned by counting."""

    source: str
    words: str
    is_name: bool
    headlines: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two headlines that were compared, the smaller first. `score` in ten-thousandths; `kind` is the judge's."""

    one: int
    other: int
    score: int
    kind: int


@contextmanager
def open_store(folder: Path) -> Iterator["Store"]:
    """Yield an empty store on disk, in a folder below the given one.

    Raises:
        Fatal: `bad_output`, when the disk is full or fails.
    """
    with TemporaryDirectory(dir=folder, prefix=".dedupe-") as name:
        try:
            with closing(sqlite3.connect(Path(name) / "feed", isolation_level=None)) as database:
                database.executescript(_SETUP)
                yield Store(database)
        except sqlite3.Error as error:
            raise Fatal("bad_output", "feed", f"{folder}: the run's own data cannot be kept there: {error}") from error


@dataclass(frozen=True, slots=True)
class Store:
    """The tables of one run."""

    database: sqlite3.Connection

    def add_lines(self, lines: Iterable[Seen]) -> None:
        """Keep lines, which come by rising number."""
        rows = ((line.number, line.id, line.time, line.shown, line.language, line.source, line.echo) for line in lines)
        self.database.executemany("INSERT INTO line VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def sourced_lines(self) -> Iterator[Seen]:
        """Yield the lines that have a source."""
        rows = self.database.execute(
            "SELECT number, id, time, shown, language, source, echo FROM line WHERE source IS NOT NULL"
        )
        return (Seen(*row) for row in rows)

    def add_tails(self, tails: Iterable[Tailed]) -> None:
        """Keep what stands behind headlines."""
        rows = ((one.source, one.words, one.is_name, one.is_countable, one.headline, one.time) for one in tails)
        self.database.executemany("INSERT INTO tail VALUES (?, ?, ?, ?, ?, ?)", rows)

    def learn(self, least: int) -> None:
        """Learn what stands behind so many headlines of a source."""
        self.database.execute(_LEARN, (least,))

    def is_learned(self, source: str, words: str) -> bool:
        """Tell whether it was learned by counting that a source puts words behind its headlines."""
        asked = "SELECT 1 FROM affix WHERE source = ? AND words = ? AND is_counted"
        return self.database.execute(asked, (source, words)).fetchone() is not None

    def affixes(self) -> Iterator[Affix]:
        """Yield what sources put behind their headlines, in order."""
        rows = self.database.execute(
            "SELECT source, words, is_name, headlines, first, last FROM affix ORDER BY source, words"
        )
        return (Affix(source, words, bool(is_name), *rest) for source, words, is_name, *rest in rows)

    def lines_by_headline(self) -> Iterator[Seen]:
        """Yield all lines by id of their headline, those of one in the order of events."""
        rows = self.database.execute(
            "SELECT number, id, time, shown, language, source, echo FROM line ORDER BY id, time, number"
        )
        return (Seen(*row) for row in rows)

    def add_sightings(self, number: int, sightings: Iterable[tuple[int, int]]) -> None:
        """Keep the line and the match (the gatherer's number) of each sighting of a headline."""
        rows = ((line, number, match) for line, match in sightings)
        self.database.executemany("INSERT INTO sighting VALUES (?, ?, ?)", rows)

    def add_headline(self, known: Known, keys: Iterable[int]) -> None:
        """Keep a headline and what it is filed under; they come by rising number."""
        what = known.number, known.id, known.shown, known.language, known.source
        row = (*what, known.spans, known.time, known.line)
        self.database.execute("INSERT INTO headline VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        self.database.executemany("INSERT INTO filed VALUES (?, ?)", ((key - SIGNED, known.number) for key in keys))

    def headline(self, number: int) -> Known:
        """Return one headline."""
        (row,) = self.database.execute("SELECT * FROM headline WHERE number = ?", (number,))
        return Known(*row)

    def headlines_by_event(self) -> Iterator[int]:
        """Yield the numbers of all headlines in the order of their first sightings."""
        return (number for (number,) in self.database.execute("SELECT number FROM headline ORDER BY time, line"))

    def candidates(self) -> Iterator[tuple[int, int]]:
        """Yield the pairs of headlines that may match, the smaller first, in order."""
        return self.database.execute(_CANDIDATES, (MOST_FILED, LEAST_SHARED))

    def add_pairs(self, pairs: Iterable[Pair]) -> None:
        """Keep pairs that were compared."""
        rows = ((pair.one, pair.other, pair.score, pair.kind) for pair in pairs)
        self.database.executemany("INSERT INTO pair VALUES (?, ?, ?, ?)", rows)

    def pairs(self) -> Iterator[Pair]:
        """Yield all pairs that were compared."""
        return (Pair(*row) for row in self.database.execute("SELECT * FROM pair"))

    def add_bonds(self, bonds: Iterable[tuple[int, Pair]]) -> None:
        """Keep what holds a component together, or parts it."""
        rows = ((component, pair.one, pair.other, pair.score, pair.kind) for component, pair in bonds)
        self.database.executemany("INSERT INTO bond VALUES (?, ?, ?, ?, ?)", rows)

    def bonds(self) -> Iterator[tuple[int, Pair]]:
        """Yield them by component."""
        rows = self.database.execute("SELECT component, one, other, score, kind FROM bond ORDER BY component")
        return ((component, Pair(*pair)) for component, *pair in rows)

    def sightings(self) -> Iterator[tuple[bytes, int, int, bytes]]:
        """Yield, for each line in order, its echo, and its headline's number, match and id."""
        return self.database.execute(
            "SELECT line.echo, sighting.headline, sighting.match, headline.id FROM sighting "
            "JOIN line ON line.number = sighting.line JOIN headline ON headline.number = sighting.headline "
            "ORDER BY sighting.line"
        )
