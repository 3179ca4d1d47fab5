"""The stream as one process sees it: sightings in, decisions out, what is kept between them."""

from collections.abc import Iterable

from worker.dedup.decision import Decision
from worker.dedup.memory import Memory, Place
from worker.dedup.rules import Rules
from worker.dedup.sighting import Sighting
from worker.dedup.stream import decide


class Stream:
    """The state of a stream, and the last headline and copy record of each key, as their topics keep them."""

    def __init__(self, rules: Rules | None = None) -> None:
        """Begin with nothing."""
        self.rules = rules or Rules()
        self.kept: dict[Place, bytes] = {}
        self.headlines: dict[str, str] = {}
        self.copies: dict[str, str] = {}

    def take(self, sighting: Sighting) -> Decision:
        """Decide on a sighting, and keep what comes of it."""
        memory = Memory(lambda table, key: self.kept.get((table, key)))
        decision = decide(sighting, memory, self.rules)
        for place, value in memory.writes.items():
            if value is None:
                self.kept.pop(place, None)  # what comes and goes in one decision was never there
            else:
                self.kept[place] = value
        for gone in decision.gone:
            del self.headlines[gone]
        self.headlines |= {one.canonical_id: one.model_dump_json() for one in decision.headlines}
        self.copies |= {one.story_id: one.model_dump_json() for one in decision.copies}
        return decision

    def take_all(self, sightings: Iterable[Sighting]) -> "Stream":
        """Take them in turn; return the stream."""
        for sighting in sightings:
            self.take(sighting)
        return self
