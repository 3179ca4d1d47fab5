"""Takedown beside a running worker: what is refused stays away, whatever is replayed."""

import asyncio
import time
from contextlib import suppress

import orjson
import pytest
from kafka_client import KafkaClient, Sent
from worker_process import WorkerProcess

from worker import refusals, topics
from worker.refusals import Refusals
from worker.retract import lift, retract
from worker.settings import Settings

BODY = "<h1>{title}</h1><p>The council opened it on Thursday, two years after work began, it said.</p>"
OTHER_BODY = (
    "<html><body><h1>{title}</h1>"
    "<p>Trains ran below the fjord for the first time, a year late, and hundreds waited to ride them.</p></body></html>"
)

LOOK_SECONDS = 3.0
"""A running worker looks for new refusals every second."""


def page(number: int, title: str) -> bytes:
    """Return a raw page."""
    body = BODY if title.startswith("Bridge") else OTHER_BODY
    article = {"content": body.format(title=title), "content_type": "text/html", "url": f"https://example.org/{number}"}
    return orjson.dumps({**article, "fetched_at": f"2025-03-0{number}T00:00:00Z"})


def last(client: KafkaClient, topic: str) -> dict[str, bytes | None]:
    """Return what compaction would leave: the last value of each key."""
    return {(record.key or b"").decode(): record.value for record in client.consume(topic)}


def consumed(kafka_client: KafkaClient, settings: Settings) -> None:
    """Wait until both halves have done all there is."""
    kafka_client.wait_until_consumed(settings.group_of("split"), settings.topics.raw)
    kafka_client.wait_until_consumed(settings.group_of("dedupe"), settings.topics.sighting)


def test_a_running_worker_publishes_no_refused_story(settings: Settings, kafka_client: KafkaClient) -> None:
    """Not at a replay after the takedown; other stories of the replay are published, and a lifted one comes back."""
    raw, topics = [Sent(page(1, "Bridge opens")), Sent(page(2, "Tunnel opens"))], settings.topics
    kafka_client.produce(topics.raw, raw)
    with WorkerProcess(settings) as worker:
        consumed(kafka_client, settings)
        stories = last(kafka_client, topics.story)
        bridge = next(key for key, value in stories.items() if b"Bridge" in (value or b""))
        asyncio.run(retract([bridge], settings, reason="court order 7", only=False, dry_run=False))
        time.sleep(LOOK_SECONDS)
        kafka_client.produce(topics.raw, raw)
        consumed(kafka_client, settings)
        assert worker.stop() == 0
    assert {key: value for key, value in last(kafka_client, topics.story).items() if key != bridge} == {
        key: value for key, value in stories.items() if key != bridge
    }
    assert (last(kafka_client, topics.story)[bridge], last(kafka_client, topics.copy)[bridge]) == (None, None)
    with WorkerProcess(settings) as worker:
        worker.wait_until_ready()
        kafka_client.produce(topics.raw, raw)
        consumed(kafka_client, settings)
        assert last(kafka_client, topics.story)[bridge] is None
        asyncio.run(lift([bridge], settings))
        time.sleep(LOOK_SECONDS)
        kafka_client.produce(topics.raw, raw)
        consumed(kafka_client, settings)
        assert worker.stop() == 0
    assert last(kafka_client, topics.story) == stories


def test_a_topic_that_is_made_later_is_followed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cluster that was set up by an earlier version: its workers go on, and hear of it."""
    monkeypatch.setattr(refusals, "MISSING_SECONDS", 0.5)
    other = settings.model_copy(update={"topic_prefix": f"{settings.topic_prefix}x"})

    async def scenario() -> set[str]:
        known = await Refusals.load(other)
        assert known.ids == set()
        following = asyncio.create_task(known.follow())
        await asyncio.sleep(1)
        await topics.apply(other)
        KafkaClient(other.broker).produce(other.topics.retraction, [Sent(b"{}", b"0" * 32)])
        async with asyncio.timeout(30):
            while not known.ids:  # noqa: ASYNC110 - as a record asks it
                await asyncio.sleep(0.1)
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
        return known.ids

    assert asyncio.run(scenario()) == {"0" * 32}
