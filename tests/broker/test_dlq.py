"""Dead letters on a broker: found, shown, redriven, and never for ever."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

import orjson
import pytest
from kafka_client import KafkaClient, Received, Sent
from pages import good
from worker_process import WorkerProcess

from worker import deadletter
from worker.bounds import Moment, Offset
from worker.broker import EmbeddedBroker, KafkaBroker
from worker.dlq.letter import Letter
from worker.dlq.redrive import Fate, Redrive, redrive
from worker.dlq.search import Wanted, find_letters, parse_places
from worker.dlq.show import list_letters, show_letters
from worker.errors import Fatal
from worker.guard import Failure
from worker.incoming import Headers, Incoming
from worker.settings import Settings

RECENT_MS = round(1000 * time.time()) - 3_600_000

NO_JSON = Failure("malformed_json", "decode", "Permanent", "the message is not JSON at character 1")
TOO_DEEP = Failure("too_deep", "decode", "Permanent", "the message nests deeper than 32 levels")
INTERNAL = Failure("internal_error", "split", "KeyError", "unexpected KeyError at split/lines.py:7")


def letter(
    settings: Settings, offset: int, value: bytes, failure: Failure = NO_JSON, *, headers: Headers = (), topic: str = ""
) -> Sent:
    """Return a dead letter as the worker publishes it."""
    origin = topic or settings.topics.raw
    message = Incoming(origin, 1, offset, RECENT_MS + offset, b"key-%d" % offset, value, headers)
    encoded = deadletter.encode(message, failure, settings.topics.deadletter)
    return Sent(encoded.value, encoded.key, dict(encoded.headers))


def bury(settings: Settings, kafka_client: KafkaClient, *letters: Sent) -> None:
    """Put letters on the topic."""
    kafka_client.produce(settings.topics.deadletter, letters)


def find(settings: Settings, **wanted: frozenset[str]) -> list[Letter]:
    """Return the letters that match."""

    async def collect() -> list[Letter]:
        return [letter async for letter in find_letters(settings, Wanted(**wanted))]

    return sorted(asyncio.run(collect()), key=lambda letter: letter.origin)


def drive(settings: Settings, how: Redrive | None = None, **wanted: frozenset[str]) -> Counter[Fate]:
    """Redrive the letters that match."""
    return asyncio.run(redrive(settings, Wanted(**wanted), how or Redrive()))


def test_letters_are_found_by_why_and_whose(settings: Settings, kafka_client: KafkaClient) -> None:
    """By any word of each condition, and by all conditions."""
    page = {"url": "https://news.example.co.uk/a", "source": "Harbour Post"}
    bury(
        settings,
        kafka_client,
        letter(settings, 0, b"{"),
        letter(settings, 1, orjson.dumps(page), INTERNAL),
        letter(settings, 2, b"[[", TOO_DEEP),
        letter(settings, 3, b"{}", topic=settings.topics.sighting),
    )

    def offsets(**wanted: frozenset[str]) -> list[str]:
        return [letter.origin.rpartition("/")[2] for letter in find(settings, **wanted)]

    assert offsets() == ["0", "1", "2", "3"]
    assert offsets(reasons=frozenset({"too_deep", "internal_error"})) == ["1", "2"]
    assert offsets(stages=frozenset({"split"})) == ["1"]
    assert offsets(reasons=frozenset({"too_deep"}), stages=frozenset({"split"})) == []
    for source in ("harbour post", "example.co.uk", "https://news.example.co.uk/a", "key-1"):
        assert offsets(sources=frozenset({source})) == ["1"], source
    assert offsets(sources=frozenset({settings.topics.sighting})) == ["3"]
    place = find(settings, reasons=frozenset({"too_deep"}))[0].place
    assert offsets(places=frozenset({place})) == ["2"]


def test_a_redriven_message_is_as_it_was(settings: Settings, kafka_client: KafkaClient) -> None:
    """Bytes, key, own headers and timestamp; the worker's reasons are gone, its marks are there."""
    headers = (("content-type", b"text/html"), ("traceparent", b"00-ab"), ("bin", b"\xff"))
    bury(settings, kafka_client, letter(settings, 5, b"\xff\xfe", headers=headers))
    assert drive(settings) == {"redriven": 1}
    (record,) = kafka_client.consume(settings.topics.raw)
    assert (record.key, record.value, record.timestamp_ms) == (b"key-5", b"\xff\xfe", RECENT_MS + 5)
    marks = {"redrive.count": b"1", "redrive.origin": f"{settings.topics.raw}/1/5".encode()}
    assert record.headers == {**dict(headers), **marks}


