"""Ranges of a topic that only a real Kafka knows: times, transactions, compaction, large records."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from command import newsworker
from confluent_kafka import Producer
from kafka_client import KafkaClient, Sent

from worker.bounds import Bound, Moment, Offset, parse_bound
from worker.errors import Fatal
from worker.pace import Pace
from worker.reader import Range
from worker.record import record_range
from worker.replay import Onto, Play, play_into, play_onto
from worker.settings import Settings

pytestmark = pytest.mark.usefixtures("own_timestamps")

START_MS = 1_740_000_000_000
"""In February 2025."""


def values(settings: Settings, wanted: Range, folder: Path) -> list[str]:
    """Return the values of a recorded range, in their order."""
    path = folder / "range.jsonl"
    asyncio.run(record_range(settings, wanted, path))
    return [orjson.loads(line)["value"] for line in path.read_bytes().splitlines()]


@pytest.fixture(autouse=True)
def _old_records_are_kept(settings: Settings, kafka_client: KafkaClient) -> None:
    for topic in (settings.topics.raw, settings.topics.mention):
        kafka_client.alter(topic, retention_ms="-1")


@pytest.fixture
def hours(settings: Settings, kafka_client: KafkaClient) -> str:
    """A topic with a message an hour, by turns on its two partitions."""
    sent = [Sent(b"hour %d" % hour, timestamp_ms=START_MS + hour * 3_600_000, partition=hour % 2) for hour in range(10)]
    kafka_client.produce(settings.topics.raw, sent)
    return settings.topics.raw


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ((None, None), range(10)),
        ((Moment(START_MS + 3 * 3_600_000), None), range(3, 10)),
        ((Moment(START_MS + 3 * 3_600_000 + 1), Moment(START_MS + 6 * 3_600_000)), range(4, 6)),
        ((None, Moment(START_MS)), range(0)),
        ((Moment(START_MS + 99 * 3_600_000), None), range(0)),
        ((Offset(2), Moment(START_MS + 8 * 3_600_000)), range(4, 8)),
        ((Moment(START_MS + 5 * 3_600_000), Moment(START_MS)), range(0)),
    ],
)
def test_times_bound_a_range(
    settings: Settings, hours: str, tmp_path: Path, bounds: tuple[Bound | None, Bound | None], expected: range
) -> None:
    """From the first message that is not older, up to the first that is not; partitions in the order of time."""
    assert values(settings, Range(hours, (), *bounds), tmp_path) == [f"hour {hour}" for hour in expected]


def test_a_while_ago_is_a_bound(settings: Settings, kafka_client: KafkaClient, tmp_path: Path) -> None:
    """`1h` takes what is younger than an hour."""
    now = round(1000 * time.time())
    ages = {b"old": 7_200_000, b"young": 600_000}
    kafka_client.produce(settings.topics.raw, [Sent(name, timestamp_ms=now - age) for name, age in ages.items()])
    wanted = Range(settings.topics.raw, (), parse_bound("1h", datetime.now(UTC)))
    assert values(settings, wanted, tmp_path) == ["young"]


def test_aborted_transactions_and_their_marks_are_passed_over(
    settings: Settings, kafka_client: KafkaClient, tmp_path: Path
) -> None:
    """A range that ends with the mark of a transaction ends, and what was taken back is not in it."""
    topic = settings.topics.raw
    producer = Producer({"bootstrap.servers": settings.broker, "transactional.id": settings.group})
    producer.init_transactions(30)
    for value, ends in ((b"kept", producer.commit_transaction), (b"taken back", producer.abort_transaction)):
        producer.begin_transaction()
        producer.produce(topic, value, partition=0)
        producer.flush(30)
        ends(30)
    assert values(settings, Range(topic), tmp_path) == ["kept"]
    kafka_client.produce(topic, [Sent(b"after", partition=0)])
    assert values(settings, Range(topic), tmp_path) == ["kept", "after"]


def test_holes_of_a_compacted_topic_do_not_stop_a_range(
    settings: Settings, kafka_client: KafkaClient, tmp_path: Path
) -> None:
    """Offsets that compaction has emptied are passed over, at the end of a range too."""
    topic = settings.topics.headline
    names = {"min_cleanable_dirty_ratio": "0.01", "segment_ms": "200", "max_compaction_lag_ms": "200"}
    kafka_client.alter(topic, **names)
    for number in range(400):
        kafka_client.produce(topic, [Sent(b"%d" % number, b"same key", partition=0)])
        if number % 20 == 0 and len(kafka_client.consume(topic)) <= number:
            break
        time.sleep(0.05)
    else:
        pytest.fail("the broker has not compacted the topic within 20 s")
    kept = [record.offset for record in kafka_client.consume(topic)]
    hole = next(offset for offset in range(max(kept)) if offset not in kept)
    assert values(settings, Range(topic, (0,), Offset(hole), Offset(hole + 1)), tmp_path) == []
    assert values(settings, Range(topic, (0,), Offset(hole)), tmp_path)


def test_a_large_message_is_recorded_whole(settings: Settings, kafka_client: KafkaClient, tmp_path: Path) -> None:
    """Nearly twelve mebibytes, larger than a fetch, and back onto a topic."""
    large = b'{"content":"' + b"x" * 11_500_000 + b'"}'
    kafka_client.produce(settings.topics.raw, [Sent(large, b"large"), Sent(b"{}", b"small")])
    path = tmp_path / "raw.jsonl.zst"
    assert asyncio.run(record_range(settings, Range(settings.topics.raw), path)) == 2
    assert asyncio.run(play_onto(Play([str(path)]), settings, Onto(settings.topics.story))) == 2
    assert {record.value for record in kafka_client.consume(settings.topics.story)} == {large, b"{}"}


@pytest.mark.parametrize("partitions", [(), (1,)])
def test_times_and_partitions_bound_a_replay(
    settings: Settings, kafka_client: KafkaClient, hours: str, partitions: tuple[int, ...]
) -> None:
    """Onto a test topic, each message with the timestamp that it had."""
    bounds = Moment(START_MS + 2 * 3_600_000), Moment(START_MS + 7 * 3_600_000)
    asyncio.run(play_onto(Play(wanted=Range(hours, partitions, *bounds)), settings, Onto(settings.topics.mention)))
    received = {record.value: record.timestamp_ms for record in kafka_client.consume(settings.topics.mention)}
    expected = [hour for hour in range(2, 7) if not partitions or hour % 2 in partitions]
    assert received == {b"hour %d" % hour: START_MS + hour * 3_600_000 for hour in expected}


def test_a_replay_of_the_last_hours_is_resumed_with_the_same_words(
    settings: Settings, kafka_client: KafkaClient, tmp_path: Path
) -> None:
    """`3h` is another time when it goes on: it goes on in the range that it began with; other words are refused."""
    now, state = round(1000 * time.time()), tmp_path / "state"
    ages = (4, 2.5, 2, 1.5, 0.5)
    sent = [Sent(b"%g" % age, timestamp_ms=now - round(age * 3_600_000), partition=0) for age in ages]
    kafka_client.produce(settings.topics.raw, sent)
    words = ("--from-topic", settings.topics.raw, "--from", "3h", "--topic", settings.topics.mention)
    command = ("replay", *words, "--resume", str(state), "--broker", settings.broker)
    for count in (3, 0):
        ended = newsworker(*command, "--to", "1h")
        assert ended.returncode == 0, ended.stderr
        assert f"sent {count}, failed 0" in ended.stderr
    assert {record.value for record in kafka_client.consume(settings.topics.mention)} == {b"2.5", b"2", b"1.5"}
    other = newsworker(*command, "--to", "2h")
    assert (other.returncode, "belongs to a replay of other inputs" in other.stderr) == (2, True)


def test_recorded_speed_keeps_the_gaps(settings: Settings, kafka_client: KafkaClient) -> None:
    """Nine hours at twenty thousand times their speed take a second and a half."""
    sent = [Sent(b"{}", timestamp_ms=START_MS + hour * 3_600_000) for hour in range(10)]
    kafka_client.produce(settings.topics.raw, sent)
    play = Play(wanted=Range(settings.topics.raw))
    started = time.monotonic()
    asyncio.run(play_onto(play, settings, Onto(settings.topics.mention, pace=Pace(factor=20_000))))
    assert 1.5 <= time.monotonic() - started < 15


def test_a_topic_through_the_pipeline_is_its_recording_through_it(
    settings: Settings, kafka_client: KafkaClient, tmp_path: Path
) -> None:
    """Both ways give the same records, with the event time of the messages' own timestamps."""
    pages = [
        orjson.dumps({"content": f"Bridge {number} opens\n\nThe bridge opened on Thursday, the council said."})
        for number in range(5)
    ]
    kafka_client.produce(
        settings.topics.raw,
        [Sent(page, timestamp_ms=START_MS + 1000 * number) for number, page in enumerate([*pages, b"{"])],
    )
    wanted, recording = Range(settings.topics.raw), tmp_path / "raw.jsonl.gz"
    asyncio.run(record_range(settings, wanted, recording))
    direct, recorded = tmp_path / "direct", tmp_path / "recorded"
    summary = asyncio.run(play_into(Play(wanted=wanted), settings, direct))
    asyncio.run(play_into(Play([str(recording)]), settings, recorded))
    assert summary.outcomes == {"published": 5, "dead_letter": 1}
    for path in sorted(direct.iterdir()):
        assert path.read_bytes() == (recorded / path.name).read_bytes(), path.name
    assert b'"first_seen":"2025-02-19T21:20:00Z"' in (direct / "headline.jsonl").read_bytes()
    (letter,) = (orjson.loads(line) for line in (direct / "deadletter.jsonl").read_bytes().splitlines())
    assert letter["headers"]["origin.topic"] == settings.topics.raw
    assert letter["headers"]["origin.timestamp"] == str(START_MS + 5000)


def test_old_messages_are_not_played_where_they_would_be_deleted(
    settings: Settings, kafka_client: KafkaClient, hours: str
) -> None:
    """The broker would delete them unread; with the present for their time they are kept."""
    kafka_client.alter(settings.topics.mention, retention_ms="604800000")
    play, target = Play(wanted=Range(hours)), settings.topics.mention
    with pytest.raises(Fatal, match=r"retention\.ms") as caught:
        asyncio.run(play_onto(play, settings, Onto(target)))
    assert caught.value.reason == "would_expire"
    assert asyncio.run(play_onto(play, settings, Onto(target, now=True))) == 10
    assert {record.timestamp_ms > START_MS + 10**10 for record in kafka_client.consume(target)} == {True}
