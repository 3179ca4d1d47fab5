"""The words of one language by which a text says who speaks: ``worker/data/attribution.toml``, folded."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from worker.enrich.lexicon import folded, read
from worker.enrich.months import weekdays
from worker.enrich.words import words_of

CueWords = tuple[tuple[str, ...], bool]
"""The folded words of a cue, and whether it is a phrase ("according to") and no verb."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One language of the lexicon, whose head says what each list is."""

    comma_after: bool
    verbs: list[str]
    phrases: list[str]
    pronouns: list[str]
    that: list[str]
    stops: list[str]
    not_subject: list[str]
    titles: list[str]
    particles: list[str]
    called: list[str]
    attached: str = ""
    addressed: list[str] = field(default_factory=list)
    negations: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Voice:
    """What `attribution` and `speaker` need of a language."""

    cues: dict[str, tuple[CueWords, ...]]
    """First word, with and without a letter attached -> the cues that begin with it, longest first."""
    attached: str
    comma_after: bool
    subject_first: bool
    """Whether the subject usually stands before its verb; Arabic news puts the verb first."""
    pronouns: frozenset[str]
    that: frozenset[str]
    addressed: frozenset[str]
    idle: frozenset[str]
    """Words that no subject holds: it ends before them, or begins behind them."""
    ends_subject: frozenset[str]
    """Those and the words that open what is said."""
    negations: frozenset[str]
    titles: frozenset[str]
    particles: frozenset[str]
    called: frozenset[str]
    function_words: frozenset[str]
    """What no given name is: idle, titles, cues' first words, negations, and what opens speech."""


@cache
def voice(language: str) -> Voice | None:
    """Return the attribution words of a language, None for one that is not read."""
    entry = _entries().get(language)
    return _build(entry, language) if entry else None


@cache
def _entries() -> dict[str, _Entry]:
    return read("attribution", dict[str, _Entry])


def _build(entry: _Entry, language: str) -> Voice:
    that = _joined(entry, entry.that)
    idle = _joined(entry, [*entry.stops, *entry.not_subject, *weekdays(language)])
    cues, titles, negations = _cues(entry), folded(entry.titles), folded(entry.negations)
    return Voice(
        cues=cues,
        attached=entry.attached,
        comma_after=entry.comma_after,
        subject_first=not entry.attached,
        pronouns=folded(entry.pronouns),
        that=that,
        addressed=folded(entry.addressed),
        idle=idle,
        ends_subject=idle | that,
        negations=negations,
        titles=titles,
        particles=folded(entry.particles),
        called=folded(entry.called),
        function_words=idle | that | titles | negations | frozenset(cues),
    )


def _joined(entry: _Entry, words: Iterable[str]) -> frozenset[str]:
    """Return the words folded, with and without each of the letters that may be attached to them."""
    bare = folded(words)
    return bare | {letter + word for letter in entry.attached for word in bare}


def _cues(entry: _Entry) -> dict[str, tuple[CueWords, ...]]:
    filed: dict[str, list[CueWords]] = {}
    for names, is_phrase in ((entry.verbs, False), (entry.phrases, True)):
        for name in names:
            words = tuple(words_of(name).keys)
            for letter in ("", *entry.attached):
                filed.setdefault(letter + words[0], []).append((words, is_phrase))
    return {first: tuple(sorted(cues, key=_length, reverse=True)) for first, cues in filed.items()}


def _length(cue: CueWords) -> int:
    return len(cue[0])
