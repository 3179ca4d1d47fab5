"""What is said of a sighting of a headline: its mention record.

In: the sighting, and the group that its headline is in now. Out: the verdict, with match, score, reason and veto, in
words for an analyst. What the page has decided stands.
"""

from collections.abc import Callable
from dataclasses import dataclass

from schemas.mention import Match, Mention, Verdict
from worker.dedup import links
from worker.dedup.around import Group
from worker.dedup.compare import Comparison
from worker.dedup.memory import Memory
from worker.dedup.page import REASONS, match_of
from worker.dedup.sighting import HeadlineSighting, is_same_place, precedence
from worker.dedup.state import HeadlineState, decode_headline

Compare = Callable[[HeadlineSighting, HeadlineSighting], Comparison]

NEW = "the earliest sighting of this headline that the stream knows"
REPEATED = {
    "exact": "word for word the headline",
    "normalised": "the headline, spelled, punctuated or tagged differently,",
}
MOST_CHARACTERS = 300
"""Of a reason's part: a headline may have a hundred thousand."""

LINKED_LATER = "its group was there before, to which a later headline links it:"


@dataclass(frozen=True, slots=True)
class _Said:
    verdict: Verdict
    match: Match | None
    score: float | None
    reason: str
    veto: str | None = None


def mention(
    sighting: HeadlineSighting, one: bytes, group: Group[HeadlineState], memory: Memory, compare: Compare
) -> Mention:
    """Return the mention of a sighting, whose headline is the group's member `one`."""
    said = _say(sighting, one, group, memory, compare)
    return Mention(
        headline_id=sighting.headline_id,
        canonical_id=group.members[group.canonical].owner.headline_id,
        page_id=sighting.page_id,
        position=sighting.position,
        headline=sighting.headline,
        seen_at=sighting.seen_at,
        verdict=said.verdict,
        match=said.match,
        score=said.score,
        reason=said.reason,
        veto=said.veto,
    )


def _say(
    sighting: HeadlineSighting, one: bytes, group: Group[HeadlineState], memory: Memory, compare: Compare
) -> _Said:
    if sighting.page_verdict is not None:
        reason = sighting.page_reason or REASONS[sighting.page_verdict, sighting.page_match]
        score = sighting.page_score if sighting.page_match == "near" else 1.0
        return _Said(sighting.page_verdict, sighting.page_match, score, reason)
    owner = group.members[one].owner
    if not is_same_place(owner, sighting):
        match = match_of(sighting.headline, owner.headline)
        return _Said("repeat", match, 1.0, f"{REPEATED[match]} {_first_seen(owner)}")
    return _near(sighting, one, group, memory, compare) or _new(sighting, one, memory, compare)


def _near(
    sighting: HeadlineSighting, one: bytes, group: Group[HeadlineState], memory: Memory, compare: Compare
) -> _Said | None:
    """Tell which other headline was there before the first sighting of this one."""
    earlier = {
        member: state.owner
        for member, state in group.members.items()
        if member != one and precedence(state.owner) < precedence(sighting)
    }
    if not earlier:
        return None
    near = [link for link in links.of(memory, one) if link.other in earlier and not link.vetoed]
    if not near:
        return _Said("repeat", "near", None, f"{LINKED_LATER} {_named(min(earlier.values(), key=precedence))}")
    best = min(near, key=lambda link: (-link.score, precedence(earlier[link.other])))
    other = earlier[best.other]
    return _Said("repeat", "near", best.score, _told(compare(sighting, other), other))


def _new(sighting: HeadlineSighting, one: bytes, memory: Memory, compare: Compare) -> _Said:
    """Tell, beside that it is new, what it is like and not the same as."""
    vetoed = [link for link in links.of(memory, one) if link.vetoed]
    for link in sorted(vetoed, key=lambda link: (-link.score, link.other)):
        packed = memory.get("headline", link.other)
        other = decode_headline(packed).owner if packed is not None else None
        if other is not None and precedence(other) < precedence(sighting):
            found = compare(sighting, other)
            return _Said("new", None, link.score, _told(found, other), found.veto)
    return _Said("new", None, None, NEW)


def _told(found: Comparison, other: HeadlineSighting) -> str:
    return f"{_cut(found.reason)}: {_named(other)}"


def _named(other: HeadlineSighting) -> str:
    return f"“{_cut(other.headline)}”, {_first_seen(other)}"


def _cut(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}…"


def _first_seen(owner: HeadlineSighting) -> str:
    return f"first seen at {owner.seen_at} on page {owner.page_id}"
