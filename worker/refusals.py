"""The story ids that are refused, as the retraction topic says: read whole at the start, then followed.

In: the topic `<prefix>.retraction.<version>`. Out: a set of ids that a process asks for each record. It needs no group,
commits nothing and publishes nothing.
"""

import asyncio
from contextlib import suppress
from typing import Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from worker import security
from worker.errors import Fatal, Transient
from worker.reader import Range, Stretch, open_range
from worker.settings import Settings

FOLLOW_MS = 1000
"""Longest wait of one look for new retractions; also what is waited after a failed one."""

REOPEN_SECONDS = 300.0
"""A client is followed for so long: one that has lost its broker and does not know it (F24) is not asked for ever."""

MISSING_SECONDS = 10.0
"""Between two looks for the topic, where the cluster does not have it yet."""


class Refusals:
    """The refused ids; `ids` is the set itself, which changes in place."""

    def __init__(self, settings: Settings) -> None:
        """Know nothing until the topic is read."""
        self._settings = settings
        self._topic = settings.topics.retraction
        self._next: dict[int, int] = {}
        self.ids: set[str] = set()

    @classmethod
    async def load(cls, settings: Settings) -> Self:
        """Return all that was refused until now; nothing where the cluster does not have the topic.

        Raises:
            Transient: `broker_unreachable`, `read_stopped`.
        """
        refusals = cls(settings)
        await refusals.read()
        return refusals

    async def read(self) -> None:
        """Take in all that was refused until now; raises as `load` does."""
        try:
            async with open_range(self._settings, Range(self._topic)) as reading:
                async for message in reading.messages():
                    self.take(message.key, message.value)
                self._note_ends(reading.stretches)
        except Fatal as error:
            if error.reason != "topic_missing":
                raise

    def take(self, key: bytes | None, value: bytes | None) -> None:
        """Take in a record: a value refuses the id that is its key, a tombstone lifts the refusal."""
        story_id = (key or b"").decode("ascii", "replace")
        if value is None:
            self.ids.discard(story_id)
        else:
            self.ids.add(story_id)

    async def follow(self) -> None:
        """Take in what comes after `load`, until cancelled; while the broker is away what is known stays in force."""
        while True:
            with suppress(KafkaError, Transient):
                if not self._next:
                    await self.read()
                if self._next:
                    await self._follow()
            await asyncio.sleep(FOLLOW_MS / 1000 if self._next else MISSING_SECONDS)

    async def _follow(self) -> None:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._settings.broker,
            group_id=None,
            enable_auto_commit=False,
            # Where the topic was made anew, its records are new too.
            auto_offset_reset="earliest",
            **security.consumers(self._settings),
        )
        try:
            await consumer.start()
            # Also so that the consumer's own tasks have begun before they can be ended.
            await consumer.topics()
            places = {TopicPartition(self._topic, partition): offset for partition, offset in self._next.items()}
            consumer.assign(list(places))
            for place, offset in places.items():
                consumer.seek(place, offset)
            until = asyncio.get_running_loop().time() + REOPEN_SECONDS
            while asyncio.get_running_loop().time() < until:
                for place, records in (await consumer.getmany(timeout_ms=FOLLOW_MS)).items():
                    for record in records:
                        self.take(record.key, record.value)
                        self._next[place.partition] = record.offset + 1
        finally:
            await consumer.stop()

    def _note_ends(self, stretches: tuple[Stretch, ...]) -> None:
        self._next = {stretch.partition: stretch.end for stretch in stretches}
