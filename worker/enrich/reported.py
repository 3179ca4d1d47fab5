"""What is reported in other words: the clauses without marks around them, before or behind who says them.

In: a paragraph whose quotations are masked. Out: in order, `Report`s: a stretch of the paragraph and its attribution;
and `Mention`s, from which the sentence behind may go on ("accused him of fraud. She added").

Rule. A clause is reported that stands

- behind a verb of speech and a word that opens what is said ("said that", "قال إن"), or a verb that needs no such word
  ("she said the bridge"), or one and a subjunctive ("sagte, die Lage sei ernst");
- before such a verb, as a noun clause ("köprünün açılacağını söyledi");
- behind a phrase that opens its sentence ("According to Name, ..."), or before one who is named at its end ("..., the
  police said").

It goes on to the end of its sentence or to where the next such attribution begins.
"""

from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple

from worker.enrich.attribution import Attribution, attribute, find_after
from worker.enrich.cues import Cue
from worker.enrich.sentence import Sentence, read_sentences
from worker.enrich.voice import Voice
from worker.enrich.words import OBJECT, Words

LONGEST_GAP = 9
"""Words between who speaks and "that": "... said in a statement on the ministry's website that"."""

LONGEST_SPEAKER = 14
"""Words between a verb and "that" that may be its subject."""

LONGEST_LEAD = 8
"""Words between a comma and what it parts: the verb of the next attribution, or the clause that a phrase opens."""

LONGEST_TAIL = 14
"""Words of a sentence's end that tells who says it."""

NEAR_LISTENER = 5
"""Words between "told" and the pronoun that a clause begins with: "told the Daily News of Town he"."""

_DASHES = frozenset("–—-")
_EDGES = " \u00a0,،;:؛.!?؟…–—-•*·▪"

_Found = tuple[int, int, Attribution]


class Report(NamedTuple):
    """A reported clause: its place in the paragraph and who says it."""

    start: int
    end: int
    attribution: Attribution


class Mention(NamedTuple):
    """A verb of speech without a clause ("accused him of fraud"): its place, the words around it, itself."""

    start: int
    words: Words
    cue: Cue


class _Opening(NamedTuple):
    """What opens a clause: the word at which it parts from the clause before, its last word, and the place behind."""

    lead: int
    last: int
    start: int
    attribution: Attribution


def find_reports(masked: str, lexicon: Voice) -> Iterator[Report | Mention]:
    """Give the reported clauses of a paragraph, and who speaks without one."""
    for sentence in read_sentences(masked, lexicon):
        found = _reported(sentence, lexicon)
        yield from _as_reports(found, masked) if found else _mentioned(sentence, lexicon)


