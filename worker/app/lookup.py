"""The lookup of a coordinator, of a group or of a transaction: repeated as long as nobody answers.

In: a client of aiokafka. Out: the same client. aiokafka gives a lookup up for good where the connection is lost
meanwhile (F28) and where no broker is known yet (F29); here it fails then with what aiokafka looks again after.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol

from aiokafka.errors import KafkaError, NodeNotReadyError


class Client(Protocol):
    """What is used of aiokafka's client."""

    coordinator_lookup: Callable[[int, str], Awaitable[int]]

    def get_random_node(self) -> int | None: ...  # noqa: D102 - aiokafka's


def repeat(client: Client) -> None:
    """Let the client's lookup of a coordinator be repeated."""
    client.coordinator_lookup = partial(_look_up, client, client.coordinator_lookup)


async def _look_up(client: Client, look_up: Callable[[int, str], Awaitable[int]], kind: int, key: str) -> int:
    if client.get_random_node() is None:
        raise NodeNotReadyError  # aiokafka would assert that one is known; after this it asks for brokers
    try:
        return await look_up(kind, key)
    except KafkaError as error:
        if error.retriable:
            raise NodeNotReadyError from error
        raise
