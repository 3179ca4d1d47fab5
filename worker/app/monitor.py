"""The monitor of a running half: heartbeat, state, lag, and the watchdog that ends a worker that stands still.

In: what Faust, the consumer and the publisher show of themselves. Out: gauges, from which the supervisor answers
/live and /ready. Faust's own answers say OK whatever happens (F8).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, cast

from aiokafka.errors import KafkaError
from prometheus_client import ProcessCollector

from worker import log, metrics
from worker.app.factory import Half
from worker.app.lag import Ages
from worker.app.reachable import NOTE_SECONDS, is_reachable
from worker.app.recovery import TableManager
from worker.complaints import Complaints
from worker.errors import Fatal
from worker.guard import abandon
from worker.handshake import denial, trouble
from worker.health import STATES
from worker.settings import Settings

TICK_SECONDS = 0.25
"""A worker is ready this much later than it could be, at most."""

LAG_SECONDS = 2.0
LAG_TIMEOUT_SECONDS = 10.0

SIZES_SECONDS = 30.0
"""How often the local state is measured: on disk its files are listed, some thousands at most."""

STALL_SECONDS = 300.0
"""No progress for so long, with work to do and a broker that answers: longer than any rebalance that was seen."""


class Monitor:
    """Writes the gauges of a role until it is cancelled."""

    def __init__(self, role: str, settings: Settings, complaints: Complaints | None = None) -> None:
        """Begin in the state `starting`; pass on the complaints of the process, where anybody looks at them."""
        self._role = role
        self._complaints = complaints
        self._settings = settings
        self._half: Half | None = None
        self._before: str = "starting"
        self._is_draining = False
        self._told_at = float("-inf")
        self._watchdog = Watchdog(STALL_SECONDS / LAG_SECONDS)
        self._lags: dict[Any, int] = {}
        self._ages = Ages()
        self._tenure: object = None
        self._usage = Usage(role)
        for state in STATES:
            metrics.STATE.labels(role, state).set(state == "starting")
        self._show_heartbeat()
        metrics.PARTITIONS.labels(role).set(0)
        metrics.REBALANCES.labels(role)

    def wait_for_broker(self) -> None:
        """Tell that the broker is being waited for."""
        self._before = "waiting_for_broker"

    def watch(self, half: Half) -> None:
        """Watch a half that is about to start."""
        self._before = "starting"
        self._half = half

    def drain(self) -> None:
        """Tell that the role is ending."""
        self._is_draining = True

    async def run(self) -> None:
        """Write the gauges for ever. What this raises is to end the process: nobody would watch it any more."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._beat())
            tasks.create_task(self._complain())
            # Apart: passing marks may have to wait for the broker.
            tasks.create_task(self._look_with(self._measure, LAG_SECONDS))
            tasks.create_task(self._look_with(self._pass_marks, LAG_SECONDS))
            tasks.create_task(self._look_with(_measure_sizes, SIZES_SECONDS))

    async def _beat(self) -> None:
        shown = "starting"
        while True:
            self._show_heartbeat()
            state = self._state()
            # Before the state: who reads that it runs reads its partitions too.
            self._show_partitions()
            self._show_load()
            self._tell_refusal()
            if state != shown:
                metrics.STATE.labels(self._role, shown).set(0)
                metrics.STATE.labels(self._role, state).set(1)
                log.get().info("state", state=state, before=shown)
                shown = state
            if self._half is not None and self._half.app.crashed and not self._is_draining:
                cause = self._half.app.crash_reason
                abandon(denial(cause, "app") or cause or Fatal("crashed", "app", "a service of Faust crashed"))
            due = time.monotonic() + TICK_SECONDS
            await asyncio.sleep(TICK_SECONDS)
            metrics.LOOP_LAG_SECONDS.labels(self._role).observe(max(time.monotonic() - due, 0))

    async def _complain(self) -> None:
        while self._complaints is not None:
            self._complaints.write()
            await asyncio.sleep(LAG_SECONDS)

    async def _look_with(self, look: Callable[[Half], Awaitable[None]], seconds: float) -> None:
        while not self._is_draining:
            await asyncio.sleep(seconds)
            if self._half is None or self._is_draining:
                continue
            try:
                await look(self._half)
            except RuntimeError:  # so a thread answers that has ended
                if not self._is_draining:
                    raise

    async def _measure(self, half: Half) -> None:
        self._usage.show()
        await self._measure_lag(half)
        await self._watch_progress(half)

    async def _pass_marks(self, half: Half) -> None:
        if state_of(half) == "running":
            with suppress(Fatal):  # the writer is another's by now: the next batch says so, and ends the process
                await half.consumer.pass_marks()

    def _state(self) -> str:
        if self._is_draining:
            return "draining"
        return self._before if self._half is None else state_of(self._half)

    def _show_heartbeat(self) -> None:
        metrics.HEARTBEAT.labels(self._role).set_to_current_time()
        metrics.HEARTBEAT_MONOTONIC.labels(self._role).set(time.monotonic())

    def _show_partitions(self) -> None:
        if self._half is None or self._half.app._assignment is None:
            return
        metrics.PARTITIONS.labels(self._role).set(len(self._half.consumer.next_offsets))
        tenure = self._half.consumer.tenure
        if tenure is not None and tenure is not self._tenure:
            metrics.REBALANCES.labels(self._role).inc()
            metrics.forget_entries()
            self._tenure = tenure

    def _tell_refusal(self) -> None:
        """Say why no connection can be made, where a broker says it; at the start the wait for it does."""
        now = time.monotonic()
        if self._half is None or now - self._told_at < NOTE_SECONDS:
            return
        if words := trouble.lately(NOTE_SECONDS):
            self._told_at = now
            log.get().warning("broker_refuses", broker=self._settings.broker, cause=words)

    def _show_load(self) -> None:
        if self._half is not None:
            load = self._half.consumer.flight.load
            metrics.IN_FLIGHT_MESSAGES.labels(self._role).set(load.messages)
            metrics.IN_FLIGHT_BYTES.labels(self._role).set(load.size)

    async def _measure_lag(self, half: Half) -> None:
        positions = dict(half.consumer.next_offsets)
        ends = await _ends(half, set(positions))
        if ends is None:  # what was known last stays: no answer is not no lag
            return
        lags = {tp: max(end - positions[tp], 0) for tp, end in ends.items()}
        ages = self._ages.take(ends, positions, time.monotonic())
        # A partition that went elsewhere has no lag here.
        for tp in {**self._lags, **lags}:
            metrics.LAG.labels(tp.topic, str(tp.partition)).set(lags.get(tp, 0))
            metrics.LAG_SECONDS.labels(tp.topic, str(tp.partition)).set(ages.get(tp, 0))
        self._lags = lags

    async def _watch_progress(self, half: Half) -> None:
        state = self._state()
        has_coordinator = half.consumer.has_coordinator()
        # Without a coordinator it may be asking where no broker is any more: aiokafka asks only those that it knows.
        is_waiting = (
            state in {"waiting_for_partitions", "recovering"}
            or not has_coordinator
            or (state == "running" and any(self._lags.values()))
        )
        if not self._watchdog.is_stalled(_progress(half), is_waiting=is_waiting, has_coordinator=has_coordinator):
            return
        is_answering = await is_reachable(self._settings)
        # Where the broker was away and has just come back, what follows has the whole time once more.
        if is_answering and (self._watchdog.has_barked or not self._watchdog.lacked_coordinator):
            abandon(Fatal("stalled", "app", f"no progress for {STALL_SECONDS:.0f} s in the state {state}"))
        self._watchdog.reset(has_barked=is_answering)


