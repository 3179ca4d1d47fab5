"""Who is said to speak: attribution verbs and phrases around a quotation, in the words of one language.

In: the clause before a quotation or the words behind it. Out: an `Attribution`: the verb or phrase as printed and the
subject's words. What the subject is called in full is the business of `speaker`.
"""

import re
from dataclasses import dataclass, field
from functools import cache

from worker.enrich.lexicon import WORD, fold, folded, read
from worker.enrich.months import weekdays

LONGEST_SUBJECT = 12
"""Words: "the spokesman of the ministry of ... of the republic of ..." has as many."""

REACH_AFTER = 14
"""Words behind a quotation in which its verb stands, subject first ("..., the minister of ... said")."""

_BREAK = re.compile(r"[,،:;؛()\[\]–—\n]|\s-\s?|-\s|\ufffc")
"""What ends a subject. U+FFFC stands for another quotation."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as printed, folded, and its place in the text it was taken from."""

    text: str
    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Attribution:
    """A cue and its subject (empty: the speaker before). `gap` are the words between cue or subject and quotation."""

    verb: str
    subject: tuple[Word, ...]
    gap: tuple[Word, ...]
    opens_speech: bool
    """Whether the quotation follows at once, or a colon or a word such as "that" stands between."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One language of ``worker/data/attribution.toml``, whose head says what each list is."""

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
    negations: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Voice:
    """The attribution words of a language, folded."""

    cues: dict[str, tuple[tuple[tuple[str, ...], bool], ...]]
    """First word -> the cues that begin with it, longest first, and whether each is a phrase."""
    attached: str
    comma_after: bool
    subject_first: bool
    pronouns: frozenset[str]
    that: frozenset[str]
    stops: frozenset[str]
    not_subject: frozenset[str]
    negations: frozenset[str]
    titles: frozenset[str]
    particles: frozenset[str]
    called: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Cue:
    first: int
    last: int
    is_phrase: bool
    verb: str


@cache
def voice(language: str) -> Voice | None:
    """Return the attribution words of a language, None for one that is not read."""
    entry = _entries().get(language)
    return _build(entry, language) if entry else None


def words_of(text: str) -> list[Word]:
    """Return the words of a text, printed and folded."""
    matches = list(WORD.finditer(text))
    keys = fold("\n".join(match[0] for match in matches)).split("\n")
    return [Word(match[0], key, *match.span()) for match, key in zip(matches, keys, strict=bool(matches))]


def find_before(clause: str, lexicon: Voice) -> Attribution | None:
    """Return the attribution in the clause before a quotation: the cue nearest to it."""
    words = words_of(clause)
    for index in range(len(words) - 1, -1, -1):
        cue = _cue_at(words, index, lexicon)
        if cue:
            return _attribute_before(clause, words, cue, lexicon)
    return None


def find_after(text: str, lexicon: Voice) -> Attribution | None:
    """Return the attribution in the words behind a quotation, up to its sentence's end."""
    if lexicon.comma_after and not text.lstrip(" \u00a0").startswith((",", "،", "-", "–", "—", "!", "?")):
        return None
    words = words_of(text)[:REACH_AFTER]
    for index in range(len(words)):
        cue = _cue_at(words, index, lexicon)
        if cue:
            return _attribute_after(text, words, cue, lexicon)
        if words[index].key in lexicon.that:
            break
    return None


def _attribute_before(clause: str, words: list[Word], cue: _Cue, lexicon: Voice) -> Attribution:
    behind = _subject_behind(clause, words, cue, lexicon)
    ahead = () if cue.is_phrase else _subject_ahead(clause, words, cue, lexicon)
    subject = (ahead or behind) if lexicon.subject_first else (behind or ahead if _may_precede(cue) else behind)
    after_subject = words.index(subject[-1]) + 1 if subject and subject == behind else cue.last + 1
    gap = tuple(words[after_subject:])
    opens = not gap or clause.rstrip().endswith(":") or any(word.key in lexicon.that for word in gap)
    return Attribution(cue.verb, subject, gap, opens)


def _may_precede(cue: _Cue) -> bool:
    return cue.first == 1


