"""What aiokafka does not understand of its group: "not yet" for an answer, a lost session, another under one's name.

In: the coordinator of an aiokafka consumer. Out: an error that aiokafka retries (F21) or takes for a lost session
(F23); or the end of the process (`instance_fenced`), where a member has a name (`instance_id`) and another process has
taken it. Of aiokafka's requests only those to join and to sync carry the name. So a heartbeat of a member whose name
was taken is answered with "unknown member"; aiokafka then joins as a new member and takes the name back from the one
that has it, which does the same: for ever, each with the partitions for a moment (F17). Here it joins as the member
that it was, which the broker refuses.
"""

from typing import Any

from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.errors import (
    GroupCoordinatorNotAvailableError,
    IllegalGenerationError,
    KafkaError,
    NotCoordinatorForGroupError,
    for_code,
)
from aiokafka.protocol.api import Response
from aiokafka.protocol.commit import OffsetCommitRequest, OffsetFetchRequest
from aiokafka.protocol.group import JoinGroupRequest, SyncGroupRequest

from worker.errors import Fatal
from worker.guard import abandon

MOVED = (NotCoordinatorForGroupError, GroupCoordinatorNotAvailableError)
"""After these another node is to be asked for."""

UNKNOWN_MEMBER_ID = 25
FENCED_INSTANCE_ID = 82
"""Kafka's error codes; aiokafka does not know the second."""


def heed_group_errors(coordinator: GroupCoordinator) -> None:
    """Let a question for committed offsets be asked again where the group's coordinator has not answered it (F21).

    It says so for the group as a whole. aiokafka looks at the partitions only, of which there are none: as if nothing
    had ever been committed. And let a process that has lost its session commit nothing (F23): it would do so as if it
    were in no group, which the broker allows while the group has no member.
    """
    send = coordinator._send_req

    async def send_and_look(request: Any) -> Response:  # noqa: ANN401 - any of aiokafka's
        if isinstance(request, OffsetCommitRequest) and coordinator.generation < 0:
            raise IllegalGenerationError(coordinator.group_id)
        response: Response = await send(request)
        code = getattr(response, "error_code", 0)
        if code and isinstance(request, OffsetFetchRequest):
            error: KafkaError = for_code(code)()
            if isinstance(error, MOVED):
                coordinator.coordinator_dead()
            raise error
        return response

    coordinator._send_req = send_and_look


class NamedMember:
    """Stands between a coordinator and the broker."""

    def __init__(self, coordinator: GroupCoordinator) -> None:
        """Take the coordinator's place where it sends, and where it forgets who it is."""
        self._coordinator = coordinator
        self._send = coordinator._send_req
        coordinator._send_req = self._send_and_look
        coordinator.reset_generation = self._forget_generation

    async def confirm(self) -> None:
        """End the process if another one has the name by now; change nothing else."""
        coordinator = self._coordinator
        # A member in good standing is told its partitions once more.
        await self._send_and_look(
            SyncGroupRequest(
                coordinator.group_id,
                coordinator.generation,
                coordinator.member_id,
                coordinator._group_instance_id,
                [],
            )
        )

    async def _send_and_look(self, request: Any) -> Response:  # noqa: ANN401 - any of aiokafka's
        response: Response = await self._send(request)
        code = getattr(response, "error_code", 0)
        if code == FENCED_INSTANCE_ID:
            abandon(Fatal("instance_fenced", "group", "another process has joined under this worker's instance_id"))
        if code == UNKNOWN_MEMBER_ID and isinstance(request, JoinGroupRequest):
            # Nobody has the name: the session was over. The next attempt is that of a new member.
            self._coordinator.member_id = JoinGroupRequest.UNKNOWN_MEMBER_ID
        return response

    def _forget_generation(self) -> None:
        """Join again, as the member that it was: aiokafka would forget that too."""
        self._coordinator.generation = OffsetCommitRequest.DEFAULT_GENERATION_ID
        self._coordinator.request_rejoin()
