"""What must stand on the topics after any fault: every page's records; where delivery is exactly once, none twice.

In: a client, the settings of a worker, and how many of `pages.good` (numbered from 0) were produced. Out: nothing, or
the assertion that failed.
"""

import json
from collections import Counter

from kafka_client import KafkaClient
from pages import AGAIN

from worker.settings import Settings


def is_consumed(client: KafkaClient, settings: Settings) -> bool:
    """Whether both halves have committed all there is."""
    raw = client.lag(settings.group_of("split"), settings.topics.raw)
    return raw == 0 == client.lag(settings.group_of("dedupe"), settings.topics.sighting)


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
        times = Counter((record.key, record.value) for record in client.consume(topic))
        assert [record for record, count in times.items() if count > 1] == [], topic
    mentions = [json.loads(record.value or b"") for record in client.consume(settings.topics.mention)]
    places = Counter((one["page_id"], one["position"]) for one in mentions)
    assert [place for place, count in places.items() if count > 1] == []


def assert_known(client: KafkaClient, settings: Settings, pages: int, again: int) -> None:
    """Of `pages` pages nothing was forgotten: all that `again` pages of `pages.again` print is known."""
    mentions = [json.loads(record.value or b"") for record in client.consume(settings.topics.mention)]
    verdicts = {(one["page_id"], one["position"]): one["verdict"] for one in mentions if one["seen_at"] >= AGAIN}
    assert len(verdicts) == 2 * again
    assert set(verdicts.values()) == {"repeat"}
    assert len({record.key for record in client.consume(settings.topics.headline)}) == 2 * pages + 1
    copies = {record.key: json.loads(record.value or b"") for record in client.consume(settings.topics.copy)}
    assert sorted(one["status"] for one in copies.values()) == ["duplicate"] * again + ["original"] * pages
