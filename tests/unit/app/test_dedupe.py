"""The dedupe half without a broker: what a topic refuses costs the one sighting, and never the batch."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiokafka.errors import MessageSizeTooLargeError
from aiokafka.structs import OffsetAndMetadata, TopicPartition
from pages import raw
from prometheus_client import REGISTRY
from prose import prose

from worker import ids, records, topics
from worker.app.dedupe import DedupeHalf
from worker.app.delivery import Desk, Transactional
from worker.app.factory import App, _options
from worker.app.tables import Tables
from worker.app.writers import Writers
from worker.breaker import Breaker
from worker.decode import Limits, RawMessage
from worker.dedup.links import short
from worker.dedup.reading import key
from worker.dedup.sighting import HeadlineSighting, decode, encode
from worker.incoming import Incoming
from worker.ledger import Ledger
from worker.pipeline import Context, Processed, process
from worker.publish import Acknowledged, Patience
from worker.settings import Settings

BOUND = 1000
REALM = {"realm": "headline:Latn"}

SHARED = b"Fishermen"
"""Of a headline that every page names."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record was put."""

    partition: int
    offset: int


@dataclass
class PickyProducer:
    """A producer onto a list that refuses records of one page on the mention topic, and can take back the last ones."""

    settings: Settings
    refused_page: bytes
    sent: list[tuple[str, bytes | None, bytes]] = field(default_factory=list)
    before: int = 0
    _txn_manager: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(producer_id=1, producer_epoch=0))

    async def send(  # noqa: PLR0917 - aiokafka's
        self,
        topic: str,
        value: bytes | None = None,
        key: bytes | None = None,
        partition: int | None = None,
        timestamp_ms: int | None = None,
        headers: Sequence[tuple[str, bytes | None]] | None = None,
    ) -> asyncio.Future[Acknowledged]:
        """Take all other records."""
        del timestamp_ms, headers
        future: asyncio.Future[Acknowledged] = asyncio.get_running_loop().create_future()
        if topic == self.settings.topics.mention and self.refused_page in (value or b""):
            future.set_exception(MessageSizeTooLargeError())
        else:
            self.sent.append((topic, key, value or b""))
            future.set_result(Place(partition or 0, len(self.sent)))
        return future

    async def start(self) -> None:
        """Be ready always, and known by the next epoch."""
        self._txn_manager = SimpleNamespace(producer_id=1, producer_epoch=self._txn_manager.producer_epoch + 1)

    async def stop(self) -> None:
        """Nothing is held."""

    async def begin_transaction(self) -> None:
        """Remember where to go back to."""
        self.before = len(self.sent)

    async def commit_transaction(self) -> None:
        """Keep all."""

    async def abort_transaction(self) -> None:
        """Go back."""
        del self.sent[self.before :]

    async def send_offsets_to_transaction(
        self, offsets: Mapping[TopicPartition, OffsetAndMetadata], group_id: str
    ) -> None:
        """Take the offsets for committed."""

    def values(self, topic: str) -> list[bytes]:
        """Return what stands on a topic."""
        return [value for found, _, value in self.sent if found == topic]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """State in a folder of the test's own."""
    return Settings(state_dir=tmp_path, group="test")


