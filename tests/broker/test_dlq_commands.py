"""`newsworker dlq` as an operator types it: filters, dry run, limits."""

import json

import pytest
from command import newsworker
from kafka_client import KafkaClient, Sent

from worker import deadletter
from worker.guard import Failure
from worker.incoming import Incoming
from worker.settings import Settings

LETTERS = (
    (Failure("malformed_json", "decode", "Permanent", "no JSON at character 1"), b'{"hunter', b"https://one.example/1"),
    (Failure("too_deep", "decode", "Permanent", "too deep"), b'{"source":"Harbour Post"}', b"https://two.example/1"),
    (Failure("internal_error", "split", "KeyError", "unexpected KeyError"), b'{"source":"Harbour Post"}', b"3"),
)


@pytest.fixture(autouse=True)
def _letters(settings: Settings, kafka_client: KafkaClient) -> None:
    """Put letters aside, the third one of a message that was redriven once, all on one partition."""
    for number, (failure, value, key) in enumerate(LETTERS):
        marks = (("redrive.count", b"1"), ("redrive.origin", b"news/0/0")) if number == 2 else ()
        message = Incoming(settings.topics.raw, 0, number, 0, key, value, (("feed", b"\x1b[2Jmorning"), *marks))
        letter = deadletter.encode(message, failure, settings.topics.deadletter)
        kafka_client.produce(
            settings.topics.deadletter, [Sent(letter.value, letter.key, dict(letter.headers), partition=0)]
        )


def dlq(settings: Settings, *arguments: str, exit_code: int = 0) -> str:
    """Run a command on the dead letters of this test and return what it prints."""
    answer = newsworker(
        "dlq", *arguments, NEWSWORKER_BROKER=settings.broker, NEWSWORKER_TOPIC_PREFIX=settings.topic_prefix
    )
    assert answer.returncode == exit_code, answer.stderr
    return answer.stdout


@pytest.mark.parametrize(
    ("options", "offsets"),
    [
        (("--reason", "too_deep", "--reason", "internal_error"), [1, 2]),
        (("--source", "HARBOUR post", "--stage", "decode"), [1]),
        (("--from", "1", "--to", "2"), [1]),
    ],
)
def test_list_takes_every_filter(settings: Settings, options: tuple[str, ...], offsets: list[int]) -> None:
    """Reason, stage, source and bounds, each by itself and together."""
    lines = [json.loads(line) for line in dlq(settings, "list", "--json", *options).splitlines()]
    assert [line["record"]["offset"] for line in lines] == offsets


def test_show_takes_places_and_filters_and_commands_no_terminal(settings: Settings) -> None:
    """A letter by its place, its headers and the beginning of its message, as text."""
    shown = dlq(settings, "show", "0:0", "--characters", "3")
    assert "error.reason: malformed_json" in shown
    assert "feed: \\u001b[2Jmorning" in shown
    assert '{"…' in shown
    assert "hunter" not in shown
    assert "1 of 1 dead letters" in shown
    assert "internal_error" in dlq(settings, "show", "--stage", "split")
    assert "\x1b" not in shown + dlq(settings, "list")


def test_redrive_says_what_it_would_do_and_then_does_it(settings: Settings, kafka_client: KafkaClient) -> None:
    """Nothing is sent by a dry run; filters, the limit of redrives and the rate are those of the command."""
    dry = dlq(settings, "redrive", "--source", "harbour post", "--max-redrives", "1", "--dry-run")
    assert dry == "would be redriven: 1\ntried_too_often: 1\n"
    assert kafka_client.consume(settings.topics.raw) == []
    assert dlq(settings, "redrive", "--source", "harbour post", "--max-redrives", "1") == (
        "redriven: 1\ntried_too_often: 1\n"
    )
    assert dlq(settings, "redrive", "--rate", "100", "--now") == "redriven: 3\n"
    received = kafka_client.consume(settings.topics.raw)
    assert sorted(record.headers["redrive.count"] for record in received) == [b"1", b"1", b"1", b"2"]
    assert {record.headers["feed"] for record in received} == {b"\x1b[2Jmorning"}
    assert dlq(settings, "redrive", "--source", "nobody") == "no dead letter matches\n"
    assert dlq(settings, "redrive", "0:1", "--topic", settings.topics.mention) == "redriven: 1\n"
    assert [record.value for record in kafka_client.consume(settings.topics.mention)] == [LETTERS[1][1]]


@pytest.mark.parametrize("command", ["show", "redrive"])
def test_a_letter_that_was_named_and_is_not_there_is_a_failure(settings: Settings, command: str) -> None:
    """So that a script that mistypes a place hears of it."""
    dlq(settings, command, "0:999", exit_code=1)
