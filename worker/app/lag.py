"""How old the oldest unfinished message of a partition is, by where the partition has been seen to end.

In: where partitions end and where their work stands, every few seconds, from the monitor. Out: seconds. Record
timestamps take no part: those of a replay are of the past, and other machines' clocks are not ours. So a backlog that
was there before this process is as old as its first look.
"""

from collections import deque
from collections.abc import Mapping

from faust.types import TP

MOST_LOOKS = 1024
"""Looks of one partition that are remembered; beyond it every second one is forgotten, and the oldest never: of a
backlog of hours it does not matter to the second when its middle came."""


class Ages:
    """The looks at each partition that still say something."""

    def __init__(self) -> None:
        self._looks: dict[TP, deque[tuple[int, float]]] = {}

    def take(self, ends: Mapping[TP, int], positions: Mapping[TP, int], now: float) -> dict[TP, float]:
        """Take a look at all partitions that this process has; return the seconds of each, 0 where nothing waits.

        Args:
            ends: The offset behind the last record of each.
            positions: The next offset to finish of each.
            now: By a clock that does not jump.
        """
        self._looks = {tp: self._looks.get(tp, deque()) for tp in ends}
        return {tp: self._age(tp, end, positions[tp], now) for tp, end in ends.items()}

    def _age(self, tp: TP, end: int, position: int, now: float) -> float:
        looks = self._looks[tp]
        if not looks or looks[-1][0] < end:
            looks.append((end, now))
        if end <= position:  # also where a topic was made anew, and ends before it did
            looks.clear()
        while looks and looks[0][0] <= position:
            looks.popleft()
        if len(looks) > MOST_LOOKS:
            self._looks[tp] = deque(list(looks)[::2])
        return now - looks[0][1] if looks else 0.0
