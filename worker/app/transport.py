"""The transport: our consumer, and a producer that is idempotent and can be replaced.

In: Faust's settings. Out: aiokafka's clients, to Faust and to the publisher.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import aiokafka
from aiokafka.errors import KafkaError
from faust.transport.drivers import aiokafka as driver

from worker import log
from worker.app import lookup
from worker.app.abort import end_at_the_broker
from worker.app.consumer import Consumer
from worker.app.vitals import watch
from worker.app.writers import TRANSACTION_TIMEOUT_MS, Transactional
from worker.publish import Producer as Sending

STOP_SECONDS = 5.0
"""Longest wait for a lost producer to end: it may wait for ever for acknowledgements that cannot come."""


class Watched(aiokafka.AIOKafkaProducer):  # type: ignore[misc]
    """A producer whose process ends with the task that refreshes its metadata (F24)."""

    async def start(self) -> None:
        """Start it."""
        lookup.repeat(self.client)  # F28, F29
        await super().start()
        watch(self.client._sync_task, "metadata")


class Producer(driver.Producer):
    """An idempotent producer: the broker drops what a retry sends twice, and keeps the order within a partition."""

    _renewing: asyncio.Lock

    def __post_init__(self) -> None:
        super().__post_init__()
        self._renewing = asyncio.Lock()

    def _settings_extra(self) -> Mapping[str, Any]:
        return {"acks": -1, "enable_idempotence": True}

    @property
    def _producer_type(self) -> type[aiokafka.AIOKafkaProducer]:
        return Watched

    def current(self) -> Sending:
        """Return the running aiokafka producer."""
        running: Sending = self._ensure_producer()
        return running

    def transactional(self, transactional_id: str) -> Transactional:
        """Return a transactional producer that is not started yet."""
        producer: Transactional = self._producer_type(
            **{**self._settings_default(), **self._settings_auth(), **self._settings_extra()},
            transactional_id=transactional_id,
            transaction_timeout_ms=TRANSACTION_TIMEOUT_MS,
        )
        end_at_the_broker(producer._txn_manager)  # F35
        return producer

    async def renew(self, lost: Sending) -> None:
        """Start another aiokafka producer in the place of `lost` (F12), unless that is done or no broker answers."""
        async with self._renewing:
            if self._producer is not lost:
                return
            successor = self._new_producer()
            try:
                await successor.start()
            except KafkaError:
                await _stop(successor)  # the broker is away: whoever publishes comes again
                return
            log.get().warning("producer_renewed")
            self._producer = successor
            await _stop(lost)


class Transport(driver.Transport):
    """Hands out our consumer and producer."""

    Consumer = Consumer
    Producer = Producer


async def _stop(producer: aiokafka.AIOKafkaProducer) -> None:
    # Its pending records have failed or are sent again by the new one.
    with suppress(TimeoutError, KafkaError):
        await asyncio.wait_for(producer.stop(), STOP_SECONDS)