def _attribute_after(text: str, words: list[Word], cue: _Cue, lexicon: Voice) -> Attribution | None:
    ahead = tuple(words[: cue.first])
    if ahead and (_BREAK.search(text, ahead[0].end, words[cue.first].start) or ahead[0].key in lexicon.not_subject):
        return None
    behind = _subject_behind(text, words, cue, lexicon)
    return Attribution(cue.verb, _trimmed(ahead, lexicon) or behind, (), opens_speech=True)


def _subject_behind(text: str, words: list[Word], cue: _Cue, lexicon: Voice) -> tuple[Word, ...]:
    subject: list[Word] = []
    end = words[cue.last].end
    for word in words[cue.last + 1 :][:LONGEST_SUBJECT]:
        if _BREAK.search(text, end, word.start) or word.key in lexicon.that or word.key in lexicon.stops:
            break
        if _cue_key(word.key, lexicon) in lexicon.cues and not subject:
            break
        subject.append(word)
        end = word.end
    return _trimmed(tuple(subject), lexicon)


def _subject_ahead(text: str, words: list[Word], cue: _Cue, lexicon: Voice) -> tuple[Word, ...]:
    """Return the words before the verb, up to a break; of "Name, the minister, said" the first segment."""
    segments: list[list[Word]] = [[]]
    start = words[cue.first].start
    for word in reversed(words[: cue.first]):
        if _BREAK.search(text, word.end, start):
            segments.append([])
        segments[-1].insert(0, word)
        start = word.start
    near = [_trimmed(tuple(segment), lexicon) for segment in segments[:3]]
    return next((segment for segment in near if segment), ())


def _trimmed(subject: tuple[Word, ...], lexicon: Voice) -> tuple[Word, ...]:
    """Return the subject without conjunctions and adverbs around it, and from behind the last word that ends one."""
    idle = lexicon.stops | lexicon.not_subject
    words = list(subject)
    while words and words[-1].key in idle:
        words.pop()
    for index in range(len(words) - 1, -1, -1):
        if words[index].key in idle:
            words = words[index + 1 :]
            break
    return tuple(words[-LONGEST_SUBJECT:])


def _cue_at(words: list[Word], index: int, lexicon: Voice) -> _Cue | None:
    key = words[index].key
    bare = _cue_key(key, lexicon)
    for cue, is_phrase in lexicon.cues.get(bare, ()):
        last = index + len(cue) - 1
        if tuple(word.key for word in words[index + 1 : last + 1]) == cue[1:]:
            verb = " ".join(word.text for word in words[index : last + 1])
            return _Cue(index, last, is_phrase, verb[len(key) - len(bare) :])
    return None


def _cue_key(key: str, lexicon: Voice) -> str:
    if key in lexicon.cues or not lexicon.attached or key[:1] not in lexicon.attached:
        return key
    return key[1:] if key[1:] in lexicon.cues else key


@cache
def _entries() -> dict[str, _Entry]:
    return read("attribution", dict[str, _Entry])


def _build(entry: _Entry, language: str) -> Voice:
    return Voice(
        cues=_cues(entry),
        attached=entry.attached,
        comma_after=entry.comma_after,
        subject_first=not entry.attached,
        pronouns=folded(entry.pronouns),
        that=folded(entry.that),
        stops=folded([*entry.stops, *weekdays(language)]),
        not_subject=folded(entry.not_subject),
        negations=folded(entry.negations),
        titles=folded(entry.titles),
        particles=folded(entry.particles),
        called=folded(entry.called),
    )


def _cues(entry: _Entry) -> dict[str, tuple[tuple[tuple[str, ...], bool], ...]]:
    filed: dict[str, list[tuple[tuple[str, ...], bool]]] = {}
    for names, is_phrase in ((entry.verbs, False), (entry.phrases, True)):
        for name in names:
            words = tuple(word.key for word in words_of(name))
            filed.setdefault(words[0], []).append((words, is_phrase))
    return {first: tuple(sorted(cues, key=lambda cue: -len(cue[0]))) for first, cues in filed.items()}
