"""Which words of two headlines stand for one another.

In: two profiles. Out: their `Alignment`: pairs of units (words, phrases and numbers) that are the same, are synonyms in
the lexicon, are spellings or forms of one word, or round one figure. What it leaves over is for `difference`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from worker.dedup.lexicon import Sides
from worker.dedup.places import are_one_place
from worker.dedup.profile import Profile, join
from worker.dedup.rounding import are_one_figure
from worker.dedup.spelling import are_alike

MOST_LEFT = 16
"""Units whose other spellings are looked for."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """Partners by unit, in both directions; -1 where a unit has none. `shared` and `exact` are sums of weights."""

    one: Profile
    other: Profile
    partners: Sequence[int]
    backwards: Sequence[int]
    shared: float
    exact: float


def align(one: Profile, other: Profile) -> Alignment:
    """Return which units of two headlines stand for one another."""
    one, other = _join_apart(one, other), _join_apart(other, one)
    partners, backwards = [-1] * len(one.units), [-1] * len(other.units)
    for concept in one.where.keys() & other.where.keys():
        for mine, yours in zip(one.where[concept], other.where[concept], strict=False):
            partners[mine], backwards[yours] = yours, mine
    exact = _weigh(one, other, partners)
    for group in one.grouped.keys() & other.grouped.keys():
        left = [at for at in one.grouped[group] if partners[at] < 0]
        for mine, yours in zip(left, [at for at in other.grouped[group] if backwards[at] < 0], strict=False):
            partners[mine], backwards[yours] = yours, mine
    _pair_alike(one, other, partners, backwards)
    _pair_converse(one, other, partners, backwards)
    return Alignment(one, other, partners, backwards, _weigh(one, other, partners), exact)


def _join_apart(one: Profile, other: Profile) -> Profile:
    """Return the headline with the first two units that the other writes as one joined."""
    if one.joined.keys().isdisjoint(other.spelled):
        return one
    return join(one, min(at for letters, at in one.joined.items() if letters in other.spelled))


def _weigh(one: Profile, other: Profile, partners: Sequence[int]) -> float:
    """Return what the pairs weigh: each as much as the heavier of the two."""
    mine, yours = one.weights, other.weights
    return sum([max(mine[at], yours[to]) for at, to in enumerate(partners) if to >= 0])


def _pair_alike(one: Profile, other: Profile, partners: list[int], backwards: list[int]) -> None:
    """Pair what is left over and alike, each with the first that is still free."""
    for mine in islice(_find_left(one, partners, other), MOST_LEFT):
        for yours in sorted({at for handle in one.handles[mine] for at in other.handled.get(handle, ())}):
            if backwards[yours] < 0 and is_one_word(one, mine, other, yours):
                partners[mine], backwards[yours] = yours, mine
                break


def _find_left(one: Profile, partners: Sequence[int], other: Profile) -> Iterator[int]:
    """Yield what has no partner and has a handle in common with some unit of the other headline."""
    return (at for at, to in enumerate(partners) if to < 0 and not one.handles[at].isdisjoint(other.handled))


def _pair_converse(one: Profile, other: Profile, partners: list[int], backwards: list[int]) -> None:
    """Pair "A beats B" with "B loses to A": contrary verbs between what has changed places."""
    for mine in one.converse:
        for yours in other.converse:
            are_free = partners[mine] < 0 and backwards[yours] < 0
            if are_free and are_contrary(one.sides.get(mine), other.sides.get(yours)):
                before = {to for to in partners[:mine] if to >= 0}
                if before and min(before) > yours:
                    partners[mine], backwards[yours] = yours, mine


def are_contrary(mine: Sides | None, yours: Sides | None) -> bool:
    """Tell whether two words stand on opposite sides of a pair of contraries, and never on the same."""
    if not mine or not yours:
        return False
    return mine.isdisjoint(yours) and not mine.isdisjoint([(number, 1 - side) for number, side in yours])


def negates_alone(one: Profile, other: Profile) -> bool:
    """Tell whether one headline negates and the other does not."""
    return bool(one.reading.negations) != bool(other.reading.negations)


def is_one_word(one: Profile, mine: int, other: Profile, yours: int) -> bool:
    """Tell whether two units say the same in another way; two places with names of their own never do."""
    figure, figure_ = one.figures.get(mine), other.figures.get(yours)
    if figure and figure_:
        return are_one_figure(figure, one.reading, figure_, other.reading)
    if figure or figure_:
        return False
    code, code_ = one.codes[mine], other.codes[yours]
    if code and code_:
        return are_one_place(code, code_)
    sides, sides_ = one.sides.get(mine), other.sides.get(yours)
    if sides and sides_:
        if not sides.isdisjoint(sides_):
            return True
        # "Rejects" is "does not accept".
        return negates_alone(one, other) and are_contrary(sides, sides_)
    return are_alike(one.concepts[mine], other.concepts[yours]) or are_alike(one.texts[mine], other.texts[yours])
