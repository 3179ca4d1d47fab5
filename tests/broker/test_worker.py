"""The whole worker on a broker: what goes in comes out once, whatever stands among it."""

import asyncio
import json
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from kafka_client import KafkaClient, Received, Sent
from pages import BAD, SIGHTINGS, good, oversized, raw
from worker_process import LONG_SECONDS, WorkerProcess, is_alive

from schemas import Copy, DeadLetterHeaders, EnvelopeHeaders, Headline, Mention, Page, Story
from worker import __version__, topics
from worker.broker import EmbeddedBroker, KafkaBroker
from worker.deadletter import OWN_HEADERS
from worker.export import encode
from worker.settings import EXPORTS, Settings

LIMIT = 50_000
"""`max_message_bytes` of these tests."""

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The test's own settings, with a limit that is quickly reached."""
    return settings.model_copy(update={"max_message_bytes": LIMIT})


def consume_all(worker: WorkerProcess, client: KafkaClient, settings: Settings) -> None:
    """Wait until both halves have committed all there is."""
    worker.wait_until(lambda: client.lag(settings.group_of("split"), settings.topics.raw) == 0, LONG_SECONDS, "split")
    worker.wait_until(
        lambda: client.lag(settings.group_of("dedupe"), settings.topics.sighting) == 0, LONG_SECONDS, "deduped"
    )


def latest(records: list[Received]) -> dict[bytes | None, Received]:
    """Return the last record of each key, as compaction would leave it."""
    return {record.key: record for record in records}


@pytest.mark.all_forms
def test_a_mixed_bag_is_accounted_for_message_by_message(settings: Settings, kafka_client: KafkaClient) -> None:
    """Each message has one outcome, each good page its story, each bad message its dead letter, byte for byte."""
    bad = [*BAD, oversized(LIMIT)]
    tombstones = [Sent(None, key=b"gone"), Sent(None, key=b"gone too")]
    bag = [*(good(number) for number in range(20)), *(one.sent(0) for one in bad), *tombstones, hostile(20)]
    kafka_client.produce(settings.topics.raw, bag)
    with WorkerProcess(settings) as worker:
        consume_all(worker, kafka_client, settings)
        worker.wait_until(lambda: worker.metric("newsworker_messages_consumed_total", role="dedupe") >= 21 * SIGHTINGS)
        outcomes = worker.metrics("newsworker_messages_total")
        consumed = worker.metric("newsworker_messages_consumed_total", role="split")
        assert worker.stop() == 0
    by_outcome = {dict(labels)["outcome"]: value for labels, value in outcomes.items() if ("role", "split") in labels}
    assert consumed == len(bag) == sum(by_outcome.values())
    assert by_outcome == {"published": 21, "no_story": 0, "dead_letter": len(bad), "tombstone": 2}
    assert_stories(kafka_client, settings, range(21))
    assert_dead_letters(kafka_client, settings, [(one.sent(0), one.reason) for one in bad])


def test_a_slow_page_is_put_aside_and_the_pages_around_it_are_read(
    settings: Settings, kafka_client: KafkaClient
) -> None:
    """It would take seconds; past the deadline it is a dead letter that names the stage."""
    settings = settings.model_copy(update={"stage_deadline_seconds": 0.5, "max_message_bytes": 10**6})
    slow = Sent(raw(5, content="<p>a" * 190_000, content_type="text/html"), key=b"slow")
    kafka_client.produce(settings.topics.raw, [*(good(n) for n in range(5)), slow, *(good(n) for n in range(5, 10))])
    with WorkerProcess(settings, role="split") as worker:
        kafka_client.wait_until_consumed(settings.group_of("split"), settings.topics.raw)
        assert worker.metric("newsworker_dead_letters_total", stage="split", reason="deadline_exceeded") == 1
        assert worker.stop() == 0
    assert_stories(kafka_client, settings, range(10))
    assert_dead_letters(kafka_client, settings, [(slow, "deadline_exceeded")])


def hostile(number: int) -> Sent:
    """Return a good page with headers and a key that no output record may carry on."""
    return Sent(good(number).value, b"\xff" * 100_000, {"traceparent": b"\xff" * 900_000, "": b""})


def assert_stories(client: KafkaClient, settings: Settings, numbers: range) -> None:
    """Every page's story is there once by its key."""
    records = latest(client.consume(settings.topics.story))
    stories = {key: Story.model_validate_json(record.value or b"") for key, record in records.items()}
    assert all(key == story.story_id.encode() for key, story in stories.items())
    headlines = Counter(story.headline for story in stories.values())
    assert headlines == {f"Harbour council {number} votes for the new ferry line": 1 for number in numbers}


