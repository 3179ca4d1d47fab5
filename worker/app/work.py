"""What a half makes of a message, before anything of it is published: the values that pass from the halves to delivery.

In: made by `split` and `dedupe`. Out: to `delivery`, which publishes, stores and closes the books.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from schemas import Mention
from worker.app.tables import Entry
from worker.guard import Failure
from worker.incoming import Incoming
from worker.publish import Outgoing


@dataclass(frozen=True, slots=True)
class Worked:
    """What a message came to: its outcome and records, the state to keep, and what log and counters say of it."""

    outcome: str
    records: Sequence[Outgoing] = ()
    entries: Sequence[Entry] = ()
    told: Mapping[str, object] = field(default_factory=dict)
    mention: Mention | None = None
    unknown_fields: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    """A message, what it came to, and when its work began (`time.perf_counter`)."""

    message: Incoming
    result: Worked | Failure
    started: float


Work = Callable[[Incoming], Worked]
"""The pure work of one message; raises what `guard.attempt` takes."""


class Worker(Protocol):
    """A half, as delivery sees it."""

    def begin(self) -> Work:
        """Return the work for a batch of one partition: what it decides it sees itself, until it is stored."""
