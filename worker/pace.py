"""How fast a replay goes: as fast as it can, at a fixed rate, or at the speed of the recording."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from worker.errors import Fatal
from worker.sources import Sourced

RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class Pace:
    """Messages a second, or a multiple of the recorded speed; 0 of both is full speed."""

    rate: float = 0.0
    factor: float = 0.0

    def due_seconds(self, number: int, elapsed_ms: int) -> float:
        """Return when a message is due, in seconds after the first one.

        Args:
            number: Its place, the first one's being 0.
            elapsed_ms: How much later than the first it was recorded.
        """
        if self.rate:
            return number / self.rate
        return max(0, elapsed_ms) / 1000 / self.factor if self.factor else 0.0


FULL_SPEED = Pace()


def parse_pace(rate: float, speed: str | None) -> Pace:
    """Return the pace of `--rate` and `--speed`.

    Raises:
        Fatal: `bad_input`, for both at once and for a speed that is neither `recorded` nor a factor above 0.
    """
    if speed is None:
        return Pace(rate=rate)
    if rate:
        raise Fatal("bad_input", "replay", "--rate and --speed exclude each other")
    return Pace(factor=1.0 if speed == RECORDED else _factor(speed))


class Turns:
    """Lets one after the other go when it is due; who falls behind catches up."""

    def __init__(self, pace: Pace) -> None:
        """Begin with the first `wait`."""
        self._pace = pace
        self._count = 0
        self._started = 0.0
        self._first_ms = 0

    async def wait(self, timestamp_ms: int = 0) -> None:
        """Wait until the next message, which was recorded at that time, is due."""
        if self._pace == FULL_SPEED:
            return
        loop = asyncio.get_running_loop()
        if self._count == 0:
            self._started, self._first_ms = loop.time(), timestamp_ms
        due = self._started + self._pace.due_seconds(self._count, timestamp_ms - self._first_ms)
        self._count += 1
        if (seconds := due - loop.time()) > 0:
            await asyncio.sleep(seconds)


async def keep_pace(messages: AsyncIterator[Sourced], pace: Pace) -> AsyncIterator[Sourced]:
    """Yield each message when it is due."""
    turns = Turns(pace)
    async for sourced in messages:
        await turns.wait(sourced.message.timestamp_ms)
        yield sourced


def _factor(text: str) -> float:
    try:
        factor = float(text)
    except ValueError:
        factor = 0.0
    if not 0 < factor < float("inf"):
        raise Fatal("bad_input", "replay", f"--speed {text!r}: give `{RECORDED}`, or a factor such as 10 or 0.5")
    return factor
