"""What an operator relies on, asked of a running worker: books that balance, health, the probe, exit codes."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from collector import Collector, attributes, collecting
from kafka_client import KafkaClient, Sent
from whole import is_consumed
from worker_process import WorkerProcess

from worker import topics
from worker.broker import EmbeddedBroker
from worker.settings import MIB, Settings

PAGE = b'{"content": "Harbour reopens\\n\\nThe harbour of Eastmere reopened on Tuesday after the storm had passed."}'
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
TRACED = {"traceparent": f"00-{TRACE}-{PARENT}-01".encode()}
MESSAGES = (Sent(PAGE, headers=TRACED), Sent(b"not json"), Sent(None), Sent(b'{"content": " "}'), Sent(PAGE, b"again"))


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    """Collect traces."""
    with collecting() as collector:
        yield collector


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory, collector: Collector) -> Iterator[WorkerProcess]:
    """Run a worker that has consumed `MESSAGES`."""
    settings = Settings(
        partitions=1,
        web_port=0,
        state_dir=tmp_path_factory.mktemp("state"),
        log_format="json",
        otlp_endpoint=collector.endpoint,
    )
    with EmbeddedBroker(topics.partitions(settings)) as broker:
        settings = settings.model_copy(update={"broker": broker.bootstrap})
        with WorkerProcess(settings) as running:
            running.wait_until_ready()
            client = KafkaClient(broker.bootstrap)
            client.produce(settings.topics.raw, MESSAGES)
            running.wait_until(lambda: is_consumed(client, settings), what="consumed")
            yield running


def test_a_process_says_where_it_stands(worker: WorkerProcess) -> None:
    """Each of its threads, on a signal, and it goes on."""
    roles = worker.children()
    stacks = worker.stacks()
    assert stacks.count("most recent call first") >= len(roles)
    assert stacks.count("child.py") >= len(roles)
    assert worker.get("/live")[0] == 200
    assert worker.children() == roles


def test_the_books_balance(worker: WorkerProcess) -> None:
    """Consumed is the sum over outcomes, for each half; every outcome has its count."""
    for role in ("split", "dedupe"):
        outcomes = worker.metric("newsworker_messages_total", role=role)
        assert outcomes == worker.metric("newsworker_messages_consumed_total", role=role)
    by_outcome = {
        outcome: worker.metric("newsworker_messages_total", role="split", outcome=outcome)
        for outcome in ("published", "dead_letter", "tombstone")
    }
    assert by_outcome == {"published": 2, "dead_letter": 2, "tombstone": 1}


def test_what_only_a_running_worker_can_tell_is_told(worker: WorkerProcess) -> None:
    """Each half was given partitions once, has a lag of nothing and a process of some size, and times every message."""
    for role in ("split", "dedupe"):
        assert worker.metric("newsworker_rebalances_total", role=role) == 1
        assert worker.metric("newsworker_resident_memory_bytes", role=role) > 30 * MIB
        assert worker.metric("newsworker_cpu_seconds_total", role=role) > 0.1
        assert worker.metric("newsworker_loop_lag_seconds_count", role=role) > 0
        timed = worker.metric("newsworker_end_to_end_seconds_count", role=role)
        assert timed == worker.metric("newsworker_messages_consumed_total", role=role)
    worker.wait_until(lambda: len(worker.metrics("newsworker_lag_seconds")) == 2, what="lag measured")
    assert set(worker.metrics("newsworker_lag_seconds").values()) == {0}


def test_the_status_page_shows_it_to_a_person(worker: WorkerProcess) -> None:
    """Both roles, their partitions, what was counted, the dead letters by name, and the settings in force."""
    worker.wait_until(lambda: "info message" in worker.get("/")[1], what="shown")
    status, html = worker.get("/")
    assert status == 200
    for text in ("running", "news.raw.v1", "news.sighting.v1", "published", "info message", "NEWSWORKER_WEB_PORT"):
        assert text in html, text
    assert "Eastmere" not in html


def test_a_traced_message_can_be_followed_through_both_halves(worker: WorkerProcess, collector: Collector) -> None:
    """The page and each of its sightings have a span in the trace that the producer began."""
    services = ("newsworker-split", "newsworker-dedupe")
    worker.wait_until(lambda: all(map(collector.of, services)), what="collected")
    (page,) = collector.of("newsworker-split")
    assert attributes(page)["newsworker.outcome"] == "published"
    for _, span in collector.spans:
        assert (span.trace_id.hex(), span.parent_span_id.hex()) == (TRACE, PARENT)


def test_dead_letters_are_counted_by_their_reason(worker: WorkerProcess) -> None:
    """The metric's reasons are those of the dead letters' headers."""
    for reason in ("malformed_json", "empty_content"):
        assert worker.metric("newsworker_dead_letters_total", stage="decode", reason=reason) == 1


def test_no_offset_was_passed_over(worker: WorkerProcess) -> None:
    """The alarm for lost messages is silent."""
    assert set(worker.metrics("newsworker_skipped_offsets_total").values()) == {0.0}


def test_the_log_has_one_line_a_message_and_no_article(worker: WorkerProcess) -> None:
    """One canonical line for each consumed message, without the words of a page."""
    lines = worker.events("message", role="split")
    assert len(lines) == len(MESSAGES)
    assert "Eastmere" not in str(worker.lines)


@pytest.mark.parametrize("kind", ["live", "ready"])
def test_the_probe_answers_for_the_running_worker(worker: WorkerProcess, kind: str) -> None:
    """`newsworker probe` exits 0 and tells of both halves."""
    port = worker.events("serving")[0]["url"].rpartition(":")[2]
    answer = subprocess.run(
        [sys.executable, "-m", "worker", "probe", kind],
        env={**os.environ, "NEWSWORKER_WEB_PORT": port},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert answer.returncode == 0
    assert "split: ok" in answer.stdout
    assert "dedupe: ok" in answer.stdout


def test_sigterm_ends_with_0_and_leaves_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    """After SIGTERM no child runs and no temporary file is left."""
    settings = Settings(partitions=1, web_port=0, state_dir=tmp_path_factory.mktemp("state"), log_format="json")
    with EmbeddedBroker(topics.partitions(settings)) as broker:
        settings = settings.model_copy(update={"broker": broker.bootstrap})
        with WorkerProcess(settings) as running:
            running.wait_until_ready()
            children = running.children()
            assert running.stop(signal.SIGTERM) == 0
            assert not list(running.temporary.iterdir())
            for pid in children:
                with pytest.raises(ProcessLookupError):
                    os.kill(pid, 0)
