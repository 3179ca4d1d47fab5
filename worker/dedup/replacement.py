"""Whether one thing stands in another's place while all around it is the same: Moscow for Kyiv, a team for another.

In: an alignment and its slots. Out: a slug (`name`, `replaced`) and the words of both sides. A name is one by what
tells it: places known by name, a title or a preposition of place before it, a capital. What else stands alone against
something else counts only where the rest is the same to the word; a verb for a verb is another wording.
"""

from collections.abc import Sequence

from worker.dedup.difference import Slot
from worker.dedup.normalise import key
from worker.dedup.places import are_one_place
from worker.dedup.profile import Profile
from worker.dedup.units import WIDE_SCRIPTS, synonyms
from worker.dedup.wording import wording
from worker.dedup.words import Alignment

MOST_UNITS = 3
"""Units on a side that are one name or office."""

LEAST_SHARED = 2
"""Units that must be shared beside a replaced one."""

SAME_AROUND = 0.7
"""Least share of the rest of either headline that must be the same for a name to stand out as the difference."""

REWORDED = 0.5
"""Share of pairs of letters in common from which on what is replaced is said in other words."""

PAIR = 2
"""Characters of the words into which text without blanks is cut, each the last character of one before."""

VERB_LETTERS = frozenset("يت")
VERB_LEAST = 4
"""How Arabic verbs of headlines begin, and their least letters."""

ARTICLE = "ال"

Replacement = tuple[str, str, str]


def find_replacement(alignment: Alignment, slots: Sequence[Slot]) -> Replacement | None:
    """Return the first thing that stands in another's place, and under which name it is known."""
    if sum([to >= 0 for to in alignment.partners]) < LEAST_SHARED:
        return None
    facing = [slot for slot in slots if slot.is_replaced and max(len(slot.mine), len(slot.yours)) <= MOST_UNITS]
    named = [slot for slot in facing if _are_other_places(alignment, slot) or _are_other_names(alignment, slot)]
    if named and _share_around(alignment, named) >= SAME_AROUND:
        return _told("name", alignment, named[0])
    alone = [slot for slot in facing if slot.is_tight and _stands_alone(alignment, slot)]
    if alone and len(alone) == len(slots) and _share_around(alignment, alone) == 1.0:
        return _told("replaced", alignment, alone[0])
    return None


def _told(slug: str, alignment: Alignment, slot: Slot) -> Replacement:
    return slug, _text(alignment.one, slot.mine), _text(alignment.other, slot.yours)


def _text(profile: Profile, units: Sequence[int]) -> str:
    return " ".join([profile.texts[at] for at in units])


def _are_other_places(alignment: Alignment, slot: Slot) -> bool:
    mine = [code for at in slot.mine if (code := alignment.one.codes[at])]
    yours = [code for at in slot.yours if (code := alignment.other.codes[at])]
    return bool(mine and yours) and not any(are_one_place(one, other) for one in mine for other in yours)


def _are_other_names(alignment: Alignment, slot: Slot) -> bool:
    """Tell whether both sides are names by what stands before them, or by their capitals."""
    if not slot.is_tight or abs(len(slot.mine) - len(slot.yours)) > 1 or _is_reworded(alignment, slot):
        return False
    mine, yours = alignment.one, alignment.other
    return (
        (_follows_title(mine, slot.mine) and _follows_title(yours, slot.yours))
        or (_is_within(mine, slot.mine) and _is_within(yours, slot.yours))
        or (slot.mine[0] in mine.names and slot.yours[0] in yours.names)
    )


def _follows_title(profile: Profile, units: Sequence[int]) -> bool:
    return units[0] - 1 in profile.titles and profile.places[units[0]] == profile.places[units[0] - 1] + 1


def _is_within(profile: Profile, units: Sequence[int]) -> bool:
    """Tell whether one word stands behind a preposition of place."""
    before = profile.places[units[0]] - 1
    reading = profile.reading
    return len(units) == 1 and before >= 0 and reading.words[before] in wording(reading.language).within


