"""A topic into a file and back: nothing of a message is lost, and nobody's group is touched."""

import asyncio
import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from aiokafka.errors import KafkaTimeoutError
from confluent_kafka import Producer
from kafka_client import KafkaClient, Received, Sent

from worker import reader, topics
from worker.bounds import Offset
from worker.broker import EmbeddedBroker, KafkaBroker
from worker.errors import Fatal, Transient
from worker.pace import Pace
from worker.reader import Range
from worker.record import record_range
from worker.replay import Onto, Play, play_onto
from worker.settings import Settings

RECENT_MS = round(1000 * time.time()) - 3_600_000
"""An hour ago: a broker that is real deletes what is older than its topics keep records."""

MESSAGES = [
    Sent(b'{"content":"plain"}', b"https://example.org/1", {"traceparent": b"00-ab"}, RECENT_MS, 0),
    Sent("نص عربي".encode(), None, {}, RECENT_MS + 10, 1),
    Sent(b"\xff\xfe\x00 no text", b"\x80key", {"bin": b"\xff", "empty": b""}, RECENT_MS + 20, 0),
    Sent(None, b"tombstone", {}, RECENT_MS + 30, 1),
    Sent(b"", b"empty", {"replay.id": b"an earlier one"}, RECENT_MS + 40, 0),
    Sent(b"\x00\x01" * 5000, b"controls", {}, RECENT_MS + 50, 1),
]


@pytest.fixture
def target(broker: EmbeddedBroker | KafkaBroker, settings: Settings) -> str:
    """A topic for raw messages beside the worker's: it takes their timestamps as they are."""
    name = f"{settings.topic_prefix}-test"
    other = settings.model_copy(update={"topic_prefix": name, "group": name})
    if isinstance(broker, KafkaBroker):
        asyncio.run(topics.apply(other))
    else:
        broker.create_topic(other.topics.raw, other.partitions)
    return other.topics.raw


def own(record: Received | Sent) -> tuple[object, ...]:
    """Return what a replay must keep."""
    headers = {name: value for name, value in record.headers.items() if name != "replay.id"}
    return record.key, record.value, tuple(headers.items()), record.timestamp_ms


def take(settings: Settings, path: Path, wanted: Range) -> int:
    """Record a range."""
    return asyncio.run(record_range(settings, wanted, path))


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz", ".jsonl.zst"])
def test_a_recording_gives_every_message_back(
    settings: Settings, kafka_client: KafkaClient, tmp_path: Path, target: str, suffix: str
) -> None:
    """Key, value, headers and timestamp are the same bytes on the other topic, and each has the replay's id."""
    kafka_client.produce(settings.topics.raw, MESSAGES)
    path = tmp_path / f"raw{suffix}"
    assert take(settings, path, Range(settings.topics.raw)) == len(MESSAGES)
    assert asyncio.run(play_onto(Play([str(path)]), settings, Onto(target, replay_id="rehearsal"))) == len(MESSAGES)
    received = kafka_client.consume(target)
    assert sorted(map(own, received), key=str) == sorted(map(own, MESSAGES), key=str)
    assert {record.headers["replay.id"] for record in received} == {b"rehearsal"}


def test_what_a_transaction_wrote_is_recorded(
    broker: EmbeddedBroker | KafkaBroker, settings: Settings, tmp_path: Path
) -> None:
    """As all that the dedupe half publishes: the marks at the ends of transactions are no messages."""
    producer = Producer({"bootstrap.servers": broker.bootstrap, "transactional.id": settings.group})
    producer.init_transactions(20)
    for number in range(2):
        producer.begin_transaction()
        producer.produce(settings.topics.mention, b"%d" % number, b"key")
        producer.commit_transaction(20)
    assert take(settings, tmp_path / "mentions.jsonl", Range(settings.topics.mention)) == 2


def test_a_topic_is_played_onto_another(settings: Settings, kafka_client: KafkaClient, target: str) -> None:
    """Without a file between them; the messages come in the order of their timestamps."""
    kafka_client.produce(settings.topics.raw, MESSAGES)
    play = Play(wanted=Range(settings.topics.raw))
    assert asyncio.run(play_onto(play, settings, Onto(target))) == len(MESSAGES)
    received = kafka_client.consume(target)
    assert sorted(map(own, received), key=str) == sorted(map(own, MESSAGES), key=str)


def test_the_same_range_is_the_same_file(settings: Settings, kafka_client: KafkaClient, tmp_path: Path) -> None:
    """Byte for byte, packed or not; and what comes after the start of a recording is not in it."""
    kafka_client.produce(settings.topics.raw, MESSAGES)
    for suffix in (".jsonl", ".jsonl.gz", ".jsonl.zst"):
        one, other = tmp_path / f"one{suffix}", tmp_path / f"other{suffix}"
        take(settings, one, Range(settings.topics.raw))
        take(settings, other, Range(settings.topics.raw))
        assert one.read_bytes() == other.read_bytes()
    assert sorted(path.name[:5] for path in tmp_path.iterdir()) == sorted(["one.j", "other"] * 3)


