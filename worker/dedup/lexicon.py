"""How each language words its headlines: the files under `worker/data/headlines`, read once and folded.

In: a language's code. Out: a `Lexicon`, whose words are spelled as `normalise.key` spells them. A language without a
file gets the lexicon of no language, `und.toml`, which has hardly a word. Nothing here looks at a headline.

In the files a table's words stand in one string, parted by blanks, an underscore within a phrase; or in a list, where
phrases have blanks. What each table holds is said at the fields of `Lexicon`.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any, Literal

from pydantic import TypeAdapter

from worker.dedup.normalise import key_of_shown
from worker.dedup.stems import Stems, light_stem

Words = str | list[str]
Sides = frozenset[tuple[int, int]]
Apostrophe = Literal["join", "part", "cut"]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A language's words, folded."""

    language: str
    decimal: str
    """The mark before decimals."""
    group: int
    """Digits between two names of large numbers: 3, in East Asia 4."""
    groups_by_blank: bool
    """Thousands are parted by blanks: "1 500"."""
    ones_first: bool
    """Five and twenty is twenty-five."""
    month_first: bool
    """May 12, not 12 May alone."""
    apostrophe: Apostrophe
    """What becomes of the word behind an apostrophe: joined, a word of its own, cut off."""
    possessives: frozenset[str]
    """Ends that are cut off behind an apostrophe."""
    urgent: frozenset[str]
    """What editors put before a headline: "BREAKING", "Watch"."""
    urgent_end: frozenset[str]
    """What they put behind it: "video"."""
    urgent_bare: frozenset[str]
    """What they put before it without a mark between."""
    sources_first: frozenset[str]
    """Words with which the names of newspapers, agencies and stations begin."""
    sources_last: frozenset[str]
    """Words with which they end."""
    not_sources: frozenset[str]
    """Ends of headlines that look like such a name: "bad news"."""
    agencies: frozenset[str]
    """Names that stand also before a headline, with a colon."""
    papers: frozenset[str]
    """Names that stand behind a headline only: before a colon they may be what it is about."""
    stops: frozenset[str]
    negations: frozenset[str]
    negation_parts: tuple[str, ...]
    """Parts of words that negate, `*` where the word goes on: "نمی*", "*않*"."""
    denials: frozenset[str]
    questions: frozenset[str]
    """Words that make a question wherever they stand."""
    question_starts: frozenset[str]
    """Words that make a question of a headline that begins with them."""
    question_parts: tuple[str, ...]
    """Parts of words that do, as with `negation_parts`."""
    contraries: Mapping[str, Sides]
    """The pairs in which a word or stem stands, and its side: whoever stands on the other says the opposite."""
    synonyms: Mapping[str, str]
    """A word or stem and the first word of its group: headlines put them for one another."""
    titles: frozenset[str]
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    """From Monday, which is 1."""
    dating: frozenset[str]
    """Words before a month that stands by itself: "in May"."""
    glue: frozenset[str]
    """Words between a day and its month, a month and its year, a number and its unit."""
    numbers: Mapping[str, str]
    scales: Mapping[str, int]
    """Powers of ten: million is 6."""
    vague: frozenset[str]
    """Scale words that are no number by themselves: "thousands"."""
    halves: frozenset[str]
    joins: frozenset[str]
    """Words within a number: "and"."""
    ordinals: Mapping[str, int]
    ordinal_ends: frozenset[str]
    """Letters behind the digits of an ordinal: "nd", "й"."""
    decade_ends: frozenset[str]
    """Letters behind the digits of a decade: "s"."""
    names: frozenset[str]
    """Words whose number is part of a name: "Covid 19"."""
    units: Mapping[str, str]
    """A currency's or measure's word and the unit."""
    attached: tuple[str, ...]
    """What is written together with the word behind it, longest first."""
    stems: Stems
    vocabulary: frozenset[str]
    """All words that tell the language."""
    numeric: frozenset[str]
    """All words with which a number, an ordinal or a date can begin."""
    joined: Mapping[str, str]
    """Number words with a joining word written to them, and without it."""


@dataclass(frozen=True, slots=True)
class _File:
    decimal: str = "."
    group: int = 3
    groups_by_blank: bool = False
    ones_first: bool = False
    month_first: bool = False
    apostrophe: Apostrophe = "join"
    possessives: Words = "s"
    urgent: Words = ""
    urgent_end: Words = ""
    urgent_bare: Words = ""
    sources_first: Words = ""
    sources_last: Words = ""
    not_sources: Words = ""
    agencies: Words = ""
    papers: Words = ""
    stops: Words = ""
    negations: Words = ""
    negation_parts: Words = ""
    denials: Words = ""
    questions: Words = ""
    question_starts: Words = ""
    question_parts: Words = ""
    contraries: list[tuple[Words, Words]] = field(default_factory=list)
    synonyms: list[Words] = field(default_factory=list)
    titles: Words = ""
    months: list[Words] = field(default_factory=list)
    weekdays: list[Words] = field(default_factory=list)
    dating: Words = ""
    glue: Words = ""
    series: list[tuple[int, str]] = field(default_factory=list)
    """Words of numbers one after another, from the first one's value on."""
    numbers: dict[str, int | float] = field(default_factory=dict)
    scales: dict[str, int] = field(default_factory=dict)
    vague: Words = ""
    halves: Words = ""
    joins: Words = ""
    ordinals: dict[str, int] = field(default_factory=dict)
    ordinal_ends: Words = ""
    decade_ends: Words = ""
    names: Words = ""
    units: dict[str, Words] = field(default_factory=dict)
    attached: Words = ""
    prefixes: Words = ""
    suffixes: Words = ""
    """An ending, and behind ">" what is put in its place."""
    least_stem: int = 3