def _as_reports(found: list[_Found], masked: str) -> Iterator[Report]:
    for start, end, attribution in found:
        first, last = _trimmed(masked, start, end)
        if masked[first:last].strip(_EDGES + OBJECT):
            yield Report(first, last, attribution)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a stretch without the marks at its ends, a bracket that is not opened in it included."""
    stretch = text[start:end]
    first, last = end - len(stretch.lstrip(_EDGES)), start + len(stretch.rstrip(_EDGES))
    while last > first and text[last - 1] == ")" and "(" not in text[first:last]:
        last = first + len(text[first : last - 1].rstrip(_EDGES))
    return first, last


def _reported(sentence: Sentence, lexicon: Voice) -> list[_Found]:
    behind = _before_verbs if lexicon.noun_endings else _behind_verbs
    for find in (behind, _behind_phrase, _before_tail):
        if found := list(find(sentence, lexicon)):
            return found
    return []


def _mentioned(sentence: Sentence, lexicon: Voice) -> Iterator[Mention]:
    """Give the first verb without a clause; a quotation behind it is not read."""
    gaps = sentence.words.gaps
    until = next((index for index, gap in enumerate(gaps) if index and OBJECT in gap), len(gaps))
    for cue in sentence.cues:
        if not cue.is_phrase and cue.last < until and sentence.words.keys[cue.first] not in lexicon.postposed:
            yield Mention(sentence.start_of(cue.first), sentence.words.cut(range(until)), cue)
            return


def _behind_verbs(sentence: Sentence, lexicon: Voice) -> Iterator[_Found]:
    openings: list[_Opening] = []
    for cue, following in zip_longest(sentence.cues, sentence.cues[1:]):
        lead = _lead(sentence, openings[-1].last + 1, cue, lexicon) if openings else 0
        if lead is None or not _is_finite(sentence.words.keys, cue, lexicon):
            continue
        limit = following.first if following else len(sentence.words.keys)
        if opening := _opened(sentence, cue, lead, limit, lexicon):
            openings.append(opening)
    for opening, later in zip_longest(openings, openings[1:]):
        turn = _turn(sentence, opening)
        if later and (turn is None or later.lead < turn):
            turn = later.lead
        yield opening.start, sentence.end if turn is None else sentence.parts_at(turn), opening.attribution


def _is_finite(keys: list[str], cue: Cue, lexicon: Voice) -> bool:
    """Tell whether somebody speaks by a cue: no postposition, not denied, in no Arabic relative clause."""
    before = keys[cue.first - 1] if cue.first else ""
    if keys[cue.first] in lexicon.postposed or before in lexicon.denials:
        return False
    return not (lexicon.attached and before in lexicon.relatives)


def _opened(sentence: Sentence, cue: Cue, lead: int, limit: int, lexicon: Voice) -> _Opening | None:
    """Return what a cue opens, its attribution read from the words behind `lead`."""
    keys = sentence.words.keys
    for index in range(cue.last + 1, min(limit, cue.last + 1 + LONGEST_GAP + LONGEST_SPEAKER)):
        is_elided = bool(lexicon.elided) and keys[index].startswith(lexicon.elided)
        if is_elided or keys[index] in lexicon.opens_clause:
            attribution = _attribution(sentence, cue, lead, index, lexicon)
            if not _is_linked(attribution, sentence.words, index, lexicon):
                return None
            start = sentence.start_of(index) + len(lexicon.elided) if is_elided else sentence.end_of(index)
            return _Opening(lead, index, start, attribution)
    first = None if cue.is_phrase else _bare_clause(sentence.words, cue, limit, lexicon)
    if first is None:
        return None
    return _Opening(lead, first - 1, sentence.start_of(first), _attribution(sentence, cue, lead, first, lexicon))


def _attribution(sentence: Sentence, cue: Cue, lead: int, until: int, lexicon: Voice) -> Attribution:
    words = sentence.words.cut(range(lead, until))
    return attribute(words, cue.counted_from(lead), lexicon)


def _is_linked(attribution: Attribution, words: Words, until: int, lexicon: Voice) -> bool:
    """Tell whether a cue is a verb, and what stands between it and "that" lets the one open the other."""
    gap = attribution.gap
    if attribution.cue.is_phrase or len(gap) > LONGEST_GAP:
        return False
    if not gap:
        return True
    is_told = attribution.key in lexicon.addressed or (bool(lexicon.prefix) and gap[0].startswith(lexicon.prefix))
    is_apart = is_told or gap[0] in lexicon.idle or words.follows_break(until - len(gap))
    return is_apart and gap[-1] not in lexicon.not_reported


def _bare_clause(words: Words, cue: Cue, limit: int, lexicon: Voice) -> int | None:
    """Return the first word of a clause that no word opens."""
    first = cue.last + 1
    if first >= limit:
        return None
    if lexicon.subjunctives:
        near = range(first, min(limit, first + LONGEST_GAP))
        parted = next((index for index in near if words.follows_break(index)), None)
        return None if parted is None or lexicon.subjunctives.isdisjoint(words.keys[parted:limit]) else parted
    verb, key = words.keys[cue.last], words.keys[first]
    if verb in lexicon.addressed and key not in lexicon.that:
        return _clause_behind(words, range(first + 1, min(limit, first + 1 + NEAR_LISTENER)), lexicon)
    if verb in lexicon.bare and key in lexicon.idle and key not in lexicon.that and not words.follows_break(first):
        # "said on Monday it was reviewing the plan"
        return _clause_behind(words, range(first + 1, min(limit, first + LONGEST_GAP)), lexicon)
    if words.follows_break(first) or not _may_be_bare(words, cue):
        return None
    is_begun = key in lexicon.begins_clause and verb in lexicon.half_bare
    return first if is_begun or (verb in lexicon.bare and key not in lexicon.ends_subject) else None


def _clause_behind(words: Words, near: range, lexicon: Voice) -> int | None:
    """Return the first pronoun with which a clause begins, no mark and no other opening word before it."""
    for index in near:
        key = words.keys[index]
        if words.follows_break(index) or key in lexicon.that:
            return None
        if key in lexicon.begins_clause and key in lexicon.pronouns:
            return index
    return None


def _may_be_bare(words: Words, cue: Cue) -> bool:
    """Tell whether a subject stands before a verb, and not what it says ("The bridge is safe, says its designer")."""
    marks = [index for index in range(1, cue.first + 1) if words.follows_break(index)]
    is_parted = cue.first in marks
    return cue.first > 0 and OBJECT not in words.gaps[cue.first] and (not is_parted or len(marks) > 1)


def _lead(sentence: Sentence, first: int, cue: Cue, lexicon: Voice) -> int | None:
    """Return the word at which an attribution parts from the clause before it, None where it stands inside that."""
    commas = sentence.commas(max(first, cue.first - LONGEST_LEAD), cue.first)
    if commas:
        return commas[-1]
    return cue.first if lexicon.attached and sentence.words.keys[cue.first][0] in lexicon.attached else None


def _turn(sentence: Sentence, opening: _Opening) -> int | None:
    """Return the word at which the sentence goes on with another verb of speech ("..., but he announced")."""
    for cue in sentence.cues:
        for first in range(max(opening.last + 2, cue.first - 2), cue.first + 1):
            if (first == cue.first or not cue.is_phrase) and sentence.words.follows_break(first):
                return first
    return None


def _before_verbs(sentence: Sentence, lexicon: Voice) -> Iterator[_Found]:
    """Give noun clauses, which stand before their verb: "Name, köprünün açılacağını söyledi"."""
    words, since = sentence.words, 0
    for cue in sentence.cues:
        last = cue.first - 1
        while last > since and words.keys[last] in lexicon.idle:
            last -= 1
        is_passive = words.keys[cue.last] in lexicon.passives
        if last <= since or not words.keys[last].endswith(
            lexicon.passive_endings if is_passive else lexicon.noun_endings
        ):
            continue
        first = _behind_subject(words, since, last, lexicon)
        subject = _maker(words.cut(range(since, first)), lexicon) if is_passive else words.cut(range(since, first))
        first = max([first, *(index + 1 for index in range(first, last) if words.keys[index] in lexicon.settings)])
        while first < last and words.keys[first] in lexicon.idle:
            first += 1
        attribution = Attribution(cue, words.keys[cue.last], subject, [], None, is_open=True, is_ahead=True)
        yield sentence.start_of(first), sentence.end_of(last), attribution
        since = cue.last + 1


def _behind_subject(words: Words, since: int, last: int, lexicon: Voice) -> int:
    """Return the first word of a noun clause: behind the comma or the name that its sentence begins with."""
    near = range(since + 1, min(last, since + LONGEST_LEAD))
    if parted := next((index for index in near if words.follows_break(index)), 0):
        return parted
    first = since
    while first < last and words.is_cased(first):
        first += 1
    return first if first - since > 1 and not words.keys[first - 1].endswith(lexicon.possessive_endings) else since


def _maker(words: Words, lexicon: Voice) -> Words:
    """Return who made the statement in which something "was said": "Valilik" of "Valilikten yapılan açıklamada"."""
    if lexicon.done_by not in words.keys[1:]:
        return words.cut(range(0))
    maker = words.cut(range(words.keys.index(lexicon.done_by)))
    ending = next((ending for ending in lexicon.from_endings if maker.keys[-1].endswith(ending)), "")
    last = len(maker.keys[-1]) - len(ending)
    return Words([*maker.printed[:-1], maker.printed[-1][:last]], [*maker.keys[:-1], maker.keys[-1][:last]], maker.gaps)


def _behind_phrase(sentence: Sentence, lexicon: Voice) -> Iterator[_Found]:
    """Give what follows a phrase that opens the sentence: "According to Name, ..."."""
    cue, words = sentence.cues[0], sentence.words
    count = len(words.keys)
    is_postposed = cue.first > 0 and words.keys[cue.first] in lexicon.postposed
    is_postposed = is_postposed and cue.last + 1 < count and words.follows_break(cue.last + 1)
    if not is_postposed and not (cue.is_phrase and cue.first <= 1):
        return
    if any(OBJECT in sentence.masked[sentence.start_of(verb.first) : sentence.end] for verb in sentence.cues[1:2]):
        # "According to the agency, Name said: ...": the verb says whose words are quoted.
        return
    attribution = attribute(words, cue, lexicon)
    first: int | None
    if cue.is_phrase and lexicon.subjunctives:
        first = _behind_noun(words, cue.last + 1, lexicon)
        attribution = attribution._replace(subject=words.cut(range(cue.last + 1, first)))
        if first < count and words.follows_break(first):
            # "Nach Angaben des Ministeriums, das den Bau plant, ..."
            near = range(first + 1, min(count, first + LONGEST_LEAD))
            first = next((index for index in near if words.follows_break(index)), None)
    else:
        first = _behind_speaker(words, cue.last + 1 if is_postposed else count - len(attribution.gap), lexicon)
    if first is not None and first < count and words.keys[first] in lexicon.opens_clause:
        first += 1  # "ووفقا لوزارة النقل، فإن ..."
    if first is not None and first < count:
        yield sentence.start_of(first), sentence.end, attribution


def _behind_speaker(words: Words, first: int, lexicon: Voice) -> int | None:
    """Return the first word behind a phrase and its speaker, and behind the speaker's office between commas."""
    near = range(first, min(len(words.keys), first + LONGEST_LEAD))
    parted = [index for index in near if words.follows_break(index)]
    is_office = len(parted) > 1 and words.keys[parted[0]] in lexicon.titles
    return parted[is_office] if parted else None


