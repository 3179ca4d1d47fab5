"""`topics apply` and `topics show` on a real Apache Kafka."""

import asyncio

import pytest
from confluent_kafka.admin import AdminClient, ClusterMetadata
from kafka_client import KafkaClient, Sent

from worker import topics
from worker.errors import Fatal
from worker.settings import MIB, Settings

LATE_LISTINGS = 3


@pytest.fixture
def fresh(settings: Settings) -> Settings:
    """Settings whose topics do not exist yet."""
    return settings.model_copy(update={"group": f"{settings.group}-fresh", "topic_prefix": f"{settings.group}-fresh"})


def apply(settings: Settings) -> dict[str, topics.Action]:
    """Apply the topics and return what was done with each."""
    return {change.topic: change.action for change in asyncio.run(topics.apply(settings))}


def test_a_second_time_changes_nothing(fresh: Settings) -> None:
    """The first time creates every topic, the second finds all of them as they should be."""
    names = topics.partitions(fresh).keys()
    assert apply(fresh) == dict.fromkeys(names, "created")
    assert apply(fresh) == dict.fromkeys(names, "unchanged")


def test_it_returns_when_what_it_created_is_listed(fresh: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker that is late with the newest topics is asked again, so that nobody is told that there are none."""
    names, listings = set(topics.partitions(fresh)), list[set[str]]()
    plain = AdminClient.list_topics

    def late(client: AdminClient, *, timeout: float) -> ClusterMetadata:
        metadata = plain(client, timeout=timeout)
        if len(listings) < LATE_LISTINGS:
            metadata.topics.pop(fresh.topics.story, None)
        listings.append(names & metadata.topics.keys())
        return metadata

    monkeypatch.setattr(AdminClient, "list_topics", late)
    assert set(apply(fresh).values()) == {"created"}
    # A broker under load is late by itself as well.
    assert len(listings) > LATE_LISTINGS
    assert listings[-1] == names
    assert names not in listings[:-1]


def test_topics_stand_as_specified(settings: Settings) -> None:
    """The cluster shows the partitions, the replicas and every configuration of the contract."""
    found = asyncio.run(topics.show(settings))
    assert [(state.name, state.partitions, state.replication, dict(state.config)) for state in found] == [
        (spec.name, spec.partitions, spec.replication, dict(spec.config)) for spec in topics.specs(settings)
    ]


def test_missing_topics_are_shown_as_missing(fresh: Settings) -> None:
    """Showing creates nothing."""
    for _ in range(2):
        assert {state.partitions for state in asyncio.run(topics.show(fresh))} == {None}


def test_configuration_that_differs_is_mended(settings: Settings, kafka_client: KafkaClient) -> None:
    """What the contract names is set back and told; what it does not name is the operator's and stays."""
    story = settings.topics.story
    kafka_client.alter(story, cleanup_policy="delete")
    kafka_client.alter(story, segment_ms="3600000")
    changes = {change.topic: change for change in asyncio.run(topics.apply(settings))}
    assert (changes[story].action, changes[story].detail) == ("altered", "cleanup.policy=compact")
    config = next(state.config for state in asyncio.run(topics.show(settings)) if state.name == story)
    assert (config["cleanup.policy"], config["segment.ms"]) == ("compact", "3600000")


def test_a_different_partition_count_is_told_and_left(settings: Settings) -> None:
    """Partitions are neither added nor removed: either would send keys elsewhere."""
    for partitions in (1, 3):
        changed = settings.model_copy(update={"partitions": partitions})
        assert set(apply(changed).values()) == {"partitions_differ"}
    assert {state.partitions for state in asyncio.run(topics.show(settings))} == {settings.partitions}


def test_records_fit_up_to_the_topics_limit(settings: Settings, kafka_client: KafkaClient) -> None:
    """A story may have nearly 40 MiB and a raw page nearly 12; a raw record above is refused by the cluster."""
    kafka_client.produce(settings.topics.story, [Sent(bytes(40 * MIB - 1024), key=b"story")])
    kafka_client.produce(settings.topics.raw, [Sent(bytes(12 * MIB - 1024))])
    with pytest.raises(AssertionError, match="MSG_SIZE_TOO_LARGE"):
        kafka_client.produce(settings.topics.raw, [Sent(bytes(12 * MIB + 1024))])
    (story,) = kafka_client.consume(settings.topics.story)
    assert len(story.value or b"") == 40 * MIB - 1024


def test_a_refusal_of_the_cluster_is_told(fresh: Settings) -> None:
    """More replicas than brokers is an error that names the topic and the cluster's reason."""
    with pytest.raises(Fatal, match="replication") as failure:
        asyncio.run(topics.apply(fresh.model_copy(update={"replication": 3})))
    assert failure.value.reason == "topics_refused"
