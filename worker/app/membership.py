"""Static membership: a member that has a name (`instance_id`), and its end when another process takes that name.

In: the coordinator of an aiokafka consumer. Out: the end of the process (`instance_fenced`). Of aiokafka's requests
only those to join and to sync carry the name. So a heartbeat of a member whose name was taken is answered with "unknown
member"; aiokafka then joins as a new member and takes the name back from the one that has it, which does the same: for
ever, each with the partitions for a moment (F17). Here it joins as the member that it was, which the broker refuses.
"""

from typing import Any

from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.protocol.api import Response
from aiokafka.protocol.commit import OffsetCommitRequest
from aiokafka.protocol.group import JoinGroupRequest, SyncGroupRequest

from worker.errors import Fatal
from worker.guard import abandon

UNKNOWN_MEMBER_ID = 25
FENCED_INSTANCE_ID = 82
"""Kafka's error codes; aiokafka does not know the second."""


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
