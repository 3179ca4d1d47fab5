"""Whether two headlines give different figures for one thing.

In: an alignment. Out: the slug of what differs (`numbers` or `date`) and the two figures. A figure that only one side
gives contradicts nothing, nor does a rounded one: "more than 50" and 52.
"""

from collections.abc import Sequence
from itertools import product

from worker.dedup.profile import Profile
from worker.dedup.reading import Figure
from worker.dedup.words import Alignment

Conflict = tuple[str, str, str]

TWO = "2"

OF_TIME = frozenset({"date", "month", "year", "time", "decade"})


def find_conflict(alignment: Alignment) -> Conflict | None:
    """Return the first two figures that cannot both be right of one thing."""
    one, other = alignment.one, alignment.other
    if not (one.figures or one.weekdays or one.twos or other.twos):
        return None
    for mine, yours in product(_left(one, alignment.partners, other), _left(other, alignment.backwards, one)):
        if _is_of_one_thing(alignment, mine, yours):
            figure, figure_ = one.figures[mine], other.figures[yours]
            return ("date" if figure.kind in OF_TIME else "numbers", _shown(figure), _shown(figure_))
    return _find_twos(alignment) or _find_weekdays(alignment)


def _left(profile: Profile, partners: Sequence[int], other: Profile) -> Sequence[int]:
    """Return the figures without a partner whose value the other headline has not in another form."""
    if not profile.figures:
        return ()
    known = {figure.value for figure in other.figures.values()}
    return [at for at, figure in profile.figures.items() if partners[at] < 0 and figure.value not in known]


def _shown(figure: Figure) -> str:
    return f"{figure.value} {figure.unit}".strip()


def _is_of_one_thing(alignment: Alignment, mine: int, yours: int) -> bool:
    """Tell whether two figures of a kind stand beside words that stand for one another, or have no such words."""
    one, other = alignment.one.figures[mine], alignment.other.figures[yours]
    if one.kind in OF_TIME or other.kind in OF_TIME:
        return one.kind == other.kind
    if one.unit and other.unit and one.unit != other.unit:
        return False
    left, right = (mine - 1, mine + 1), (yours - 1, yours + 1)
    facing = [
        (at, to)
        for at, to in zip(left, right, strict=True)
        if _is_word(alignment.one, at) and _is_word(alignment.other, to)
    ]
    return not facing or any(
        alignment.partners[at] == to for at, to in product(left, right) if _is_word(alignment.one, at)
    )


def _is_word(profile: Profile, unit: int) -> bool:
    return 0 <= unit < len(profile.units) and unit not in profile.figures


def _find_twos(alignment: Alignment) -> Conflict | None:
    """Return a word that says two, as the Arabic dual does, and another figure of the same thing."""
    one, other = alignment.one, alignment.other
    for at in one.twos:
        if (figure := _count_of(other, alignment.partners[at])) not in ("", TWO):
            return "numbers", TWO, figure
    for to in other.twos:
        if (figure := _count_of(one, alignment.backwards[to])) not in ("", TWO):
            return "numbers", figure, TWO
    return None


def _count_of(profile: Profile, unit: int) -> str:
    """Return of how many things a unit speaks by the figure before it, "" where it does not say."""
    figure = profile.figures.get(unit - 1)
    return figure.value if figure and figure.kind == "count" else ""


def _find_weekdays(alignment: Alignment) -> Conflict | None:
    """Return two different days of the week: "matches of Friday" are not those of Saturday."""
    one, other = alignment.one.weekdays, alignment.other.weekdays
    if not one or not other or not one.keys().isdisjoint(other.keys()):
        return None
    return "date", next(iter(one.values())), next(iter(other.values()))
