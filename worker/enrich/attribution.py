"""Who is said to speak: attribution verbs and phrases around a quotation.

In: the clause before a quotation or the words behind it. Out: an `Attribution`: the verb or phrase as printed and the
subject's words. What the subject is called in full is the business of `speaker`.
"""

from typing import NamedTuple

from worker.enrich.voice import Voice
from worker.enrich.words import Words, words_of

NEAR = 56
"""Characters before a quotation that mostly hold its verb; the rest of the clause is read only where they do not."""

LONGEST_SUBJECT = 12
"""Words: "the spokesman of the ministry of ... of the republic of ..." has as many."""

LONGEST_NAME = 4
"""Words of a name between commas: "..., Name of a Person, ..."."""

REACH_AFTER = 14
"""Words behind a quotation in which its verb stands, subject first ("..., the minister of ... said")."""

_COMMAS = (",", "،", "-", "–", "—", "!", "?")


class Attribution(NamedTuple):
    """A cue and its subject (without words: the speaker before)."""

    verb: str
    subject: Words
    last_key: str | None
    """The word next to the quotation, folded: of a subject or of what follows it."""
    opens_speech: bool
    """Whether the quotation follows at once, or a colon or a word such as "that" stands between."""


class _Cue(NamedTuple):
    first: int
    last: int
    is_phrase: bool
    verb: str


def find_before(clause: str, lexicon: Voice) -> Attribution | None:
    """Return the attribution in the clause before a quotation: the cue nearest to it."""
    near = clause.find(" ", len(clause) - NEAR) if len(clause) > NEAR and not lexicon.subject_first else -1
    found = _find_nearest(clause[near + 1 :], lexicon)
    return found or (_find_nearest(clause, lexicon) if near >= 0 else None)


def _find_nearest(clause: str, lexicon: Voice) -> Attribution | None:
    words = words_of(clause)
    keys, cues = words.keys, lexicon.cues
    for index in range(len(keys) - 1, -1, -1):
        if keys[index] in cues and (cue := _cue_at(words, index, lexicon)):
            return _attribute_before(words, cue, lexicon, clause)
    return None


def find_after(text: str, clause: str, lexicon: Voice) -> Attribution | None:
    """Return the attribution in the words behind a quotation, up to its sentence's end.

    `clause` is what stands before the quotation: in verb-last languages the subject (`Name, "..." dedi`).
    """
    if lexicon.comma_after and not text.lstrip(" \u00a0").startswith(_COMMAS):
        return None
    words = words_of(text).cut(range(REACH_AFTER))
    for index, key in enumerate(words.keys):
        if key in lexicon.cues and (cue := _cue_at(words, index, lexicon)):
            return _attribute_after(words, cue, clause, lexicon)
        if key in lexicon.that:
            break
    return None


def _attribute_before(words: Words, cue: _Cue, lexicon: Voice, clause: str) -> Attribution:
    behind = subject = _subject_behind(words, cue, lexicon)
    if _may_stand_ahead(cue, behind, lexicon):
        ahead = _subject_ahead(words, cue, lexicon)
        subject = behind if behind and (ahead.is_doubtful or not ahead.stretch) else ahead.stretch
    keys, after = words.keys, cue.last + 1
    gap = keys[behind.stop if subject is behind else after :]
    opens = not gap or not lexicon.that.isdisjoint(gap) or clause.rstrip().endswith(":")
    last_key = keys[-1] if len(keys) > after else None
    return Attribution(cue.verb, words.cut(subject), last_key, opens)


def _may_stand_ahead(cue: _Cue, behind: range, lexicon: Voice) -> bool:
    """Tell whether the subject may stand before its cue: never a phrase's, in verb-first languages as one word only."""
    return not cue.is_phrase and (lexicon.subject_first or (not behind and cue.first == 1))


def _attribute_after(words: Words, cue: _Cue, clause: str, lexicon: Voice) -> Attribution | None:
    if cue.first and (words.keys[0] in lexicon.idle or any(map(words.follows_break, range(1, cue.first + 1)))):
        return None
    subject = words.cut(_trimmed(words, range(cue.first), lexicon) or _subject_behind(words, cue, lexicon))
    if not subject.keys and not lexicon.comma_after:
        before = words_of(clause)
        subject = before.cut(_segment_before(before, len(before.keys), lexicon)[0])
    return Attribution(cue.verb, subject, None, opens_speech=True)