def assert_dead_letters(client: KafkaClient, settings: Settings, sent: list[tuple[Sent, str]]) -> None:
    """Every dead letter is a message that was sent, its key and bytes unchanged, and says why."""
    letters = client.consume(settings.topics.deadletter)
    assert Counter((letter.key, letter.value) for letter in letters) == Counter((one.key, one.value) for one, _ in sent)
    reasons = {(one.key, one.value): reason for one, reason in sent}
    for letter in letters:
        own = {name: value.decode() for name, value in letter.headers.items() if name in OWN_HEADERS}
        headers = DeadLetterHeaders.model_validate(own)
        assert headers.reason == reasons[letter.key, letter.value]
        assert (headers.topic, headers.worker_version) == (settings.topics.raw, __version__)


@pytest.mark.all_forms
def test_records_are_what_the_contract_says(exporting: Settings, kafka_client: KafkaClient) -> None:
    """Every output has its key, its schema and its CloudEvents headers, and passes the trace on; exports too."""
    settings = exporting
    sent = good(1)
    kafka_client.produce(settings.topics.raw, [Sent(sent.value, sent.key, {"traceparent": TRACE.encode()})])
    with WorkerProcess(settings) as worker:
        consume_all(worker, kafka_client, settings)
        assert worker.stop() == 0
    topics = settings.topics
    keys = {"story": "story_id", "page": "page_id", "headline": "canonical_id", "copy": "story_id"}
    models = {"story": Story, "page": Page, "headline": Headline, "copy": Copy, "mention": Mention}
    for kind, model in models.items():
        records = kafka_client.consume(getattr(topics, kind))
        assert records, kind
        for record in records:
            value = model.model_validate_json(record.value or b"")
            assert record.key == getattr(value, keys.get(kind, "headline_id")).encode()
            headers = {name: text.decode() for name, text in record.headers.items()}
            envelope = EnvelopeHeaders.model_validate({**headers, "worker_version": headers["worker.version"]})
            assert (envelope.ce_type, envelope.ce_time) == (f"news.{kind}.v1", "2025-03-03T10:00:00Z")
            assert envelope.traceparent == TRACE
    (story,) = (Story.model_validate_json(one.value or b"") for one in kafka_client.consume(topics.story))
    for export in EXPORTS:
        (record,) = kafka_client.consume(getattr(topics, export))
        assert (record.key, record.value) == (story.story_id.encode(), encode(export, story))
        assert record.headers["ce_type"] == f"news.story.{export}.v1".encode()


def test_a_headline_met_again_is_a_repeat(settings: Settings, kafka_client: KafkaClient) -> None:
    """The headline that every page names is published once, by its earliest sighting; later mentions say so."""
    kafka_client.produce(settings.topics.raw, [good(number) for number in range(10)])
    with WorkerProcess(settings) as worker:
        consume_all(worker, kafka_client, settings)
        assert worker.stop() == 0
    mentions = [json.loads(record.value or b"") for record in kafka_client.consume(settings.topics.mention)]
    shared = [one for one in mentions if one["headline"].startswith("Fishermen")]
    assert len(shared) == 10
    assert {one["canonical_id"] for one in shared} == {shared[0]["canonical_id"]}
    assert Counter(one["verdict"] for one in shared)["repeat"] >= 1
    records = latest(kafka_client.consume(settings.topics.headline))
    owners = [json.loads(record.value or b"") for record in records.values()]
    first_page = min(one["page_id"] for one in shared)  # all have one event time: the smallest page id owns
    assert [one["first_page_id"] for one in owners if one["headline"].startswith("Fishermen")] == [first_page]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_worker_leaves_nothing_behind(settings: Settings, number: signal.Signals) -> None:
    """SIGTERM and Ctrl-C end it with exit code 0, without a child, a file or a folder left."""
    with WorkerProcess(settings) as worker:
        worker.wait_until_ready()
        children = worker.children()
        assert len(children) == 2
        assert worker.left_behind() != []
        assert worker.stop(number) == 0
        assert not any(is_alive(pid) for pid in children)
        assert worker.left_behind() == []
    assert not settings.state_dir.exists()


@pytest.mark.parametrize("store", ["memory", "rocksdb"])
def test_a_restarted_worker_goes_on_where_it_was(settings: Settings, kafka_client: KafkaClient, store: str) -> None:
    """Nothing is consumed twice after a clean stop, and the state is there again: what was seen is a repeat."""
    settings = settings.model_copy(update={"state_store": store})
    for round_number in range(2):
        numbers = range(5 * round_number, 5 * round_number + 5)
        kafka_client.produce(settings.topics.raw, [good(number) for number in numbers])
        with WorkerProcess(settings) as worker:
            consume_all(worker, kafka_client, settings)
            assert worker.stop() == 0
            assert len(worker.events("message", role="split")) == 5
            assert len(worker.events("message", role="dedupe")) == 5 * SIGHTINGS
    mentions = [json.loads(record.value or b"") for record in kafka_client.consume(settings.topics.mention)]
    shared = [one for one in mentions if one["headline"].startswith("Fishermen")]
    # One new headline at the first page; at most the later pages with a smaller id take it over.
    records = latest(kafka_client.consume(settings.topics.headline))
    owners = [json.loads(record.value or b"") for record in records.values()]
    first_page = min(one["page_id"] for one in shared)
    assert [one["first_page_id"] for one in owners if one["headline"].startswith("Fishermen")] == [first_page]
    assert len({one["canonical_id"] for one in shared}) == 1


