"""Recovery of the tables after a rebalance, in the order that loses nothing.

In: Faust's calls when partitions are assigned. Out: recovered tables and a consumer that reads from the committed
offsets.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Protocol, cast

from faust import App
from faust.tables import recovery
from faust.tables.base import Collection
from faust.tables.manager import TableManager as FaustTableManager
from faust.types import TP, CollectionT
from faust.types.transports import ConsumerT
from mode.services import WaitArgT
from mode.utils.queues import ThrowableQueue
from mode.utils.times import Seconds

from worker import log
from worker.app.consumer import Consumer
from worker.app.tables import Table, Tables, wipe
from worker.app.writers import Writers
from worker.errors import Fatal

RUNS_AHEAD = 4
"""Runs of changelog records that may wait to be kept, each of some hundred records."""


class _WritingApp(Protocol):
    """What an app that writes in transactions has besides."""

    kept: Tables | None
    writers: Writers | None


class _Lasting(asyncio.Event):
    """An event that has happened once and for all."""

    def clear(self) -> None:
        """Stay as it is."""


class Recovery(recovery.Recovery):
    """Seeks, then clears what was read before, and only then lets partitions be read (F1).

    Faust resumes the source partitions first: what is fetched until the seek is thrown away with the queues, and later
    committed past.
    """

    _claimed: Mapping[TP, int] = MappingProxyType({})

    def _add(self, table: CollectionT, tp: TP, offsets: Counter[TP]) -> None:
        if cast("Table", table).on_disk is not None:
            # Only what the disk holds counts: it may have been thrown away since the partition was here last.
            offsets.pop(tp, None)
        super()._add(table, tp, offsets)

    async def _wait(self, coro: WaitArgT, timeout: Seconds | None = None) -> None:  # noqa: ARG002, ASYNC109 - Faust's
        # As long as it takes (F13): after Faust's timeout the recovery ends for good, and nothing is read any more.
        await super()._wait(coro)

    @property
    def signal_recovery_end(self) -> asyncio.Event:
        """The event that this recovery has read its changelogs, which stays set until the next one begins (F14).

        Faust clears it at once. Where the changelogs are read before the end is waited for, it waits for ever.
        """
        if self._signal_recovery_end is None:
            self._signal_recovery_end = _Lasting()
        return self._signal_recovery_end

    def _set_recovery_started(self) -> None:
        self._signal_recovery_end = None
        super()._set_recovery_started()

    async def on_recovery_completed(self, generation_id: int = 0) -> None:
        """Let processing begin: the tables are up to date."""
        await self._resume(generation_id)

    async def _resume_streams(self, generation_id: int = 0) -> None:
        # The same, for an app without tables.
        await self._resume(generation_id)

    async def _resume(self, generation_id: int) -> None:
        await self.app.on_rebalance_complete.send()
        self._set_recovery_ended()
        for table in self.tables.values():
            await table.on_recovery_completed(self.actives_for_table[table], self.standbys_for_table[table])
        # Where another rebalance is under way, it comes here again.
        if self.app.consumer_generation_id != generation_id or not await self._seek_and_read():
            return
        partitions = sorted(tp.partition for tp in self._sources())
        log.get().info("partitions_assigned", generation=generation_id, partitions=partitions)
        self.completed.set()
        self.tables.on_actives_ready()
        self.tables.on_standbys_ready()
        self.app.on_rebalance_end()

    async def _seek_and_read(self) -> bool:
        """Seek and read; tell whether the partitions are ours in the end: a rebalance may begin at any step (F26)."""
        consumer = cast("Consumer", self.app.consumer)
        tenure, sources = consumer.tenure, self._sources()
        if tenure is None:
            return False
        consumer.stop_reading(sources)
        await self._claim_sources({tp.partition for tp in sources})
        await self._wait(consumer.seek_sources())  # where none is left, the former ones are forgotten
        if tenure is not consumer.tenure:
            return False
        self.app.flow_control.resume()  # clears the queues
        consumer.read(sources)
        await cast("App", self.app)._fetcher.maybe_start()
        return tenure is consumer.tenure

    def _sources(self) -> set[TP]:
        return {tp for tp in self.app.consumer.assignment() if not self._is_changelog_tp(tp)}

    async def _build_highwaters(self, consumer: ConsumerT, tps: set[TP], destination: Counter[TP], title: str) -> None:
        """Claim the partitions before looking how far to read: nobody else writes after that (F16).

        The claims are the last records to read. The end of the log would not do: marks of transactions take offsets,
        but are no records.
        """
        await self._wait(self._claim({tp.partition for tp in tps}))
        await super()._build_highwaters(consumer, tps, destination, title)
        for tp, offset in self._claimed.items():
            destination[tp] = offset  # a counter's own `update` would add

    async def _claim_sources(self, partitions: set[int]) -> None:
        """Claim partitions without state to recover before asking what is committed: former writers add no more."""
        app = cast("_WritingApp", self.app)
        if app.writers is not None and app.kept is None:
            await self._wait(app.writers.claim(dict.fromkeys(partitions, ())))

    async def _claim(self, partitions: set[int]) -> None:
        app = cast("_WritingApp", self.app)
        assert app.kept is not None
        assert app.writers is not None
        claims = {partition: app.kept.claims(partition) for partition in partitions}
        placed = await app.writers.claim(claims)
        self._claimed = {
            TP(record.topic, partition): position.offset
            for partition, positions in placed.items()
            for record, position in zip(claims[partition], positions, strict=True)
        }

    async def _build_offsets(self, consumer: ConsumerT, tps: set[TP], destination: Counter[TP], title: str) -> None:
        # Faust raises ConsistencyError a moment later; the state can be rebuilt, so it is.
        for tp in tps:
            if _is_ahead(destination[tp], self.active_highwaters[tp]):
                log.get().warning("state_wiped", topic=tp.topic, partition=tp.partition, cause="ahead_of_changelog")
                wipe(cast("Collection", self.tp_to_table[tp]), tp.partition)
                del destination[tp]
                destination.setdefault(tp, cast("int", None))  # Faust's word for "from the beginning"
        await super()._build_offsets(consumer, tps, destination, title)


class TableManager(FaustTableManager):
    """Hands out our recovery, and a queue for it."""

    @property
    def recovery(self) -> recovery.Recovery:
        """The recovery service."""
        if self._recovery is None:
            self._recovery = Recovery(self.app, self, beacon=self.beacon, loop=self.loop)
        return self._recovery

    @property
    def changelog_queue(self) -> ThrowableQueue[Any]:
        """What has been read and is not kept yet: few runs, as each is many records."""
        if self._changelog_queue is None:
            self._changelog_queue = self.app.FlowControlQueue(maxsize=RUNS_AHEAD, clear_on_resume=True)
        return self._changelog_queue

    async def on_rebalance(
        self, assigned: set[TP], revoked: set[TP], newly_assigned: set[TP], generation_id: int = 0
    ) -> None:
        """Recover what was assigned.

        Raises:
            Fatal: `partitions_differ`, where a source partition has no changelog partition to keep its state in.
        """
        self._refuse_different_partitions(assigned)
        await super().on_rebalance(assigned, revoked, newly_assigned, generation_id)

    def _refuse_different_partitions(self, assigned: set[TP]) -> None:
        partitions: dict[str, set[int]] = {topic: set() for topic in self.changelog_topics}
        for topic, partition in assigned:
            partitions.setdefault(topic, set()).add(partition)
        if self.changelog_topics and len(set(map(frozenset, partitions.values()))) > 1:
            counts = ", ".join(f"{len(own)} of {topic}" for topic, own in sorted(partitions.items()))
            raise Fatal("partitions_differ", "app", f"assigned are {counts}: they must be the same")

    async def on_start(self) -> None:
        """Begin at once: Faust waits a second for tables that are declared late; ours are declared with the app."""
        await self._update_channels()
        await self.recovery.start()


def _is_ahead(persisted: int | None, last: int | None) -> bool:
    return persisted is not None and last is not None and persisted > last
