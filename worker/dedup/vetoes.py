"""What forbids two alike headlines to be one news, whatever the likeness: each rule with its slug.

In: an alignment and its slots. Out: a `Veto` with the slug and what it found, or None. `numbers` and `date`: different
figures for one thing. `negation`, `denial`, `question`: on one side only. `contrary`: one says the opposite word.
`order`: who does what to whom. `name` and `replaced`: one thing in another's place while all around is the same. What
one headline merely adds is no contradiction. The first rule that holds is told.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from worker.dedup.difference import Slot
from worker.dedup.figures import find_conflict
from worker.dedup.lexicon import lexicon
from worker.dedup.order import is_swapped
from worker.dedup.profile import Profile
from worker.dedup.replacement import find_replacement
from worker.dedup.words import Alignment, are_contrary, negates_alone

LONG_ADDITION = 3
"""Units that one headline adds in a row from which on it adds another clause, with a negation of its own."""


@dataclass(frozen=True, slots=True)
class Veto:
    """A rule's slug, and the words of either side that it is about."""

    slug: str
    mine: str = ""
    yours: str = ""


Difference = tuple[Alignment, Sequence[Slot]]


def find_veto(alignment: Alignment, slots: Sequence[Slot]) -> Veto | None:
    """Return what forbids the pair, if anything."""
    return next(filter(None, (rule((alignment, slots)) for rule in RULES)), None)


def _figures(difference: Difference) -> Veto | None:
    conflict = find_conflict(difference[0])
    return conflict and Veto(*conflict)


def _negation(difference: Difference) -> Veto | None:
    alignment, slots = difference
    mine = _negates(alignment.one, [slot.mine for slot in slots if _is_clause(slot.mine, slot.yours)])
    yours = _negates(alignment.other, [slot.yours for slot in slots if _is_clause(slot.yours, slot.mine)])
    if mine == yours or _is_taken_back(alignment, negated_first=mine):
        return None
    return Veto("negation")


def _is_taken_back(alignment: Alignment, *, negated_first: bool) -> bool:
    """Tell whether the other headline has a contrary word instead: "rejects" for "does not accept", "rules out"."""
    one, other = alignment.one, alignment.other
    aligned = ((at, to) for at, to in enumerate(alignment.partners) if to >= 0)
    if any(are_contrary(one.sides.get(at), other.sides.get(to)) for at, to in aligned):
        return True
    refusing, partners = (other, alignment.backwards) if negated_first else (one, alignment.partners)
    return any(partners[at] < 0 for at in refusing.denials)


def _is_clause(own: Sequence[int], others: Sequence[int]) -> bool:
    """Tell whether what stands on one side is a clause of its own: long, or other words in place of several."""
    return len(own) >= LONG_ADDITION or (len(own) > 1 and bool(others))


def _negates(profile: Profile, clauses: Sequence[Sequence[int]]) -> bool:
    """Tell whether a headline negates what the other says too."""
    reading = profile.reading
    if not reading.negations:
        return False
    own = {at for clause in clauses for at in clause}
    negations = lexicon(reading.language).negations
    places = [at for at, word in enumerate(reading.words) if word in negations]
    return len(places) < reading.negations or any(_next_unit(profile, place) not in own for place in places)


def _next_unit(profile: Profile, place: int) -> int:
    """Return the unit behind a word, the last one where none is."""
    return next((at for at, start in enumerate(profile.places) if start >= place), len(profile.places) - 1)


def _denial(difference: Difference) -> Veto | None:
    alignment, slots = difference
    mine, yours = alignment.one.denials, alignment.other.denials
    if bool(mine) == bool(yours) or negates_alone(alignment.one, alignment.other):
        return None
    clauses = [slot.mine if mine else slot.yours for slot in slots if not slot.is_replaced]
    partners = alignment.partners if mine else alignment.backwards
    own = {at for clause in clauses if len(clause) > LONG_ADDITION for at in clause}
    denied = [at for at in mine or yours if partners[at] < 0 and at not in own]
    profile = alignment.one if mine else alignment.other
    return Veto("denial", profile.texts[denied[0]]) if denied else None


def _question(difference: Difference) -> Veto | None:
    one, other = difference[0].one.reading, difference[0].other.reading
    return Veto("question") if one.is_question != other.is_question else None


def _contrary(difference: Difference) -> Veto | None:
    pair = next(_contraries(difference), None)
    if pair is None or negates_alone(difference[0].one, difference[0].other):
        return None
    return Veto("contrary", *pair)


def _contraries(difference: Difference) -> Iterator[tuple[str, str]]:
    """Yield words in one place that the lexicon has on opposite sides."""
    alignment, slots = difference
    one, other = alignment.one, alignment.other
    if one.sides and other.sides:
        for slot in slots:
            for at, to in product(one.sides.keys() & slot.mine, other.sides.keys() & slot.yours):
                if are_contrary(one.sides[at], other.sides[to]):
                    yield one.texts[at], other.texts[to]


def _order(difference: Difference) -> Veto | None:
    return Veto("order") if is_swapped(difference[0]) else None


def _replaced(difference: Difference) -> Veto | None:
    found = find_replacement(*difference)
    return found and Veto(*found)


RULES: tuple[Callable[[Difference], Veto | None], ...] = (
    _figures,
    _negation,
    _denial,
    _question,
    _contrary,
    _order,
    _replaced,
)
