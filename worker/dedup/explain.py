"""The reason of a comparison, in words for an analyst: what two headlines share, and in what they differ.

In: an alignment, its slots and the veto, if any. Out: a sentence that quotes the headlines' own words, folded.
"""

from collections.abc import Iterable, Sequence

from worker.dedup.difference import Slot
from worker.dedup.profile import Profile
from worker.dedup.vetoes import Veto
from worker.dedup.words import Alignment

VETOES = {
    "numbers": "different figures for one thing",
    "date": "different dates",
    "negation": "only one of them negates",
    "denial": "only one of them denies",
    "question": "only one of them asks",
    "contrary": "contrary words",
    "order": "who does what to whom is turned round",
    "name": "different names in one place",
    "replaced": "one thing in place of another, all else the same",
}
"""What each veto says."""

MOST_QUOTED = 4
LONGEST_QUOTED = 24
"""Words of either side that are quoted, and characters of a word."""


def explain(alignment: Alignment, slots: Sequence[Slot], veto: Veto | None) -> str:
    """Return what a pair has in common and what not, the veto first."""
    shared = f"{_count(alignment)} of {max(len(alignment.partners), len(alignment.backwards))} words shared"
    if veto is not None:
        return f"{VETOES[veto.slug]}{_quoted(veto.mine.split(), veto.yours.split())}; {shared}"
    mine = [at for slot in slots for at in slot.mine]
    yours = [at for slot in slots for at in slot.yours]
    if not mine and not yours:
        return f"{shared}, in another order or form"
    return f"{shared}; apart{_quoted(_texts(alignment.one, mine), _texts(alignment.other, yours))}"


def _count(alignment: Alignment) -> int:
    return sum([to >= 0 for to in alignment.partners])


def _texts(profile: Profile, units: Iterable[int]) -> list[str]:
    return [profile.texts[at] for at in units]


def _quoted(mine: Sequence[str], yours: Sequence[str]) -> str:
    if not mine and not yours:
        return ""
    return f": {_side(mine)} / {_side(yours)}"


def _side(words: Sequence[str]) -> str:
    quoted = [word if len(word) <= LONGEST_QUOTED else f"{word[:LONGEST_QUOTED]}…" for word in words[:MOST_QUOTED]]
    return " ".join([*quoted, "…"] if len(words) > MOST_QUOTED else quoted) or "-"
