"""Deduplication across the stream: exact and normalised repeats of headlines, word-for-word copies of stories.

In: one sighting and the state kept under its key (None: never met). Out: a `Decision`: the state to keep and the
records to publish. It holds nothing itself and reads no clock; event time is the sighting's `seen_at`.

Why the order of arrival does not matter. `sighting.precedence` orders all sightings of a key totally, by what they
carry. The state is the smallest of those met so far (for a story: the smallest of each copy), and the minimum of a set
depends neither on order nor on repetition. Records are written from the state after the sighting was taken in: the
headline record from the owner, each time the owner arrives (first, taking over late, or again after a crash), so the
last one published under a key is always that of the final owner; the copy records each time their own copy arrives, and
all of them each time the original arrives. Whoever becomes the original arrives to do so; thus when the last
change of original is in, every copy has been announced under it, and later ones are announced under it as they come.
Verdicts of mentions alone tell what was known at the time.

Replays. Because the state holds who owns and not that somebody does, a sighting delivered again after a crash
gets the verdict and the bytes it got before, wherever between state and topic the crash fell.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from schemas.copy import Copy
from schemas.headline import Headline
from schemas.mention import Match, Mention, Verdict
from worker.dedup import state as states
from worker.dedup.page import REASONS, match_of
from worker.dedup.sighting import HeadlineSighting, Sighting, StorySighting, precedence
from worker.dedup.state import HeadlineState, StoryState

MAX_COPIES = 128
"""Copies of one content that the state remembers, the earliest ones: it bounds a state value at about 40 kB.

Up to here the copy records are independent of order. A later copy is announced once, under the original of the time; if
an earlier story then takes over, its `of` names the former original, whose own record leads on to the new one.
"""

ORIGINAL_REASON = "the earliest known story with this headline and these paragraphs"
DUPLICATE_REASON = "the same headline and the same paragraphs, word for word, as an earlier story"


@dataclass(frozen=True, slots=True)
class Decision:
    """The state to keep under the sighting's key, and the records to publish, acknowledged before the state is kept."""

    state: bytes
    headline: Headline | None = None
    mention: Mention | None = None
    copies: tuple[Copy, ...] = ()


def decide(sighting: Sighting, state: bytes | None) -> Decision:
    """Decide on a sighting of either kind.

    Raises:
        Fatal: `bad_state`, when the state is not what this version or an earlier one wrote.
    """
    if isinstance(sighting, HeadlineSighting):
        return decide_headline(sighting, state)
    return decide_story(sighting, state)


def decide_headline(sighting: HeadlineSighting, state: bytes | None) -> Decision:
    """Decide whether a headline is new to the stream; a story's own headline is indexed but is no mention."""
    known = states.decode_headline(state) if state is not None else None
    owner = min(known.owner, sighting, key=precedence) if known else sighting
    owns = _is_same_sighting(owner, sighting)
    after = HeadlineState(owner, _latest(known.last_seen if known else None, sighting.seen_at))
    return Decision(
        state=states.encode(after),
        headline=_headline(owner) if owns else None,
        mention=_mention(sighting, owner, owns=owns) if sighting.in_list else None,
    )


def decide_story(sighting: StorySighting, state: bytes | None) -> Decision:
    """Decide whether a story is the original of its content or a copy; a change of original re-announces all copies."""
    known = states.decode_story(state) if state is not None else None
    copies = _take_in(sighting, known.copies if known else ())
    original = copies[0]
    after = StoryState(copies[:MAX_COPIES], _latest(known.last_seen if known else None, sighting.seen_at))
    announced = copies if original.story_id == sighting.story_id else _of_story(sighting.story_id, copies)
    return Decision(state=states.encode(after), copies=tuple(_copy(one, original.story_id) for one in announced))


def _is_same_sighting(one: HeadlineSighting, other: HeadlineSighting) -> bool:
    """The same place on the same page is the same sighting, however often and whenever it is delivered."""
    return (one.page_id, one.in_list, one.position) == (other.page_id, other.in_list, other.position)


def _latest(known: str | None, seen_at: str) -> str:
    return max(known or seen_at, seen_at, key=lambda time: time.removesuffix("Z"))


def _headline(owner: HeadlineSighting) -> Headline:
    return Headline(
        canonical_id=owner.headline_id,
        headline=owner.headline,
        language=owner.language,
        first_seen=owner.seen_at,
        first_page_id=owner.page_id,
        first_url=owner.url,
    )


def _mention(sighting: HeadlineSighting, owner: HeadlineSighting, *, owns: bool) -> Mention:
    verdict, match, reason = _verdict(sighting, owner, owns=owns)
    return Mention(
        headline_id=sighting.headline_id,
        canonical_id=owner.headline_id,
        page_id=sighting.page_id,
        position=sighting.position,
        headline=sighting.headline,
        seen_at=sighting.seen_at,
        verdict=verdict,
        match=match,
        score=1.0 if match else None,
        reason=reason,
        veto=None,
    )


def _verdict(sighting: HeadlineSighting, owner: HeadlineSighting, *, owns: bool) -> tuple[Verdict, Match | None, str]:
    if sighting.page_verdict is not None:
        return sighting.page_verdict, sighting.page_match, REASONS[sighting.page_verdict, sighting.page_match]
    if owns:
        return "new", None, "the earliest sighting of this headline that the stream knows"
    match = match_of(sighting.headline, owner.headline)
    likeness = "word for word the headline" if match == "exact" else "the headline, spelled or punctuated differently,"
    return "repeat", match, f"{likeness} first seen at {owner.seen_at} on page {owner.page_id}"


def _take_in(sighting: StorySighting, copies: Iterable[StorySighting]) -> tuple[StorySighting, ...]:
    """Return the earliest sighting of every copy, the original first."""
    earliest: dict[str, StorySighting] = {}
    for one in sorted(chain(copies, [sighting]), key=precedence):
        earliest.setdefault(one.story_id, one)
    return tuple(earliest.values())


def _of_story(story_id: str, copies: Iterable[StorySighting]) -> tuple[StorySighting, ...]:
    return tuple(one for one in copies if one.story_id == story_id)


def _copy(sighting: StorySighting, original_id: str) -> Copy:
    is_original = sighting.story_id == original_id
    return Copy(
        story_id=sighting.story_id,
        content_id=sighting.content_id,
        page_id=sighting.page_id,
        url=sighting.url,
        status="original" if is_original else "duplicate",
        of=None if is_original else original_id,
        score=None if is_original else 1.0,
        reason=ORIGINAL_REASON if is_original else DUPLICATE_REASON,
        first_seen=sighting.seen_at,
    )
