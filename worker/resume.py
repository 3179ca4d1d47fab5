"""How far a replay got, in a small file, so that it goes on there: `newsworker replay --resume FILE`.

In: places as they are sent, and their acknowledgements. Out: a JSON file, there from the start, replaced whole and at
most once a second. A replay that is killed sends what was acknowledged since the last replacement again, which does no
harm: every id is made of content.
"""

import os
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import orjson
from pydantic import TypeAdapter, ValidationError

from worker.errors import Fatal, writing_into
from worker.reader import Stretch

STAGE = "resume"

SAVE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is played where: a state file belongs to one plan."""

    inputs: tuple[str, ...]
    topic: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What cannot be played, in this run and those before it: how many places, and what the first of them is."""

    count: int = 0
    first: str = ""

    def plus(self, what: str) -> "LeftOut":
        """Return this and one more."""
        return LeftOut(self.count + 1, self.first or what)


@dataclass(frozen=True, slots=True)
class State:
    """What the file holds: `done` is the next place of each input, `stretches` the offsets of a range of a topic."""

    plan: Plan
    replay_id: str
    done: Mapping[str, int] = field(default_factory=dict)
    stretches: tuple[Stretch, ...] | None = None
    left_out: LeftOut = LeftOut()


@dataclass(slots=True)
class _Place:
    source: str
    number: int
    what_is_wrong: str = ""
    is_acknowledged: bool = False


_READER = TypeAdapter(State)


class Position:
    """Where a replay stands."""

    def __init__(self, state: State, path: Path | None) -> None:
        """Go on from `state`; without a path nothing is written."""
        self._state = state
        self._path = path
        self._done = dict(state.done)
        self._in_flight: deque[_Place] = deque()
        self._saved_at = time.monotonic()
        self.replay_id = state.replay_id
        self.left_out = state.left_out

    @property
    def stretches(self) -> tuple[Stretch, ...] | None:
        """The offsets still to play, where an earlier run has fixed them."""
        if self._state.stretches is None:
            return None
        return tuple(
            Stretch(one.partition, max(one.begin, self._done.get(str(one.partition), 0)), one.end)
            for one in self._state.stretches
        )

    def fix(self, stretches: Sequence[Stretch]) -> None:
        """Remember the offsets of this replay's range; those of an earlier run stay."""
        if self._state.stretches is None:
            self._state = replace(self._state, stretches=tuple(stretches))

    def is_done(self, source: str, number: int) -> bool:
        """Tell whether an earlier run has played a place."""
        return number < self._state.done.get(source, 0)

    def begin(self, source: str, number: int) -> Callable[[], None]:
        """Take note that a place is on its way; what is returned is called when it is acknowledged."""
        if self._path is None:
            return _forget
        place = _Place(source, number)
        self._in_flight.append(place)
        return lambda: self._acknowledge(place)

    def leave_out(self, source: str, number: int, what_is_wrong: str) -> None:
        """Take note that a place cannot be played: it is passed over, and remembered."""
        place = _Place(source, number, what_is_wrong)
        self._in_flight.append(place)
        self._acknowledge(place)

    def save(self) -> None:
        """Replace the file."""
        if self._path is None:
            return
        state = replace(self._state, done=self._done, left_out=self.left_out)
        beside = self._path.with_name(f"{self._path.name}.new")
        with writing_into(self._path, STAGE):
            # What lies there is of a killed replay, or a trap: a link would be followed.
            beside.unlink(missing_ok=True)
            with beside.open("xb") as file:
                file.write(orjson.dumps(state))
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
        self._saved_at = time.monotonic()

    def save_in_time(self) -> None:
        """Replace the file where that was long enough ago."""
        if self._path is not None and time.monotonic() - self._saved_at >= SAVE_SECONDS:
            self.save()

    def _acknowledge(self, place: _Place) -> None:
        place.is_acknowledged = True
        # Only what is acknowledged up to its place without a gap is done.
        while self._in_flight and self._in_flight[0].is_acknowledged:
            first = self._in_flight.popleft()
            self._done[first.source] = first.number + 1
            if first.what_is_wrong:
                self.left_out = self.left_out.plus(first.what_is_wrong)


def _forget() -> None:
    """Keep no books of what nobody will read."""


def load(path: Path | None, plan: Plan, replay_id: str) -> Position:
    """Return where a replay goes on; at its beginning, as `replay_id`, where there is no file.

    Raises:
        Fatal: `bad_input`, when the file is not what `Position.save` wrote, or belongs to another replay.
    """
    if path is None or not path.exists():
        return Position(State(plan, replay_id), path)
    try:
        state = _READER.validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise Fatal("bad_input", STAGE, f"{path}: not the state of a replay; delete it to start anew") from error
    if state.plan != plan:
        raise Fatal("bad_input", STAGE, f"{path}: belongs to a replay of other inputs or onto another topic")
    return Position(state, path)
