"""The dedupe half: sightings in, headline, mention and copy records out, over the state of the whole stream.

In: batches of `Incoming` from the sighting topic, and the tables. Out: records, dead letters and changelog records, all
committed, a transaction for each source partition, before the tables change, and the tables changed before `handle`
returns and the batch is acknowledged. A crash in between repeats records by the same keys; it loses none, because the
state names the owner.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from worker import metrics, records
from worker.app.tables import Entry, Tables
from worker.app.writers import Writer, Writers
from worker.deadletter import quarantine
from worker.dedup import sighting as sightings
from worker.dedup.stream import decide
from worker.errors import Permanent
from worker.guard import Failure, attempt, failure_of
from worker.incoming import Incoming
from worker.ledger import Ledger
from worker.publish import Outgoing, Publisher
from worker.settings import Settings

Key = tuple[str, int, bytes]


@dataclass(frozen=True, slots=True)
class Worked:
    """What a sighting came to."""

    outcome: str
    records: Sequence[Outgoing] = ()
    entry: Entry | None = None
    kind: str | None = None
    verdict: str | None = None


class DedupeHalf:
    """Decides on batches of sightings and keeps what it decided."""

    def __init__(self, settings: Settings, publisher: Publisher, tables: Tables, writers: Writers) -> None:
        """Decide over `tables`; commit through `writers`, dead letters apart, which go through `publisher`."""
        self._settings = settings
        self._publisher = publisher
        self._tables = tables
        self._writers = writers
        self._ledger = Ledger("dedupe")

    async def handle(self, messages: Sequence[Incoming]) -> None:
        """Decide on the sightings in order; publish; keep; close the books. Nothing is kept that is not published."""
        # Before anything is decided: when a rebalance comes between, these writers are fenced.
        writers = self._writers.of({message.partition for message in messages})
        overlay: dict[Key, Entry] = {}
        worked: list[tuple[Incoming, Worked | Failure, float]] = []
        for message in messages:
            started = time.perf_counter()
            worked.append((message, attempt(partial(self._work, message, overlay)), started))
            await asyncio.sleep(0)
        try:
            await self._publish(writers, list(overlay.values()), [(message, result) for message, result, _ in worked])
        except Permanent as error:
            await self._handle_apart(worked, error)
            return
        for message, result, started in worked:
            await self._close(message, result, started)

    async def _handle_apart(self, worked: Sequence[tuple[Incoming, Worked | Failure, float]], error: Permanent) -> None:
        """Find the sighting whose records a topic refused: that one is put aside, the others are decided without it."""
        if len(worked) == 1:
            ((message, _, started),) = worked
            await self._close(message, failure_of(error), started)
            return
        for message, _, _ in worked:
            await self.handle([message])

    def _work(self, message: Incoming, overlay: dict[Key, Entry]) -> Worked:
        if message.value is None:
            return Worked("tombstone")
        sighting = sightings.decode(message.value)
        key = sightings.key_of(sighting).encode()
        with metrics.time_stage("decide"):
            decision = decide(sighting, self._state((sighting.kind, message.partition, key), overlay))
        encoded = records.of_decision(decision, sighting, message, self._settings)
        entry = Entry(sighting.kind, message.partition, key, decision.state)
        records.refuse_too_large([self._tables.changelog(entry)])
        overlay[entry.table, entry.partition, key] = entry
        verdict = decision.mention.verdict if decision.mention else None
        return Worked("decided", encoded, entry, sighting.kind, verdict)

    def _state(self, key: Key, overlay: dict[Key, Entry]) -> bytes | None:
        # Within a batch a decision sees those before it, which the tables do not hold yet.
        entry = overlay.get(key)
        return entry.value if entry else self._tables.get(*key)

    async def _publish(
        self,
        writers: Mapping[int, Writer],
        entries: Sequence[Entry],
        results: Sequence[tuple[Incoming, Worked | Failure]],
    ) -> None:
        with metrics.time_stage("publish"):
            commits = (
                self._commit(
                    writer,
                    [entry for entry in entries if entry.partition == partition],
                    [result for message, result in results if message.partition == partition],
                )
                for partition, writer in writers.items()
            )
            ends = await asyncio.gather(*commits, return_exceptions=True)
        # Only when none is under way any more: what is refused is decided again.
        for error in ends:
            if error is not None:
                raise error

    async def _commit(self, writer: Writer, entries: Sequence[Entry], results: Iterable[Worked | Failure]) -> None:
        """Commit what one partition's sightings came to, and keep it."""
        latest = _latest(record for result in results if isinstance(result, Worked) for record in result.records)
        records = [*latest, *(self._tables.changelog(entry) for entry in entries)]
        if records:
            placed = await writer.commit(records)
            offsets = (position.offset for position in placed[len(latest) :])
            self._tables.apply(zip(entries, offsets, strict=True))

    async def _close(self, message: Incoming, result: Worked | Failure, started: float) -> None:
        if isinstance(result, Failure):
            await quarantine(message, result, self._settings.topics.deadletter, self._publisher)
            self._ledger.close_failed(message, result, started)
            return
        if result.verdict:
            metrics.VERDICTS.labels(result.verdict).inc()
        self._ledger.close(message, result.outcome, started, kind=result.kind, verdict=result.verdict)


def _latest(outputs: Iterable[Outgoing]) -> list[Outgoing]:
    """Leave out records that a later one of the same key replaces at once: a retry can then not swap the two."""
    latest: dict[object, Outgoing] = {}
    for number, record in enumerate(outputs):
        # Every mention counts: that topic is not compacted.
        latest[number if record.kind == "mention" else (record.topic, record.key)] = record
    return list(latest.values())
