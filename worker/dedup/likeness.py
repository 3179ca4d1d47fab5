"""How alike two headlines are, as numbers: what the learned trees weigh.

In: an alignment and what differs. Out: the features, in the order of `FEATURES`. None depends on which headline comes
first, and none knows the words of a language.
"""

from collections.abc import Collection, Iterable, Sequence

from worker.dedup.difference import Slot
from worker.dedup.order import kept_order
from worker.dedup.profile import Profile
from worker.dedup.words import Alignment

FEATURES = (
    "covered",  # of the lighter headline's weight, what has a partner
    "covered_longer",  # the same of the heavier one
    "exact",  # of the lighter one's weight, what is the same word or a synonym
    "grams",  # Jaccard of the keys' runs of three characters
    "grams_covered",  # of the smaller set of these, what the other has
    "missing",  # the lighter one's weight without a partner
    "missing_longer",
    "heaviest_missing",  # the heaviest unit without a partner, of the headline that misses less
    "replaced",  # slots with something on both sides
    "replaced_weight",  # what is replaced, on the side that weighs less
    "replaced_tight",  # of these slots, those between the same neighbours
    "added",  # slots with something on one side
    "units",  # of the shorter headline
    "units_longer",
    "shared",  # weight that is shared
    "kept_order",
    "longest_run",  # units in a row that are shared, of the shorter headline's
    "begins_alike",  # units from the start that are shared, of the shorter headline's
    "ends_alike",
    "numbers_shared",
    "numbers_apart",  # numbers without a partner, of the headline that has fewer of them
    "numbers_added",  # the same, of the one that has more
    "places_apart",  # place names without a partner, of the headline that has fewer of them
)


def measure(alignment: Alignment, slots: Sequence[Slot]) -> list[float]:
    """Return the features of a pair."""
    one, other = alignment.one, alignment.other
    left, right = _missing(one, alignment.partners), _missing(other, alignment.backwards)
    missing, missing_longer = sorted((sum(left), sum(right)))
    light, _ = sorted((one.total, other.total))
    few, many = sorted((len(one.units), len(other.units)))
    grams = len(one.grams & other.grams)
    replaced = [slot for slot in slots if slot.is_replaced]
    shared, apart, added = _numbers(alignment)
    covered, covered_longer = sorted((1 - sum(left) / one.total, 1 - sum(right) / other.total))
    return [
        covered_longer,
        covered,
        min(1.0, alignment.exact / light),
        grams / (len(one.grams) + len(other.grams) - grams),
        grams / min(len(one.grams), len(other.grams)),
        missing,
        missing_longer,
        min(max(left, default=0.0), max(right, default=0.0)),
        len(replaced),
        sum([min(_weigh(one, slot.mine), _weigh(other, slot.yours)) for slot in replaced]),
        sum([slot.is_tight for slot in replaced]),
        len(slots) - len(replaced),
        few,
        many,
        alignment.shared,
        kept_order(alignment.partners),
        _longest_run(alignment.partners) / few,
        _same_start(alignment) / few,
        _same_end(alignment) / few,
        shared,
        apart,
        added,
        _places_apart(alignment),
    ]


def _missing(profile: Profile, partners: Sequence[int]) -> list[float]:
    return [weight for weight, to in zip(profile.weights, partners, strict=True) if to < 0]


def _weigh(profile: Profile, units: Iterable[int]) -> float:
    return sum([profile.weights[at] for at in units])


def _longest_run(partners: Sequence[int]) -> int:
    longest = length = 0
    last = -2
    for to in partners:
        length = 0 if to < 0 else length + 1 if to == last + 1 else 1
        longest = max(longest, length)
        last = to if to >= 0 else -2
    return longest


def _same_start(alignment: Alignment) -> int:
    count = 0
    for at, to in enumerate(alignment.partners):
        if at != to:
            break
        count += 1
    return count


def _same_end(alignment: Alignment) -> int:
    shift = len(alignment.backwards) - len(alignment.partners)
    count = 0
    for at in range(len(alignment.partners) - 1, -1, -1):
        if alignment.partners[at] != at + shift:
            break
        count += 1
    return count


def _numbers(alignment: Alignment) -> tuple[int, int, int]:
    one, other = alignment.one.figures, alignment.other.figures
    if not one and not other:
        return 0, 0, 0
    mine, yours = _count_missing(one, alignment.partners), _count_missing(other, alignment.backwards)
    return len(one) - mine, min(mine, yours), max(mine, yours)


def _places_apart(alignment: Alignment) -> int:
    left = _count_missing(alignment.one.placed, alignment.partners)
    return min(left, _count_missing(alignment.other.placed, alignment.backwards)) if left else 0


def _count_missing(units: Collection[int], partners: Sequence[int]) -> int:
    return sum([partners[at] < 0 for at in units])
