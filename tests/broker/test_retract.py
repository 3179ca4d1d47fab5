"""Takedown on a broker: what is published, where, and what a process knows of it."""

import asyncio
from collections.abc import Sequence

import orjson
import pytest
from command import newsworker
from kafka_client import KafkaClient
from stream import Stream

from schemas import Retraction
from worker import records
from worker.decode import Limits, RawMessage
from worker.errors import Fatal
from worker.incoming import Incoming
from worker.pipeline import Context, Processed, process
from worker.publish import Outgoing
from worker.refusals import Refusals
from worker.retract import Target, lift, retract
from worker.sender import Sending, open_sender
from worker.settings import Settings

BODY = "The council opened the bridge on Thursday, two years after work began, it said."
OTHER_BODY = "Firemen from three towns fought the flames until Thursday morning, and nobody was hurt."


def page(number: int, title: str, body: str = BODY) -> Incoming:
    """Return a raw page."""
    article = {
        "content": f"<html><body><h1>{title}</h1><p>{body}</p></body></html>",
        "content_type": "text/html",
        "url": f"https://example.org/{number}",
        "fetched_at": f"2025-03-0{number}T00:00:00Z",
    }
    return Incoming("raw", 0, number, 0, None, orjson.dumps(article))


def publish(settings: Settings, *messages: Incoming) -> list[str]:
    """Publish what the worker would, and return the story ids."""
    outgoing: list[Outgoing] = []
    stream = Stream()
    story_ids = []
    for message in messages:
        result = process(RawMessage(message.value, None, 0), Context(Limits(10**6, 1000, 32)))
        assert isinstance(result, Processed)
        story_ids += [story.story_id for story in result.stories]
        outgoing += records.of_page(result, message, settings)
        for sighting in result.sightings:
            outgoing += records.of_decision(stream.take(sighting), sighting, message, settings)
    asyncio.run(_send(settings, outgoing))
    return story_ids


async def _send(settings: Settings, outgoing: Sequence[Outgoing]) -> None:
    async with open_sender(settings) as sender:
        for record in outgoing:
            await sender.send(Sending(record.topic, record.key, record.value, record.headers))


def last(kafka_client: KafkaClient, topic: str) -> dict[str, bytes | None]:
    """Return what compaction would leave: the last value of each key. A key has one partition, so order is its own."""
    return {(record.key or b"").decode(): record.value for record in kafka_client.consume(topic)}


def partitions(kafka_client: KafkaClient, topic: str) -> dict[bytes | None, set[int]]:
    """Return the partitions in which each key stands."""
    found: dict[bytes | None, set[int]] = {}
    for record in kafka_client.consume(topic):
        found.setdefault(record.key, set()).add(record.partition)
    return found


def take_down(settings: Settings, *story_ids: str, only: bool = False, dry_run: bool = False) -> list[Target]:
    """Retract stories."""
    return asyncio.run(retract(story_ids, settings, reason="court order 7", only=only, dry_run=dry_run))


def refused(settings: Settings) -> set[str]:
    """Return what a process that starts now refuses."""
    return asyncio.run(Refusals.load(settings)).ids


def test_a_story_and_its_copies_are_taken_down(exporting: Settings, kafka_client: KafkaClient) -> None:
    """Tombstones on story, copy and export topics in the keys' own partitions; other stories stay."""
    settings = exporting
    original, copy, other = publish(settings, page(1, "Bridge opens"), page(2, "Bridge opens"), page(3, "Hall burns"))
    assert [(one.story_id, one.status) for one in take_down(settings, copy)] == [
        (copy, "duplicate"),
        (original, "original"),
    ]
    topics = settings.topics
    for topic in (topics.story, topics.copy, topics.ninjs, topics.schemaorg):
        values = last(kafka_client, topic)
        assert [values[story_id] is None for story_id in (original, copy, other)] == [True, True, False]
        assert all(len(found) == 1 for found in partitions(kafka_client, topic).values())
    records = [
        Retraction.model_validate_json(v or b"") for v in last(kafka_client, settings.topics.retraction).values()
    ]
    assert {record.story_id for record in records} == {original, copy} == refused(settings)
    assert {record.reason for record in records} == {"court order 7"}


