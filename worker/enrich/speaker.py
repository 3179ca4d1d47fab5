"""What a speaker is called: the fullest name that the story prints.

Rule. A subject loses its office ("Foreign Minister Sergei Lavrov" is Sergei Lavrov) where a name is left; without a
name it stays as printed ("the foreign ministry"). A name that ends or begins the name of an earlier speaker is that
speaker (Lavrov; السفارة for السفارة الروسية). Else a single word takes the given name that stands before it at its
first mention in the story, for that is where news prints names in full; later mentions are not asked.
"""

from dataclasses import dataclass, field

from worker.enrich.attribution import Voice, Word, words_of
from worker.enrich.passage import Passage

GIVEN_NAMES = 2
"""Words that may stand before a surname and belong to it, particles not counted."""

_BREAKS = frozenset(',،:;؛.()[]"“”«»-–—')


@dataclass(slots=True)
class Cast:
    """The speakers of one story, in the order of their first words; lives as long as the story is read."""

    passages: tuple[Passage, ...]
    lexicon: Voice
    known: list[str] = field(default_factory=list)

    def name(self, subject: tuple[Word, ...]) -> str | None:
        """Return the speaker whom a subject names, or the one before for a pronoun or no subject."""
        if not subject or " ".join(word.key for word in subject) in self.lexicon.pronouns:
            return self.known[-1] if self.known else None
        name = self._full(strip_office(subject, self.lexicon))
        if name in self.known:
            self.known.remove(name)
        self.known.append(name)
        return name

    def _full(self, name: tuple[Word, ...]) -> str:
        printed = " ".join(word.text for word in name)
        keys = [word.key for word in name]
        for known in reversed(self.known):
            longer = [word.key for word in words_of(known)]
            if len(longer) >= len(keys) and keys in (longer[-len(keys) :], longer[: len(keys)]):
                return known
        return self._first_mention(name[0]) if len(name) == 1 else printed

    def _first_mention(self, name: Word) -> str:
        for passage in self.passages:
            if name.text in passage.words:
                return _with_given_names(passage.text, name, self.lexicon)
        return name.text


def strip_office(subject: tuple[Word, ...], lexicon: Voice) -> tuple[Word, ...]:
    """Return the name behind an office, or the whole subject where no name is left."""
    index = 0
    while index < len(subject) and _is_office(subject, index, lexicon):
        index += 1
    name = subject[index:]
    if name and _is_cased(name[-1]):
        name = _capitals(name, lexicon)
    return name or subject


def _is_office(subject: tuple[Word, ...], index: int, lexicon: Voice) -> bool:
    if subject[index].key in lexicon.titles:
        return True
    return index > 0 and _is_definite(subject[index], lexicon)


def _is_definite(word: Word, lexicon: Voice) -> bool:
    return bool(lexicon.attached) and word.key.startswith("ال") and len(word.key) > 4  # noqa: PLR2004 - ال and a stem


def _is_cased(word: Word) -> bool:
    return word.text[0].isupper()


def _capitals(name: tuple[Word, ...], lexicon: Voice) -> tuple[Word, ...]:
    """Return the capitalised words at the end; all words, where those before are more than an office."""
    first = len(name)
    while first and (name[first - 1].text[0].isupper() or name[first - 1].key in lexicon.particles):
        first -= 1
    while first < len(name) and name[first].key in lexicon.particles and not name[first].text[0].isupper():
        first += 1
    before = name[:first]
    return name[first:] if not before or before[-1].key in lexicon.titles else name


def _with_given_names(text: str, name: Word, lexicon: Voice) -> str:
    words = words_of(text)
    place = next((index for index, word in enumerate(words) if word.key == name.key), 0)
    first = place
    while first > 0 and place - first < GIVEN_NAMES and _is_given_name(text, words, first - 1, lexicon):
        first -= 1
    if first and not _may_precede_name(text, words, first, lexicon):
        first = place
    return " ".join(word.text for word in words[first : place + 1])


def _is_given_name(text: str, words: list[Word], index: int, lexicon: Voice) -> bool:
    word, following = words[index], words[index + 1]
    if text[word.end : following.start].strip() or _is_function_word(word, lexicon):
        return False
    if _is_cased(following):
        return _is_cased(word)
    return not _is_definite(word, lexicon)


def _is_function_word(word: Word, lexicon: Voice) -> bool:
    listed = word.key in lexicon.stops or word.key in lexicon.that or word.key in lexicon.titles
    bare = word.key[1:] if word.key[:1] in lexicon.attached else word.key
    return listed or word.key in lexicon.cues or bare in lexicon.cues or word.key in lexicon.negations


def _may_precede_name(text: str, words: list[Word], first: int, lexicon: Voice) -> bool:
    """Tell whether a name may begin at this word: scripts without capitals need an office or a break before it."""
    before = words[first - 1]
    if _is_cased(words[first]) or any(mark in text[before.end : words[first].start] for mark in _BREAKS):
        return True
    if before.key in lexicon.negations:
        return False
    return _is_definite(before, lexicon) or _is_function_word(before, lexicon)
