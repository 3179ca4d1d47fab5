"""Who is said to speak: attribution verbs and phrases around a quotation.

In: the clause before a quotation or the words behind it. Out: an `Attribution`: the verb or phrase as printed and the
subject's words. What the subject is called in full is the business of `speaker`.
"""

from typing import NamedTuple

from worker.enrich.voice import Voice
from worker.enrich.words import Word, words_of

NEAR = 56
"""Characters before a quotation that mostly hold its verb; the rest of the clause is read only where they do not."""

LONGEST_SUBJECT = 12
"""Words: "the spokesman of the ministry of ... of the republic of ..." has as many."""

LONGEST_NAME = 4
"""Words of a name between commas: "..., Name of a Person, ..."."""

REACH_AFTER = 14
"""Words behind a quotation in which its verb stands, subject first ("..., the minister of ... said")."""

_COMMAS = (",", "،", "-", "–", "—", "!", "?")

Subject = tuple[Word, ...]


class Attribution(NamedTuple):
    """A cue and its subject (empty: the speaker before)."""

    verb: str
    subject: Subject
    last_word: Word | None
    """The word next to the quotation, of a subject or of what follows it."""
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
    for index in range(len(words) - 1, -1, -1):
        if words[index].key in lexicon.cues and (cue := _cue_at(words, index, lexicon)):
            return _attribute_before(words, cue, lexicon, ends_with_colon=clause.rstrip().endswith(":"))
    return None


def find_after(text: str, clause: str, lexicon: Voice) -> Attribution | None:
    """Return the attribution in the words behind a quotation, up to its sentence's end.

    `clause` is what stands before the quotation: in verb-last languages the subject (`Name, "..." dedi`).
    """
    if lexicon.comma_after and not text.lstrip(" \u00a0").startswith(_COMMAS):
        return None
    words = words_of(text)[:REACH_AFTER]
    for index, word in enumerate(words):
        if word.key in lexicon.cues and (cue := _cue_at(words, index, lexicon)):
            return _attribute_after(words, cue, words_of(clause), lexicon)
        if word.key in lexicon.that:
            break
    return None


def _attribute_before(words: list[Word], cue: _Cue, lexicon: Voice, *, ends_with_colon: bool) -> Attribution:
    behind = _subject_behind(words, cue, lexicon)
    ahead = _subject_ahead(words, cue, lexicon) if _may_stand_ahead(cue, behind, lexicon) else _NOWHERE
    subject = behind if behind and (ahead.is_doubtful or not ahead.words) else ahead.words
    gap = words[words.index(behind[-1]) + 1 if behind and subject is behind else cue.last + 1 :]
    opens = ends_with_colon or not gap or any(word.key in lexicon.that for word in gap)
    return Attribution(cue.verb, subject, words[-1] if words[-1] is not words[cue.last] else None, opens)


def _may_stand_ahead(cue: _Cue, behind: Subject, lexicon: Voice) -> bool:
    """Tell whether the subject may stand before its cue: never a phrase's, in verb-first languages as one word only."""
    return not cue.is_phrase and (lexicon.subject_first or (not behind and cue.first == 1))


def _attribute_after(words: list[Word], cue: _Cue, clause: list[Word], lexicon: Voice) -> Attribution | None:
    ahead = words[: cue.first]
    if ahead and (ahead[0].key in lexicon.idle or any(word.follows_break for word in words[1 : cue.first + 1])):
        return None
    subject = _trimmed(ahead, lexicon) or _subject_behind(words, cue, lexicon)
    if not subject and not lexicon.comma_after:
        subject, _ = _segment_before(clause, lexicon)
    return Attribution(cue.verb, subject, None, opens_speech=True)


def _subject_behind(words: list[Word], cue: _Cue, lexicon: Voice) -> Subject:
    """Return the words behind the verb, up to a break; of "the spokesman, Name of Person, that" the name."""
    subject, rest = _segment(words[cue.last + 1 :], lexicon)
    if subject and subject[0].key in lexicon.titles:
        name, _ = _segment(rest, lexicon, behind_break=True)
        if 1 < len(name) <= LONGEST_NAME and not any(word.key in lexicon.titles for word in name):
            return name
    return subject


def _segment(words: list[Word], lexicon: Voice, *, behind_break: bool = False) -> tuple[Subject, list[Word]]:
    """Return the words up to a break or a word that no subject holds, and those behind a break."""
    for index, word in enumerate(words[:LONGEST_SUBJECT]):
        if word.follows_break and not (behind_break and index == 0):
            return tuple(words[:index]), words[index:] if index else []
        if word.key in lexicon.that or word.key in lexicon.idle or _ends_name(index, word, lexicon):
            return tuple(words[:index]), []
    return tuple(words[:LONGEST_SUBJECT]), []


def _ends_name(index: int, word: Word, lexicon: Voice) -> bool:
    """Tell whether a word behind a verb ends the speaker's name: another verb, an office behind it, the listener."""
    if index == 0:
        return word.key in lexicon.cues
    if not lexicon.attached:
        return False
    to_listener = word.key.startswith("ل") and (word.key.startswith("لل") or word.key[1:] in lexicon.called)
    return to_listener or (index > 1 and word.key in lexicon.titles)


class _Ahead(NamedTuple):
    """A subject before its verb; in doubt where a preposition or a comma stands between ("In ... said Name")."""

    words: Subject
    is_doubtful: bool


_NOWHERE = _Ahead((), is_doubtful=False)


def _subject_ahead(words: list[Word], cue: _Cue, lexicon: Voice) -> _Ahead:
    """Return the words before the verb, up to a break; of "Name of Person, the spokesman, said" the name."""
    near, rest = _segment_before(words[: cue.first], lexicon)
    before, _ = _segment_before(rest, lexicon)
    is_parted = words[cue.first].follows_break
    is_apposition = is_parted or (near and near[0].key in lexicon.titles)
    subject = before if before and (not near or (is_apposition and _is_name(before))) else near
    is_cut = cue.first > len(subject) and words[cue.first - len(subject) - 1].key in lexicon.idle
    return _Ahead(subject, (is_parted or is_cut) and words[cue.first].key not in lexicon.addressed)


def _segment_before(words: list[Word], lexicon: Voice) -> tuple[Subject, list[Word]]:
    first = len(words)
    while first > 0 and words[first - 1].key not in lexicon.cues:
        first -= 1
        if words[first].follows_break:
            break
    return _trimmed(words[first:], lexicon), words[:first]


def _is_name(words: Subject) -> bool:
    capitals = sum(word.text[0].isupper() for word in words)
    return len(words) <= LONGEST_NAME and (capitals >= len(words) - 1 or not words[0].text[0].islower())


def _trimmed(subject: list[Word], lexicon: Voice) -> Subject:
    """Return the subject without conjunctions and adverbs around it, and from behind the last word that ends one."""
    words = list(subject)
    while words and words[-1].key in lexicon.idle:
        words.pop()
    starts = [index + 1 for index, word in enumerate(words) if word.key in lexicon.idle]
    return tuple(words[starts[-1] if starts else 0 :][-LONGEST_SUBJECT:])


def _cue_at(words: list[Word], index: int, lexicon: Voice) -> _Cue | None:
    for cue, is_phrase in lexicon.cues[words[index].key]:
        last = index + len(cue) - 1
        if len(cue) == 1 or tuple(word.key for word in words[index + 1 : last + 1]) == cue[1:]:
            attached = len(words[index].key) - len(cue[0])
            return _Cue(index, last, is_phrase, " ".join(word.text for word in words[index : last + 1])[attached:])
    return None
