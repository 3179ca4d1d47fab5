"""The dedupe half: sightings in, headline, mention and copy records out, over the state of the whole stream.

In: `Incoming` from the sighting topic, and the tables. Out: what it came to, to `delivery`: records, and the state to
keep. It publishes and stores nothing itself.
"""

from collections.abc import Container
from functools import partial

from prometheus_client import Counter

from worker import metrics, records
from worker.app.tables import Entry, Tables
from worker.app.work import Work, Worked
from worker.deadline import within
from worker.dedup import sighting as sightings
from worker.dedup.decision import Decision
from worker.dedup.memory import Memory
from worker.dedup.stream import decide
from worker.incoming import Incoming
from worker.retraction import withhold_copies
from worker.settings import Settings

Key = tuple[str, int, bytes]


class DedupeHalf:
    """Decides on sightings."""

    def __init__(self, settings: Settings, tables: Tables, refused: Container[str] = frozenset()) -> None:
        """Decide over `tables`; withhold the copies whose stories are refused, which an earlier state still knows."""
        self._settings = settings
        self._refused = refused
        self._tables = tables
        self._rules = settings.dedup_rules
        metrics.DEDUP_ENTRIES_BOUND.set(settings.dedup_max_headlines)
        self._stage = within(settings.stage_deadline_seconds, metrics.time_stage)

    def begin(self) -> Work:
        """Return the work of a batch: a decision sees those before it, which the tables do not hold yet."""
        overlay: dict[Key, Entry] = {}
        return partial(self._work, overlay)

    def _work(self, overlay: dict[Key, Entry], message: Incoming) -> Worked:
        if message.value is None:
            return Worked("tombstone")
        sighting = sightings.decode(message.value)
        memory = Memory(partial(self._read, message.partition, overlay))
        with self._stage("decide"):
            decision = decide(sighting, memory, self._rules)
        encoded = records.of_decision(withhold_copies(decision, self._refused), sighting, message, self._settings)
        entries = [Entry(table, message.partition, key, value) for (table, key), value in memory.writes.items()]
        records.refuse_too_large(map(self._tables.changelog, entries))
        overlay |= {(entry.table, entry.partition, entry.key): entry for entry in entries}
        _measure(sightings.realm_of(sighting), decision)
        mention = decision.mention
        told = {"kind": sighting.kind, "verdict": mention.verdict if mention else None}
        return Worked("decided", encoded, entries, told, mention)

    def _read(self, partition: int, overlay: dict[Key, Entry], table: str, key: bytes) -> bytes | None:
        entry = overlay.get((table, partition, key))
        return entry.value if entry else self._tables.get(table, partition, key)


def _measure(realm: str, decision: Decision) -> None:
    if decision.compared is not None:
        metrics.DEDUP_CANDIDATES.observe(decision.compared)
    if decision.entries is not None:
        metrics.show_entries(realm, decision.entries)
        _count(metrics.DEDUP_FORGOTTEN, realm, decision.forgotten)
        _count(metrics.DEDUP_FORGOTTEN_EARLY, realm, decision.forgotten_early)


def _count(counter: Counter, realm: str, number: int) -> None:
    # The series is there from the first sighting on, and costs nothing while there is nothing to count.
    series = metrics.series(counter, realm)
    if number:
        series.inc(number)