PLAIN = ("language", "decimal", "group", "groups_by_blank", "ones_first", "month_first", "apostrophe")
"""Fields that hold no words."""

UNKNOWN = "und"

NUMERIC = ("numbers", "scales", "halves", "ordinals", "months")
"""Tables whose words begin a figure."""

TELLING = (
    *("stops", "negations", "denials", "questions", "titles", "numbers", "scales", "ordinals", "months", "weekdays"),
    *("contraries", "synonyms", "units"),
)
"""Tables whose words tell a language from another."""


@cache
def lexicon(language: str) -> Lexicon:
    """Return the language's words; those of no language where there is no file."""
    file = _read(language if language in languages() else UNKNOWN)
    stems = _stems(file)
    tables: dict[str, Any] = {
        "contraries": _sides(file.contraries, stems),
        "synonyms": _groups(file.synonyms, stems),
        "months": _counted(file.months),
        "weekdays": _counted(file.weekdays),
        "numbers": _numbers(file),
        "scales": dict(_spread(file.scales)),
        "ordinals": dict(_spread(file.ordinals)),
        "units": {word: unit for unit, words in file.units.items() for word in _phrases(words)},
        "attached": _longest_first(file.attached),
        "negation_parts": _parts(file.negation_parts),
        "question_parts": _parts(file.question_parts),
    }
    plain = {name: getattr(file, name) for name in PLAIN if name != "language"}
    derived = {"language", "stems", "vocabulary", "numeric", "joined"}
    names = {one.name for one in fields(Lexicon)} - {*tables, *plain, *derived}
    tables |= {name: frozenset(_phrases(getattr(file, name))) for name in names}
    return Lexicon(
        language=language,
        stems=stems,
        vocabulary=frozenset(chain.from_iterable(tables[name] for name in TELLING)),
        numeric=frozenset(word.split()[0] for name in NUMERIC for word in tables[name]),
        joined=_joined(tables),
        **plain,
        **tables,
    )


@cache
def languages() -> frozenset[str]:
    """Return the codes of the languages that have a file."""
    folder = files("worker").joinpath("data", "headlines")
    return frozenset(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml")) - {
        UNKNOWN
    }


@cache
def every(table: str) -> frozenset[str]:
    """Return a table of phrases of all languages together: a page's tags need not be in its headline's language."""
    return frozenset(chain.from_iterable(_phrases(getattr(_read(code), table)) for code in languages()))


@cache
def _read(language: str) -> _File:
    text = files("worker").joinpath("data", "headlines", f"{language}.toml").read_text(encoding="utf-8")
    return _shape().validate_python(tomllib.loads(text))


@cache
def _shape() -> TypeAdapter[_File]:
    return TypeAdapter(_File)


def _phrases(words: Words) -> list[str]:
    spelled = _spelled(words)
    # An apostrophe parts words in a key, and joins them in a headline's words: both spellings are known.
    joined = [word.replace("'", "") for word in spelled if "'" in word]
    return [key_of_shown(word) for word in (*spelled, *joined)]


def _spelled(words: Words) -> list[str]:
    return words.split() if isinstance(words, str) else words


def _longest_first(words: Words) -> tuple[str, ...]:
    return tuple(sorted(_phrases(words), key=lambda word: (-len(word), word)))


def _parts(words: Words) -> tuple[str, ...]:
    return tuple(
        f"{'*' * word.startswith('*')}{key_of_shown(word)}{'*' * word.endswith('*')}" for word in _spelled(words)
    )


def _spread(table: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    return [(word, value) for words, value in table.items() for word in _phrases(words)]


def _numbers(file: _File) -> dict[str, str]:
    series = [(word, first + step) for first, words in file.series for step, word in enumerate(words.split())]
    return {word: str(value) for words, value in [*series, *file.numbers.items()] for word in _phrases(words)}


def _joined(tables: Mapping[str, Any]) -> dict[str, str]:
    joins = [join for join in tables["joins"] if join in tables["attached"]]
    words = [*tables["numbers"], *tables["scales"], *tables["halves"]]
    return {join + word: word for join in joins for word in words}


def _counted(names: list[Words]) -> dict[str, int]:
    return {word: number for number, words in enumerate(names, 1) for word in _phrases(words)}


def _groups(groups: list[Words], stems: Stems) -> dict[str, str]:
    spelled = [_phrases(words) for words in groups]
    words = {word: group[0] for group in reversed(spelled) for word in group}
    return {light_stem(word, stems): first for word, first in words.items()} | words


def _sides(pairs: list[tuple[Words, Words]], stems: Stems) -> dict[str, Sides]:
    sides: dict[str, set[tuple[int, int]]] = {}
    for number, pair in enumerate(pairs):
        for side, words in enumerate(pair):
            for word in _phrases(words):
                for spelled in (word, light_stem(word, stems)):
                    sides.setdefault(spelled, set()).add((number, side))
    return {word: frozenset(found) for word, found in sides.items()}


def _stems(file: _File) -> Stems:
    endings = [ending.partition(">") for ending in _spelled(file.suffixes)]
    suffixes = sorted(
        {(key_of_shown(old), key_of_shown(new)) for old, _, new in endings}, key=lambda pair: (-len(pair[0]), pair)
    )
    return Stems(_longest_first(file.prefixes), tuple(suffixes), file.least_stem)
