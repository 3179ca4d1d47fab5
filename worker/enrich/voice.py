"""The words of one language by which a text says who speaks: ``worker/data/attribution.toml``, folded."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from worker.enrich.lexicon import fold, folded, read
from worker.enrich.months import weekdays
from worker.enrich.words import words_of

CueWords = tuple[tuple[str, ...], bool]
"""The folded words of a cue, and whether it is a phrase ("according to") and no verb."""

_Entry = dict[str, bool | str | list[str]]
_Set = frozenset[str]
_NONE: _Set = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One language of the lexicon, whose head says what each list is.

    Words are folded, and stand both with and without each of the letters that the language writes together with a verb.
    Lists named "endings" are tuples, as `str.endswith` has them.
    """

    cues: dict[str, tuple[CueWords, ...]]
    """First word -> the cues that begin with it, longest first."""
    attached: str = ""
    comma_after: bool
    verb_last: bool = False
    incise: bool = False
    pronouns: _Set
    that: _Set
    opens_clause: _Set = _NONE
    elided: str = ""
    article: str = ""
    idle: _Set
    """Words that no subject holds: it ends before them, or begins behind them."""
    ends_subject: _Set
    """Those and the words that open what is said."""
    titles: _Set
    particles: _Set
    genitives: _Set = _NONE
    called: _Set
    links: _Set = _NONE
    relatives: _Set = _NONE
    determiners: _Set = _NONE
    participles: _Set = _NONE
    with_object: _Set = _NONE
    addressed: _Set = _NONE
    negations: _Set = _NONE
    denials: _Set = _NONE
    auxiliaries: _Set = _NONE
    perfect: _Set = _NONE
    impersonal: _Set = _NONE
    not_reported: _Set = _NONE
    bare: _Set = _NONE
    half_bare: _Set = _NONE
    begins_clause: _Set = _NONE
    subjunctives: _Set = _NONE
    postposed: _Set = _NONE
    times: _Set
    told: _Set = _NONE
    told_to: _Set = _NONE
    prefix: str = ""
    prefixed: _Set = _NONE
    relays: _Set = _NONE
    relayed_from: str = ""
    held_at: _Set = _NONE
    abbreviations: _Set = _NONE
    has_ordinals: bool = False
    plural_endings: tuple[str, ...] = ()
    age_endings: tuple[str, ...] = ()
    inverted_endings: tuple[str, ...] = ()
    noun_endings: tuple[str, ...] = ()
    possessive_endings: tuple[str, ...] = ()
    passives: _Set = _NONE
    passive_endings: tuple[str, ...] = ()
    done_by: str = ""
    from_endings: tuple[str, ...] = ()
    settings: _Set = _NONE
    suffix_mark: str = ""
    function_words: _Set
    """What no given name is: idle, titles, cues' first words, auxiliaries, negations, and what opens speech."""

    @property
    def subject_first(self) -> bool:
        """Whether the subject usually stands before its verb; Arabic news puts the verb first."""
        return not self.attached


@cache
def voice(language: str) -> Voice | None:
    """Return the attribution words of a language, None for one that is not read."""
    entry = _entries().get(language)
    return _build(entry, language) if entry else None


@cache
def _entries() -> dict[str, _Entry]:
    return read("attribution", dict[str, _Entry])


def _build(entry: _Entry, language: str) -> Voice:
    attached = str(entry.get("attached", ""))
    lists = {name: value for name, value in entry.items() if isinstance(value, list)}
    cues = _cues(lists.pop("verbs"), lists.pop("phrases", []), attached)
    lists["times"] = [*lists.get("times", ()), *weekdays(language)]
    lists["idle"] = [*lists.pop("stops"), *lists.pop("not_subject"), *weekdays(language)]
    sets = {name: _joined(words, attached) for name, words in lists.items()}
    endings = {name: tuple(sorted(words, key=_by_length)) for name, words in sets.items() if name.endswith("endings")}
    plain = {name: fold(value) if isinstance(value, str) else value for name, value in entry.items()}
    values: dict[str, Any] = (
        {name: value for name, value in plain.items() if not isinstance(value, list)} | sets | endings
    )
    others = ("idle", "that", "titles", "negations", "auxiliaries", "perfect")
    return Voice(
        **values,
        cues=cues,
        ends_subject=sets["idle"] | sets["that"],
        function_words=frozenset(cues).union(*(sets.get(name, _NONE) for name in others)),
    )


def _joined(words: Iterable[str], attached: str) -> frozenset[str]:
    """Return the words folded, with and without each of the letters that may be attached to them."""
    bare = folded(words)
    return bare | {letter + word for letter in attached for word in bare}


def _cues(verbs: Iterable[str], phrases: Iterable[str], attached: str) -> dict[str, tuple[CueWords, ...]]:
    filed: dict[str, list[CueWords]] = {}
    for names, is_phrase in ((verbs, False), (phrases, True)):
        for name in names:
            words = tuple(words_of(name).keys)
            for letter in ("", *attached):
                filed.setdefault(letter + words[0], []).append((words, is_phrase))
    return {first: tuple(sorted(cues, key=_length, reverse=True)) for first, cues in filed.items()}


def _by_length(ending: str) -> tuple[int, str]:
    return -len(ending), ending


def _length(cue: CueWords) -> int:
    return len(cue[0])
