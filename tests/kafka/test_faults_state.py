"""Faults of the local state on a real broker: a full disk, deleted and damaged files, recoveries that are cut short."""

import os
import random
import resource
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kafka_client import KafkaClient, Sent
from pages import SIGHTINGS, again, good
from whole import assert_known, assert_whole, is_consumed
from worker_process import LONG_SECONDS, WorkerProcess

from worker import topics
from worker.dedup import links
from worker.dedup import state as states
from worker.dedup.sighting import HeadlineSighting
from worker.settings import Settings

PAGES = 300

FULL_BYTES = 100
"""No file can grow beyond it: less than any that RocksDB writes, more than none."""

LONG_CHANGELOG = 300_000
"""Entries: their recovery takes seconds."""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """State on disk, small batches, and a name of the worker's own, so that a restart waits for nobody's session."""
    return settings.model_copy(update={"state_store": "rocksdb", "batch_messages": 50, "instance_id": "worker-0"})


@pytest.fixture(autouse=True)
def _split(settings: Settings) -> Iterator[None]:
    """The other half, which keeps no state, runs all the time: only the dedupe half is started again and again."""
    with WorkerProcess(settings, role="split") as worker:
        yield
        assert worker.stop() == 0


def fill_disk(pid: int) -> None:
    """Let every write of a process fail, as a full disk would."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (FULL_BYTES, resource.RLIM_INFINITY))


def make_room(pid: int) -> None:
    """Let it write again."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def state_of(worker: WorkerProcess) -> str:
    """Return the state of the dedupe half, in the words of /ready."""
    lines = worker.get("/ready")[1].splitlines()
    return next((line.removeprefix("dedupe: ") for line in lines if line.startswith("dedupe: ")), "")


def is_storing_retried(worker: WorkerProcess) -> bool:
    """Whether /ready says that the local state cannot be written."""
    return state_of(worker).startswith("storing_retried")


def end(worker: WorkerProcess, number: signal.Signals) -> None:
    """End the dedupe half by a signal, and the worker with it."""
    os.kill(worker.child("dedupe"), number)
    assert worker.wait() == 1


def run_to_the_end(client: KafkaClient, settings: Settings) -> None:
    """Run a worker until all is consumed, and stop it."""
    with WorkerProcess(settings, role="dedupe") as worker:
        worker.wait_until(lambda: is_consumed(client, settings), LONG_SECONDS, "consumed")
        assert worker.metric("newsworker_skipped_offsets_total") == 0
        assert worker.stop() == 0


