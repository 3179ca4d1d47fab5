"""What a speaker is called: the fullest name that the story prints.

Rule. A subject loses its office ("Foreign Minister Sergei Lavrov" is Sergei Lavrov) where a name is left; without a
name it stays as printed ("the foreign ministry"). A name that ends or begins the name of an earlier speaker is that
speaker (Lavrov; السفارة for السفارة الروسية). Else a single word takes the given name that stands before it at its
first mention in the story, for that is where news prints names in full; later mentions are not asked.
"""

from dataclasses import dataclass, field

from worker.enrich.passage import Passage, find_all
from worker.enrich.places import is_place
from worker.enrich.voice import Voice
from worker.enrich.words import Word, words_of

GIVEN_NAMES = 2
"""Words that may stand before a surname and belong to it, particles not counted."""

NAME_REACH = 40
"""Characters before a surname that are looked at: two given names and the word before them."""


@dataclass(frozen=True, slots=True)
class _Name:
    printed: str
    keys: tuple[str, ...]


@dataclass(slots=True)
class Cast:
    """The speakers of one story, in the order of their last words; lives as long as the story is read."""

    passages: tuple[Passage, ...]
    lexicon: Voice
    known: list[_Name] = field(default_factory=list)

    @property
    def last(self) -> str | None:
        """Who spoke last."""
        return self.known[-1].printed if self.known else None

    def name(self, subject: tuple[Word, ...]) -> str | None:
        """Return the speaker whom a subject names, or the one before for a pronoun or no subject."""
        if not subject or self._is_pronoun(subject):
            return self.last
        name = self._full(strip_office(subject, self.lexicon))
        if name in self.known:
            self.known.remove(name)
        self.known.append(name)
        return name.printed

    def _is_pronoun(self, subject: tuple[Word, ...]) -> bool:
        phrases = (subject[0].key, subject[-1].key, " ".join(word.key for word in subject))
        return any(phrase in self.lexicon.pronouns for phrase in phrases)

    def _full(self, words: tuple[Word, ...]) -> _Name:
        keys = tuple(word.key for word in words)
        for known in reversed(self.known):
            if keys in (known.keys[-len(keys) :], known.keys[: len(keys)]):
                return known
        full = self._first_mention(words[0]) if len(words) == 1 else words
        return _Name(" ".join(word.text for word in full), tuple(word.key for word in full))

    def _first_mention(self, name: Word) -> tuple[Word, ...]:
        for passage in self.passages:
            if name.text in passage.words:
                return _with_given_names(passage.text, name, self.lexicon)
        return (name,)


def strip_office(subject: tuple[Word, ...], lexicon: Voice) -> tuple[Word, ...]:
    """Return the name behind an office, or the whole subject where no name is left."""
    return (_behind_capitals if subject[-1].text[0].isupper() else _behind_office)(subject, lexicon) or subject


def _behind_office(subject: tuple[Word, ...], lexicon: Voice) -> tuple[Word, ...]:
    """Return what stands behind an office in a script without capitals: titles, adjectives, the country."""
    index = 0
    while index < len(subject) and _is_office(subject, index, lexicon):
        index += 1
    name = subject[index:]
    # Where nouns have no article, one word behind a title is as likely an office's object ("minister roads").
    is_object = bool(index) and len(name) == 1 and not lexicon.attached
    return () if is_object or any(word.text[0].islower() for word in name) else name


def _behind_capitals(subject: tuple[Word, ...], lexicon: Voice) -> tuple[Word, ...]:
    """Return the words in capitals at the end, from behind the last title among them."""
    first = len(subject)
    while first and (subject[first - 1].text[0].isupper() or subject[first - 1].key in lexicon.particles):
        first -= 1
    while first < len(subject) and not subject[first].text[0].isupper():
        first += 1
    titles = [index + 1 for index in range(len(subject)) if subject[index].key in lexicon.titles]
    name = subject[max([first, *(index for index in titles if index < len(subject))]) :]
    is_whole_name = first == 0 or len(name) > 1 or subject[first - 1].key in lexicon.titles
    return name if is_whole_name and not (titles and titles[-1] == len(subject)) else ()


def _is_office(subject: tuple[Word, ...], index: int, lexicon: Voice) -> bool:
    if subject[index].key in lexicon.titles:
        return True
    return index > 0 and (_is_definite(subject[index], lexicon) or is_place(subject[index].text))


def _is_definite(word: Word, lexicon: Voice) -> bool:
    return bool(lexicon.attached) and word.key.startswith("ال") and len(word.key) > 4  # noqa: PLR2004 - ال and a stem


def _is_cased(word: Word) -> bool:
    return word.text[0].isupper()


def _with_given_names(text: str, name: Word, lexicon: Voice) -> tuple[Word, ...]:
    for place in find_all(name.text, text):
        words = words_of(text[max(0, place - NAME_REACH) : place + len(name.text)])
        if words[-1].text == name.text:
            return _name_at_end(words, lexicon)
    return (name,)


def _name_at_end(words: list[Word], lexicon: Voice) -> tuple[Word, ...]:
    first = last = len(words) - 1
    while first > 0 and last - first < GIVEN_NAMES and _is_given_name(words[first - 1], words[first], lexicon):
        first -= 1
    if first and not _may_begin_name(words[first - 1], words[first], lexicon):
        first = last
    return tuple(words[first:])


def _is_given_name(word: Word, following: Word, lexicon: Voice) -> bool:
    if following.gap or _is_function_word(word, lexicon):
        return False
    return _is_cased(word) if _is_cased(following) else not _is_definite(word, lexicon)


def _is_function_word(word: Word, lexicon: Voice) -> bool:
    sets = (lexicon.idle, lexicon.that, lexicon.titles, lexicon.cues, lexicon.negations)
    return any(word.key in words for words in sets)


def _may_begin_name(before: Word, first: Word, lexicon: Voice) -> bool:
    """Tell whether a name may begin at `first`: scripts without capitals need an office or a break before it."""
    if _is_cased(first) or first.gap:
        return True
    if before.key in lexicon.negations:
        return False
    return _is_definite(before, lexicon) or _is_function_word(before, lexicon)
