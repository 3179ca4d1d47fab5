"""Which words are the subject of a verb of speech: behind it or ahead of it.

In: the words of a clause and a cue among them. Out: the stretch of the subject, office and name; what the speaker is
called in full is the business of `speaker`.

Rule. A subject ends at a mark, and at words that none holds: prepositions, conjunctions, adverbs, "that". Behind a verb
it begins at once, or behind a day ("said on Monday") or who is told ("à l'AFP"). Ahead of it, it is what stands between
the last such word or mark and the verb; of two between commas the one that is a name ("the minister, Name, said";
"Name, the minister, said"). In verb-last languages it is what the sentence begins with.
"""

from typing import NamedTuple

from worker.enrich.agencies import canonical
from worker.enrich.cues import Cue, cue_at
from worker.enrich.voice import Voice
from worker.enrich.words import Words, has_article

LONGEST_SUBJECT = 12
"""Words: "the spokesman of the ministry of ... of the republic of ..." has as many."""

LONGEST_PLACE = 8
"""Words between an office and the comma before who holds it: "the head of the office in the town of ..., Name"."""

LONGEST_NAME = 4
"""Words of a name between commas: "..., Name of a Person, ..."."""

LONGEST_TOPIC = 6
"""Words of a subject that opens the sentence of a verb-first language ("as to the station's workers, they say")."""

_OF_HER = "ها"
"""Arabic "her": at the end of a word behind a verb and its subject it makes that the object ("denied her guilt")."""


class Ahead(NamedTuple):
    """A subject before its verb; in doubt where a preposition or a comma stands between ("In ... said Name")."""

    stretch: range
    is_doubtful: bool


_NOBODY = Ahead(range(0), is_doubtful=True)


def find_behind(words: Words, cue: Cue, lexicon: Voice) -> range:
    """Return the words behind a verb, up to a break; of "the spokesman in Town, Name of Person, that" the name."""
    subject = _segment(words, _behind_times(words, cue, lexicon), lexicon)
    first = words.keys[subject.start] if subject else ""
    if first not in lexicon.titles and first not in lexicon.begins_clause:
        return subject
    keys, gaps, parted = words.keys, words.gaps, subject.stop
    end = min(len(keys), subject.stop + LONGEST_PLACE)
    while parted < end and not (gaps[parted] and words.follows_break(parted)):
        if keys[parted] in lexicon.that or (keys[parted] in lexicon.cues and cue_at(words, parted, lexicon)):
            return subject
        parted += 1
    if parted == len(keys):
        return subject
    name = _segment(words, parted, lexicon, behind_break=True)
    is_name = (
        len(name) > 1
        and _is_name(words, name, lexicon)
        and lexicon.titles.isdisjoint(words.keys[name.start : name.stop])
    )
    return name if is_name else subject


def find_ahead(words: Words, cue: Cue, lexicon: Voice) -> Ahead:
    """Return the words before a verb, up to a break; of "Name of Person, the spokesman, said" the name."""
    keys, first = words.keys, cue.first
    if first == 0:
        return _NOBODY
    if lexicon.verb_last:
        return Ahead(find_first(words, first, lexicon), is_doubtful=False)
    if lexicon.attached:
        return Ahead(_topic(words, first, lexicon), is_doubtful=True)
    if keys[first - 1] in lexicon.links:
        return _NOBODY
    near, rest = _segment_ahead(words, first, lexicon)
    is_parted = words.follows_break(first)
    while (aside := _aside_begins(words, near, rest, lexicon, is_parted=is_parted)) is not None:
        near, rest = _segment_ahead(words, aside, lexicon)
        is_parted = True
    before, beginning = _segment_ahead(words, rest, lexicon)
    may_be_name = _is_name(words, before, lexicon) and (before.start == beginning if is_parted else bool(near))
    is_office = bool(near) and (not _is_name(words, near, lexicon) if is_parted else keys[near.start] in lexicon.titles)
    if not near or (before and is_office and (is_parted or may_be_name)) or (is_parted and may_be_name):
        subject = before
    else:
        subject = near
    is_cut = first > len(subject) and keys[first - len(subject) - 1] in lexicon.idle
    is_doubtful = is_cut or (is_parted and not (near and before))
    return Ahead(subject, is_doubtful and keys[first] not in lexicon.addressed)


