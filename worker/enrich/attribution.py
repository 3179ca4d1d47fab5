"""Who is said to speak: attribution verbs and phrases around a quotation or a reported clause.

In: the clause before it or the words behind it. Out: an `Attribution`: the verb or phrase as printed and the subject's
words. A verb without a subject of its own takes that of the verb before ("denied the charge and said", "..., adding").
"""

from typing import NamedTuple

from worker.enrich.cues import Cue, cue_at, find_cues
from worker.enrich.lexicon import fold
from worker.enrich.subject import find_ahead, find_behind, find_first
from worker.enrich.voice import Voice
from worker.enrich.words import Words, words_of

NEAR = 56
"""Characters before a quotation that mostly hold its verb; the rest of the clause is read only where they do not."""

REACH_AFTER = 14
"""Words behind a quotation in which its verb stands, subject first ("..., the minister of ... said")."""

_COMMAS = (",", "،", "-", "–", "—", "!", "?")


class Attribution(NamedTuple):
    """A cue and its subject (without words: the speaker before)."""

    cue: Cue
    key: str
    """The cue's last word, folded."""
    subject: Words
    gap: list[str]
    """The words between cue and subject, whichever is last, and what is said, folded."""
    last_key: str | None
    """The word next to what is said: of a subject or of what follows it."""
    is_open: bool
    """Whether what is said follows at once, or a colon or a word such as "that" stands between."""
    is_ahead: bool
    """Whether the subject stands before its verb."""


def find_before(clause: str, lexicon: Voice) -> Attribution | None:
    """Return the attribution in the clause before a quotation: the cue nearest to it."""
    near = clause.find(" ", len(clause) - NEAR) if len(clause) > NEAR and not lexicon.subject_first else -1
    found = _find_nearest(clause[near + 1 :], lexicon)
    return found or (_find_nearest(clause, lexicon) if near >= 0 else None)


def find_after(words: Words, clause: str, lexicon: Voice) -> Attribution | None:
    """Return the attribution in the words behind a quotation, up to its sentence's end.

    `clause` is what stands before the quotation: in verb-last languages the subject (`Name, "..." dedi`).
    """
    if not words.keys or (lexicon.comma_after and not words.gaps[0].startswith(_COMMAS)):
        return None
    words = words.cut(range(REACH_AFTER))
    for index, key in enumerate(words.keys):
        if key in lexicon.cues and (cue := cue_at(words, index, lexicon)):
            return None if _opens_other(words, cue, lexicon) else _attribute_after(words, cue, clause, lexicon)
        if index == 0 and lexicon.inverted_endings and key.endswith(lexicon.inverted_endings):
            # "soupire-t-il": whatever the verb
            return _attribute_after(words.cut(range(1)), Cue(0, 0, False, words.printed[0]), clause, lexicon)
        if key in lexicon.that:
            break
    return None


def attribute(words: Words, cue: Cue, lexicon: Voice, *, has_colon: bool = False) -> Attribution:
    """Return the attribution of a cue to which the words lead up."""
    keys, after = words.keys, cue.last + 1
    subject, behind = _own_subject(words, cue, lexicon)
    gap = keys[behind.stop if subject is behind else after :]
    named = _without_prefix(words, cue, subject, lexicon) if subject else _subject_before(words, cue, lexicon)
    last_key = keys[-1] if len(keys) > after else None
    is_open = has_colon or not gap or not lexicon.that.isdisjoint(gap)
    return Attribution(cue, keys[cue.last], named, gap, last_key, is_open, subject is not behind)


def is_participle(keys: list[str], cue: Cue, lexicon: Voice) -> bool:
    """Tell whether a cue goes on from the verb before ("..., adding that")."""
    return keys[cue.first] in lexicon.participles or keys[cue.last] in lexicon.participles