def test_the_text_is_blacked_out_in_its_page(settings: Settings, kafka_client: KafkaClient) -> None:
    """Pages of HTML hold their text: that of the story is gone, that of other pages is not."""
    story, _ = publish(settings, page(1, "Bridge opens"), page(2, "Hall burns", OTHER_BODY))
    take_down(settings, story)
    texts = [orjson.loads(value or b"")["text"] for value in last(kafka_client, settings.topics.page).values()]
    assert sorted("Thursday" in text for text in texts) == [False, True]
    assert not any("Bridge" in text for text in texts)


def test_twice_is_as_once(settings: Settings, kafka_client: KafkaClient) -> None:
    """The last record of every key is the same, but for the time of the refusal."""
    story, _ = publish(settings, page(1, "Bridge opens"), page(2, "Hall burns"))
    topics = (settings.topics.story, settings.topics.copy, settings.topics.page)
    take_down(settings, story)
    before = [last(kafka_client, topic) for topic in topics]
    take_down(settings, story)
    assert [last(kafka_client, topic) for topic in topics] == before


def test_only_the_story_can_be_taken_down(settings: Settings, kafka_client: KafkaClient) -> None:
    """Its copies stay then."""
    original, copy = publish(settings, page(1, "Bridge opens"), page(2, "Bridge opens"))
    take_down(settings, original, only=True)
    assert refused(settings) == {original}
    assert last(kafka_client, settings.topics.story)[copy] is not None


def test_a_dry_run_finds_all_and_changes_nothing(settings: Settings, kafka_client: KafkaClient) -> None:
    """No topic has a record more."""
    original, copy = publish(settings, page(1, "Bridge opens"), page(2, "Bridge opens"))
    topics = (settings.topics.story, settings.topics.copy, settings.topics.page, settings.topics.retraction)
    before = [kafka_client.end_offsets(topic) for topic in topics]
    assert {target.story_id for target in take_down(settings, original, dry_run=True)} == {original, copy}
    assert [kafka_client.end_offsets(topic) for topic in topics] == before


def test_a_story_that_nobody_knows_is_refused_all_the_same(settings: Settings) -> None:
    """It may be on its way."""
    (target,) = take_down(settings, "0" * 32)
    assert target == Target("0" * 32)
    assert refused(settings) == {"0" * 32}


def test_a_refusal_can_be_lifted(settings: Settings) -> None:
    """The next process that starts lets the story through again."""
    take_down(settings, "0" * 32, "1" * 32)
    assert asyncio.run(lift(["0" * 32, "2" * 32], settings)) == {"0" * 32}
    assert refused(settings) == {"1" * 32}


def test_the_command_says_what_no_topic_knows(settings: Settings) -> None:
    """A mistyped id does not look like a story that was found, nor like one that was refused."""
    asked = "0" * 32
    variables = {"NEWSWORKER_BROKER": settings.broker, "NEWSWORKER_TOPIC_PREFIX": settings.topic_prefix}
    assert newsworker("retract", asked, "--dry-run", **variables).stdout == f"{asked} no such story on the topics\n"
    assert newsworker("retract", asked, "--lift", **variables).stdout == f"{asked} was not refused\n"
    take_down(settings, asked)
    assert newsworker("retract", asked, "--lift", **variables).stdout == f"{asked} may come back\n"


def test_what_is_no_story_id_is_named(settings: Settings) -> None:
    """Nothing is taken down then."""
    with pytest.raises(Fatal, match="'xyz' is no story id") as caught:
        take_down(settings, "0" * 32, "xyz")
    assert caught.value.reason == "bad_input"
    assert refused(settings) == set()


def test_a_process_that_runs_learns_of_refusals(settings: Settings) -> None:
    """Those that were there, those that come, and those that are lifted."""
    take_down(settings, "0" * 32)

    async def follow() -> None:
        refusals = await Refusals.load(settings)
        assert refusals.ids == {"0" * 32}
        following = asyncio.create_task(refusals.follow())
        await retract(["1" * 32], settings)
        await lift(["0" * 32], settings)
        async with asyncio.timeout(20):
            while refusals.ids != {"1" * 32}:  # noqa: ASYNC110 - the set tells nobody that it changed
                await asyncio.sleep(0.05)
        following.cancel()

    asyncio.run(follow())
