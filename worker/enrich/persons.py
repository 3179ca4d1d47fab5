"""The persons whom a story names, with the office that it prints beside them.

In: a story's passages, its language and its quotes. Out: `Person`s, each with the forms of the name that are mentions
of it. Names are found behind offices, by the words of `attribution.toml`, and as the speakers of quotations.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

from schemas.story import Quote
from worker.enrich.gazetteer import find_names
from worker.enrich.lexicon import alternatives, fold
from worker.enrich.passage import Passage
from worker.enrich.speaker import strip_office
from worker.enrich.voice import Voice, voice
from worker.enrich.words import Words, has_article, words_of

MOST = 100
"""Persons of one story."""

REACH = 90
"""Characters from an office in which the name behind it ends."""

LONGEST_NAME = 5
"""Words of a name, particles counted."""

SHORTEST_LAST_NAME = 4
"""Letters of a last name by which a person is known: shorter ones are words too often."""


class Person(NamedTuple):
    """A person: the fullest name that is printed, the office, and the forms of the name, the longest first."""

    name: str
    role: str | None
    forms: tuple[str, ...]


def find_persons(passages: tuple[Passage, ...], language: str, quotes: Sequence[Quote]) -> tuple[Person, ...]:
    """Return the persons in the order of their first mention."""
    lexicon = voice(language)
    if lexicon is None:
        return ()
    named = dict[str, tuple[str, str | None]]()
    for name, role in chain(_officials(passages, language, lexicon), _speakers(quotes, language, lexicon)):
        named.setdefault(fold(name), (name, role))
        if len(named) >= MOST:
            break
    return tuple(_with_forms(list(named.values())))


def _officials(passages: tuple[Passage, ...], language: str, lexicon: Voice) -> Iterator[tuple[str, str]]:
    triggers = _triggers(language)
    for passage in passages:
        if not passage.words.isdisjoint(triggers):
            yield from _in_office(passage, language, lexicon)


def _speakers(quotes: Sequence[Quote], language: str, lexicon: Voice) -> Iterator[tuple[str, None]]:
    for speaker in dict.fromkeys([quote.speaker for quote in quotes if quote.speaker]):
        if _is_name(words_of(speaker), language, lexicon):
            yield speaker, None


def _with_forms(named: list[tuple[str, str | None]]) -> Iterator[Person]:
    last_names = [name.split()[-1] for name, _ in named]
    for name, role in named:
        last = name.split()[-1]
        is_known_by_it = " " in name and last_names.count(last) == 1 and len(last) >= SHORTEST_LAST_NAME
        yield Person(name, role, (name, last) if is_known_by_it else (name,))


def _in_office(passage: Passage, language: str, lexicon: Voice) -> Iterator[tuple[str, str]]:
    done = 0
    for office in _offices(language).finditer(passage.text):
        if office.start("office") < done:
            continue
        stretch = passage.text[office.start("office") : office.end() + REACH]
        words = _up_to_break(words_of(stretch), lexicon)
        name = strip_office(words, lexicon)
        is_behind = 0 < len(name.keys) < len(words.keys)
        if is_behind and _is_name(name, language, lexicon):
            printed = " ".join(name.printed)
            at = stretch.find(printed)
            if at > 0:
                done = office.start("office") + at + len(printed)
                yield printed, stretch[:at].strip(" ,،:-–—\u00a0")


def _up_to_break(words: Words, lexicon: Voice) -> Words:
    """Return the words from an office to where its name ends at the latest: a mark, or a word that no name holds."""
    last, is_cased = 1, False
    for index in range(1, len(words.keys)):
        key = words.keys[index]
        if words.follows_break(index) or "." in words.gaps[index] or key in lexicon.ends_subject:
            break
        if key not in lexicon.particles and (key in lexicon.cues or (is_cased and not words.is_cased(index))):
            break
        is_cased = is_cased or (words.is_cased(index) and key not in lexicon.titles)
        last = index + 1
    return _short(words.cut(range(last)), lexicon)


def _short(words: Words, lexicon: Voice) -> Words:
    """Cut a name in a script without capitals behind its second word: what follows it is the sentence's."""
    if any(map(words.is_cased, range(len(words.keys)))):
        return words
    index = 0
    while index < len(words.keys) and _is_of_office(words.keys[index], index, lexicon):
        index += 1
    parts = 0
    while index < len(words.keys) and parts < 2:  # noqa: PLR2004 - a given name and a family name
        if words.keys[index] not in lexicon.particles:
            parts += 1
        index += 1
    return words.cut(range(index))


def _is_of_office(key: str, index: int, lexicon: Voice) -> bool:
    return key in lexicon.titles or (index > 0 and has_article(key))


def _is_name(name: Words, language: str, lexicon: Voice) -> bool:
    keys = name.keys
    if not 2 <= len(keys) <= LONGEST_NAME or any(map(str.isdigit, keys)):  # noqa: PLR2004 - given and family name
        return False
    if keys[0] in lexicon.function_words or keys[-1] in lexicon.function_words:
        return False
    if name.is_cased(0) != name.is_cased(-1) or (lexicon.attached and keys[0].startswith("ال")):
        return False
    printed = " ".join(name.printed)
    return not any(hit.start == 0 for hit in find_names(printed, language))


@cache
def _triggers(language: str) -> frozenset[str]:
    """Return the words of offices as they are printed: a passage without one names nobody in office."""
    lexicon = voice(language)
    spelled = frozenset(_cased(sorted(lexicon.titles - _ARTICLES))) if lexicon else frozenset()
    attached = frozenset([f"{letter}{word}" for letter in (lexicon.attached if lexicon else "") for word in spelled])
    return spelled | attached | frozenset([word[0].upper() + word[1:] for word in spelled])


@cache
def _offices(language: str) -> re.Pattern[str]:
    lexicon = voice(language)
    titles = sorted(lexicon.titles - _ARTICLES) if lexicon else []
    attached = f"[{lexicon.attached}]?" if lexicon and lexicon.attached else ""
    return re.compile(rf"(?<!\w){attached}(?P<office>{alternatives(_cased(titles))})(?!\w)", re.IGNORECASE)


_ARTICLES = frozenset(
    (
        *("der", "die", "das", "le", "la", "les", "un", "une", "l", "du", "de", "des"),
        *("el", "los", "las", "una", "del", "u.s", "us"),
    )
)
"""Among the titles, because they stand before names: but no office."""


def _cased(titles: Sequence[str]) -> Iterator[str]:
    for title in titles:
        yield title
        if "ا" in title:
            yield title.replace("ی", "ي")
        yield title.replace("ی", "ي").replace("ک", "ك")
