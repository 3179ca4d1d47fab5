"""What a headline is made of: words, phrases and numbers that carry meaning.

In: a reading. Out: its units in order, each with what it says (its concept): a number by its value, a word or phrase by
its stems; and the group of synonyms in which the lexicon has it. Function words, negations and question words are none;
they are judged by `vetoes`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, pairwise
from unicodedata import combining, normalize

from worker.dedup.han import simplify
from worker.dedup.lexicon import Lexicon, Sides, lexicon
from worker.dedup.normalise import key
from worker.dedup.places import places
from worker.dedup.reading import Reading
from worker.dedup.stems import light_stem
from worker.dedup.wording import wording

FULL_LENGTH = 6
"""Letters from which on a word weighs in full: short words are rarely what a headline is about."""

NUMBER_WEIGHT = 0.8
COMMON_WEIGHT = 0.6
"""What numbers weigh, and words that the lexicon has synonyms or titles for: many headlines have them."""

WIDE_SCRIPTS = frozenset({"Hani", "Jpan", "Thai"})
WIDE_WEIGHT = 0.5
"""What a word weighs that is a pair of characters, where words are written without blanks."""

CASED_SCRIPTS = frozenset({"Latn", "Cyrl", "Grek", "Armn"})
NOUNS_IN_CAPITALS = frozenset({"de"})
LONG_LETTERS = 4
MOST_CAPITALS = 0.7
"""Share of longer words with a capital above which a headline prints all of them so."""

LOOKED_AT = 400
"""Characters in which capitals are looked for."""

NUMBER = "#"
"""How the concepts of numbers begin; others are stems."""

Phrases = Mapping[str, Sequence[tuple[tuple[str, ...], str, str]]]
"""Stems, group and place's code of a phrase, by its first stem."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A word, phrase or number: its first word's place, its words, what it says, its group of synonyms, its weight.

    `code` is of a place ("" for none, as in `group`). `is_title`: a name follows ("president"). `is_name`: it is
    printed with a capital where capitals tell names.
    """

    place: int
    text: str
    concept: str
    weight: float
    group: str = ""
    code: str = ""
    is_title: bool = False
    is_name: bool = False


def find_units(reading: Reading) -> Iterator[Unit]:
    """Yield the units of a headline; all of its words where none carries meaning."""
    words = lexicon(reading.language)
    capitals = find_capitals(reading)
    numbers = {figure.place for figure in reading.figures}
    found = False
    at = 0
    while at < len(reading.words):
        length, unit = _unit_at(reading, words, numbers, at)
        if (
            at in numbers
            or length > 1
            or not (
                reading.stops[at] or is_function(reading.language, reading.words[at]) or _is_tag(reading, words, at)
            )
        ):
            found = True
            yield replace(unit, is_name=True) if reading.words[at] in capitals else unit
        at += length
    if not found:
        yield from (_word(reading, words, at) for at in range(len(reading.words)))


def _is_tag(reading: Reading, words: Lexicon, at: int) -> bool:
    """Tell whether a word at an end is an editor's, though no mark parts it from the headline."""
    if at == 0:
        return reading.words[at] in words.urgent
    return at == len(reading.words) - 1 and reading.words[at] in words.urgent_end


def merge(one: Unit, other: Unit, reading: Reading) -> Unit:
    """Return two units as one word."""
    text = one.text + other.text
    return replace(one, text=text, concept=plain(text, reading.script), weight=_weight(reading, text, is_common=False))


def find_sides(unit: Unit, language: str) -> Sides:
    """Return the pairs of contraries in which a unit stands, and its sides."""
    table = lexicon(language).contraries
    return table.get(unit.text) or table.get(unit.concept) or table.get(unit.group, frozenset())


def is_function(language: str, word: str) -> bool:
    """Tell whether a word negates, asks or may be there or not, which is nothing of what the headline is about."""
    words = lexicon(language)
    return word in words.negations or word in words.questions or word in wording(language).passing


