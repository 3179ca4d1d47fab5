"""The producer's replacement, with stand-ins for aiokafka's: a broker that is away at that moment is tested nowhere."""

import asyncio
from typing import cast

from aiokafka.errors import KafkaConnectionError

from worker.app.transport import Producer
from worker.publish import Producer as Sending


class Running:
    """A producer of which is noted whether it runs."""

    def __init__(self, *, is_reachable: bool = True) -> None:
        self._is_reachable = is_reachable
        self.is_stopped = False

    async def start(self) -> None:
        """Connect."""
        if not self._is_reachable:
            raise KafkaConnectionError

    async def stop(self) -> None:
        """Take note."""
        self.is_stopped = True


def test_a_lost_producer_stays_until_a_broker_answers() -> None:
    """Whoever publishes goes on trying with it; nothing is raised that would end the process."""
    lost, early, late = Running(), Running(is_reachable=False), Running()
    successors = iter((early, late))

    async def scenario() -> None:
        producer = Producer.__new__(Producer)
        producer._renewing = asyncio.Lock()
        producer._producer = lost
        producer._new_producer = lambda: next(successors)  # type: ignore[method-assign]
        await producer.renew(cast("Sending", lost))
        assert (producer._producer, lost.is_stopped, early.is_stopped) == (lost, False, True)
        await producer.renew(cast("Sending", lost))
        assert (producer._producer, lost.is_stopped, late.is_stopped) == (late, True, False)

    asyncio.run(scenario())