async def _measure_sizes(half: Half) -> None:
    if half.app.kept is not None:
        for table, size in half.app.kept.sizes().items():
            metrics.DEDUP_BYTES.labels(table).set(size)


class Usage:
    """What the process takes of the machine, as the metrics' own library reads it of the kernel."""

    def __init__(self, role: str) -> None:
        """Show it under a role's label."""
        self._collector = ProcessCollector(registry=None)
        self._resident = metrics.RESIDENT_BYTES.labels(role)
        self._cpu = metrics.CPU_SECONDS.labels(role)
        self._cpu_seconds = 0.0

    def show(self) -> None:
        """Set the gauges; where the kernel does not tell they stay as they are."""
        values = {metric.name: metric.samples[0].value for metric in self._collector.collect()}
        if "process_resident_memory_bytes" in values:
            self._resident.set(values["process_resident_memory_bytes"])
            seconds = values["process_cpu_seconds"]
            self._cpu.inc(max(seconds - self._cpu_seconds, 0))
            self._cpu_seconds = seconds


class Watchdog:
    """Counts looks without progress: looks, not seconds, because a long page delays the looks too and is no stall."""

    def __init__(self, limit: float) -> None:
        """Call it stalled after `limit` looks in a row."""
        self._limit = limit
        self._looks = 0
        self._seen: object = None
        self.has_barked = False
        """Whether this is not the first time since the last progress."""
        self.lacked_coordinator = False
        """Whether at any of the looks that are counted the group had no coordinator."""

    def is_stalled(self, progress: object, *, is_waiting: bool, has_coordinator: bool = True) -> bool:
        """Take a look: tell whether there was work to do and no progress for too long."""
        self._looks = self._looks + 1 if is_waiting and progress == self._seen else 0
        self._seen = progress
        self.has_barked = self.has_barked and self._looks > 0
        self.lacked_coordinator = self._looks > 0 and (self.lacked_coordinator or not has_coordinator)
        return self._looks >= self._limit

    def reset(self, *, has_barked: bool = False) -> None:
        """Count anew; the next progress makes it forget that it has barked."""
        self._looks, self.has_barked, self.lacked_coordinator = 0, has_barked, False


def state_of(half: Half) -> str:
    """Return what a started half is doing."""
    return _trouble_of(half) or _state_in_group(half)


def _trouble_of(half: Half) -> str | None:
    if half.breaker.is_open:
        return "breaker_open"
    if half.publisher.is_retrying:
        return "publishing_retried"
    if half.app.kept is not None and half.app.kept.is_retrying:
        return "storing_retried"
    return None


def _state_in_group(half: Half) -> str:
    app = half.app
    if app._assignment is None:  # Faust's only sign that the group was joined
        return "waiting_for_partitions"
    if not half.consumer.has_coordinator():
        return "waiting_for_broker"
    if app.rebalancing or half.consumer.reading is None:
        return "recovering" if app.tables and app.in_recovery else "waiting_for_partitions"
    return "running"


def _progress(half: Half) -> object:
    recovered = dict(cast("TableManager", half.app.tables).recovery.active_offsets)
    return dict(half.consumer.next_offsets), recovered, half.app.consumer_generation_id


async def _ends(half: Half, partitions: set[Any]) -> dict[Any, int] | None:
    if not partitions:
        return {}
    with suppress(KafkaError, TimeoutError):
        # The second limit is for a thread that does not even begin.
        looking = half.consumer.ends(partitions, LAG_TIMEOUT_SECONDS)
        return dict(await asyncio.wait_for(looking, LAG_TIMEOUT_SECONDS + 1))
    return None
