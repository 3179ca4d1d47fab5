"""A headline's units side by side, made once: what comparisons look things up in.

In: a reading. Out: its `Profile`. Only a bounded number of units and characters is looked at: what is longer is no
headline.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from worker.dedup.lexicon import Sides, lexicon
from worker.dedup.reading import Figure, Reading
from worker.dedup.spelling import handles
from worker.dedup.units import NUMBER, Unit, find_sides, find_units, merge, plain
from worker.dedup.wording import wording

MOST_UNITS = 48
"""Units of a headline that are compared: three times those of a long one."""

LOOKED_AT = 400
GRAM = 3
"""Characters of a key that are looked at, in runs of so many."""

PLACE = "@"
"""The handle that all places have in common: a city and its country are spelled in no common way."""

PAIR = "~"
"""How the handle of a pair of contraries begins: words of one side say the same, and those of both, one negated."""

Places = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """A headline's units in order: what each says, its words, the code of a place, its weight and first word's place.

    `where` finds units by what they say, `grouped` by their synonyms, `handled` by the handles that they share with
    other spellings of theirs, `joined` the first of two by their letters together. `sides` has the units that have a
    contrary, and where they stand in the lexicon's pairs; `figures` those that are numbers; `twos` (words for two
    things), `converse` (that turn round who did it), `denials`, `placed` (places known by name), `titles` and `names`
    are the units that are such. `weekdays` has the headline's, by number.
    """

    reading: Reading
    units: tuple[Unit, ...]
    concepts: tuple[str, ...]
    texts: tuple[str, ...]
    spelled: frozenset[str]
    codes: tuple[str, ...]
    weights: tuple[float, ...]
    places: Places
    where: Mapping[str, Places]
    grouped: Mapping[str, Places]
    handles: tuple[frozenset[str], ...]
    handled: Mapping[str, Places]
    joined: Mapping[str, int]
    sides: Mapping[int, Sides]
    figures: Mapping[int, Figure]
    twos: Places
    converse: Places
    denials: Places
    weekdays: Mapping[int, str]
    placed: Places
    titles: frozenset[int]
    names: frozenset[int]
    grams: frozenset[str]
    total: float


@lru_cache(maxsize=4096)
def profile(reading: Reading) -> Profile:
    """Return what a comparison needs of a headline."""
    return _profile(reading, tuple(islice(find_units(reading), MOST_UNITS)))


def join(own: Profile, at: int) -> Profile:
    """Return the headline with two units as one: "Abd Allah" is Abdallah elsewhere."""
    merged = merge(own.units[at], own.units[at + 1], own.reading)
    return _profile(own.reading, (*own.units[:at], merged, *own.units[at + 2 :]))


def _profile(reading: Reading, units: Sequence[Unit]) -> Profile:
    sides = {at: sides for at, unit in enumerate(units) if (sides := find_sides(unit, reading.language))}
    found = [_handles(unit, sides.get(at, frozenset())) for at, unit in enumerate(units)]
    texts = tuple([unit.text for unit in units])
    figures = {figure.place: figure for figure in reading.figures}
    return Profile(
        reading=reading,
        units=tuple(units),
        concepts=tuple([unit.concept for unit in units]),
        texts=texts,
        spelled=frozenset(texts),
        codes=tuple([unit.code for unit in units]),
        weights=tuple([unit.weight for unit in units]),
        places=tuple([unit.place for unit in units]),
        where=_places((unit.concept,) for unit in units),
        grouped=_places((unit.group,) if unit.group else () for unit in units),
        handles=tuple(found),
        handled=_places(found),
        joined={texts[at] + texts[at + 1]: at for at in range(len(texts) - 1)},
        sides=sides,
        figures={at: figures[unit.place] for at, unit in enumerate(units) if unit.concept[0] == NUMBER},
        twos=tuple([at for at, text in enumerate(texts) if text in wording(reading.language).twos]),
        converse=tuple([at for at, text in enumerate(texts) if text in wording(reading.language).converse]),
        denials=tuple([at for at, text in enumerate(texts) if text in lexicon(reading.language).denials]),
        weekdays=_weekdays(reading),
        placed=tuple([at for at, unit in enumerate(units) if unit.code]),
        titles=frozenset([at for at, unit in enumerate(units) if unit.is_title]),
        names=frozenset([at for at, unit in enumerate(units) if unit.is_name]),
        grams=_grams(plain(reading.key[:LOOKED_AT], reading.script)),
        total=sum([unit.weight for unit in units]) or 1.0,
    )


def _weekdays(reading: Reading) -> dict[int, str]:
    known = lexicon(reading.language).weekdays
    return {known[word]: word for word in reading.words[:LOOKED_AT] if word in known}


def _handles(unit: Unit, sides: Sides) -> frozenset[str]:
    if unit.concept[0] == NUMBER:
        return frozenset((NUMBER,))
    of_sides = [f"{PAIR}{number}" for number, _ in sides]
    return frozenset((*handles(unit.text), *handles(unit.concept), *of_sides, *((PLACE,) if unit.code else ())))


def _places(named: Iterable[Iterable[str]]) -> dict[str, Places]:
    """Return the units that have each name."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at, names in enumerate(named):
        for name in names:
            places[name].append(at)
    return {name: tuple(own) for name, own in places.items()}


def _grams(text: str) -> frozenset[str]:
    padded = f" {text} "
    return frozenset([padded[at : at + GRAM] for at in range(len(padded) - GRAM + 1)])
