"""The persons, organisations and places that a story names.

In: a story's passages, its language and its quotes. Out: `Entity`s in page order, one a mention, none overlapping;
`name` joins the mentions of one: the English name of what the gazetteer knows, the fullest printed name of a person.

Rules. A person is whoever is named behind an office ("Foreign Minister Ada Quill", وزير الخارجية سامر) or speaks in a
quotation; then each mention of the whole name, and of its last word where no other person of the story has it. An
organisation is in the gazetteer, or opens with a word for one ("Ministry of", جامعة) and goes on with capitals, or in
Arabic with words that have the article. Of names that overlap the first counts, then the longer one.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from pydantic import TypeAdapter

from schemas.story import Entity, Quote
from worker.enrich.gazetteer import Hit, find_names, keep_apart, organisations
from worker.enrich.lexicon import alternatives
from worker.enrich.passage import Passage, find_all, first_word
from worker.enrich.persons import Person, find_persons

MOST = 500
"""Mentions of one story: a long report has a hundred, a hostile page as many as words."""

_PARTICLES = ("و", "ل", "ب")
"""Arabic particles that are written together with a name."""

LONGEST_KIND = 4
"""Words of an organisation's name behind the word for its kind."""

_ENTITIES = TypeAdapter(tuple[Entity, ...])


class _Mention(NamedTuple):
    start: int
    end: int
    kind: str
    name: str
    role: str | None
    code: str | None


def find_entities(passages: tuple[Passage, ...], language: str, quotes: Sequence[Quote]) -> tuple[Entity, ...]:
    """Return the mentions of persons, organisations and places; offsets are code points of the page's text."""
    mentioned = _index(find_persons(passages, language, quotes), language)
    # All at once: to look in each passage costs as much again.
    names = deque(find_names("\n\n".join([passage.text for passage in passages]), language))
    kinds = _kind_words(language)
    found: list[dict[str, object]] = []
    at = 0
    for passage in passages:
        hits = tuple(_taken(names, at, at + len(passage.text)))
        mentions = [_Mention(start, end, entry.kind, entry.name, None, entry.code) for start, end, entry in hits]
        for word in sorted(mentioned.keys() & passage.words):
            mentions += _of_persons(passage.text, mentioned[word])
        if not passage.words.isdisjoint(kinds):
            mentions += _of_kinds(passage.text, hits, language)
        found += [_as_entity(passage, mention) for mention in keep_apart(mentions)]
        at += len(passage.text) + 2
        if len(found) >= MOST:
            break
    return _ENTITIES.validate_python(tuple(found[:MOST]))


def _taken(names: deque[Hit], start: int, end: int) -> Iterator[Hit]:
    """Take the names of one passage from those of all, which are in order; offsets count in the passage."""
    while names and names[0].start < end:
        name = names.popleft()
        yield Hit(name.start - start, name.end - start, name.entry)


def _as_entity(passage: Passage, mention: _Mention) -> dict[str, object]:
    start, end, kind, name, role, code = mention
    return {
        "text": passage.text[start:end],
        "name": name,
        "kind": kind,
        "role": role,
        "code": code,
        "start": passage.start + start,
        "end": passage.start + end,
    }


_Forms = list[tuple[str, Person]]


def _index(persons: tuple[Person, ...], language: str) -> dict[str, _Forms]:
    """Return the forms of names by the word with which they begin, in Arabic also written together with a particle."""
    found: dict[str, _Forms] = {}
    for person in persons:
        for form in person.forms:
            first = first_word(form)
            for particle in ("", *_PARTICLES) if language == "ar" else ("",):
                found.setdefault(particle + first, []).append((form, person))
    return found


def _of_persons(text: str, forms: _Forms) -> Iterator[_Mention]:
    for form, person in forms:
        for place in find_all(form, text):
            if _stands_alone(text, place, place + len(form)):
                yield _Mention(place, place + len(form), "person", person.name, person.role, None)


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    is_attached = before in _PARTICLES and not text[start - 2 : start - 1].isalnum() if before else False
    return (not before.isalnum() or is_attached) and not after.isalnum()


def _of_kinds(text: str, hits: tuple[Hit, ...], language: str) -> Iterator[_Mention]:
    kinds = _kinds(language)
    if kinds is None:
        return
    ends = {hit.start: hit.end for hit in hits}
    for kind in kinds.finditer(text):
        start, begun = kind.start("kind"), kind.end()
        end = _articles_end(text, begun, ends) if language in ("ar", "fa") else _capitals_end(text, begun)
        if end > begun:
            yield _Mention(start, end, "organisation", " ".join(text[start:end].split()), None, None)


def _articles_end(text: str, start: int, ends: dict[int, int]) -> int:
    """Return where an Arabic name ends: behind words with the article, or a place or organisation."""
    end = start
    for word in _WORD.finditer(text, start):
        if word.start() != end + 1 or text[end] not in " \u00a0":
            break
        if word.start() in ends:
            return ends[word.start()]
        if not _ARTICLE.match(word[0]) or text[start:end].count(" ") >= LONGEST_KIND:
            break
        end = word.end()
    return end


def _capitals_end(text: str, start: int) -> int:
    match = _CAPITALS.match(text, start)
    return match.end() if match else start


_WORD = re.compile(r"\w+")
_ARTICLE = re.compile(r"(?:و?ال|لل)\w{3,}")
_CAPITALS = re.compile(r"(?:[ \u00a0](?:the |and |of |for |der |des |du |de |la |y )?[A-ZÀ-ÞА-Я][\w'’-]+){1,4}")


@cache
def _kind_words(language: str) -> frozenset[str]:
    """Return the first words for kinds of organisations: a passage without one names none by its kind."""
    first = frozenset([kind.split()[0] for kind in organisations().kinds.get(language, ())])
    return first | frozenset([f"{letter}{word}" for letter in "وبلف" for word in first]) if language == "ar" else first


@cache
def _kinds(language: str) -> re.Pattern[str] | None:
    words = organisations().kinds.get(language)
    if not words:
        return None
    attached = "[وبلف]?" if language == "ar" else ""
    return re.compile(rf"(?<!\w){attached}(?P<kind>{alternatives(words)})(?!\w)")
