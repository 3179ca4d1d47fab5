"""Copies of stories: of stories that may be alike, which is the original, and what each other one is to it.

In: story sightings with the sketches of their bodies. Out: the copy record of every story. It follows from what the
sightings carry and from nothing else: neither order of arrival nor repetition changes it. Candidates are found by
`bands`; who asks decides which sightings lie near enough in time to be judged together.

Two stories are linked when `kinship.tie` finds one a copy or a later version of the other. A group is what hangs
together by links; its original is the story of smallest `precedence`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, count
from typing import Literal, Self

from schemas.copy import Copy
from worker.dedup.body import Sample, read
from worker.dedup.kinship import SeenStory, Status, Tie, explain, tie
from worker.dedup.sighting import StorySighting, precedence

ORIGINAL_REASON = "the earliest known story with these paragraphs, or with paragraphs much like them"


@dataclass(frozen=True, slots=True)
class Link:
    """Why two stories belong together: what the later one (by precedence) is to the earlier."""

    status: Status
    score: float
    reason: str


def link(one: StorySighting, other: StorySighting) -> Link | None:
    """Return why two different stories belong together, None where they do not; either may be given first."""
    earlier, later = _first_seen((one, other))
    found = tie(earlier, later)
    return Link(found.status, found.score, explain(found, later, earlier, "the earlier story")) if found else None


def judge(sightings: Iterable[StorySighting]) -> tuple[Copy, ...]:
    """Return the copy record of each story among these sightings, in order of precedence.

    `of` is the original of the story's group, never another copy; where a story is like another copy alone, or a later
    version of one, the reason names that. `score` is the share of the shorter body that stands in the longer. Each pair
    is compared, at some 3 us: the caller bounds how many there are.
    """
    return Judged.of(sightings).copies()


Ties = dict[int, Tie]
"""A story's ties, by the other story's place in order of precedence."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Stories in order of precedence, compared with one another."""

    stories: Sequence[SeenStory]
    ties: Sequence[Ties]
    originals: Sequence[int]

    @classmethod
    def of(cls, sightings: Iterable[StorySighting]) -> Self:
        """Compare each pair of stories."""
        stories = _first_seen(sightings)
        ties = _find_ties(stories)
        return cls(stories, ties, _find_originals(ties))

    def copies(self) -> tuple[Copy, ...]:
        """Return the copy record of each story."""
        return tuple([_judge(self.stories, *one) for one in zip(self.ties, count(), self.originals, strict=False)])

    def copy_of(self, follower: StorySighting) -> Copy:
        """Return the copy record of a story that comes behind them all and has its own sketch: as if one of them."""
        (story,) = _first_seen([follower])
        ties = {place: found for place, earlier in enumerate(self.stories) if (found := tie(earlier, story))}
        place = len(self.stories)
        original = min([self.originals[other] for other in ties], default=place)
        return _judge([*self.stories, story], ties, place, original)


def _first_seen(sightings: Iterable[StorySighting]) -> list[SeenStory]:
    """Return each story where it was seen first; copies of one content share what sketch there is of it."""
    earliest: dict[str, StorySighting] = {}
    bodies: dict[str, Sample | None] = {}
    for one in sorted(sightings, key=_order):
        earliest.setdefault(one.story_id, one)
        bodies[one.content_id] = bodies.get(one.content_id) or read(one.sketch)
    return [SeenStory(one, bodies[one.content_id], precedence(one)[0], one.place) for one in earliest.values()]


def _order(sighting: StorySighting) -> tuple[object, ...]:
    # Sightings of one precedence are one page read by two worker versions: what differs must not depend on arrival.
    return (*precedence(sighting), sighting.content_id, sighting.place or "", sighting.sketch or "", sighting.url or "")


def _find_ties(stories: Sequence[SeenStory]) -> list[Ties]:
    ties: list[Ties] = [{} for _ in stories]
    for (first, earlier), (second, later) in combinations(enumerate(stories), 2):
        if found := tie(earlier, later):
            ties[first][second] = ties[second][first] = found
    return ties


def _find_originals(ties: Sequence[Ties]) -> list[int]:
    """Return, for each story, the first of all that hang together with it."""
    originals: dict[int, int] = {}
    for place in range(len(ties)):
        reached = [] if place in originals else [place]
        while reached:
            one = reached.pop()
            if one not in originals:
                originals[one] = place
                reached += ties[one]
    return [originals[place] for place in range(len(ties))]


def _judge(stories: Sequence[SeenStory], ties: Ties, place: int, original: int) -> Copy:
    story = stories[place].sighting
    if place == original:
        return _record(story, "original", ORIGINAL_REASON)
    witness = _choose_witness(ties, place, original)
    found = _read_backwards(ties[witness]) if witness > place else ties[witness]
    name = (
        "the original" if witness == original else f"story {stories[witness].sighting.story_id}, of the same original"
    )
    return _record(
        story,
        # Word for word like another copy is no duplicate of the original.
        "near_duplicate" if found.status == "duplicate" and witness != original else found.status,
        explain(found, stories[place], stories[witness], name),
        of=stories[original].sighting.story_id,
        score=found.score,
    )


def _read_backwards(found: Tie) -> Tie:
    """Return what the earlier of two stories is to the later: like it, and no version of what came after."""
    return found if found.status == "duplicate" else Tie("near_duplicate", found.likeness)


def _choose_witness(ties: Ties, place: int, original: int) -> int:
    """Return the story that shows what this one is.

    The original, where the two are the same word for word; else its own last version; else the original; else, of the
    stories by which it hangs together with the original, the one most like it.
    """
    versions = [other for other, found in ties.items() if other < place and found.status == "update"]
    if versions and not (original in ties and ties[original].status == "duplicate"):
        return max(versions)
    return original if original in ties else min(ties, key=lambda other: (-ties[other].score, other))


def _record(
    story: StorySighting,
    status: Literal["original"] | Status,
    reason: str,
    *,
    of: str | None = None,
    score: float | None = None,
) -> Copy:
    return Copy(
        story_id=story.story_id,
        content_id=story.content_id,
        page_id=story.page_id,
        url=story.url,
        status=status,
        of=of,
        score=score,
        reason=reason,
        first_seen=story.seen_at,
    )
