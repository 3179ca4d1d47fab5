"""A replay onto a broker: everything arrives as it was recorded."""

import asyncio
import time
from pathlib import Path
from uuid import uuid4

import orjson
import pytest
import zstandard
from confluent_kafka.admin import AdminClient, NewTopic
from kafka_client import KafkaClient

from worker import replay
from worker.broker import KafkaBroker
from worker.errors import Fatal, Transient
from worker.replay import replay_file
from worker.settings import Settings

pytestmark = pytest.mark.usefixtures("own_timestamps")


def play(settings: Settings, path: Path, rate: float = 0) -> int:
    """Replay a file onto the raw topic."""
    return asyncio.run(replay_file([str(path)], settings, topic=settings.topics.raw, rate=rate))


@pytest.mark.all_forms
def test_every_message_arrives_unchanged_under_its_url_or_id(
    settings: Settings, kafka_client: KafkaClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Bytes are those of the file, bad ones too; the return value and the last line tell the count."""
    lines = [orjson.dumps({"url": f"https://example.org/{n}", "content": "نص" * n}) for n in range(500)]
    lines += [b'{"id":"7"}\r', b"\xff{", b'{ "content" : "spaced" }']
    path = tmp_path / "pages.jsonl.zst"
    path.write_bytes(zstandard.compress(b"\n".join(lines)))
    assert play(settings, path) == len(lines)
    assert capsys.readouterr().err.endswith(f"sent {len(lines)}, failed 0\n")
    received = kafka_client.consume(settings.topics.raw)
    assert sorted(record.value or b"" for record in received) == sorted(lines)
    keys = {record.value: record.key for record in received}
    assert (keys[lines[3]], keys[lines[500]], keys[lines[501]]) == (b"https://example.org/3", b"7", None)


def test_pages_arrive_with_their_content_type(settings: Settings, kafka_client: KafkaClient, tmp_path: Path) -> None:
    """A text or HTML file is one message whose header says what it is."""
    (tmp_path / "a.txt").write_bytes(b"A headline\n\nA paragraph.\n")
    (tmp_path / "b.html").write_bytes(b"<h1>A headline</h1>")
    assert play(settings, tmp_path) == 2
    found = {record.value: record.headers for record in kafka_client.consume(settings.topics.raw)}
    assert found[b"A headline\n\nA paragraph.\n"] | {"replay.id": b""} == {
        "content-type": b"text/plain",
        "replay.id": b"",
    }
    assert found[b"<h1>A headline</h1>"] | {"replay.id": b""} == {"content-type": b"text/html", "replay.id": b""}


def test_a_large_message_arrives_and_one_past_the_limit_is_left_out(
    settings: Settings, kafka_client: KafkaClient, tmp_path: Path
) -> None:
    """The others are sent, and the error at the end names the one that was not."""
    path = tmp_path / "pages.jsonl"
    large = b"x" * (2 * 1024 * 1024)
    path.write_bytes(b"first\n" + large + b"\n" + b"y" * (replay.MAX_MESSAGE_BYTES + 1) + b"\nlast\n")
    with pytest.raises(Transient, match=r"1 messages were not sent.*too_large at pages\.jsonl, message 2") as caught:
        play(settings, path)
    assert caught.value.reason == "replay_incomplete"
    received = [record.value for record in kafka_client.consume(settings.topics.raw)]
    assert sorted(received, key=lambda value: len(value or b"")) == [b"last", b"first", large]


def test_the_rate_is_kept(settings: Settings, tmp_path: Path) -> None:
    """Twenty-one messages at forty a second take half a second, never less."""
    path = tmp_path / "pages.jsonl"
    path.write_bytes(b"{}\n" * 21)
    started = time.monotonic()
    assert play(settings, path, rate=40) == 21
    assert 0.5 <= time.monotonic() - started < 5


@pytest.mark.kafka
def test_a_refusal_of_the_broker_ends_the_replay(kafka_broker: KafkaBroker, tmp_path: Path) -> None:
    """What was acknowledged before is counted, and the error tells the broker's reason."""
    narrow, admin = f"narrow-{uuid4()}", AdminClient({"bootstrap.servers": kafka_broker.bootstrap})
    admin.create_topics([NewTopic(narrow, 1, 1, config={"max.message.bytes": "1000"})])[narrow].result(10)
    (tmp_path / "pages.jsonl").write_bytes(b"y" * 5000 + b"\n" + b"small\n" * 10)
    with pytest.raises(Transient, match="MessageSizeTooLargeError") as caught:
        asyncio.run(replay_file([str(tmp_path)], Settings(broker=kafka_broker.bootstrap), topic=narrow, rate=50))
    assert caught.value.reason == "send_refused"


def test_a_missing_topic_is_named_and_not_made(settings: Settings, tmp_path: Path) -> None:
    """The error says how the contract's topics are made, and asking for it made none."""
    (tmp_path / "pages.jsonl").write_bytes(b"{}\n")
    for _ in range(2):
        with pytest.raises(Fatal, match="no topic nowhere; `newsworker topics apply`") as caught:
            asyncio.run(replay_file([str(tmp_path)], settings, topic="nowhere", rate=0))
        assert caught.value.reason == "topic_missing"