def _is_reworded(alignment: Alignment, slot: Slot) -> bool:
    """Tell whether both sides have letters in common, as forms of one root have, or are verbs."""
    mine, yours = _text(alignment.one, slot.mine), _text(alignment.other, slot.yours)
    if alignment.one.reading.script in WIDE_SCRIPTS:
        return _is_reworded_wide(alignment, slot)
    if _likeness(_without_article(mine), _without_article(yours)) >= REWORDED:
        return True
    return _is_verb(mine) and _is_verb(yours) and not _are_known(alignment, slot)


def _are_known(alignment: Alignment, slot: Slot) -> bool:
    """Tell whether the lexicon has both sides, in different groups: verbs that say different things."""
    one, other = alignment.one.units, alignment.other.units
    return all(one[at].group for at in slot.mine) and all(other[at].group for at in slot.yours)


def _is_reworded_wide(alignment: Alignment, slot: Slot) -> bool:
    """Tell whether two runs of characters hold two words of one group of synonyms."""
    mine, yours = _characters(alignment.one, slot.mine), _characters(alignment.other, slot.yours)
    known = synonyms(alignment.one.reading.language)
    groups = {group for name, group in known.items() if name in mine and name not in yours}
    return any(name in yours and name not in mine for name, group in known.items() if group in groups)


def _characters(profile: Profile, units: Sequence[int]) -> str:
    """Return the text from the word before a run to the one behind it: words are cut into overlapping pairs."""
    start, end = max(units[0] - 1, 0), min(units[-1] + 1, len(profile.units) - 1)
    words = profile.reading.words[profile.places[start] : profile.places[end] + 1]
    return "".join([words[0], *(word[-1] if len(word) == PAIR else word for word in words[1:])])


def _stands_alone(alignment: Alignment, slot: Slot) -> bool:
    """Tell whether something else stands for something; not where it is said otherwise, in a list, or who says it."""
    if alignment.one.figures.keys() & slot.mine and alignment.other.figures.keys() & slot.yours:
        return False
    if _is_reworded(alignment, slot) or (
        _is_listed(alignment.one, slot.mine) and _is_listed(alignment.other, slot.yours)
    ):
        return False
    return not (_is_speaker(alignment.one, slot.mine) and _is_speaker(alignment.other, slot.yours))


def _is_listed(profile: Profile, units: Sequence[int]) -> bool:
    """Tell whether an Arabic "and" is written with the first word, as in "princes, and sheikhs, and ministers"."""
    return profile.texts[units[0]][0] == "و"


def _is_speaker(profile: Profile, units: Sequence[int]) -> bool:
    """Tell whether a headline begins with these words and a colon."""
    if units[0] > 0:
        return False
    speaker, mark, _ = profile.reading.shown.partition(":")
    return bool(mark) and len(key(speaker).split()) == profile.places[units[-1]] + 1


def _is_verb(text: str) -> bool:
    return text[0] in VERB_LETTERS and len(text) >= VERB_LEAST


def _without_article(text: str) -> str:
    """Return a text without the Arabic article before it, which most names have in common."""
    return text.removeprefix(ARTICLE)


def _likeness(mine: str, yours: str) -> float:
    """Return the share of the shorter text's pairs of letters that the other has."""
    one, other = ({text[at : at + 2] for at in range(len(text) - 1)} for text in (mine, yours))
    return len(one & other) / (min(len(one), len(other)) or 1)


def _share_around(alignment: Alignment, slots: Sequence[Slot]) -> float:
    """Return what share of the rest of either headline the other has, the lesser of the two."""
    return min(
        _share(alignment.one, alignment.partners, [slot.mine for slot in slots]),
        _share(alignment.other, alignment.backwards, [slot.yours for slot in slots]),
    )


def _share(profile: Profile, partners: Sequence[int], without: Sequence[Sequence[int]]) -> float:
    left = {at for units in without for at in units}
    rest = [at for at in range(len(partners)) if at not in left]
    total = sum([profile.weights[at] for at in rest])
    shared = [at for at in rest if partners[at] >= 0]
    return 1.0 if len(shared) == len(rest) else sum([profile.weights[at] for at in shared]) / total
