"""The stream as one process sees it: sightings in, decisions out, what is kept between them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from worker import ids
from worker.dedup.decision import Decision
from worker.dedup.memory import Memory, Place
from worker.dedup.reading import key
from worker.dedup.rules import Rules
from worker.dedup.sighting import HeadlineSighting, Sighting
from worker.dedup.state import decode_headline, encode
from worker.dedup.stream import decide

START = datetime(2025, 2, 27, tzinfo=UTC)


def at(hours: float) -> str:
    """Return the time so many hours after the start."""
    return (START + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def seen(
    headline: str, hours: float, page: int, source: str | None = None, source_name: str | None = None
) -> HeadlineSighting:
    """Return a sighting of a headline in a list, so many hours after the start."""
    return HeadlineSighting(
        headline_id=ids.headline_id(key(headline)),
        headline=headline,
        language="en",
        page_id=f"{page:016x}".ljust(32, "0"),
        url=None,
        position=0,
        seen_at=at(hours),
        in_list=True,
        page_verdict=None,
        page_match=None,
        story_id=None,
        source=source,
        source_name=source_name,
    )


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


def one_for_each_place(found: Sequence[HeadlineSighting]) -> list[HeadlineSighting]:
    """Return the sightings without those that stand where another one stands: a page has one headline at a place."""
    return list({(one.page_id, one.position): one for one in found}.values())


def lasting(stream: Stream) -> dict[Place, bytes]:
    """Return what is kept but for the clock and the turns, which tell in which order sightings came."""
    index = {place: value for place, value in stream.kept.items() if place[0] == "index" and place[1][:1] in b"kl"}
    headlines = {place: decode_headline(value) for place, value in stream.kept.items() if place[0] == "headline"}
    return index | {place: encode(replace(known, turn=0)) for place, known in headlines.items()}
