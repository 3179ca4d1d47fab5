"""A writer whose transaction an error breaks off while it waits for room: it is taken back, told, and tried again."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import TopicAuthorizationFailedError

from worker.app.writers import Writer
from worker.publish import Outgoing, Patience

RECORD = Outgoing("story", "news.story.v1", b"key", b"value")


class Producer:
    """A transactional producer onto a list, of which the first asserts that it has a transaction."""

    sent: list[bytes | None]

    def __init__(self, epoch: int, sent: list[bytes | None], error: Exception | None) -> None:
        self._txn_manager = SimpleNamespace(producer_id=1, producer_epoch=epoch, _transaction_waiter=None)
        self._error, self.sent, self.aborted = error, sent, 0

    async def send(self, _topic: str, value: bytes | None, *_rest: Any, **_named: Any) -> "asyncio.Future[Any]":
        """Take a record, unless an error has broken off the transaction while this waited for room."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if self._error is not None:
            self._txn_manager._transaction_waiter = asyncio.get_running_loop().create_future()
            self._txn_manager._transaction_waiter.set_exception(self._error)
            raise AssertionError
        self.sent.append(value)
        future.set_result(SimpleNamespace(partition=0, offset=len(self.sent)))
        return future

    async def abort_transaction(self) -> None:
        """Take all back."""
        self.aborted += 1

    async def nothing(self) -> None:
        """Do nothing."""

    start = stop = begin_transaction = commit_transaction = nothing


@pytest.mark.parametrize("is_broken_off", [True, False])
def test_f35_an_assertion_of_a_broken_off_transaction_is_its_error(is_broken_off: bool) -> None:
    """A right that is missing is waited for; an assertion with no error behind it is a fault of the program."""
    sent: list[bytes | None] = []
    error = TopicAuthorizationFailedError("news.story.v1")
    made = [Producer(number, sent, error if number == 0 else None) for number in range(2)]
    left = iter(made)

    async def commit() -> None:
        writer = Writer("group", lambda: next(left), Patience(role="split", timeout_seconds=30))  # type: ignore[arg-type]
        if not is_broken_off:
            made[0]._error = None
            made[0].commit_transaction = fail  # type: ignore[method-assign]
        await writer.commit([RECORD])

    async def fail() -> None:
        raise AssertionError

    if is_broken_off:
        asyncio.run(commit())
        assert (made[0].aborted, sent) == (1, [b"value"])
    else:
        with pytest.raises(AssertionError):
            asyncio.run(commit())
        assert made[0].aborted == 0
