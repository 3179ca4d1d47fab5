"""Replays onto a test topic: archives, parts of a topic, headers as they were, and runs that are killed."""

import asyncio
import gzip
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
import zstandard
from command import newsworker, started
from confluent_kafka import Producer
from kafka_client import KafkaClient, Sent

from worker import recording
from worker.bounds import Offset
from worker.incoming import Headers, Incoming
from worker.reader import Range, open_range
from worker.replay import Onto, Play, play_onto
from worker.settings import Settings

pytestmark = pytest.mark.usefixtures("own_timestamps")

NOW_MS = round(1000 * time.time())

PAGE = b"<html><body><h1>Harbour bridge opens</h1><p>The bridge opened on Thursday.</p></body></html>"


def archive(*urls: str, date: str) -> bytes:
    """Return a web archive of a page at each of these addresses."""
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE
    head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {}\r\nWARC-Date: {}\r\nContent-Length: {}\r\n\r\n"
    return b"".join(head.format(url, date, len(http)).encode() + http + b"\r\n\r\n" for url in urls)


@pytest.mark.parametrize(
    ("suffix", "pack"), [(".warc", bytes), (".warc.gz", gzip.compress), (".warc.zst", zstandard.compress)]
)
def test_an_archive_is_played_onto_a_topic(
    settings: Settings, kafka_client: KafkaClient, tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]
) -> None:
    """Each page is a raw article under its address, with the time of the crawl for its timestamp."""
    crawled = datetime.fromtimestamp(NOW_MS // 1000 - 600, UTC)
    data = archive("https://example.org/1", "https://example.org/2", date=crawled.strftime("%Y-%m-%dT%H:%M:%SZ"))
    path = tmp_path / f"crawl{suffix}"
    path.write_bytes(pack(data))
    assert asyncio.run(play_onto(Play([str(path)]), settings, Onto(settings.topics.mention, replay_id="again"))) == 2
    received = {record.key: record for record in kafka_client.consume(settings.topics.mention)}
    assert received.keys() == {b"https://example.org/1", b"https://example.org/2"}
    for key, record in received.items():
        article = orjson.loads(record.value or b"")
        assert (article["url"].encode(), article["content"].encode(), article["content_type"]) == (
            key,
            PAGE,
            "text/html",
        )
        assert record.timestamp_ms == round(1000 * crawled.timestamp())
        assert record.headers == {"replay.id": b"again"}


def test_offsets_and_partitions_bound_a_replay(settings: Settings, kafka_client: KafkaClient) -> None:
    """Only these are played, and the end is not included."""
    topic, target = settings.topics.raw, settings.topics.mention
    kafka_client.produce(topic, [Sent(b"%d-%d" % (one, n), partition=one) for one in (0, 1) for n in range(5)])
    for wanted, expected in (
        (Range(topic, (1,), Offset(1), Offset(3)), {b"1-1", b"1-2"}),
        (Range(topic, (), Offset(4)), {b"0-4", b"1-4"}),
        (Range(topic, (0, 1), None, Offset(1)), {b"0-0", b"1-0"}),
    ):
        before = kafka_client.consume(target)
        assert asyncio.run(play_onto(Play(wanted=wanted), settings, Onto(target))) == len(expected)
        assert {record.value for record in kafka_client.consume(target)} - {
            record.value for record in before
        } == expected


def test_a_terminal_shows_how_far_a_replay_is(
    settings: Settings, kafka_client: KafkaClient, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is acknowledged, and of how much where that is known, on standard error."""
    kafka_client.produce(settings.topics.raw, [Sent(b"%d" % number) for number in range(250)])
    monkeypatch.setenv("FORCE_COLOR", "1")
    asyncio.run(play_onto(Play(wanted=Range(settings.topics.raw)), settings, Onto(settings.topics.mention)))
    printed = capsys.readouterr()
    assert printed.out == ""
    assert f"acknowledged by {settings.topics.mention}" in printed.err
    assert "250/250" in printed.err


def read(settings: Settings, topic: str) -> list[Incoming]:
    """Return the messages of a topic with all that their headers hold."""

    async def collect() -> list[Incoming]:
        async with open_range(settings, Range(topic)) as reading:
            return [message async for message in reading.messages()]

    return asyncio.run(collect())


HEADERS: Headers = (("a", b"1"), ("b", None), ("a", b"\xff"), ("", b""), ("ü", b"2"), ("replay.id", b"an earlier one"))


@pytest.mark.parametrize("way", ["topic", "file"])
def test_headers_stay_in_their_order(settings: Settings, tmp_path: Path, way: str) -> None:
    """Repeated, null, empty and foreign ones; an earlier replay's id makes way for this one's, which stands last."""
    topic, target = settings.topics.raw, settings.topics.mention
    producer = Producer({"bootstrap.servers": settings.broker})
    producer.produce(topic, b"value", b"key", headers=list(HEADERS), timestamp=NOW_MS)
    assert producer.flush(20) == 0
    play = Play(wanted=Range(topic))
    if way == "file":
        path = tmp_path / "raw.jsonl"
        path.write_bytes(b"".join(recording.encode(message) + b"\n" for message in read(settings, topic)))
        play = Play([str(path)])
    asyncio.run(play_onto(play, settings, Onto(target, replay_id="this one")))
    (message,) = read(settings, target)
    assert message.headers == (*HEADERS[:-1], ("replay.id", b"this one"))
    assert (message.key, message.value, message.timestamp_ms) == (b"key", b"value", NOW_MS)


def until(condition: Callable[[], object]) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("source", ["file", "topic"])
def test_a_replay_that_is_killed_leaves_nothing_out(
    settings: Settings, kafka_client: KafkaClient, tmp_path: Path, source: str
) -> None:
    """Killed twice in the middle and started again with the same words: all is there, little twice, as one replay."""
    topic, target, state = settings.topics.raw, settings.topics.mention, tmp_path / "state"
    values = [b'{"id":"%d"}' % number for number in range(1200)]
    path = tmp_path / "pages.jsonl"
    path.write_bytes(b"\n".join(values))
    kafka_client.produce(topic, [Sent(value, partition=n % 2) for n, value in enumerate(values)])
    words = [str(path)] if source == "file" else ["--from-topic", topic, "--from", "0"]
    command = ("replay", *words, "--topic", target, "--resume", str(state), "--broker", settings.broker)
    for kill in (1, 2):
        with started(*command, "--rate", "200") as process:
            until(lambda kill=kill: len(kafka_client.consume(target)) >= 300 * kill)
        assert process.returncode == -signal.SIGKILL
    kafka_client.produce(topic, [Sent(b"came later", partition=0)])
    assert len(kafka_client.consume(target)) < len(values)
    ended = newsworker(*command)
    assert ended.returncode == 0, ended.stderr
    received = kafka_client.consume(target)
    assert {record.value for record in received} == set(values)
    assert len({record.headers["replay.id"] for record in received}) == 1
    # Twice a second of two hundred, and what was in flight.
    assert len(received) < len(values) + 2 * 300
    assert newsworker(*command).stderr.endswith("sent 0, failed 0\n")


def test_a_replay_that_is_killed_before_its_first_second_goes_on_as_itself(
    settings: Settings, kafka_client: KafkaClient, tmp_path: Path
) -> None:
    """Its id and its end are kept from the start: what comes onto the topic meanwhile is not of it."""
    topic, target, state = settings.topics.raw, settings.topics.mention, tmp_path / "state"
    kafka_client.produce(topic, [Sent(b"first", partition=0)] * 2)
    command = ("replay", "--from-topic", topic, "--topic", target, "--resume", str(state), "--broker", settings.broker)
    with started(*command, "--rate", "0.01"):
        until(state.exists)
    replay_id = orjson.loads(state.read_bytes())["replay_id"].encode()
    kafka_client.produce(topic, [Sent(b"came later", partition=0)])
    assert newsworker(*command).returncode == 0
    received = kafka_client.consume(target)
    assert {record.value for record in received} == {b"first"}
    assert {record.headers["replay.id"] for record in received} == {replay_id}


def test_what_was_left_out_before_a_kill_is_told_at_the_end(
    settings: Settings, kafka_client: KafkaClient, tmp_path: Path
) -> None:
    """A resumed replay does not end as if all had been sent, and the name of a hostile topic is text in its error."""
    large = recording.encode(Incoming("\x1b[2J\u202etopic", 0, 7, NOW_MS, b"key", b"\xff" * 13_000_000))
    path, state = tmp_path / "raw.jsonl", tmp_path / "state"
    path.write_bytes(large + b"\n" + b"{}\n" * 600)
    command = ("replay", str(path), "--resume", str(state))
    variables = {"NEWSWORKER_BROKER": settings.broker, "NEWSWORKER_TOPIC_PREFIX": settings.topic_prefix}
    with started(*command, "--rate", "200", **variables):
        until(lambda: state.exists() and orjson.loads(state.read_bytes())["done"])
    for _ in range(2):
        ended = newsworker(*command, **variables)
        assert ended.returncode == 1
        assert "failed 1\n" in ended.stderr
        assert "too_large at \\u001b[2J\\u202etopic, message 7" in ended.stderr
        assert not set(ended.stderr) & set("\x1b\u202e")
    assert len(kafka_client.consume(settings.topics.raw)) >= 600


def test_numbers_that_are_none_of_kafkas_are_damage(settings: Settings, tmp_path: Path) -> None:
    """A recorded line of them is left out and told; the lines around it are played."""
    good = recording.encode(Incoming("t", 0, 0, NOW_MS, b"key", b"value"))
    bad = orjson.dumps({**orjson.loads(good), "timestamp": 2**63})
    path = tmp_path / "raw.jsonl"
    path.write_bytes(b"\n".join((good, bad, good)))
    ended = newsworker("replay", str(path), "--topic", settings.topics.mention, "--broker", settings.broker)
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 3)
    assert "sent 2, failed 1" in ended.stderr
    assert "damaged_recording at raw.jsonl, message 1" in ended.stderr
