"""Dead letters that an operator asks for.

In: a range of the dead-letter topic and the words of a filter. Out: the letters that match, oldest first.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from worker.bounds import Bound
from worker.dlq.letter import Letter
from worker.errors import Fatal
from worker.progress import show_progress
from worker.reader import Range, open_range
from worker.settings import Settings

PLACE = re.compile(r"\d{1,9}:\d{1,19}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which letters: all that fulfil each condition that is given, by any of its words.

    `begin` and `end` bound the dead-letter topic, so their times are when a message was put aside.
    """

    places: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    begin: Bound | None = None
    end: Bound | None = None

    def matches(self, letter: Letter) -> bool:
        """Tell whether a letter is wanted."""
        return (
            _is_in(letter.place, self.places)
            and _is_in(letter.reason, self.reasons)
            and _is_in(letter.stage, self.stages)
            and (not self.sources or not self.sources.isdisjoint(letter.sources))
        )


def parse_places(texts: list[str] | None) -> frozenset[str]:
    """Return the places `partition:offset`; raises `Fatal` `bad_input` for anything else."""
    for text in texts or ():
        if not PLACE.fullmatch(text):
            raise Fatal(
                "bad_input", "dlq", f"{text!r} is no place of a dead letter: partition:offset, as `list` shows it"
            )
    return frozenset(texts or ())


async def find_letters(settings: Settings, wanted: Wanted) -> AsyncIterator[Letter]:
    """Yield the letters that match; raises as `reader.open_range`."""
    partitions = tuple(sorted({int(place.partition(":")[0]) for place in wanted.places}))
    topic = settings.topics.deadletter
    async with open_range(settings, Range(topic, partitions, wanted.begin, wanted.end)) as reading:
        with show_progress(f"reading {topic}", reading.total) as move:
            count = 0
            async for message in reading.messages():
                count += 1
                move(count)
                if wanted.matches(letter := Letter(message)):
                    yield letter


def _is_in(word: str, words: frozenset[str]) -> bool:
    return not words or word in words