def find_first(words: Words, end: int, lexicon: Voice) -> range:
    """Return what the sentence of a verb-last language begins with; of "the minister, Name, ..." the name."""
    segments = [segment for segment in _segments(words, end, lexicon) if segment][:2]
    if not segments:
        return range(0)
    if len(segments) > 1 and words.keys[segments[0].start] in lexicon.titles and _is_name(words, segments[1], lexicon):
        return segments[1]
    return segments[0]


def _behind_times(words: Words, cue: Cue, lexicon: Voice) -> int:
    """Return the word at which a subject may begin: behind a day, who is told, and in "relays from X" behind "from"."""
    keys, first = words.keys, cue.last + 1
    if first == len(keys):
        return first
    if keys[cue.last] in lexicon.relays and lexicon.relayed_from in keys[first : first + LONGEST_SUBJECT]:
        return keys.index(lexicon.relayed_from, first) + 1
    if cue.is_phrase and (verb := cue_at(words, first, lexicon)) and not verb.is_phrase:
        # "according to what the police said"
        first = verb.last + 1
    while first < len(keys) and keys[first] in lexicon.times and not words.gaps[first]:
        first += 1
    if first == len(keys):
        return first
    if keys[first] in lexicon.told_to and _is_acronym(words, first + 1):
        return first + 2
    is_place = keys[first] in lexicon.held_at and (cue.is_phrase or keys[cue.last].endswith(lexicon.plural_endings))
    return first + is_place


def _is_acronym(words: Words, index: int) -> bool:
    return index < len(words.printed) and sum(map(str.isupper, words.printed[index])) > 1


def _segment(words: Words, first: int, lexicon: Voice, *, behind_break: bool = False) -> range:
    """Return the words from `first` up to a break or a word that no subject holds."""
    keys, gaps, ends, titles = words.keys, words.gaps, lexicon.ends_subject, lexicon.titles
    told, prefix = lexicon.told, lexicon.prefix
    stop = min(first + LONGEST_SUBJECT, len(keys))
    for index in range(first, stop):
        key = keys[index]
        if gaps[index] and words.follows_break(index) and not (behind_break and index == first):
            return range(first, index)
        # Few words are worth a closer look, which takes as long as all else here.
        may_end = (
            index == first or key in told or (prefix and (key[0] == prefix or key in titles or key[-2:] == _OF_HER))
        )
        if key in ends or (may_end and _ends_subject(words, first, index, lexicon)):
            return range(first, index)
    return range(first, stop)


def _ends_subject(words: Words, first: int, index: int, lexicon: Voice) -> bool:
    """Tell whether a word ends the subject behind a verb: another verb, who is told, an office, an object."""
    key = words.keys[index]
    if key in lexicon.told:
        # German has an article before who is told: "sagte Name der Zeitung".
        return index > first + 1 and words.is_cased(index - 1) and words.is_cased(index - 2)
    if index == first and key in lexicon.cues and cue_at(words, index, lexicon):
        return True
    if not lexicon.attached:
        return False
    if key.startswith(lexicon.prefix) and words.keys[index - 1] not in lexicon.prefixed and _is_listener(key, lexicon):
        return True
    if key.endswith(_OF_HER) and index > first and has_article("ال" + key[:-2]):
        return True
    return index > first + 1 and key in lexicon.titles and words.keys[first] not in lexicon.titles


def _is_listener(key: str, lexicon: Voice) -> bool:
    """Tell whether an Arabic word is "to" and whom a text tells: a channel, an office, an agency."""
    named = key.removeprefix(lexicon.prefix)
    if named.startswith(lexicon.prefix):
        named = "ا" + named
    return named in lexicon.called or named in lexicon.titles or canonical(named) is not None