def _own_subject(words: Words, cue: Cue, lexicon: Voice) -> tuple[range, range]:
    """Return the subject that stands behind or ahead of a verb, and what stands behind it."""
    behind = range(cue.last + 1, cue.last + 1)
    if is_participle(words.keys, cue, lexicon):
        return behind, behind
    if words.keys[cue.last] not in lexicon.with_object:
        behind = find_behind(words, cue, lexicon)
    if cue.is_phrase or (behind and not lexicon.subject_first):
        return behind, behind
    ahead = find_ahead(words, cue, lexicon)
    return (behind if behind and (ahead.is_doubtful or not ahead.stretch) else ahead.stretch), behind


def _find_nearest(clause: str, lexicon: Voice) -> Attribution | None:
    words = words_of(clause)
    keys, cues = words.keys, lexicon.cues
    for index in range(len(keys) - 1, -1, -1):
        if keys[index] in cues and (cue := cue_at(words, index, lexicon)):
            return attribute(words, cue, lexicon, has_colon=clause.rstrip().endswith(":"))
    return None


def _opens_other(words: Words, cue: Cue, lexicon: Voice) -> bool:
    """Tell whether a verb behind a quotation opens what comes: "..., وقال", "..., adding", "..., said that"."""
    is_linked = cue.first == cue.last and len(cue.verb) < len(words.printed[cue.first])
    is_going_on = is_participle(words.keys, cue, lexicon) and not lexicon.verb_last
    return is_linked or is_going_on or not lexicon.opens_clause.isdisjoint(words.keys[cue.last + 1 : cue.last + 2])


def _attribute_after(words: Words, cue: Cue, clause: str, lexicon: Voice) -> Attribution | None:
    if cue.first and words.keys[0] in lexicon.idle:
        return None
    ahead = find_ahead(words, cue, lexicon).stretch if lexicon.subject_first else range(cue.first)
    if ahead.start and any(map(words.follows_break, range(1, cue.first + 1))):
        # Of several stretches between commas the first names the speaker: "..., Name, the minister, said".
        return None
    subject = words.cut(ahead)
    if not subject.keys and not lexicon.comma_after:
        before = words_of(clause)
        if before.keys and before.keys[-1] not in lexicon.participles:
            subject = before.cut(find_first(before, len(before.keys), lexicon))
    if not subject.keys and not is_participle(words.keys, cue, lexicon):
        subject = words.cut(find_behind(words, cue, lexicon))
    return Attribution(cue, words.keys[cue.last], subject, [], None, is_open=True, is_ahead=bool(ahead))


def _without_prefix(words: Words, cue: Cue, subject: range, lexicon: Voice) -> Words:
    """Return the subject without the letter that a phrase writes together with it ("وفقا لوزارة")."""
    found = words.cut(subject)
    key = found.keys[0]
    if words.keys[cue.last] not in lexicon.prefixed or not key.startswith(lexicon.prefix):
        return found
    # "لل" is the letter and the article, whose first letter is left out.
    has_article = key.startswith(lexicon.prefix * 2)
    printed = "ا" + found.printed[0][1:] if has_article else found.printed[0][len(lexicon.prefix) :]
    return Words([printed, *found.printed[1:]], [fold(printed), *found.keys[1:]], found.gaps)


def _subject_before(words: Words, cue: Cue, lexicon: Voice) -> Words:
    """Return the subject of the verb before, which one without its own goes on from ("denied the charge and said")."""
    ahead = words.cut(range(cue.first))
    if not ahead.keys:
        return ahead
    for other in reversed(list(find_cues(ahead, lexicon))):
        if not other.is_phrase and (subject := _own_subject(ahead, other, lexicon)[0]):
            return ahead.cut(subject)
    return ahead.cut(_leading_name(ahead, lexicon))


def _leading_name(words: Words, lexicon: Voice) -> range:
    """Return the words in capitals before a verb that is linked to an earlier one ("Name denied it and said")."""
    last = 0
    if words.keys and words.keys[-1] in lexicon.links:
        while last < len(words.keys) and (words.is_cased(last) or words.keys[last] in lexicon.particles):
            last += 1
    return range(last if last > 1 else 0)
