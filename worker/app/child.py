"""One role's process: settings in on standard input, then Faust until SIGTERM.

In: a line of JSON settings, from the supervisor, whose end of the pipe then tells that it lives. Out: an exit code.
It ends when it is told to (SIGTERM), and when the supervisor is gone (end of file).
"""

import asyncio
import faulthandler
import logging
import os
import signal
import threading
from pathlib import Path
from typing import Any

from aiokafka.errors import KafkaConnectionError, KafkaError

from worker import log
from worker.app.factory import Half, build
from worker.app.monitor import Monitor
from worker.app.reachable import RETRY_SECONDS, wait_until_reachable
from worker.complaints import Complaints
from worker.errors import Fatal, Transient
from worker.guard import EXIT_ABANDONED, fault_point, or_abandon
from worker.handshake import denial
from worker.refusals import Refusals
from worker.settings import Role, Settings
from worker.supervisor import EXIT_TRY_AGAIN, FOLDER_VARIABLE

STDIN = 0

STACKS = signal.SIGUSR2
"""Where each thread stands, on standard error: what a process is asked for that answers nothing any more. It needs
neither the loop nor the interpreter's lock."""

EXIT_CUT_OFF = 1
"""The drain took longer than `drain_seconds`: what was in flight is read again."""


def run(role: Role) -> int:
    """Run a role until it is told to end; return the exit code."""
    settings = Settings.model_validate_json(_read_line())
    complaints = Complaints(Path(os.environ[FOLDER_VARIABLE]), role)
    log.configure(settings.log_format, settings.log_level, complaints.take, role=role)
    faulthandler.register(STACKS)
    fault_point.arm(settings.fault_point, role)
    # The terminal sends Ctrl-C to the whole group: the supervisor decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    loop = new_loop()
    asyncio.set_event_loop(loop)
    try:
        return loop.run_until_complete(_live(role, settings, complaints))
    except Fatal as error:
        log.get().error("ended", reason=error.reason, message=str(error))
        return EXIT_ABANDONED
    finally:
        log.flush()


def new_loop() -> asyncio.AbstractEventLoop:
    """Return a loop of the standard library's: it takes writes to a connection that has just been lost (F24)."""
    return asyncio.new_event_loop()


async def _live(role: Role, settings: Settings, complaints: Complaints) -> int:
    told_to_end = _end_on_signal_or_orphaned()
    monitor = Monitor(role, settings, complaints)
    watching = asyncio.create_task(or_abandon(monitor.run()))
    try:
        refusals = Refusals(settings)
        waiting = asyncio.create_task(_wait(role, settings, monitor, refusals))
        if not await _before(told_to_end, waiting):
            return 0
        half = build(role, settings, refusals.ids, waiting.result())
        monitor.watch(half)
        following = asyncio.create_task(or_abandon(refusals.follow()))
        code = await _serve(half, settings, monitor, told_to_end)
        following.cancel()
        return code
    finally:
        watching.cancel()


async def _wait(role: Role, settings: Settings, monitor: Monitor, refusals: Refusals) -> int:
    """Wait for the broker, read who is refused, and return the partitions of the sighting topic."""
    monitor.wait_for_broker()
    partitions = await wait_until_reachable(role, settings)
    while not await _have_refusals(refusals):
        partitions = await wait_until_reachable(role, settings)
    return partitions


async def _have_refusals(refusals: Refusals) -> bool:
    """Read who is refused, before the first page; tell whether the broker was there long enough."""
    try:
        await refusals.read()
    except Transient as error:
        log.get().warning("refusals_not_read", reason=error.reason, message=str(error))
        await asyncio.sleep(RETRY_SECONDS)
        return False
    return True


async def _serve(half: Half, settings: Settings, monitor: Monitor, told_to_end: asyncio.Event) -> int:
    log.get().info("starting", broker=settings.broker, source=half.source, group=settings.group_of(half.role))
    try:
        await _before(told_to_end, asyncio.create_task(half.app.start()))
    except KafkaConnectionError:
        # It answered a moment ago. Faust's app cannot be started twice, a process can.
        return EXIT_TRY_AGAIN
    except KafkaError as error:
        if (fatal := denial(error, "start")) is not None:
            raise fatal from error
        raise
    log.get().info("started")
    await told_to_end.wait()
    monitor.drain()
    log.get().info("draining", seconds=settings.drain_seconds)
    cut_off = threading.Timer(settings.drain_seconds, _cut_off, [asyncio.get_running_loop()])
    cut_off.daemon = True
    cut_off.start()
    await half.app.stop()
    cut_off.cancel()
    if half.spans is not None:
        half.spans.end()
    log.get().info("drained")
    return 0


async def _before(told_to_end: asyncio.Event, working: asyncio.Task[Any]) -> bool:
    """Await the work; return False where the end comes first, the work cancelled."""
    ending = asyncio.create_task(told_to_end.wait())
    await asyncio.wait({working, ending}, return_when=asyncio.FIRST_COMPLETED)
    ending.cancel()
    if not working.done():
        working.cancel()
        await asyncio.wait({working})
        return False
    await working
    return True


def _end_on_signal_or_orphaned() -> asyncio.Event:
    loop = asyncio.get_running_loop()
    told_to_end = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, told_to_end.set)

    def read() -> None:
        if not os.read(STDIN, 1):
            loop.remove_reader(STDIN)
            told_to_end.set()

    loop.add_reader(STDIN, read)
    return told_to_end


def _read_line() -> bytes:
    # Byte by byte and unbuffered: the rest of the pipe is for `add_reader`.
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = os.read(STDIN, 1)
        if not byte:
            raise Fatal("bad_settings", "start", "this process is started by `newsworker run`")
        line += byte
    return bytes(line)


def _cut_off(loop: asyncio.AbstractEventLoop) -> None:
    try:
        waiting = sorted({_place(task) for task in asyncio.all_tasks(loop)})
        log.last_word(logging.ERROR, "drain_cut_off", reason="drain_timeout", waiting=waiting)
    finally:
        os._exit(EXIT_CUT_OFF)


def _place(task: asyncio.Task[Any]) -> str:
    """Return where a task stands, in its own coroutine."""
    stack = task.get_stack(limit=1)
    return f"{Path(stack[-1].f_code.co_filename).name}:{stack[-1].f_lineno}" if stack else task.get_name()
