"""Whether what two headlines share comes in the same order, and who has changed places with whom.

In: an alignment. Out: the share of the order that is kept, and whether two headlines say that A did to B what B did to
A. A clause that moves as a whole ("After a strike, ...") changes no roles, nor does a verb that comes first.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from worker.dedup.lexicon import lexicon
from worker.dedup.profile import Profile
from worker.dedup.reading import Reading
from worker.dedup.words import Alignment, are_contrary

MOST_ARGUMENT = 3
"""Units of what changes places: names and offices are short, clauses are not."""

SAME_AROUND = 0.8
"""Share of either headline that the other must have for the order to make the difference."""

CASED = frozenset({"ru", "uk", "pl"})
"""Languages whose endings tell who does what: order alone moves nothing but the stress."""


def kept_order(partners: Sequence[int]) -> float:
    """Return the share of aligned units that come in the same order in both headlines."""
    tails: list[int] = []
    count = 0
    for to in partners:
        if to >= 0:
            count += 1
            at = bisect_left(tails, to)
            tails[at : at + 1] = [to]
    return len(tails) / count if count else 1.0


@dataclass(frozen=True, slots=True)
class _Swap:
    """Two blocks of the first headline's aligned units, in its order."""

    first: Sequence[int]
    second: Sequence[int]


def is_swapped(alignment: Alignment) -> bool:
    """Tell whether two short blocks have changed places around what stays where it is."""
    if alignment.shared < SAME_AROUND * max(alignment.one.total, alignment.other.total):
        return False
    turned = (at for at in alignment.one.converse if _is_turned(alignment, at))
    if any(alignment.partners[at] in alignment.other.converse for at in turned):
        return False
    swap = _find_swap(alignment)
    return swap is not None and _changes_roles(alignment, swap)


def _is_turned(alignment: Alignment, at: int) -> bool:
    """Tell whether a unit is paired with its contrary: "beats", "loses to"."""
    return are_contrary(alignment.one.sides.get(at), alignment.other.sides.get(alignment.partners[at]))


def _find_swap(alignment: Alignment) -> _Swap | None:
    aligned = [at for at, to in enumerate(alignment.partners) if to >= 0]
    order = [alignment.partners[at] for at in aligned]
    if order == (ranked := sorted(order)):
        return None
    ranks = {to: rank for rank, to in enumerate(ranked)}
    turned = [ranks[to] for to in order]
    low = next(at for at, rank in enumerate(turned) if at != rank)
    high = next(at for at in range(len(turned) - 1, -1, -1) if at != turned[at])
    first, second = high + 1 - turned[low], turned[high] - low + 1
    middle = range(low + first, high + 1 - second)
    wanted = [*range(high + 1 - first, high + 1), *(at - first + second for at in middle), *range(low, low + second)]
    if turned[low : high + 1] != wanted or max(first, second) > MOST_ARGUMENT:
        return None
    return _Swap(aligned[low : low + first], aligned[high + 1 - second : high + 1])


def _changes_roles(alignment: Alignment, swap: _Swap) -> bool:
    """Tell whether each block stands in the other's place, function words and all, with more than "and" between."""
    one, other = alignment.one, alignment.other
    first, second = _span(one, swap.first), _span(one, swap.second)
    moved_first = _span(other, [alignment.partners[at] for at in swap.first])
    moved_second = _span(other, [alignment.partners[at] for at in swap.second])
    if not (
        _says_more_than_and(one.reading, first[1], second[0])
        and _says_more_than_and(other.reading, moved_second[1], moved_first[0])
    ):
        return _swap_marks(one.reading, other.reading, first[1] - 1, second[1] - 1)
    if _around(one.reading, first) != _around(other.reading, moved_second):
        return False
    if _around(one.reading, second) != _around(other.reading, moved_first):
        return False
    return one.reading.language not in CASED or _is_declined(alignment, swap)


def _span(profile: Profile, units: Sequence[int]) -> tuple[int, int]:
    """Return the first word of a block and the first word behind it."""
    last = units[-1]
    return profile.places[units[0]], profile.places[last] + len(profile.texts[last].split())


def _around(reading: Reading, span: tuple[int, int]) -> tuple[str, str]:
    """Return the function words next to a block."""
    before, behind = span[0] - 1, span[1]
    return (
        reading.words[before] if before >= 0 and reading.stops[before] else "",
        reading.words[behind] if behind < len(reading.words) and reading.stops[behind] else "",
    )


def _says_more_than_and(reading: Reading, start: int, end: int) -> bool:
    return any(word not in lexicon(reading.language).joins for word in reading.words[start:end])


def _swap_marks(one: Reading, other: Reading, first: int, second: int) -> bool:
    """Tell whether the ending that Turkish writes behind an apostrophe has gone from one name to the other."""
    if lexicon(one.language).apostrophe != "cut":
        return False
    name, name_ = one.words[first], one.words[second]
    marks = [(_is_marked(reading, name), _is_marked(reading, name_)) for reading in (one, other)]
    return sorted(marks) == [(False, True), (True, False)]


def _is_marked(reading: Reading, name: str) -> bool:
    """Tell whether letters stand behind a name that are no word of the headline, but in its key."""
    _, _, rest = f" {reading.key} ".partition(f" {name} ")
    return rest.partition(" ")[0] not in ("", *reading.words)


def _is_declined(alignment: Alignment, swap: _Swap) -> bool:
    """Tell whether an ending has changed with the place, or there is but one word that might have one."""
    one, other = alignment.one, alignment.other
    if len(swap.first) == len(swap.second) == 1:
        return True
    return any(one.texts[at] != other.texts[alignment.partners[at]] for at in (*swap.first, *swap.second))