def fail_again(settings: Settings, record: Received, failure: Failure = NO_JSON) -> Sent:
    """Return the letter that a redriven message gets when it fails again."""
    message = Incoming(
        settings.topics.raw, record.partition, record.offset, record.timestamp_ms, record.key, record.value,
        tuple(record.headers.items()),
    )  # fmt: skip
    encoded = deadletter.encode(message, failure, settings.topics.deadletter)
    return Sent(encoded.value, encoded.key, dict(encoded.headers))


def test_no_message_goes_round_for_ever(settings: Settings, kafka_client: KafkaClient) -> None:
    """Each failure carries the count on; the old letters, still on the topic, are not redriven beside the new one."""
    bury(settings, kafka_client, letter(settings, 5, b"{"))
    for number in range(1, 4):
        assert drive(settings) == Counter({"redriven": 1, "has_a_later_letter": number - 1})
        received = kafka_client.consume(settings.topics.raw)
        assert len(received) == number
        latest = max(received, key=lambda record: int(record.headers["redrive.count"]))
        assert latest.headers["redrive.count"] == b"%d" % number
        bury(settings, kafka_client, fail_again(settings, latest))
    assert drive(settings) == {"tried_too_often": 1, "has_a_later_letter": 3}
    assert len(kafka_client.consume(settings.topics.raw)) == 3
    assert drive(settings, Redrive(max_redrives=4)) == {"redriven": 1, "has_a_later_letter": 3}


def test_two_letters_of_one_message_are_redriven_once(settings: Settings, kafka_client: KafkaClient) -> None:
    """A worker that was killed in between has put it aside twice."""
    bury(settings, kafka_client, *[letter(settings, 5, b"{")] * 3, letter(settings, 6, b"["))
    assert drive(settings) == {"redriven": 2, "has_a_later_letter": 2}
    assert sorted(record.value or b"" for record in kafka_client.consume(settings.topics.raw)) == [b"[", b"{"]


def test_what_cannot_be_redriven_stays(settings: Settings, kafka_client: KafkaClient) -> None:
    """A value that was left out, and an origin that is none of the worker's."""
    whole = letter(settings, 5, b"{")
    cut = Sent(b"", whole.key, {**whole.headers, "error.original_size": b"14000000"})
    stray = letter(settings, 6, b"{", topic="payments")
    bury(settings, kafka_client, cut, stray, Sent(b"of nobody"))
    assert drive(settings) == {"value_was_left_out": 1, "foreign_origin": 2}
    assert drive(settings, Redrive(topic=settings.topics.mention)) == {"value_was_left_out": 1, "redriven": 2}
    assert kafka_client.consume(settings.topics.raw) == []
    assert {record.value for record in kafka_client.consume(settings.topics.mention)} == {b"{", b"of nobody"}


