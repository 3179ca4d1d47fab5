"""What a running worker says of itself tells nothing of its messages and nothing of its environment."""

import json
from collections.abc import Iterator

import pytest
from kafka_client import KafkaClient, Sent
from worker_process import WorkerProcess

from worker import topics
from worker.broker import EmbeddedBroker
from worker.settings import Settings

SECRET = "hunter2"

CONTENT = f"Harbour {SECRET} reopens\n\nThe harbour of {SECRET} reopened on Tuesday after the storm had passed."

GOOD = {
    "content": CONTENT,
    "url": f"https://scraper:{SECRET}@example.org/{SECRET}?token={SECRET}",
    "id": SECRET,
    "source": SECRET,
    "title": SECRET,
    "meta": {SECRET: SECRET},
    SECRET: SECRET,
}

LIMIT = 10_000

BAD = (
    b'{"content": "hunter2',
    b'["hunter2"]',
    b'{"hunter2": "hunter2"}',
    b'{"content": "hunter2", "meta": {"hunter2": 7}}',
    json.dumps({**GOOD, "content_type": SECRET}).encode(),
    json.dumps({**GOOD, "fetched_at": SECRET}).encode(),
    json.dumps({**GOOD, "url": [SECRET]}).encode(),
    b'{"content": "hunter2 \xff"}',
    b'{"content": "hunter2", "hunter2": ' + 40 * b'["hunter2",' + 40 * b"0]" + b"}",
    json.dumps({**GOOD, "content": LIMIT * SECRET}).encode(),
)

HEADERS = {SECRET: SECRET.encode(), "traceparent": SECRET.encode(), "error.message": SECRET.encode()}

PATHS = ("/metrics", "/live", "/ready", "/", f"/{SECRET}", f"/metrics?{SECRET}={SECRET}", f"/ready?{SECRET}")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of a worker that logs all it can, on a broker of its own."""
    settings = Settings(
        partitions=1,
        web_port=0,
        state_dir=tmp_path_factory.mktemp("state"),
        log_format="json",
        log_level="debug",
        max_message_bytes=LIMIT,
        ce_source=f"https://worker:{SECRET}@example.org",
    )
    with EmbeddedBroker(topics.partitions(settings)) as broker:
        yield settings.model_copy(update={"broker": broker.bootstrap})


@pytest.fixture(scope="module")
def worker(settings: Settings) -> Iterator[WorkerProcess]:
    """Run it until both halves have had good and bad messages that are full of a secret."""
    client = KafkaClient(settings.broker)
    messages = [json.dumps(GOOD).encode(), *BAD]
    client.produce(settings.topics.raw, [Sent(value, SECRET.encode(), HEADERS) for value in messages])
    client.produce(
        settings.topics.raw, [Sent(f"{CONTENT} \xff".encode("latin-1"), None, {"content-type": b"text/html"})]
    )
    client.produce(settings.topics.sighting, [Sent(value, SECRET.encode(), HEADERS) for value in BAD])
    with WorkerProcess(settings, SCRAPER_PASSWORD=SECRET) as running:
        running.wait_until_ready()
        failed = 2 * len(BAD) + 1
        running.wait_until(lambda: running.metric("newsworker_dead_letters_total") == failed, what="put aside")
        running.wait_until(lambda: running.metric("newsworker_messages_total", outcome="decided"), what="decided")
        yield running


def test_no_log_line_tells_of_a_message_or_of_the_environment(worker: WorkerProcess) -> None:
    """At every level: no text, key, header, field or address of a message, and no variable's value."""
    assert len(worker.events("message", outcome="dead_letter")) == 2 * len(BAD) + 1
    assert worker.events("message", outcome="published")
    assert SECRET not in str(worker.lines)


@pytest.mark.parametrize("path", PATHS)
def test_no_page_tells_of_a_message_or_of_the_environment(worker: WorkerProcess, path: str) -> None:
    """Metrics and health answer with slugs and numbers, and nothing that was asked comes back."""
    status, text = worker.get(path)
    assert status in {200, 404}
    assert text
    assert SECRET not in text


@pytest.mark.usefixtures("worker")
def test_a_dead_letter_says_why_without_the_message(settings: Settings) -> None:
    """What the worker writes about a message quotes nothing of it; the message itself stands beside it."""
    letters = KafkaClient(settings.broker).consume(settings.topics.deadletter)
    assert len(letters) == 2 * len(BAD) + 1
    for letter in letters:
        said = {name: value for name, value in letter.headers.items() if name.startswith(("error.", "origin."))}
        assert SECRET not in str(said)
