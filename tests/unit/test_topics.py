"""The topics' settings, as the contract gives them."""

import asyncio

import pytest

from worker import topics
from worker.broker import EmbeddedBroker
from worker.errors import Fatal, Transient
from worker.settings import Settings

STAMPED = {"message.timestamp.type": "LogAppendTime"}
CHANGELOG = {
    "cleanup.policy": "compact,delete",
    "max.message.bytes": "2097152",
    "retention.ms": "1036800000",
    **STAMPED,
}

CONTRACT = {
    "news.raw.v1": {"cleanup.policy": "delete", "max.message.bytes": "12582912"},
    "news.story.v1": {"cleanup.policy": "compact", "max.message.bytes": "41943040", **STAMPED},
    "news.headline.v1": {"cleanup.policy": "compact", "max.message.bytes": "2097152", **STAMPED},
    "news.copy.v1": {"cleanup.policy": "compact", "max.message.bytes": "2097152", **STAMPED},
    "news.mention.v1": {"cleanup.policy": "delete", "max.message.bytes": "2097152", **STAMPED},
    "news.page.v1": {"cleanup.policy": "compact", "max.message.bytes": "41943040", **STAMPED},
    "news.deadletter.v1": {"cleanup.policy": "delete", "max.message.bytes": "13631488", **STAMPED},
    "news.sighting.v1": {
        "cleanup.policy": "delete",
        "max.message.bytes": "1048576",
        "retention.ms": "518400000",
        **STAMPED,
    },
    "news.retraction.v1": {"cleanup.policy": "compact", "max.message.bytes": "1048576", **STAMPED},
    "newsworker-dedupe-headline-changelog": CHANGELOG,
    "newsworker-dedupe-story-changelog": CHANGELOG,
    "newsworker-dedupe-index-changelog": CHANGELOG,
}
"""1, 2, 12, 13 and 40 MiB; sightings are kept two dedup windows, state four; the broker stamps all but raw pages."""


def test_topics_are_configured_as_in_the_contract() -> None:
    """Cleanup policies, largest records and retention are the contract's, for every topic and changelog."""
    assert {spec.name: dict(spec.config) for spec in topics.specs(Settings())} == CONTRACT


def test_every_named_topic_is_specified() -> None:
    """No topic of the settings is forgotten, so `topics apply` leaves none to be made by accident.

    Those of exports are there where they are written.
    """
    settings = Settings(publish_ninjs=True, publish_schemaorg=True)
    named = {getattr(settings.topics, kind) for kind in settings.topics.__slots__}
    assert named | set(topics.changelogs(settings)) == {spec.name for spec in topics.specs(settings)}
    without = {spec.name for spec in topics.specs(Settings())}
    assert named - without == {"news.story.ninjs.v1", "news.story.schemaorg.v1"}


def test_partitions_and_replication_come_from_the_settings() -> None:
    """All topics have the same partition count, so a changelog has that of its source."""
    settings = Settings(partitions=7, replication=3)
    assert {(spec.partitions, spec.replication) for spec in topics.specs(settings)} == {(7, 3)}
    assert set(topics.partitions(settings).values()) == {7}


def test_changelogs_carry_the_group_and_topics_the_prefix() -> None:
    """Two installations on one cluster share no topic when group and prefix differ."""
    one, two = Settings(), Settings(group="other", topic_prefix="other")
    assert not topics.partitions(one).keys() & topics.partitions(two).keys()


def test_the_embedded_broker_is_told_from_a_cluster(embedded_broker: EmbeddedBroker) -> None:
    """Applying topics to the embedded broker, which cannot create them so, fails at once and says why."""
    with pytest.raises(Fatal, match="embedded broker") as failure:
        asyncio.run(topics.apply(Settings(broker=embedded_broker.bootstrap)))
    assert failure.value.reason == "topics_unsupported"


def test_a_broker_that_is_away_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody answers the error is a transient one: the same command may succeed later."""
    monkeypatch.setattr(topics, "REQUEST_SECONDS", 0.5)
    with EmbeddedBroker() as closed:
        settings = Settings(broker=closed.bootstrap)
    with pytest.raises(Transient, match="no answer") as failure:
        asyncio.run(topics.show(settings))
    assert failure.value.reason == "broker_unreachable"