def _behind_noun(words: Words, first: int, lexicon: Voice) -> int:
    """Return the word behind a German noun and what depends on it: "der Feuerwehr", "des Sprechers der Polizei"."""
    last = first
    for index in range(first, len(words.keys)):
        if words.is_cased(index) and not (last > first and words.follows_break(index)):
            last = index + 1
        elif last > first and (words.follows_break(index) or words.keys[index] not in lexicon.genitives):
            break
    return last


def _before_tail(sentence: Sentence, lexicon: Voice) -> Iterator[_Found]:
    """Give what stands before who says it: "..., according to Name", "..., the police said"."""
    words, count = sentence.words, len(sentence.words.keys)
    if not lexicon.comma_after or (lexicon.attached and not any(cue.is_phrase for cue in sentence.cues)):
        return
    for comma in reversed(sentence.commas(max(1, count - LONGEST_TAIL), count - 1)):
        attribution = find_after(words.cut(range(comma, count)), "", lexicon)
        if attribution and _is_tail(attribution, words.keys, lexicon):
            if OBJECT in sentence.masked[sentence.start_of(comma) : sentence.end]:
                return
            yield _behind_dateline(sentence), sentence.parts_at(comma), attribution
            return


def _behind_dateline(sentence: Sentence) -> int:
    """Return where a sentence begins, behind a dateline that ends with a bracket and a dash."""
    gaps = sentence.words.gaps[:LONGEST_LEAD]
    dashed = next((index for index, gap in enumerate(gaps) if index and gap.startswith(")") and gap[-1] in _DASHES), 0)
    return sentence.start_of(dashed) if dashed else sentence.begin


def _is_tail(attribution: Attribution, keys: list[str], lexicon: Voice) -> bool:
    """Tell whether a sentence's end says who says the rest, and is no clause of its own ("..., told the paper")."""
    subject, cue = attribution.subject, attribution.cue
    if not subject.keys or attribution.key in lexicon.addressed or keys[0] in lexicon.cues:
        return False
    if cue.is_phrase or attribution.is_ahead:
        return cue.is_phrase or not lexicon.attached
    first = subject.keys[0]
    is_noun = subject.is_cased(0) or first in lexicon.titles or first in lexicon.begins_clause
    return not lexicon.attached and (is_noun or not lexicon.begins_clause)