def test_a_disk_that_fills_up_is_waited_for(settings: Settings, kafka_client: KafkaClient) -> None:
    """The process says so and stays, and when there is room again it goes on by itself: every message is done once."""
    kafka_client.produce(settings.topics.raw, [good(number) for number in range(PAGES)])
    with WorkerProcess(settings, role="dedupe") as worker:
        worker.wait_until(lambda: len(worker.events("message", role="dedupe")) > 200, what="begun")
        pid = worker.child("dedupe")
        fill_disk(pid)
        kafka_client.produce(settings.topics.raw, [good(number) for number in range(PAGES, 2 * PAGES)])
        worker.wait_until(lambda: is_storing_retried(worker), what="storing_retried")
        time.sleep(2)
        assert is_storing_retried(worker)
        assert worker.get("/live")[0] == 200
        assert "File too large" in worker.events("state_not_stored")[0]["cause"]
        make_room(pid)
        worker.wait_until(lambda: is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
        worker.wait_until_ready()
        assert worker.child("dedupe") == pid
        assert len(worker.events("message", role="dedupe")) == 2 * SIGHTINGS * PAGES
        assert worker.stop() == 0
    assert_whole(kafka_client, settings, 2 * PAGES)
    kafka_client.produce(settings.topics.raw, [again(number, "elsewhere") for number in range(PAGES)])
    run_to_the_end(kafka_client, settings)
    assert_known(kafka_client, settings, 2 * PAGES, PAGES)


def test_a_start_on_a_full_disk_waits_too(settings: Settings, kafka_client: KafkaClient) -> None:
    """It neither ends nor asks in haste, and says what is wrong until there is room; it can be stopped meanwhile."""
    kafka_client.produce(settings.topics.raw, [good(number) for number in range(PAGES)])
    for has_room in (False, True):
        with WorkerProcess(settings, role="dedupe") as worker:
            worker.wait_until(lambda: worker.events("starting", role="dedupe"), what="starting")
            pid = worker.child("dedupe")
            fill_disk(pid)
            worker.wait_until(lambda: is_storing_retried(worker), what="storing_retried")
            time.sleep(4)
            assert worker.get("/live")[0] == 200
            assert 2 <= len(worker.events("state_not_stored")) <= 20
            if has_room:
                make_room(pid)
                worker.wait_until(lambda: is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
                assert_whole(kafka_client, settings, PAGES)
                kafka_client.produce(settings.topics.raw, [again(number, "elsewhere") for number in range(PAGES)])
                worker.wait_until(lambda: is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
                assert worker.child("dedupe") == pid
            assert worker.stop() == 0
    assert_known(kafka_client, settings, PAGES, PAGES)


Harm = Callable[[Path, random.Random], None]


def delete_all(folder: Path, _choice: random.Random) -> None:
    """Delete the whole state."""
    shutil.rmtree(folder)


def delete_half(folder: Path, choice: random.Random) -> None:
    """Delete half of all files, as a deletion that was cut short."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in choice.sample(files, len(files) // 2):
        path.unlink()


def scribble(pattern: str) -> Harm:
    """Write random bytes over the files of a pattern."""

    def harm(folder: Path, choice: random.Random) -> None:
        for path in found(folder, pattern):
            path.write_bytes(choice.randbytes(path.stat().st_size))

    return harm


def truncate(pattern: str) -> Harm:
    """Cut the files of a pattern short."""

    def harm(folder: Path, choice: random.Random) -> None:
        for path in found(folder, pattern):
            os.truncate(path, choice.randrange(path.stat().st_size))

    return harm


def found(folder: Path, pattern: str) -> list[Path]:
    """Return the files of a pattern that hold anything, of which there must be some."""
    paths = [path for path in sorted(folder.rglob(pattern)) if path.stat().st_size]
    assert paths, f"no {pattern} in {sorted(path.name for path in folder.rglob('*.db/*'))}"
    return paths


HARMS: dict[str, tuple[tuple[Harm, bool], ...]] = {
    "deleted": ((delete_all, False), (delete_half, True)),
    "scribbled": ((scribble("*.sst"), True), (scribble("CURRENT"), True), (scribble("MANIFEST-*"), True)),
    "cut_short": ((truncate("*.sst"), True), (scribble("*.log"), False), (truncate("MANIFEST-*"), False)),
}
"""Each with whether RocksDB can notice it. It takes a manifest that was cut between two entries for an older one, and
what stands in the log of the last writes is never used."""


@pytest.mark.parametrize(
    "harms",
    [
        pytest.param(harms, id=name, marks=() if name == "scribbled" else pytest.mark.full)
        for name, harms in HARMS.items()
    ],
)
def test_harm_done_to_the_state_while_the_worker_is_down_costs_nothing(
    settings: Settings, kafka_client: KafkaClient, harms: tuple[tuple[Harm, bool], ...]
) -> None:
    """It starts, throws away what is damaged and says so, recovers from the changelog, and knows all it knew before."""
    choice = random.Random(7)
    kafka_client.produce(settings.topics.raw, [good(number) for number in range(PAGES)])
    for number, (harm, is_noticed) in enumerate(((None, False), *harms)):
        if harm is not None:
            harm(settings.state_dir / "dedupe", choice)
            kafka_client.produce(settings.topics.raw, [again(page, f"site-{number}") for page in range(PAGES)])
        with WorkerProcess(settings, role="dedupe") as worker:
            worker.wait_until(lambda: is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
            assert not is_noticed or worker.events("state_wiped", cause="damaged")
            # The odd ones leave what a kill leaves, the others what a stop does.
            end(worker, signal.SIGKILL if number % 2 else signal.SIGTERM)
    assert_known(kafka_client, settings, PAGES, len(harms) * PAGES)


def test_damage_that_shows_when_it_is_read_ends_the_process(settings: Settings, kafka_client: KafkaClient) -> None:
    """A block is read only for a key in it: then the process ends and says so, and the next one recovers."""
    kafka_client.produce(settings.topics.raw, [good(number) for number in range(PAGES)])
    run_to_the_end(kafka_client, settings)
    file = max(found(settings.state_dir / "dedupe", "headline-*/*.sst"), key=lambda path: path.stat().st_size)
    with file.open("r+b") as stream:
        stream.write(bytes(64))  # in the first block: RocksDB opens a file by its end
    kafka_client.produce(settings.topics.raw, [again(number, "elsewhere") for number in range(PAGES)])
    with WorkerProcess(settings, role="dedupe") as worker:
        assert worker.wait() == 1
        assert worker.events("abandoned", reason="state_damaged")
        assert worker.events("state_wiped", cause="damaged")
    run_to_the_end(kafka_client, settings)
    assert_known(kafka_client, settings, PAGES, PAGES)


def fillers(partition: int) -> list[Sent]:
    """Return entries of headlines that no page has, for one partition of the changelog."""
    choice = random.Random(partition)
    ids = [choice.randbytes(32).hex() for _ in range(LONG_CHANGELOG // 2)]
    return [Sent(filler(one), key=links.short(one), partition=partition) for one in ids]


def filler(headline_id: str) -> bytes:
    """Return the state of a headline."""
    seen_at = "2025-03-01T10:00:00Z"
    owner = HeadlineSighting(
        headline_id, "Tides of the week", "en", headline_id, None, 0, seen_at, True, None, None, None
    )
    return states.encode(states.HeadlineState(owner, seen_at))


@pytest.mark.full
@pytest.mark.parametrize("store", ["memory", "rocksdb"])
def test_a_recovery_that_is_killed_twice_is_made_whole_by_the_third(
    settings: Settings, kafka_client: KafkaClient, store: str
) -> None:
    """A long changelog, and SIGKILL in the middle of reading it: what was known before is known."""
    settings = settings.model_copy(update={"state_store": store})
    kafka_client.produce(settings.topics.raw, [good(number) for number in range(PAGES)])
    run_to_the_end(kafka_client, settings)
    headlines, *_ = topics.changelogs(settings)
    kafka_client.produce(headlines, [*fillers(0), *fillers(1)])
    shutil.rmtree(settings.state_dir, ignore_errors=True)
    kafka_client.produce(settings.topics.raw, [again(number, "elsewhere") for number in range(PAGES)])
    for seconds in (0.0, 0.5):
        with WorkerProcess(settings, role="dedupe") as worker:
            worker.wait_until(lambda: state_of(worker).startswith("recovering"), what="recovering")
            time.sleep(seconds)
            assert state_of(worker).startswith("recovering")
            end(worker, signal.SIGKILL)
            assert not worker.events("message", role="dedupe")
    run_to_the_end(kafka_client, settings)
    assert_known(kafka_client, settings, PAGES, PAGES)


def test_a_recovery_on_a_disk_that_fills_up_goes_on_when_there_is_room(
    settings: Settings, kafka_client: KafkaClient
) -> None:
    """What was read and could not be stored is kept and stored later: the process stays, and nothing is left out."""
    kafka_client.produce(settings.topics.raw, [good(number) for number in range(PAGES)])
    run_to_the_end(kafka_client, settings)
    headlines, *_ = topics.changelogs(settings)
    kafka_client.produce(headlines, [*fillers(0), *fillers(1)])
    shutil.rmtree(settings.state_dir)
    kafka_client.produce(settings.topics.raw, [again(number, "elsewhere") for number in range(PAGES)])
    with WorkerProcess(settings, role="dedupe") as worker:
        worker.wait_until(lambda: state_of(worker).startswith("recovering"), what="recovering")
        pid = worker.child("dedupe")
        fill_disk(pid)
        worker.wait_until(lambda: is_storing_retried(worker), what="storing_retried")
        time.sleep(3)
        assert is_storing_retried(worker)
        make_room(pid)
        worker.wait_until(lambda: is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
        assert worker.child("dedupe") == pid
        assert worker.stop() == 0
    assert_known(kafka_client, settings, PAGES, PAGES)
