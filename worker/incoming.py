"""A message as it was consumed: bytes, headers and where it stood.

In: made by `worker.app` from what Faust delivers. Out: to the guard, the publisher and the dead letters, which need no
Faust. It is never changed on its way.
"""

from dataclasses import dataclass

Headers = tuple[tuple[str, bytes | None], ...]
"""Names and values in their order; Kafka lets a name come twice and a value be null."""

REPLAY_ID = "replay.id"
REDRIVE_COUNT = "redrive.count"
"""Headers of a message that is played again, and of one that was a dead letter and is sent again: how often. It stays
with the message, so a letter of its next failure has it too. With either the timestamp is that of its first life."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One consumed message; `value` is None for a tombstone, `timestamp_ms` is the record's own."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()

    @property
    def is_again(self) -> bool:
        """Whether it was played or redriven, so that its timestamp does not tell when it came."""
        return any(name in {REPLAY_ID, REDRIVE_COUNT} for name, _ in self.headers)

    def header(self, name: str) -> str | None:
        """Return the last header of that name as text, bytes that are no UTF-8 replaced; None where none is or null."""
        value = next((value for key, value in reversed(self.headers) if key == name), None)
        return None if value is None else value.decode("utf-8", "replace")
