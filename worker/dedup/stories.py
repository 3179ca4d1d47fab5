"""Stories across the stream: one sighting and the copies that are remembered in, the copy records that change out.

A content is its id: word-for-word copies share it. Contents of which one is a copy or a later version of the other
(`copies.link`) are linked, and `copies.judge` says of a whole group what each of its stories is. As with headlines, the
records of the groups around a sighting are compared before and after it, so that order does not matter in the end.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from schemas.copy import Copy
from worker.dedup import bands, copies, links
from worker.dedup import state as states
from worker.dedup.around import Group
from worker.dedup.decision import Decision
from worker.dedup.links import Link
from worker.dedup.meeting import Met
from worker.dedup.memory import Memory
from worker.dedup.rules import Rules
from worker.dedup.shelf import Groups, Kind, Shelf, distinct, open_shelf
from worker.dedup.sighting import StorySighting, precedence
from worker.dedup.state import StoryState, seconds

MOST_COPIES = 128
"""Copies of one content that are remembered, the earliest ones: it bounds a state value at about 50 kB."""

MOST_JUDGED = 16
"""Stories of a group that are compared with one another, the earliest ones: it takes a millisecond or two. Each behind
them is compared with these."""

MOST_TOLD = 64
"""Of the latter that are announced again when others turn out to be the earliest. Where there are more, their records
name the original of the time, whose own record leads on to the new one."""

MOST_COMPARED = 8
"""Copies of one content that a new story is compared with, besides those at its own URL: they have one body."""


def decide_story(sighting: StorySighting, memory: Memory, rules: Rules) -> Decision:
    """Decide whether a story is an original, a copy or a later version of another; announce all that change by it.

    Raises:
        Fatal: `bad_state`, when the state is not what this version or an earlier one wrote.
    """
    shelf = open_shelf(KIND, sighting, memory, rules)
    one = links.short(sighting.content_id)
    known = shelf.load(one)
    if known is not None and known.copies[0].content_id != sighting.content_id:
        known = None  # two ids that begin alike: the later content has the place
    entry = _entry(one, known, sighting, shelf)
    added, dropped = set(_keys_of_all(entry)), set(_keys_of_all(known) if known else ())
    added, dropped = added - dropped, dropped - added
    if known is not None and _is_earlier(sighting, known):
        added |= set(bands.find_keys(sighting))  # whom it was not before, it may be before now
    met = shelf.meet(one, sorted(added), lambda other: _link(sighting, other)) if added else Met()
    shelf.take_out(one, dropped)
    before, after = shelf.settle(one, entry, met)
    return shelf.close(Decision(copies=tuple(_changed(before, after, sighting))))


def _entry(one: bytes, known: StoryState | None, sighting: StorySighting, shelf: Shelf[StoryState]) -> StoryState:
    turn = shelf.turn(one, known, sighting.seen_at)
    if known is None:
        return StoryState((sighting,), sighting.seen_at, turn)
    last_seen = max(known.last_seen, sighting.seen_at, key=seconds)
    return StoryState(_take_in(sighting, known.copies)[:MOST_COPIES], last_seen, turn)


def _is_earlier(sighting: StorySighting, known: StoryState) -> bool:
    """Tell whether a known story has been seen before it was known to be."""
    return any(one.story_id == sighting.story_id and precedence(sighting) < precedence(one) for one in known.copies)


def _take_in(sighting: StorySighting, known: Iterable[StorySighting]) -> tuple[StorySighting, ...]:
    """Return the earliest sighting of every copy, the original first, which has the sketch of all."""
    earliest: dict[str, StorySighting] = {}
    sketch: str | None = None
    for one in sorted(chain(known, [sighting]), key=precedence):
        earliest.setdefault(one.story_id, one)
        sketch = max(sketch or "", one.sketch or "") or None
    first, *others = earliest.values()
    return (replace(first, sketch=sketch), *(replace(one, sketch=None) for one in others))


def _link(sighting: StorySighting, other: StoryState) -> Link | None:
    """Compare a story with the copies of another content: their body is one, their places are not."""
    sketch = other.copies[0].sketch
    at_its_place = (one for one in other.copies if one.place == sighting.place)
    compared = islice(dict.fromkeys(chain(at_its_place, other.copies)), MOST_COMPARED)
    found = (copies.link(sighting, replace(one, sketch=sketch)) for one in compared)
    return max((Link(b"", link.score, vetoed=False) for link in found if link), default=None)


def _changed(before: Groups[StoryState], after: Groups[StoryState], sighting: StorySighting) -> Iterator[Copy]:
    """Yield the records that are not what they were, and always that of the story that was seen."""
    ranks = list(map(_rank, distinct(before)))
    known = {copy.story_id: copy for rank in ranks for copy in copies.judge(rank.judged)}
    followed = {story.story_id: rank.judged for rank in ranks for story in rank.followers}
    for group in distinct(after):
        rank = _rank(group)
        judged = copies.Judged.of(rank.judged)
        for copy in judged.copies():
            if copy != known.get(copy.story_id) or copy.story_id == sighting.story_id:
                yield copy
        for story in _announced(rank, followed, sighting, is_here=links.short(sighting.content_id) in group.members):
            yield judged.copy_of(replace(story, sketch=story.sketch or rank.sketches[story.content_id]))


@dataclass(frozen=True, slots=True)
class _Rank:
    """The stories of a group by precedence: those that are compared with one another, and those behind them."""

    judged: Sequence[StorySighting]
    followers: Sequence[StorySighting]
    sketches: Mapping[str, str | None]
    """By content: the first copy alone keeps its sketch."""


def _rank(group: Group[StoryState]) -> _Rank:
    stories = sorted((one for state in group.members.values() for one in state.copies), key=precedence)
    sketches = {state.copies[0].content_id: state.copies[0].sketch for state in group.members.values()}
    return _Rank(stories[:MOST_JUDGED], stories[MOST_JUDGED:], sketches)


def _announced(
    rank: _Rank, followed: Mapping[str, Sequence[StorySighting]], sighting: StorySighting, *, is_here: bool
) -> Iterator[StorySighting]:
    """Yield the followers to announce: who was seen, remembered or not, and who follows others than before."""
    told = [one for one in rank.followers if one.story_id == sighting.story_id]
    if is_here and all(one.story_id != sighting.story_id for one in (*rank.judged, *rank.followers)):
        told.append(sighting)
    yield from told
    changed = (one for one in rank.followers if one not in told and followed.get(one.story_id) != rank.judged)
    yield from islice(changed, MOST_TOLD)


def _keys_of_all(state: StoryState) -> Sequence[int]:
    return list(dict.fromkeys(key for one in state.copies for key in bands.find_keys(one)))


KIND: Kind[StoryState] = Kind(
    table="story",
    prefix=b"b",
    decode=states.decode_story,
    encode=states.encode,
    keys=_keys_of_all,
    with_turn=lambda state, turn: replace(state, turn=turn),
    least_shared=1,
)
