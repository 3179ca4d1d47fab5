"""Headlines across the stream: one sighting and what is remembered in, its verdict and what changes out.

A headline is its id: exact repeats and other spellings share it. Headlines whose texts match are linked; a group is
what links join within the window, less what vetoes keep apart (`groups`), and its canonical id is its smallest. The
headline topic has one record for each group: the canonical headline, and when and where one of them was seen first.

Why the order of arrival does not matter once all is read. The state of a headline is the smallest of its sightings by
`precedence` and the latest time, and both are the same in any order. Who meets whom follows from ids (`index`), what is
alike from the owners' texts (an owner that reads otherwise than the last meets all anew) and from what is learned of
their sources (who was compared without knowing it meets all anew), and groups from the links.
The records of groups around a sighting are compared before and after it, so that the last record of a key is always
that of the final group, and the key of a group that has gone ends in a tombstone. Verdicts of mentions tell what was
known at the time.

A sighting that is delivered again gets the same verdict, unless an earlier one by event time has come in between.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from schemas.headline import Headline
from schemas.mention import Mention
from worker.dedup import index, links, signature, verdict
from worker.dedup import state as states
from worker.dedup.around import Group
from worker.dedup.decision import Decision
from worker.dedup.learned import learn
from worker.dedup.links import Link
from worker.dedup.meeting import Met
from worker.dedup.memory import Memory
from worker.dedup.reading import Reading, read_beginning
from worker.dedup.rules import Rules
from worker.dedup.shelf import Groups, Kind, Shelf, distinct, open_shelf
from worker.dedup.sighting import HeadlineSighting, is_same_place, precedence
from worker.dedup.state import HeadlineState, seconds
from worker.dedup.tails import Tail, find_tail
from worker.dedup.told import compare_sightings


def decide_headline(sighting: HeadlineSighting, memory: Memory, rules: Rules) -> Decision:
    """Decide whether a headline is new to the stream; a story's own headline is indexed but is no mention.

    Raises:
        Fatal: `bad_state`, when the state is not what this version or an earlier one wrote.
    """
    shelf = open_shelf(KIND, sighting, memory, rules)
    one = links.short(sighting.headline_id)
    known = shelf.load(one)
    if known is not None and known.owner.headline_id != sighting.headline_id:
        known = None  # two ids that begin alike: the later headline has the place
    entry, met = _entry(one, known, sighting, shelf), Met()
    anew = learn(memory, shelf.queue, sighting)
    is_met = known is None or bool(anew) or _is_reworded(known.owner, entry.owner)
    if is_met:
        shelf.leave(one)
        met = shelf.meet(one, _keys(entry.owner), partial(_link, shelf, entry.owner))
    again = dict(_meet_again(shelf, one, anew))
    before, after = shelf.settle(one, entry, met, again)
    decision = Decision(
        headlines=tuple(_changed(before, after, sighting)),
        gone=tuple(_gone(before, after)),
        mention=_mention(sighting, one, after[one], shelf) if sighting.in_list else None,
        compared=met.compared + sum(its.compared for its in again.values()) if is_met else None,
    )
    return shelf.close(decision)


def _entry(
    one: bytes, known: HeadlineState | None, sighting: HeadlineSighting, shelf: Shelf[HeadlineState]
) -> HeadlineState:
    turn = shelf.turn(one, known, sighting.seen_at)
    if known is None:
        return HeadlineState(sighting, sighting.seen_at, turn)
    owner = min(known.owner, sighting, key=precedence)
    return HeadlineState(owner, max(known.last_seen, sighting.seen_at, key=seconds), turn)


def _is_reworded(owner: HeadlineSighting, new: HeadlineSighting) -> bool:
    """Tell whether a new owner is read otherwise: spelled differently, on a page of another language or source."""
    if owner is new:
        return False
    if (owner.source, owner.source_name) != (new.source, new.source_name):
        return True
    return _without_spelling(owner) != _without_spelling(new)


def _without_spelling(sighting: HeadlineSighting) -> tuple[Reading, Tail | None]:
    tail = find_tail(sighting.headline, sighting.language) if sighting.source else None
    return replace(_reading(sighting), shown="", affixes=()), tail


def _meet_again(shelf: Shelf[HeadlineState], one: bytes, anew: Iterable[bytes]) -> Iterator[tuple[bytes, Met]]:
    """Compare those anew of whose source something is known only now, but with `one`, which meets them by itself."""
    for other in anew:
        known = shelf.load(other)
        if other != one and known is not None:
            yield other, shelf.meet_again(other, partial(_link_but, one, shelf, known.owner))


def _link_but(one: bytes, shelf: Shelf[HeadlineState], owner: HeadlineSighting, other: HeadlineState) -> Link | None:
    return None if links.short(other.owner.headline_id) == one else _link(shelf, owner, other)


def _link(shelf: Shelf[HeadlineState], owner: HeadlineSighting, other: HeadlineState) -> Link | None:
    comparison = compare_sightings(shelf.memory, shelf.queue.realm, owner, other.owner)
    # However unlikely the trees find a vetoed pair: what is like both of them must not bring them together.
    if comparison.match is None and comparison.veto is None:
        return None
    return Link(b"", comparison.score, comparison.veto is not None)


def _mention(
    sighting: HeadlineSighting, one: bytes, group: Group[HeadlineState], shelf: Shelf[HeadlineState]
) -> Mention:
    compare = partial(compare_sightings, shelf.memory, shelf.queue.realm)
    return verdict.mention(sighting, one, group, shelf.memory, compare)


def _changed(
    before: Groups[HeadlineState], after: Groups[HeadlineState], sighting: HeadlineSighting
) -> Iterator[Headline]:
    """Yield the records that are not what they were, and always that of the sighting that the group begins with."""
    known = {group.canonical: _headline(group) for group in distinct(before)}
    for group in _sorted(after):
        record = _headline(group)
        if record != known.get(group.canonical) or is_same_place(_owner(group), sighting):
            yield record


def _gone(before: Groups[HeadlineState], after: Groups[HeadlineState]) -> Iterator[str]:
    for group in _sorted(before):
        canonical = group.canonical
        if canonical in after and after[canonical].canonical != canonical:
            yield group.members[canonical].owner.headline_id


def _sorted(groups: Groups[HeadlineState]) -> list[Group[HeadlineState]]:
    return sorted(distinct(groups), key=lambda group: group.canonical)


def _headline(group: Group[HeadlineState]) -> Headline:
    shown, owner = group.members[group.canonical].owner, _owner(group)
    return Headline(
        canonical_id=shown.headline_id,
        headline=shown.headline,
        language=shown.language,
        first_seen=owner.seen_at,
        first_page_id=owner.page_id,
        first_url=owner.url,
    )


def _owner(group: Group[HeadlineState]) -> HeadlineSighting:
    return min((state.owner for state in group.members.values()), key=precedence)


def _reading(sighting: HeadlineSighting) -> Reading:
    return read_beginning(sighting.headline, sighting.language)


def _keys(sighting: HeadlineSighting) -> Sequence[int]:
    return signature.keys_of(_reading(sighting))


KIND: Kind[HeadlineState] = Kind(
    table="headline",
    prefix=b"k",
    decode=states.decode_headline,
    encode=states.encode,
    keys=lambda state: _keys(state.owner),
    with_turn=lambda state, turn: replace(state, turn=turn),
    least_shared=index.LEAST_SHARED,
)