@pytest.fixture
def tables(settings: Settings) -> Iterator[Tables]:
    """Empty tables."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield Tables(App("test-dedupe", **_options("dedupe", settings)), topics.DEDUP_TABLES)
    asyncio.set_event_loop(None)
    loop.close()


def page(number: int) -> Processed:
    """Return a processed page."""
    result = process(RawMessage(raw(number), None, 0), Context(Limits(100_000, 1000, 32)))
    assert isinstance(result, Processed)
    return result


def shared_sighting(number: int, settings: Settings) -> Incoming:
    """Return the sighting, on a page, of the headline that all pages name."""
    message = Incoming("raw", 0, number, 0, b"key", b"")
    sightings = [one for one in records.of_page(page(number), message, settings) if one.kind == "sighting"]
    (found,) = [one for one in sightings if SHARED in (one.value or b"")]
    return Incoming(settings.topics.sighting, 0, number, 0, found.key, found.value)


async def handle(producer: PickyProducer, settings: Settings, tables: Tables, messages: Sequence[Incoming]) -> None:
    """Claim the partition and handle a batch."""
    patience = Patience(role="dedupe", timeout_seconds=1)
    writers = Writers(settings.group, settings.topics.sighting, lambda _: producer, patience)
    await writers.claim({0: tables.claims(0)})
    desk = Desk(Ledger("dedupe"), DedupeHalf(settings, tables), Breaker(settings), settings.topics.deadletter)
    assert await Transactional(desk, writers, tables).handle(messages) == messages


def test_a_sighting_whose_records_are_refused_is_a_dead_letter(settings: Settings, tables: Tables) -> None:
    """The sightings before and after it are decided as if it had never come."""
    refused = page(1).page.page_id.encode()
    producer = PickyProducer(settings, refused)
    messages = [shared_sighting(number, settings) for number in range(3)]
    asyncio.run(handle(producer, settings, tables, messages))
    assert producer.values(settings.topics.deadletter) == [messages[1].value]
    mentioned = {one for one in producer.values(settings.topics.mention) for number in (0, 2) if _names(one, number)}
    assert len(mentioned) == 2
    state = tables.get("headline", 0, _id_of(messages[0]))
    assert state is not None
    assert refused not in state


def _id_of(message: Incoming) -> bytes:
    """Return the id that a headline is known by."""
    sighting = decode(message.value or b"")
    assert isinstance(sighting, HeadlineSighting)
    return short(sighting.headline_id)


def _names(mention: bytes, number: int) -> bool:
    return page(number).page.page_id.encode() in mention


def test_a_decision_past_its_deadline_is_a_dead_letter(settings: Settings, tables: Tables) -> None:
    """The state is as if the sighting had never come."""
    producer = PickyProducer(settings, b"no page")
    message = shared_sighting(0, settings)
    hurried = settings.model_copy(update={"stage_deadline_seconds": 1e-9})
    asyncio.run(handle(producer, hurried, tables, [message]))
    assert producer.values(settings.topics.deadletter) == [message.value]
    assert tables.get("headline", 0, _id_of(message)) is None


def test_a_stream_that_fills_the_bound_shows_what_its_alerts_ask_for(settings: Settings, tables: Tables) -> None:
    """More than 80 % of the bound, told as the bound is, and a count of what is forgotten early, from 0 on."""
    work = DedupeHalf(settings.model_copy(update={"dedup_max_headlines": BOUND}), tables).begin()
    words, early = prose(1, 4 * BOUND).split(), []
    for number in range(BOUND + 100):
        work(_told(" ".join(words[2 * number : 2 * number + 4]), number))
        early.append(REGISTRY.get_sample_value("newsworker_dedup_forgotten_early_total", REALM))
    assert early[0] == 0
    assert early[-1] == 100
    assert REGISTRY.get_sample_value("newsworker_dedup_entries", REALM) == BOUND
    assert REGISTRY.get_sample_value("newsworker_dedup_entries_bound") == BOUND


def _told(headline: str, page: int) -> Incoming:
    """Return the sighting of a headline on a page of its own."""
    seen_at = "2025-03-03T10:00:00Z"
    sighting = HeadlineSighting(
        ids.headline_id(key(headline)), headline, "xx", f"{page:032x}", None, 0, seen_at, True, None, None, None
    )
    return Incoming("sightings", 0, page, 0, b"key", encode(sighting))


def test_a_batch_that_fits_is_published_once(settings: Settings, tables: Tables) -> None:
    """Nothing is decided twice where nothing is refused."""
    producer = PickyProducer(settings, b"no page")
    asyncio.run(handle(producer, settings, tables, [shared_sighting(number, settings) for number in range(3)]))
    assert len(producer.values(settings.topics.mention)) == 3