def _subject_behind(words: Words, cue: _Cue, lexicon: Voice) -> range:
    """Return the words behind the verb, up to a break; of "the spokesman, Name of Person, that" the name."""
    subject = _segment(words, cue.last + 1, lexicon)
    if not subject or words.keys[subject.start] not in lexicon.titles or not _ends_at_break(words, subject):
        return subject
    name = _segment(words, subject.stop, lexicon, behind_break=True)
    is_name = 1 < len(name) <= LONGEST_NAME and lexicon.titles.isdisjoint(words.keys[name.start : name.stop])
    return name if is_name else subject


def _segment(words: Words, first: int, lexicon: Voice, *, behind_break: bool = False) -> range:
    """Return the words from `first` up to a break or a word that no subject holds."""
    keys, gaps = words.keys, words.gaps
    end = min(first + LONGEST_SUBJECT, len(keys))
    for index in range(first, end):
        key = keys[index]
        is_parted = gaps[index] and words.follows_break(index) and not (behind_break and index == first)
        if is_parted or key in lexicon.ends_subject or _ends_name(index - first, key, lexicon):
            return range(first, index)
    return range(first, end)


def _ends_at_break(words: Words, subject: range) -> bool:
    return len(subject) < LONGEST_SUBJECT and subject.stop < len(words.keys) and words.follows_break(subject.stop)


def _ends_name(index: int, key: str, lexicon: Voice) -> bool:
    """Tell whether a word behind a verb ends the speaker's name: another verb, an office behind it, the listener."""
    if index == 0:
        return key in lexicon.cues
    if not lexicon.attached:
        return False
    to_listener = key.startswith("ل") and (key.startswith("لل") or key[1:] in lexicon.called)
    return to_listener or (index > 1 and key in lexicon.titles)


class _Ahead(NamedTuple):
    """A subject before its verb; in doubt where a preposition or a comma stands between ("In ... said Name")."""

    stretch: range
    is_doubtful: bool


def _subject_ahead(words: Words, cue: _Cue, lexicon: Voice) -> _Ahead:
    """Return the words before the verb, up to a break; of "Name of Person, the spokesman, said" the name."""
    near, rest = _segment_before(words, cue.first, lexicon)
    before, _ = _segment_before(words, rest, lexicon)
    is_parted = words.follows_break(cue.first)
    is_apposition = is_parted or (near and words.keys[near.start] in lexicon.titles)
    subject = before if before and (not near or (is_apposition and _is_name(words, before))) else near
    is_cut = cue.first > len(subject) and words.keys[cue.first - len(subject) - 1] in lexicon.idle
    return _Ahead(subject, (is_parted or is_cut) and words.keys[cue.first] not in lexicon.addressed)


def _segment_before(words: Words, end: int, lexicon: Voice) -> tuple[range, int]:
    """Return the words before `end`, back to a break or a cue, and where those before them end."""
    first = end
    while first > 0 and words.keys[first - 1] not in lexicon.cues:
        first -= 1
        if words.follows_break(first):
            break
    return _trimmed(words, range(first, end), lexicon), first


def _is_name(words: Words, subject: range) -> bool:
    capitals = sum(map(words.is_cased, subject))
    return len(subject) <= LONGEST_NAME and (
        capitals >= len(subject) - 1 or not words.printed[subject.start][0].islower()
    )


def _trimmed(words: Words, subject: range, lexicon: Voice) -> range:
    """Return the subject without conjunctions and adverbs around it, and from behind the last word that ends one."""
    first, last = subject.start, subject.stop
    while last > first and words.keys[last - 1] in lexicon.idle:
        last -= 1
    start = last
    while start > max(first, last - LONGEST_SUBJECT) and words.keys[start - 1] not in lexicon.idle:
        start -= 1
    return range(start, last)


def _cue_at(words: Words, index: int, lexicon: Voice) -> _Cue | None:
    key = words.keys[index]
    for cue, is_phrase in lexicon.cues[key]:
        end = index + len(cue)
        if len(cue) == 1 or tuple(words.keys[index + 1 : end]) == cue[1:]:
            attached = len(key) - len(cue[0])
            printed = words.printed[index] if len(cue) == 1 else " ".join(words.printed[index:end])
            return _Cue(index, end - 1, is_phrase, printed[attached:])
    return None
