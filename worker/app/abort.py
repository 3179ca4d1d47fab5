"""The end of a transaction that an error has broken off: what was begun at the broker is ended there as well (F35).

In: a transactional producer of aiokafka. Out: the same, and the error. aiokafka forgets with the error which partitions
it has added, takes the transaction for one in which nothing was done, and ends it nowhere. Whoever goes on sending
meanwhile is told that there is no transaction, and not why.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Protocol

from aiokafka.errors import KafkaError


class Manager(Protocol):
    """What is used of aiokafka's transaction manager."""

    error_transaction: Callable[[KafkaError], None]
    _txn_partitions: set[object]
    _txn_consumer_group: str | None
    _transaction_waiter: "asyncio.Future[None] | None"


def end_at_the_broker(manager: Manager) -> None:
    """Let an abort reach the broker wherever it knows of the transaction."""
    manager.error_transaction = partial(_break_off, manager, manager.error_transaction)


def _break_off(manager: Manager, break_off: Callable[[KafkaError], None], error: KafkaError) -> None:
    added, group = set(manager._txn_partitions), manager._txn_consumer_group
    break_off(error)
    manager._txn_partitions.update(added)
    manager._txn_consumer_group = group


def broken_off_by(manager: Manager) -> BaseException | None:
    """Return the error that has broken off the manager's transaction, if one has."""
    end = manager._transaction_waiter
    return end.exception() if end is not None and end.done() and not end.cancelled() else None
