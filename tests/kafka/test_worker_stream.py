"""Two thousand messages of a real stream through the whole worker, with every kind of bad message among them."""

import io
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import orjson
import zstandard
from kafka_client import KafkaClient, Sent
from pages import BAD, good, oversized
from pydantic import BaseModel
from stream import Stream
from worker_process import LONG_SECONDS, WorkerProcess, is_alive

from schemas import Copy, DeadLetterHeaders, Headline, Mention
from worker.deadletter import OWN_HEADERS
from worker.decode import Limits, RawMessage
from worker.dedup.sighting import decode
from worker.pipeline import Context, Processed, process
from worker.settings import Settings

STREAM = Path(__file__).parents[3] / "shared" / "data" / "stream_ar.jsonl.zst"
"""Other people's texts, used where they are there; own-written pages stand in for them elsewhere."""

MESSAGES = 2000
LIMIT = 100_000
BAD_EVERY = 40
TOMBSTONE_EVERY = 100


def good_messages() -> list[Sent]:
    """Return the pages of the stream, or as many of our own."""
    if not STREAM.exists():
        print(f"{STREAM.name} is not there: own pages are used")
        return [good(number) for number in range(MESSAGES)]
    with STREAM.open("rb") as file:
        reader = zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(file)
        lines = islice(io.TextIOWrapper(reader, "utf-8", newline="\n"), MESSAGES)
        return [Sent(line.encode(), key=json.loads(line)["url"].encode(), timestamp_ms=1) for line in lines]


def bag() -> Iterator[tuple[Sent, str | None]]:
    """Yield good and bad messages, each bad one with its reason; tombstones have the reason `tombstone`."""
    bad = [*BAD, oversized(LIMIT)]
    for number, message in enumerate(good_messages()):
        yield message, None
        if number % BAD_EVERY == 0:
            one = bad[number // BAD_EVERY % len(bad)]
            yield one.sent(number), one.reason
        if number % TOMBSTONE_EVERY == 0:
            yield Sent(None, key=b"gone-%d" % number), "tombstone"


def expected_stories(messages: list[tuple[Sent, str | None]]) -> dict[bytes, set[bytes]]:
    """Return what the pipeline alone makes of the good messages: the values that each story id may have."""
    context = Context(Limits(LIMIT, 200_000, 32))
    stories: dict[bytes, set[bytes]] = {}
    for message, reason in messages:
        if reason is None:
            result = process(RawMessage(message.value, None, message.timestamp_ms), context)
            assert isinstance(result, Processed)
            for story in result.stories:
                stories.setdefault(story.story_id.encode(), set()).add(orjson.dumps(story.model_dump()))
    return stories


def test_a_stream_comes_through_whole(settings: Settings, kafka_client: KafkaClient) -> None:
    """Consumed equals the sum of outcomes; every story is there; every bad message is put aside byte for byte."""
    settings = settings.model_copy(update={"max_message_bytes": LIMIT, "find_names": True})
    messages = list(bag())
    random.Random(20250227).shuffle(messages)
    reasons = {(message.key, message.value): reason for message, reason in messages}
    topics = settings.topics
    kafka_client.produce(topics.raw, [message for message, _ in messages])
    with WorkerProcess(settings) as worker:
        worker.wait_until(lambda: kafka_client.lag(settings.group_of("split"), topics.raw) == 0, LONG_SECONDS, "split")
        worker.wait_until(
            lambda: kafka_client.lag(settings.group_of("dedupe"), topics.sighting) == 0, LONG_SECONDS, "deduped"
        )
        books = worker.metrics("newsworker_messages_total")
        consumed = worker.metric("newsworker_messages_consumed_total", role="split")
        assert worker.metric("newsworker_skipped_offsets_total") == 0
        children = worker.children()
        assert worker.stop() == 0
        assert not any(is_alive(pid) for pid in children)
        assert worker.left_behind() == []
        assert worker.complaints() == []

    outcomes = Counter(
        {dict(labels)["outcome"]: value for labels, value in books.items() if ("role", "split") in labels}
    )
    bad = {key: reason for key, reason in reasons.items() if reason not in {None, "tombstone"}}
    assert consumed == len(messages) == outcomes.total()
    assert outcomes["tombstone"] == MESSAGES // TOMBSTONE_EVERY
    assert outcomes["dead_letter"] == len(bad)

    stories = expected_stories(messages)
    found = {record.key: record.value for record in kafka_client.consume(topics.story)}
    assert found.keys() == stories.keys()
    assert all(value in stories[key] for key, value in found.items() if key)

    letters = kafka_client.consume(topics.deadletter)
    assert Counter((letter.key, letter.value) for letter in letters) == Counter(bad.keys())
    for letter in letters:
        own = {name: text.decode() for name, text in letter.headers.items() if name in OWN_HEADERS}
        headers = DeadLetterHeaders.model_validate(own)
        assert headers.reason == bad[letter.key, letter.value]

    assert kafka_client.committed(settings.group_of("split"), topics.raw) == kafka_client.end_offsets(topics.raw)
    assert_dedup_is_what_the_sightings_come_to(kafka_client, settings)
    assert {record.key for record in kafka_client.consume(topics.copy)} == stories.keys()


def assert_dedup_is_what_the_sightings_come_to(client: KafkaClient, settings: Settings) -> None:
    """Each partition's sightings in their order, taken by one process, give the same records: what is forgotten too."""
    streams = defaultdict[int, Stream](lambda: Stream(settings.dedup_rules))
    mentions = Counter[str]()
    for record in client.consume(settings.topics.sighting):
        mention = streams[record.partition].take(decode(record.value or b"")).mention
        mentions.update([mention.model_dump_json()] if mention else [])
    headlines = {key: text for stream in streams.values() for key, text in stream.headlines.items()}
    copies = {key: text for stream in streams.values() for key, text in stream.copies.items()}
    topics = settings.topics
    assert last_records(client, topics.headline, Headline) == headlines
    assert last_records(client, topics.copy, Copy) == copies
    found = client.consume(topics.mention)
    assert Counter(Mention.model_validate_json(one.value or b"").model_dump_json() for one in found) == mentions


def last_records(client: KafkaClient, topic: str, model: type[BaseModel]) -> dict[str, str]:
    """Return the last record of each key that has not gone."""
    last = {record.key or b"": record.value for record in client.consume(topic)}
    return {key.decode(): model.model_validate_json(value).model_dump_json() for key, value in last.items() if value}
