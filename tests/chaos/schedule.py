"""What goes wrong in a chaos run, and after how many messages: the same for the same seed.

In: a seed and a number of kills. Out: faults in their order. Timing is not fixed: a fault comes when the split half has
committed so many messages, and a moment of its own later.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

KILLS = ("kill_split", "kill_dedupe", "kill_worker")
"""SIGKILL of one role's process, or of the supervisor and both roles at once."""

OTHERS = ("terminate", "freeze_split", "freeze_dedupe", "stop_broker", "kill_broker", "join", "leave")
OTHERS_SHARE = 0.3
"""Of one of these for each kill."""

STATIC_SHARE = 0.5
"""Of the schedules: their workers are static members, whose successors need not wait for a session to end."""

MAX_WORKERS = 4
MESSAGES_EACH = 60
"""Between two faults: about half a second of work, so that faults meet it half done, and the work after another."""

COMMIT_SECONDS = 1.5
"""The worker commits every second: a delay up to this makes any moment between two commits as likely."""

FREEZE_SECONDS = (7.0, 9.0)
"""Beyond the session timeout of 6 s."""

OUTAGE_SECONDS = (0.0, 8.0)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: it comes `delay` seconds after `after` messages are committed.

    `worker` is the place of its victim among the `workers` that run; `wipe` deletes the victim's local state before it
    is started again; `seconds` is how long a freeze or an outage lasts.
    """

    kind: str
    after: int
    delay: float
    worker: int
    workers: int
    wipe: bool
    seconds: float

    @property
    def is_kill(self) -> bool:
        """Whether a process is killed."""
        return self.kind in KILLS


@dataclass(frozen=True, slots=True)
class Schedule:
    """The faults of a run, and how many workers and messages it starts with; static members keep their names."""

    workers: int
    faults: Sequence[Fault]
    is_static: bool = False

    @property
    def messages(self) -> int:
        """How many messages the run takes: work is left after the last fault."""
        return (len(self.faults) + 1) * MESSAGES_EACH


def plan(kills: int, seed: str) -> Schedule:
    """Return the schedule of a seed with so many kills."""
    choice = random.Random(seed)
    workers = choice.randint(1, MAX_WORKERS)
    is_static = choice.random() < STATIC_SHARE
    return Schedule(workers, list(_faults(list(_kinds(kills, choice)), workers, choice)), is_static)


def _kinds(kills: int, choice: random.Random) -> Iterator[str]:
    for _ in range(kills):
        yield choice.choice(KILLS)
        if choice.random() < OTHERS_SHARE:
            yield choice.choice(OTHERS)


def _faults(kinds: Sequence[str], workers: int, choice: random.Random) -> Iterator[Fault]:
    for number, wanted in enumerate(kinds, start=1):
        kind = _possible(wanted, workers)
        yield Fault(
            kind=kind,
            after=number * MESSAGES_EACH,
            delay=choice.uniform(0, COMMIT_SECONDS),
            worker=choice.randrange(workers),
            workers=workers,
            wipe=choice.random() < 0.5,
            seconds=choice.uniform(*(FREEZE_SECONDS if kind.startswith("freeze") else OUTAGE_SECONDS)),
        )
        workers += (kind == "join") - (kind == "leave")


def _possible(kind: str, workers: int) -> str:
    if kind == "join" and workers == MAX_WORKERS:
        return "leave"
    return "join" if kind == "leave" and workers == 1 else kind