def test_a_dry_run_sends_nothing(settings: Settings, kafka_client: KafkaClient) -> None:
    """It counts what a run would do, as often as it is asked; no topic has a record more."""
    tried = letter(settings, 7, b"[[", headers=(("redrive.count", b"3"),))
    bury(settings, kafka_client, letter(settings, 5, b"{"), letter(settings, 6, b"["), tried)
    ends = {topic: kafka_client.end_offsets(topic) for topic in (settings.topics.raw, settings.topics.deadletter)}
    for _ in range(2):
        assert drive(settings, Redrive(dry_run=True)) == {"redriven": 2, "tried_too_often": 1}
    assert ends == {topic: kafka_client.end_offsets(topic) for topic in ends}
    assert drive(settings) == {"redriven": 2, "tried_too_often": 1}


def test_the_rate_is_kept(settings: Settings, kafka_client: KafkaClient) -> None:
    """Eleven letters at twenty a second take half a second."""
    bury(settings, kafka_client, *(letter(settings, number, b"{") for number in range(11)))
    started = time.monotonic()
    assert drive(settings, Redrive(rate=20)) == {"redriven": 11}
    assert 0.5 <= time.monotonic() - started < 10


async def _of(*letters: Letter) -> AsyncIterator[Letter]:
    for one in letters:
        yield one


def test_letters_are_shown_so_that_they_cannot_harm(
    settings: Settings, kafka_client: KafkaClient, capsys: pytest.CaptureFixture[str]
) -> None:
    """Escapes of a terminal, markup and line ends of messages are text in the table and in the details."""
    value = b'{"source":"[bold]\x1b[2J\\u001b[2J", "url": "x"}\n' + b"z" * 1000
    headers = (("x\x1b[2J", b"\x1b]0;title\x07"), ("[red]", "\u202e".encode()))
    bury(settings, kafka_client, letter(settings, 5, value, headers=headers))
    bury(settings, kafka_client, letter(settings, 6, orjson.dumps({"source": "[bold]\x1b[2J"}), INTERNAL))
    letters = find(settings)
    asyncio.run(list_letters(_of(*letters), 10, as_json=False))
    asyncio.run(show_letters(_of(*letters), 10, 100))
    printed = capsys.readouterr().out
    assert not set(printed) & set("\x1b\x07\u202e")
    assert "[bold]\\u001b[2J" in printed
    assert "error.reason: malformed_json" in printed
    assert "z" * 200 not in printed
    assert "2 of 2 dead letters" in printed