def _topic(words: Words, end: int, lexicon: Voice) -> range:
    """Return the subject that opens a verb-first language's sentence, and the one between "had" and its participle."""
    keys = words.keys
    if keys[end - 1] in lexicon.perfect:
        had = next((index for index in range(end - 1, -1, -1) if keys[index] in lexicon.auxiliaries), end - 1)
        return range(had + 1, end - 1)
    first = 1 if keys[0] in lexicon.idle else 0
    opens = first == 1 or has_article(keys[0]) or keys[0] in lexicon.titles
    is_topic = opens and end - first <= LONGEST_TOPIC and lexicon.ends_subject.isdisjoint(keys[first:end])
    if not is_topic:
        return range(0)
    parted = [index for index in range(first + 1, end) if words.follows_break(index)]
    return range(first, parted[0] if parted else end)


def _aside_begins(words: Words, near: range, rest: int, lexicon: Voice, *, is_parted: bool) -> int | None:
    """Return where an aside begins that is no subject, if one does: ", in a statement,", ", asked of it,", ", 37,"."""
    if rest and is_parted and words.follows_break(rest - 1) and cue_at(words, rest - 1, lexicon):
        return rest - 1
    if not rest or not words.follows_break(rest) or cue_at(words, rest - 1, lexicon):
        return None
    is_number = bool(near) and all(words.keys[index].isdigit() for index in near)
    is_adverbial = words.keys[rest] in lexicon.idle and (is_parted or not near)
    return rest if is_number or is_adverbial else None


def _segment_ahead(words: Words, end: int, lexicon: Voice) -> tuple[range, int]:
    """Return the words before `end`, back to a break or a cue, and where those before them end."""
    first = end
    while first > 0 and not cue_at(words, first - 1, lexicon):
        first -= 1
        if words.follows_break(first):
            break
    return _trimmed(words, range(first, end), lexicon), first


def _trimmed(words: Words, stretch: range, lexicon: Voice) -> range:
    """Return the subject in what stands before a verb.

    It begins behind the last "and"; with a noun there it goes on to the verb or to a relative clause ("the police in
    Town", "the officer who made the arrest"), with a preposition it follows the last one ("in Town the police").
    """
    keys, first, last = words.keys, stretch.start, stretch.stop
    while last > first and keys[last - 1] in lexicon.idle:
        last -= 1
    first = max(
        [first, last - LONGEST_SUBJECT, *(index + 1 for index in range(first, last) if keys[index] in lexicon.links)]
    )
    idle = [index for index in range(first, last) if keys[index] in lexicon.idle]
    if not idle or idle[0] == first:
        return range(idle[-1] + 1 if idle else first, last)
    relative = next((index for index in idle if keys[index] in lexicon.relatives), last)
    return range(first, relative)


def _segments(words: Words, end: int, lexicon: Voice) -> list[range]:
    """Return what a sentence's stretches between marks begin with, up to the first word that no subject holds."""
    starts = [index for index in range(end) if index == 0 or words.follows_break(index)]
    return [_beginning(words, start, stop, lexicon) for start, stop in zip(starts, [*starts[1:], end], strict=True)]


def _beginning(words: Words, first: int, end: int, lexicon: Voice) -> range:
    """Return the words up to the first that no subject holds, and of a name in capitals what belongs to it.

    Two or more words in capitals before a mark are the name, whatever stands before ("Mahallede oturan Ad Soyad, ...").
    """
    name = end
    while name > first and words.is_cased(name - 1):
        name -= 1
    if end - name > 1:
        return range(name, end)
    stop = next((index for index in range(first, end) if words.keys[index] in lexicon.idle), end)
    cased = [index for index in range(first, stop) if words.is_cased(index)]
    last = cased[-1] + 1 if cased else stop
    while last < stop and words.keys[last] in lexicon.titles:
        last += 1
    return range(first, last)


def _is_name(words: Words, stretch: range, lexicon: Voice) -> bool:
    """Tell whether words are a person's name and no office: few, in capitals if the script has any, no title first."""
    if not 0 < len(stretch) <= LONGEST_NAME or words.keys[stretch.start] in lexicon.titles:
        return False
    return all(not words.printed[index][0].islower() or words.keys[index] in lexicon.particles for index in stretch)