def test_offsets_and_partitions_bound_a_recording(
    settings: Settings, kafka_client: KafkaClient, tmp_path: Path
) -> None:
    """The end is not included; bounds outside the topic are its own ends."""
    kafka_client.produce(settings.topics.raw, MESSAGES)
    topic = settings.topics.raw
    path = tmp_path / "part.jsonl"
    assert take(settings, path, Range(topic, (0,), Offset(1), Offset(2))) == 1
    assert b"no text" not in path.read_bytes()
    assert b'"offset":1,' in path.read_bytes()
    assert take(settings, path, Range(topic, (), Offset(2))) == 2
    assert take(settings, path, Range(topic, (1,), None, Offset(10_000))) == 3
    assert take(settings, path, Range(topic, (), Offset(10_000))) == 0


def test_no_group_knows_of_a_recording(settings: Settings, kafka_client: KafkaClient, tmp_path: Path) -> None:
    """The worker's groups have committed nothing after it."""
    kafka_client.produce(settings.topics.raw, MESSAGES)
    take(settings, tmp_path / "raw.jsonl", Range(settings.topics.raw))
    for role in ("split", "dedupe"):
        assert kafka_client.committed(f"{settings.group}-{role}", settings.topics.raw) == {}


def test_a_link_in_the_place_of_a_recording_is_not_followed(
    settings: Settings, kafka_client: KafkaClient, tmp_path: Path
) -> None:
    """It is replaced, and what it leads to stays as it is."""
    kafka_client.produce(settings.topics.raw, MESSAGES)
    (tmp_path / "precious").write_bytes(b"precious")
    (tmp_path / "raw.jsonl").symlink_to("precious")
    take(settings, tmp_path / "raw.jsonl", Range(settings.topics.raw))
    assert (tmp_path / "precious").read_bytes() == b"precious"
    assert len((tmp_path / "raw.jsonl").read_bytes().splitlines()) == len(MESSAGES)
    assert not (tmp_path / "raw.jsonl").is_symlink()


@pytest.mark.parametrize(
    ("wanted", "out", "message"),
    [
        (Range("raw", (7,)), "raw.jsonl", "bad_input: .* has no partition 7"),
        (Range("nowhere"), "raw.jsonl", "topic_missing: .* no topic nowhere"),
        (Range("raw"), "raw.zip", "bad_input: .* ends with .jsonl"),
    ],
)
def test_what_cannot_be_recorded_is_named(
    settings: Settings, tmp_path: Path, wanted: Range, out: str, message: str
) -> None:
    """And leaves no file."""
    topic = settings.topics.raw if wanted.topic == "raw" else wanted.topic
    with pytest.raises(Fatal) as caught:
        take(settings, tmp_path / out, replace(wanted, topic=topic))
    assert re.match(message, f"{caught.value.reason}: {caught.value}")
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_replay_goes_on_where_it_was(
    settings: Settings, kafka_client: KafkaClient, tmp_path: Path
) -> None:
    """With the state file nothing is left out, next to nothing comes twice, and the replay keeps its id."""
    path, state = tmp_path / "pages.jsonl", tmp_path / "state.json"
    lines = [b'{"id":"%d"}' % number for number in range(300)]
    path.write_bytes(b"\n".join(lines))
    play, topic = Play([str(path)]), settings.topics.raw
    first = play_onto(play, settings, Onto(topic, Pace(rate=100), "long", state))
    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(first, 2))
    before = len(kafka_client.consume(topic))
    assert 0 < before < len(lines)
    rest = asyncio.run(play_onto(play, settings, Onto(topic, resume=state)))
    received = kafka_client.consume(topic)
    assert {record.value for record in received} == set(lines)
    assert {record.headers["replay.id"] for record in received} == {b"long"}
    # A second of a hundred a second, and what was in flight.
    assert len(lines) <= before + rest <= len(lines) + 110
    assert asyncio.run(play_onto(play, settings, Onto(topic, resume=state))) == 0


def test_an_interrupted_replay_of_a_topic_keeps_its_end(
    settings: Settings, kafka_client: KafkaClient, tmp_path: Path
) -> None:
    """What came onto the topic after the first start is not played when it goes on."""
    state, source, target = tmp_path / "state.json", settings.topics.raw, settings.topics.mention
    kafka_client.produce(source, [Sent(b"%d" % number, partition=number % 2) for number in range(200)])
    play = Play(wanted=Range(source))
    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(play_onto(play, settings, Onto(target, Pace(rate=100), resume=state)), 1.5))
    kafka_client.produce(source, [Sent(b"late", partition=0)])
    asyncio.run(play_onto(play, settings, Onto(target, resume=state)))
    assert {record.value for record in kafka_client.consume(target)} == {b"%d" % number for number in range(200)}


def test_a_broker_that_stops_answering_ends_a_reading_as_one_that_may_be_repeated(settings: Settings) -> None:
    """Whatever aiokafka calls it: who reads at its start waits, who records says so in a line."""

    async def scenario() -> None:
        async with reader._consumer(settings) as consumer:
            await consumer.topics()
            raise KafkaTimeoutError

    with pytest.raises(Transient) as failure:
        asyncio.run(scenario())
    assert failure.value.reason == "read_stopped"
