"""What must stand on the topics after any fault: every page's records; where delivery is exactly once, none twice.

In: a client, the settings of a worker, and how many of `pages.good` (numbered from 0) were produced. Out: nothing, or
the assertion that failed.
"""

import json
from collections import defaultdict
from collections.abc import Callable

from kafka_client import KafkaClient, Received
from pages import AGAIN

from worker.settings import Settings


def is_consumed(client: KafkaClient, settings: Settings) -> bool:
    """Whether both halves have committed all there is."""
    sources = {"split": settings.topics.raw, "dedupe": settings.topics.sighting}
    return all(client.lag(settings.group_of(role), topic) == 0 for role, topic in sources.items())


def assert_whole(client: KafkaClient, settings: Settings, pages: int) -> None:
    """Every story, mention, headline and copy is there, and each headline has its earliest owner."""
    page_ids = {json.loads(record.value or b"")["page_id"] for record in client.consume(settings.topics.page)}
    assert len(page_ids) == pages
    assert len({record.key for record in client.consume(settings.topics.story)}) == pages
    mentions = [json.loads(record.value or b"") for record in client.consume(settings.topics.mention)]
    assert len({(one["page_id"], one["position"]) for one in mentions}) == 2 * pages
    assert len({record.key for record in client.consume(settings.topics.copy)}) == pages
    headlines = {record.key: json.loads(record.value or b"") for record in client.consume(settings.topics.headline)}
    assert len(headlines) == 2 * pages + 1
    shared = [one for one in headlines.values() if one["headline"].startswith("Fishermen")]
    assert [one["first_page_id"] for one in shared] == [min(page_ids)]
    assert client.consume(settings.topics.deadletter) == []
    if settings.delivery == "exactly_once":
        assert_nothing_twice(client, settings)


def assert_nothing_twice(client: KafkaClient, settings: Settings) -> None:
    """A reader of committed records finds each story, page, sighting and mention once."""
    for topic in (settings.topics.story, settings.topics.page, settings.topics.sighting):
        assert twice(client, topic, lambda record: (record.key, record.value)) == {}
    assert twice(client, settings.topics.mention, _place) == {}


def twice(client: KafkaClient, topic: str, name: Callable[[Received], object]) -> dict[object, list[str]]:
    """Return the records of a topic that have a name in common, as partition and offset by their key."""
    places = defaultdict[object, list[str]](list)
    for record in client.consume(topic):
        places[name(record)].append(f"{record.key!r} at {record.partition}/{record.offset}")
    return {found[0]: found for found in places.values() if len(found) > 1}


def _place(record: Received) -> object:
    mention = json.loads(record.value or b"")
    return mention["page_id"], mention["position"]


def assert_known(client: KafkaClient, settings: Settings, pages: int, again: int) -> None:
    """Of `pages` pages nothing was forgotten: all that `again` pages of `pages.again` print is known."""
    mentions = [json.loads(record.value or b"") for record in client.consume(settings.topics.mention)]
    verdicts = {(one["page_id"], one["position"]): one["verdict"] for one in mentions if one["seen_at"] >= AGAIN}
    assert len(verdicts) == 2 * again
    assert set(verdicts.values()) == {"repeat"}
    assert len({record.key for record in client.consume(settings.topics.headline)}) == 2 * pages + 1
    copies = {record.key: json.loads(record.value or b"") for record in client.consume(settings.topics.copy)}
    assert sorted(one["status"] for one in copies.values()) == ["duplicate"] * again + ["original"] * pages