def _unit_at(reading: Reading, words: Lexicon, numbers: set[int], at: int) -> tuple[int, Unit]:
    """Return the unit that begins at a place, and how many words it has."""
    if at in numbers:
        word = reading.words[at]
        return 1, Unit(at, word, f"{NUMBER}{word}", NUMBER_WEIGHT)
    for stems, group, code in phrases(reading.language).get(plain(reading.stems[at], reading.script), ()):
        if tuple([plain(one, reading.script) for one in reading.stems[at : at + len(stems)]]) == stems:
            text = " ".join(reading.words[at : at + len(stems)])
            return len(stems), Unit(at, text, " ".join(stems), 1.0, group, code)
    return 1, _word(reading, words, at)


def _word(reading: Reading, words: Lexicon, at: int) -> Unit:
    word, stemmed = reading.words[at], reading.stems[at]
    known = synonyms(reading.language)
    group = known.get(word) or known.get(stemmed) or known.get(plain(word, reading.script), "")
    is_title = word in words.titles or stemmed in words.titles
    weight = _weight(reading, word, is_common=bool(group) or is_title)
    code = _code(reading, word, stemmed)
    return Unit(at, word, plain(stemmed, reading.script), weight, group, code, is_title)


def plain(word: str, script: str) -> str:
    """Return a word without accents, which capitals and haste leave out; Chinese in simplified characters."""
    if word.isascii():
        return word
    if script == "Hani":
        return simplify(word)
    if script not in CASED_SCRIPTS:
        return word
    return "".join([letter for letter in normalize("NFD", word) if not combining(letter)]) or word


def _weight(reading: Reading, word: str, *, is_common: bool) -> float:
    if reading.script in WIDE_SCRIPTS:
        return WIDE_WEIGHT
    full = min(len(word), FULL_LENGTH) / FULL_LENGTH
    return full * COMMON_WEIGHT if is_common else full


def _code(reading: Reading, word: str, stemmed: str) -> str:
    known = _place_words(reading.language)
    return known.get(word) or known.get(plain(stemmed, reading.script), "")


def find_capitals(reading: Reading) -> frozenset[str]:
    """Return the folded words that are printed with a capital inside a headline whose other words are not."""
    if reading.script not in CASED_SCRIPTS or reading.language in NOUNS_IN_CAPITALS:
        return frozenset()
    printed = reading.shown[:LOOKED_AT].split()
    long = [word for word in printed if len(word) >= LONG_LETTERS and word[0].isalpha()]
    capitals = [word for word in long if word[0].isupper()]
    if len(capitals) > MOST_CAPITALS * len(long):
        return frozenset()
    named = (word for before, word in pairwise(printed) if word[0].isupper() and before[-1] not in ".:!?|-–—")
    return frozenset(chain.from_iterable(key(word).split() for word in named))


@cache
def synonyms(language: str) -> Mapping[str, str]:
    """Return the groups of the language's synonyms, by their words; those of `wording` go before the lexicon's."""
    return {**lexicon(language).synonyms, **wording(language).synonyms}


@cache
def _codes(language: str) -> Mapping[str, str]:
    """Return the codes of place names, and of names that stand for a place: the White House for its country."""
    known = places(language)
    groups = {group: known[name] for name, group in synonyms(language).items() if name in known}
    named = {name: groups[group] for name, group in synonyms(language).items() if group in groups}
    return {**known, **named}


@cache
def _place_words(language: str) -> Mapping[str, str]:
    """Return the places of one word by the word and by its stem, without accents."""
    stems = lexicon(language).stems
    named = {name: code for name, code in _codes(language).items() if " " not in name}
    return {**{plain(light_stem(name, stems), "Latn"): code for name, code in named.items()}, **named}


@cache
def phrases(language: str) -> Phrases:
    """Return synonyms and places of several words by the first one's stem, the longest first."""
    affixes, codes = lexicon(language).stems, _codes(language)
    grouped = {name: (group, codes.get(name, "")) for name, group in synonyms(language).items()}
    named = {name: ("", code) for name, code in codes.items()}
    found: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
    for name, (group, code) in sorted((named | grouped).items(), key=lambda one: -len(one[0].split())):
        stems = tuple([plain(light_stem(word, affixes), "Latn") for word in name.split()])
        if len(stems) > 1:
            found.setdefault(stems[0], []).append((stems, group, code))
    return found