def test_letters_are_listed_as_lines_of_json(
    settings: Settings, kafka_client: KafkaClient, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """All of them, with their records whole."""
    bury(settings, kafka_client, *(letter(settings, number, b"\xff") for number in range(3)))
    asyncio.run(list_letters(_of(*find(settings)), 1, as_json=True))
    lines = [orjson.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert [line["origin"].rpartition("/")[2] for line in lines] == ["0", "1", "2"]
    assert {line["record"]["value"]["base64"] for line in lines} == {"/w=="}
    assert {line["reason"] for line in lines} == {"malformed_json"}


def test_a_place_that_is_none_is_refused() -> None:
    """A bare offset could mean any partition."""
    with pytest.raises(Fatal, match="partition:offset"):
        parse_places(["17"])


def test_a_worker_puts_a_redriven_message_aside_with_its_count(settings: Settings, kafka_client: KafkaClient) -> None:
    """The whole round: put aside, redriven, put aside again, and known for what it is."""
    kafka_client.produce(settings.topics.raw, [Sent(b"{", b"bad", {"traceparent": b"00-ab"})])
    with WorkerProcess(settings, role="split") as worker:
        worker.wait_until_ready()
        worker.wait_until(lambda: find(settings), what="put aside")
        assert drive(settings) == {"redriven": 1}
        worker.wait_until(lambda: len(find(settings)) == 2, what="put aside again")
        assert worker.stop() == 0
    first, second = sorted(find(settings), key=lambda letter: letter.redrives)
    assert (first.redrives, second.redrives) == (0, 1)
    assert first.first_origin == second.first_origin == first.origin != second.origin
    assert second.message.value == b"{"
    assert dict(second.own_headers) == {"traceparent": b"00-ab"}


def test_a_message_that_fails_in_the_worker_again_and_again_stops_at_the_limit(
    settings: Settings, kafka_client: KafkaClient
) -> None:
    """Each redrive is met by a letter that counts it; at the limit it stays, and the worker has no more of it."""
    kafka_client.produce(settings.topics.raw, [Sent(b"{", b"bad"), good(1)])
    twice = Redrive(max_redrives=2)
    with WorkerProcess(settings, role="split") as worker:
        worker.wait_until_ready()
        for number in range(2):
            worker.wait_until(lambda number=number: len(find(settings)) == number + 1, what="put aside")
            assert drive(settings, twice)["redriven"] == 1
        worker.wait_until(lambda: len(find(settings)) == 3, what="put aside for the last time")
        assert drive(settings, twice) == {"tried_too_often": 1, "has_a_later_letter": 2}
        assert worker.stop() == 0
    assert [letter.redrives for letter in sorted(find(settings), key=lambda letter: letter.redrives)] == [0, 1, 2]
    assert len(kafka_client.consume(settings.topics.raw)) == 4


def test_a_letter_that_failed_otherwise_later_is_not_redriven_by_its_old_reason(
    settings: Settings, kafka_client: KafkaClient
) -> None:
    """The latest letter counts, whether the filter takes it or not."""
    bury(settings, kafka_client, letter(settings, 5, b"{"))
    drive(settings)
    (record,) = kafka_client.consume(settings.topics.raw)
    bury(settings, kafka_client, fail_again(settings, record, TOO_DEEP))
    assert drive(settings, reasons=frozenset({"malformed_json"})) == {"has_a_later_letter": 1}
    assert drive(settings, reasons=frozenset({"too_deep"})) == {"redriven": 1}


def test_offsets_bound_the_letters(settings: Settings, kafka_client: KafkaClient) -> None:
    """The end is not included; a redrive leaves what is outside where it is."""
    bury(settings, kafka_client, *(replace(letter(settings, number, b"{"), partition=0) for number in range(5)))
    wanted = Wanted(begin=Offset(1), end=Offset(3))
    assert asyncio.run(redrive(settings, wanted, Redrive())) == {"redriven": 2}
    assert sorted(record.key or b"" for record in kafka_client.consume(settings.topics.raw)) == [b"key-1", b"key-2"]


@pytest.mark.usefixtures("own_timestamps")
def test_times_bound_the_letters(
    settings: Settings, kafka_client: KafkaClient, broker: EmbeddedBroker | KafkaBroker
) -> None:
    """They are the times of putting aside. The embedded broker cannot look them up, which is told."""
    now = round(1000 * time.time())
    bury(
        settings,
        kafka_client,
        *(replace(letter(settings, hours, b"{"), timestamp_ms=now - hours * 3_600_000) for hours in (4, 3, 2, 1, 0)),
    )

    def redriven(begin: float | None, end: float | None) -> list[bytes | None]:
        """Redrive what was put aside between so many hours ago, and return the keys of what came."""
        before = {(record.partition, record.offset) for record in kafka_client.consume(settings.topics.raw)}
        bounds = (None if hours is None else Moment(now - round(hours * 3_600_000)) for hours in (begin, end))
        wanted = Wanted(**dict(zip(("begin", "end"), bounds, strict=True)))
        asyncio.run(redrive(settings, wanted, Redrive()))
        after = kafka_client.consume(settings.topics.raw)
        return sorted(record.key or b"" for record in after if (record.partition, record.offset) not in before)

    if isinstance(broker, EmbeddedBroker):
        with pytest.raises(Fatal, match="give offsets") as caught:
            redriven(1, None)
        assert caught.value.reason == "times_unknown"
    else:
        assert redriven(3.5, 1.5) == [b"key-2", b"key-3"]
        assert redriven(0.5, None) == [b"key-0"]
        assert redriven(None, 3.5) == [b"key-4"]
