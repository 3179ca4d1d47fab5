"""What a speaker is called: the fullest name that the story prints.

Rule. A subject loses its office ("Foreign Minister Sergei Lavrov" is Sergei Lavrov) where a name is left; without a
name it stays as printed ("the foreign ministry"). A name that ends or begins the name of an earlier speaker is that
speaker (Lavrov; السفارة for السفارة الروسية). Else a single word takes the given name that stands before it at its
first mention in the story, for that is where news prints names in full; later mentions are not asked.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from worker.enrich.attribution import Attribution, attribute
from worker.enrich.cues import Cue
from worker.enrich.passage import Passage, find_all
from worker.enrich.places import is_place
from worker.enrich.voice import Voice
from worker.enrich.words import Words, has_article, words_of

GIVEN_NAMES = 2
"""Words that may stand before a surname and belong to it, particles not counted."""

NAME_REACH = 40
"""Characters before a surname that are looked at: two given names and the word before them."""


MOST_SPEAKERS = 200
"""Of one story, by their last words: news has a handful. On a hostile page all would be compared with each other."""


class _Name(NamedTuple):
    printed: str
    keys: list[str]


@dataclass(slots=True)
class Cast:
    """The speakers of one story, in the order of their last words; lives as long as the story is read."""

    passages: tuple[Passage, ...]
    lexicon: Voice
    known: list[_Name] = field(default_factory=list)
    mentioned: tuple[Words, Cue] | None = None
    """A verb whose subject speaks on where no other is named; read only then."""

    @property
    def last(self) -> str | None:
        """Who spoke last."""
        return self.known[-1].printed if self.known else None

    def name(self, attribution: Attribution) -> str | None:
        """Return the speaker whom an attribution names, or the one before for a pronoun or no subject.

        Nobody speaks where there is no subject and the verb is impersonal ("hieß es").
        """
        subject = attribution.subject
        if not subject.keys:
            return None if attribution.cue.verb in self.lexicon.impersonal else self._before()
        if self._is_pronoun(subject.keys):
            return self._before()
        self.mentioned = None
        name = self._full(strip_office(_as_name(subject, self.lexicon), self.lexicon))
        if name in self.known:
            self.known.remove(name)
        self.known.append(name)
        del self.known[:-MOST_SPEAKERS]
        return name.printed

    def _is_pronoun(self, keys: list[str]) -> bool:
        pronouns = self.lexicon.pronouns
        is_pronoun = keys[0] in pronouns or (len(keys) > 1 and (keys[-1] in pronouns or " ".join(keys) in pronouns))
        return is_pronoun or (bool(self.lexicon.age_endings) and keys[-1].endswith(self.lexicon.age_endings))

    def _before(self) -> str | None:
        """Return who spoke last; before anybody did, whom the story begins with."""
        if self.mentioned:
            words, cue = self.mentioned
            self.mentioned = None
            attribution = attribute(words, cue, self.lexicon)
            if attribution.subject.keys:
                return self.name(attribution)
        return self.last or self._first_named()

    def _first_named(self) -> str | None:
        for passage in self.passages[:1]:
            words = words_of(passage.text[: 2 * NAME_REACH])
            last = next((index for index in range(len(words.keys)) if not words.is_cased(index)), 0)
            leading = words.cut(range(last))
            name = strip_office(leading, self.lexicon) if last > GIVEN_NAMES else leading
            if 1 < len(name.keys) < last:
                return " ".join(name.printed)
        return None

    def _full(self, words: Words) -> _Name:
        keys = words.keys
        for known in reversed(self.known):
            if keys in (known.keys[-len(keys) :], known.keys[: len(keys)]):
                return known
        is_asked = len(keys) == 1 and len(self.known) < MOST_SPEAKERS
        full = self._first_mention(words) if is_asked else words
        return _Name(" ".join(full.printed), full.keys)

    def _first_mention(self, name: Words) -> Words:
        for passage in self.passages:
            if name.printed[0] in passage.words:
                return _with_given_names(passage.text, name, self.lexicon)
        return name


def _as_name(subject: Words, lexicon: Voice) -> Words:
    """Return a subject without an article or ending that an apostrophe parts from it ("l'AFP", "Ankara'ya")."""
    if not lexicon.suffix_mark and not lexicon.article:
        return subject
    printed, keys = list(subject.printed), list(subject.keys)
    at = keys[-1].find(lexicon.suffix_mark) if lexicon.suffix_mark else -1
    if at > 0:
        printed[-1], keys[-1] = printed[-1][:at], keys[-1][:at]
    if lexicon.article and keys[0].startswith(lexicon.article):
        printed[0], keys[0] = printed[0][len(lexicon.article) :], keys[0].removeprefix(lexicon.article)
    return Words(printed, keys, subject.gaps) if keys[0] else subject


def strip_office(subject: Words, lexicon: Voice) -> Words:
    """Return the name behind an office, or the whole subject where no name is left."""
    is_cased = subject.is_cased(-1)
    if is_cased and len(subject.keys) > 1 and is_place(" ".join(subject.printed)):
        return subject
    name = _behind_capitals(subject, lexicon) if is_cased else _behind_office(subject, lexicon)
    return subject.cut(name) if 0 < len(name) < len(subject.keys) else subject


def _behind_office(subject: Words, lexicon: Voice) -> range:
    """Return what stands behind an office in a script without capitals: titles, adjectives, the country."""
    index, last = 0, len(subject.keys)
    keys = subject.keys
    if last > GIVEN_NAMES and _is_definite(keys[0], lexicon) and not _is_definite(keys[1], lexicon):
        # "the shepherd Name of Person": a trade that no list has.
        index = 1
    while index < last and _is_office(subject, index, lexicon):
        index += 1
    if index and lexicon.attached:
        index = _behind_department(keys, index, lexicon)
    # Where nouns have no article, one word behind a title is as likely an office's object ("minister roads").
    is_object = index > 0 and last - index == 1 and not lexicon.attached
    return range(0) if is_object or any(word[0].islower() for word in subject.printed[index:]) else range(index, last)


def _behind_department(keys: list[str], index: int, lexicon: Voice) -> int:
    """Return where a name begins behind what an Arabic office is of: behind a title, or a noun and its genitive."""
    titles = [at + 1 for at in range(index, len(keys) - 1) if keys[at] in lexicon.titles]
    definite = [at + 1 for at in range(index + 1, len(keys)) if _is_definite(keys[at], lexicon)]
    starts = titles or [at for at in definite[:1] if GIVEN_NAMES <= len(keys) - at <= GIVEN_NAMES + 1]
    return max([index, *starts])


def _behind_capitals(subject: Words, lexicon: Voice) -> range:
    """Return the words in capitals at the end, from behind the last title among them."""
    first = last = len(subject.keys)
    while first and (subject.is_cased(first - 1) or subject.keys[first - 1] in lexicon.particles):
        first -= 1
    while first < last and not subject.is_cased(first):
        first += 1
    titles = [
        index + 1 for index, key in enumerate(subject.keys) if key in lexicon.titles and key not in lexicon.particles
    ]
    name = range(max([first, *(index for index in titles if index < last)]), last)
    is_whole_name = first == 0 or len(name) > 1 or subject.keys[first - 1] in lexicon.titles
    return name if is_whole_name and not (titles and titles[-1] == last) else range(0)


def _is_office(subject: Words, index: int, lexicon: Voice) -> bool:
    if subject.keys[index] in lexicon.titles:
        return True
    return index > 0 and (_is_definite(subject.keys[index], lexicon) or is_place(subject.printed[index]))


def _is_definite(key: str, lexicon: Voice) -> bool:
    return bool(lexicon.attached) and has_article(key)


def _with_given_names(text: str, name: Words, lexicon: Voice) -> Words:
    surname = name.printed[0]
    for place in find_all(surname, text):
        words = words_of(text[max(0, place - NAME_REACH) : place + len(surname)])
        if words.printed[-1] == surname:
            return words.cut(_name_at_end(words, lexicon))
    return name


def _name_at_end(words: Words, lexicon: Voice) -> range:
    first = last = len(words.keys) - 1
    while first > 0 and last - first < GIVEN_NAMES and _is_given_name(words, first - 1, lexicon):
        first -= 1
    if first and not _may_begin_name(words, first, lexicon):
        first = last
    return range(first, last + 1)


def _is_given_name(words: Words, index: int, lexicon: Voice) -> bool:
    following = index + 1
    if words.gaps[following] or words.keys[index] in lexicon.function_words:
        return False
    return words.is_cased(index) if words.is_cased(following) else not _is_definite(words.keys[index], lexicon)


def _may_begin_name(words: Words, first: int, lexicon: Voice) -> bool:
    """Tell whether a name may begin at `first`: scripts without capitals need an office or a break before it."""
    if words.is_cased(first) or words.gaps[first]:
        return True
    before = words.keys[first - 1]
    if before in lexicon.negations:
        return False
    return _is_definite(before, lexicon) or before in lexicon.function_words
