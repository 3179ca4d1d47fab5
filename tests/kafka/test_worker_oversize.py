"""Records that a topic refuses for their size: the message becomes a dead letter, and the worker goes on."""

import json
import random

import pytest
import whole
from kafka_client import KafkaClient, Sent
from pages import good, raw
from worker_process import LONG_SECONDS, WorkerProcess

from worker.settings import Settings


@pytest.fixture(params=["effectively_once", "exactly_once"])
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """Once for each way of delivering."""
    return settings.model_copy(update={"delivery": request.param})


def long_page(number: int) -> Sent:
    """A page whose records do not compress to less than 20 kB."""
    words = " ".join(f"{(7919 * number + 104729 * i) % 999983:x}" for i in range(20_000))
    return Sent(raw(number, content=f"A long page\n\n{words}."), key=f"long-{number}".encode())


def is_consumed(client: KafkaClient, settings: Settings) -> bool:
    """Whether the split half has committed all there is."""
    return client.lag(settings.group_of("split"), settings.topics.raw) == 0


def test_nothing_of_a_message_stands_on_any_topic_where_one_record_does_not_fit(
    settings: Settings, kafka_client: KafkaClient
) -> None:
    """A URL fits into a story and a page but not into the sightings: the message is a dead letter, and only that."""
    long_url = Sent(raw(1000, url=f"https://news.example/{'a' * 1_100_000}"), key=b"long url")
    kafka_client.produce(settings.topics.raw, [good(1), long_url, good(2)])
    with WorkerProcess(settings, role="split") as worker:
        worker.wait_until(lambda: is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
        assert worker.stop() == 0
    (letter,) = kafka_client.consume(settings.topics.deadletter)
    assert (letter.key, letter.value) == (long_url.key, long_url.value)
    assert letter.headers["error.reason"] == b"record_too_large"
    for topic, count in ((settings.topics.story, 2), (settings.topics.page, 2), (settings.topics.sighting, 8)):
        records = kafka_client.consume(topic)
        assert len(records) == count
        assert not [record for record in records if b"a" * 100 in (record.value or b"")]


def test_a_dead_letter_whose_key_and_headers_do_not_fit_has_none(settings: Settings, kafka_client: KafkaClient) -> None:
    """Why and from where is told with the sizes, and the worker goes on."""
    kafka_client.alter(settings.topics.deadletter, max_message_bytes="20000")
    key, headers = random.Random(1).randbytes(30_000), {"feed": random.Random(2).randbytes(30_000)}
    kafka_client.produce(settings.topics.raw, [good(1), Sent(b"{", key), Sent(b"[", b"key", headers), good(2)])
    with WorkerProcess(settings, role="split") as worker:
        worker.wait_until(lambda: is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
        assert worker.stop() == 0
    letters = kafka_client.consume(settings.topics.deadletter)
    assert {(letter.key, letter.value, letter.headers["error.original_key_size"]) for letter in letters} == {
        (None, b"", b"30000"),
        (None, b"", b"3"),
    }
    assert len(kafka_client.consume(settings.topics.story)) == 2


def test_a_message_whose_story_the_broker_refuses_is_a_dead_letter(
    settings: Settings, kafka_client: KafkaClient
) -> None:
    """The original is put aside whole, with the reason; every message before and after it is published."""
    kafka_client.alter(settings.topics.story, max_message_bytes="20000")
    long_pages = [long_page(number) for number in (1000, 1001)]
    pages = [good(number) for number in range(40)]
    kafka_client.produce(settings.topics.raw, [*pages[:20], *long_pages, *pages[20:]])
    with WorkerProcess(settings, role="split") as worker:
        worker.wait_until(lambda: is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
        dead = worker.metric("newsworker_dead_letters_total", stage="publish", reason="record_too_large")
        assert worker.stop() == 0
    assert dead == 2
    # aiokafka has counted the refused batches: the broker takes no more from that producer.
    assert worker.events("producer_renewed") or settings.delivery == "exactly_once"
    letters = kafka_client.consume(settings.topics.deadletter)
    assert len(letters) == 2
    assert {(letter.key, letter.value) for letter in letters} == {(page.key, page.value) for page in long_pages}
    assert {letter.headers["error.reason"] for letter in letters} == {b"record_too_large"}
    for letter in letters:
        size, _, rest = letter.headers["error.message"].decode().partition(" ")
        assert int(size) > len(letter.value or b"")  # the story is more than its page
        assert rest == f"bytes are too many for {settings.topics.story}"
    assert len({record.key for record in kafka_client.consume(settings.topics.story)}) == 40
    if settings.delivery == "exactly_once":
        # What else there was of the refused messages was taken back, and of the others nothing was written again.
        for topic, count in ((settings.topics.story, 40), (settings.topics.page, 40), (settings.topics.sighting, 160)):
            assert len(kafka_client.consume(topic)) == count


def test_a_sighting_whose_copy_the_broker_refuses_is_a_dead_letter(
    settings: Settings, kafka_client: KafkaClient
) -> None:
    """The dedupe half puts that one aside, and all others of its batch are decided, each mention written once."""
    kafka_client.alter(settings.topics.copy, max_message_bytes="20000")
    # Only a copy and a headline name the page's URL.
    long_url = f"https://news.example/{random.Random(1).randbytes(30_000).hex()}"
    pages = [good(number) for number in range(40)]
    kafka_client.produce(settings.topics.raw, [*pages[:20], Sent(raw(1000, url=long_url)), *pages[20:]])
    with WorkerProcess(settings) as worker:
        worker.wait_until(lambda: whole.is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
        assert worker.metric("newsworker_dead_letters_total", reason="record_too_large") == 1
        assert worker.stop() == 0
    (letter,) = kafka_client.consume(settings.topics.deadletter)
    assert letter.headers["origin.topic"] == settings.topics.sighting.encode()
    refused = json.loads(letter.value or b"")
    assert (refused["kind"], refused["url"]) == ("story", long_url)
    copies = {record.key for record in kafka_client.consume(settings.topics.copy)}
    assert len(copies) == 40
    assert refused["story_id"].encode() not in copies
    assert len(kafka_client.consume(settings.topics.mention)) == 2 * 41


def test_a_dead_letter_that_does_not_fit_keeps_key_and_headers(settings: Settings, kafka_client: KafkaClient) -> None:
    """Its value is left out, and its size told."""
    kafka_client.alter(settings.topics.deadletter, max_message_bytes="20000")
    settings = settings.model_copy(update={"max_message_bytes": 10_000})
    page = long_page(1)
    kafka_client.produce(settings.topics.raw, [good(1), Sent(page.value, page.key, {"source": b"feed"}), good(2)])
    with WorkerProcess(settings, role="split") as worker:
        worker.wait_until(lambda: is_consumed(kafka_client, settings), LONG_SECONDS, "consumed")
        assert worker.stop() == 0
    (letter,) = kafka_client.consume(settings.topics.deadletter)
    assert (letter.key, letter.value) == (page.key, b"")
    assert letter.headers["error.original_size"] == str(len(page.value or b"")).encode()
    assert (letter.headers["error.reason"], letter.headers["source"]) == (b"too_large", b"feed")
    assert len(kafka_client.consume(settings.topics.story)) == 2
