"""Event time of a stream of sightings: what time it is by what the pages say, whatever single pages claim.

In: the event time and page of each sighting, in the order in which they are read. Out: the time, as a value that is
kept with the state, so that a replay forgets what the live run forgot. Neither dates in the future nor clocks that run
backwards move it far: it follows the median of the pages, not the latest of them.

The estimator is the frugal one of Ma, Muthukrishnan and Sandler ("Frugal Streaming for Estimating Quantiles", 2013),
with a step that grows as long as pages agree on a direction in which the clock has not reached them, and begins anew
when it has. To carry it by six days takes some 120 pages in a row that are all ahead of it; single ones move it by two
minutes each. A stream that begins with a page from the year 2099 is back after some 350 honest ones.
"""

from dataclasses import dataclass
from struct import Struct

UNIT_SECONDS = 60
"""The step's unit."""

RUN_DOUBLED = 16
"""After so many pages in a row in one direction the step doubles, besides growing by a unit with each."""

_FORMAT = Struct(">qq8s")


@dataclass(frozen=True, slots=True)
class Clock:
    """The time in seconds since 1970, and the last page.

    `run`: how many pages in a row were ahead (behind: negative) and not reached.
    """

    now: int
    run: int = 0
    page: bytes = bytes(8)

    def tick(self, seconds: int, page: bytes) -> "Clock":
        """Return the clock after a sighting at `seconds` on a page, of whose id the first 8 bytes count.

        All sightings of a page say the same time, so that only the first one counts.
        """
        if page == self.page:
            return self
        ahead = seconds > self.now
        run = max(self.run, 0) + 1 if ahead else min(self.run, 0) - 1
        step = UNIT_SECONDS * _units(abs(run))
        if abs(seconds - self.now) <= step:
            return Clock(seconds, 0, page)
        return Clock(self.now + (step if ahead else -step), run, page)

    def encode(self) -> bytes:
        """Return the clock as 24 bytes."""
        return _FORMAT.pack(self.now, self.run, self.page)


def _units(run: int) -> int:
    return run + (1 << min(run // RUN_DOUBLED, 40))


def decode(value: bytes) -> Clock:
    """Return the clock that `encode` wrote."""
    return Clock(*_FORMAT.unpack(value))
