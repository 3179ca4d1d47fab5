"""Two stories: whether one is a copy or a later version of the other, and why, in words for an analyst.

In: two stories as first seen, with the samples of their bodies, from `copies`. Out: a `Tie`, or none. It knows no third
story and no window of time.
"""

from dataclasses import dataclass
from typing import Literal

from worker.dedup.body import NOTHING, Likeness, Sample, liken
from worker.dedup.sighting import StorySighting

Status = Literal["duplicate", "near_duplicate", "update"]

ALIKE = 0.55
"""Jaccard likeness from which bodies are near duplicates. Copies of the wire set have .61 or more, by their sketches
.56; reports on different persons written to one pattern (congratulations, executions, the day's patients) have .45 to
.53. From .5 BCubed F is .994 and not .996; .6 would do as well."""

CONTAINED = 0.8
"""Share of the shorter body in the longer from which it is a shortened copy; copies of the wire set have .81 or more.
From .7 or .9 hardly a group changes."""

PART = 0.2
"""Least Jaccard likeness of a shortened copy: a round-up of many reports is no copy of each of them."""

LEAST_SHARED = 8
"""Runs that near duplicates must share: eleven words on end. "Subscribe to read on" makes no copies."""

KEPT = 0.5
"""Share of the shorter version in the longer from which two bodies at one URL are versions of one story. Of the wire
set's bodies cut to a tenth .98 are so; of its pairs of different reports in one paper 1 in 7,000 would be."""

LEAST_KEPT = 2
"""Runs that versions must share in their samples, which hold few of a brief's in a long report."""

SAME = Likeness(1.0, 1.0, 1.0, LEAST_SHARED)
"""Of bodies that are the same by their `content_id`."""


@dataclass(frozen=True, slots=True)
class SeenStory:
    """A story where it was first seen. `place` is the page's URL, canonical where that is known."""

    sighting: StorySighting
    body: Sample | None
    time: str
    place: str | None

    @property
    def runs(self) -> int:
        """The length of its body in runs of words; 0 where there is no sketch."""
        return self.body.runs if self.body else 0


@dataclass(frozen=True, slots=True)
class Tie:
    """What the later of two stories, by `precedence`, is to the earlier; `of_one` of the likeness is the earlier's."""

    status: Status
    likeness: Likeness

    @property
    def score(self) -> float:
        """The share of the shorter body's runs that the longer has."""
        return round(self.likeness.containment, 4)


def tie(earlier: SeenStory, later: SeenStory) -> Tie | None:
    """Return what the later story is to the earlier one, None where it is another story."""
    if earlier.sighting.content_id == later.sighting.content_id:
        return Tie("duplicate", SAME)
    likeness = liken(earlier.body, later.body) if earlier.body and later.body else NOTHING
    if earlier.place == later.place is not None and earlier.time < later.time and _is_version(likeness):
        return Tie("update", likeness)
    return Tie("near_duplicate", likeness) if _is_near(likeness) else None


def _is_version(likeness: Likeness) -> bool:
    return likeness.containment >= KEPT and likeness.shared >= LEAST_KEPT


def _is_near(likeness: Likeness) -> bool:
    is_shortened = likeness.containment >= CONTAINED and likeness.jaccard >= PART
    return likeness.shared >= LEAST_SHARED and (likeness.jaccard >= ALIKE or is_shortened)


def explain(found: Tie, story: SeenStory, other: SeenStory, name: str) -> str:
    """Return the reason for the tie of a story to another one, which the reason calls by the name."""
    if found.status == "duplicate":
        return f"the same headline and the same paragraphs, word for word, as {name}"
    is_same = found.likeness.jaccard == 1 and story.runs == other.runs
    if found.status == "update":
        kept = "the same body, by the sample of its words" if is_same else _kept(found.likeness)
        return f"{_version(story, other)} of {name} at the same URL: {kept}"
    if is_same:
        return f"the same body as {name}, by the sample of its words, under another headline"
    return _copy(found.likeness, story, other, name)


def _version(story: SeenStory, other: SeenStory) -> str:
    if story.runs == other.runs:
        return "a later version"
    return "a longer later version" if story.runs > other.runs else "a shorter later version"


def _kept(likeness: Likeness) -> str:
    return f"{likeness.of_one:.0%} of the earlier body stands in it, {likeness.of_other:.0%} of it stood there"


def _copy(likeness: Likeness, story: SeenStory, other: SeenStory, name: str) -> str:
    share = f"{likeness.containment:.0%}"
    if likeness.jaccard >= ALIKE:
        common = f"{likeness.jaccard:.0%} of their runs of four words are in both, {share} of the shorter's"
        return f"this body and that of {name} are much alike: {common}"
    if story.runs < other.runs:
        return f"a shortened copy: {share} of it stands in the longer body of {name}"
    return f"{share} of the shorter body of {name} stands in it"