def test_a_killed_role_ends_the_worker(settings: Settings, kafka_client: KafkaClient) -> None:
    """When a role's process dies, the other is drained and the exit code is 1, with a line that names the role."""
    with WorkerProcess(settings) as worker:
        worker.wait_until_ready()
        split, dedupe = worker.child("split"), worker.child("dedupe")
        subprocess.run(["kill", "-9", str(split)], check=True)
        assert worker.wait() == 1
        assert not is_alive(dedupe)
        assert worker.events("child_died", child="split", exit_code=-9)
        assert worker.events("drained", role="dedupe")
        assert worker.left_behind() == []
    kafka_client.produce(settings.topics.raw, [good(1)])
    with WorkerProcess(settings) as worker:
        consume_all(worker, kafka_client, settings)
        assert worker.stop() == 0


def test_an_orphaned_role_ends_by_itself(settings: Settings) -> None:
    """When the supervisor is killed, its children notice, drain and end."""
    with WorkerProcess(settings) as worker:
        worker.wait_until_ready()
        children = worker.children()
        worker.process.kill()
        worker.process.wait()
        worker._reader.join(20)  # it reads until the last child has closed its standard error, a moment before its end
        _wait_for_end(children)
        assert len(worker.events("drained")) == 2


def _wait_for_end(pids: list[int], seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while any(is_alive(pid) for pid in pids):
        assert time.monotonic() < deadline, f"still alive after {seconds} s"
        time.sleep(0.05)


def test_one_role_runs_alone(settings: Settings, kafka_client: KafkaClient) -> None:
    """`--role split` publishes stories and sightings and leaves the sightings to others."""
    kafka_client.produce(settings.topics.raw, [good(1)])
    with WorkerProcess(settings, role="split") as worker:
        kafka_client.wait_until_consumed(settings.group_of("split"), settings.topics.raw)
        assert "dedupe" not in worker.get("/ready")[1]
        assert worker.stop() == 0
    assert len(kafka_client.consume(settings.topics.sighting)) == SIGHTINGS
    assert kafka_client.consume(settings.topics.headline) == []


def test_health_is_answered_while_a_role_is_busy(settings: Settings, kafka_client: KafkaClient) -> None:
    """A role that holds its event loop does not delay /live."""
    with WorkerProcess(settings) as worker:
        worker.wait_until_ready()
        subprocess.run(["kill", "-STOP", str(worker.child("split"))], check=True)
        assert worker.get("/live")[0] == 200
        assert worker.get("/metrics")[0] == 200
        subprocess.run(["kill", "-CONT", str(worker.child("split"))], check=True)
        kafka_client.produce(settings.topics.raw, [good(1)])
        consume_all(worker, kafka_client, settings)
        assert worker.stop() == 0


def test_the_first_answer_of_a_ready_worker_tells_its_partitions(settings: Settings) -> None:
    """They are measured before the state that makes it ready is shown."""
    with WorkerProcess(settings) as worker:
        answers: list[str] = []
        worker.wait_until(lambda: answers.append(worker.get("/ready")[1]) or "ok, running" in answers[-1])
        running = [line for line in answers[-1].splitlines() if "ok, running" in line]
        assert all(line.endswith(f"ok, running, {settings.partitions} partitions") for line in running), running
        assert worker.stop() == 0


def test_bad_settings_are_one_clear_error() -> None:
    """A wrong value ends the command with exit code 2 and names its variable."""
    command = [sys.executable, "-m", "worker", "run"]
    answer = subprocess.run(command, env={"NEWSWORKER_PARTITIONS": "none"}, capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    assert "NEWSWORKER_PARTITIONS" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_missing_topics_are_named_and_waited_for(settings: Settings, broker: EmbeddedBroker | KafkaBroker) -> None:
    """Faust would be silent; the worker says which topics are missing and what creates them, and begins when it can."""
    missing = settings.model_copy(update={"topic_prefix": f"{settings.topic_prefix}-later"})
    with WorkerProcess(missing, role="split") as worker:
        worker.wait_until(lambda: worker.events("waiting_for_broker"))
        lack = worker.events("waiting_for_broker")[0]["lack"]
        assert missing.topics.raw in lack
        assert "newsworker topics apply" in lack
        assert worker.get("/ready")[0] == 503
        create_topics(broker, missing)
        worker.wait_until_ready()
        assert worker.stop() == 0


def create_topics(broker: EmbeddedBroker | KafkaBroker, settings: Settings) -> None:
    """Do what `newsworker topics apply` or the embedded broker's start would."""
    if isinstance(broker, KafkaBroker):
        asyncio.run(topics.apply(settings))
    else:
        for name, partitions in topics.partitions(settings).items():
            if name not in topics.changelogs(settings):  # they are the group's, and there already
                broker.create_topic(name, partitions)
