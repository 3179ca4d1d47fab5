"""What a story is about: its best words and phrases.

In: a story's headline and passages, its language and its entities. Out: `Keyword`s, best first, the best with score 1.

The score of a phrase is ``weight * mentions ** DAMPING / (1 + log(1 + place))``, where place is the word at which the
first stands; that of what the story names is ``weight * mentions ** DAMPING / (1 + order / MANY)``, where order counts
the names before it. An organisation, a place or a person weighs more than words alone, and of those a phrase more than
a word. Phrases are runs of one to three words between marks and stop words (stopwords-iso); one that is part of a
better one is left out. The forms of a word are one by their Snowball stems, in Arabic by the particles that are written
together with it. The constants were chosen on `almayadeen_dev`; `make eval` prints what they come to.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from heapq import nsmallest
from math import log
from typing import NamedTuple

import snowballstemmer
import stopwordsiso
from pydantic import TypeAdapter

from schemas.story import Entity, Keyword
from worker.enrich.lexicon import fold
from worker.enrich.passage import Passage

MOST = 15
"""Keywords of one story."""

MOST_WORDS = 200
"""Words of a story of which phrases are made: what a report is about stands in its beginning."""

LEAD_WORDS = 60
"""Words in which a phrase counts that is printed once: headline and lead."""

LOOKED_AT = 4 * MOST
"""The best phrases, of which those that are parts of others are left out."""

LONGEST_PHRASE = 3
DAMPING = 0.9
KIND_WEIGHTS = {"organisation": 8.0, "place": 4.0, "person": 2.0}
MANY = 50
"""Entities after which another one weighs half as much."""

WORD_WEIGHT, LONG_PHRASE_WEIGHT = 0.3, 0.7
"""Of one word, and of three, against two."""

ADJECTIVE_WEIGHT = 1.5
"""Of an Arabic phrase whose last word is an adjective of origin with the article ("القوات الروسية")."""

LONGEST_WORD = 64
"""Letters; a longer one is no word, and takes a stemmer seconds."""

SHORTEST = 3
"""Letters of a keyword's word in an alphabet."""

_KEYWORDS = TypeAdapter(tuple[Keyword, ...])
_MARKS = re.compile(r"[^\w\s'’\-ـ]+|\s[-–—]\s|\n")
_ORIGIN = ("ی", "یه", "یین", "یون")
_NOT_A_WORD = re.compile(r"[\d_]")
_STEMMERS = {
    "en": "english", "de": "german", "fr": "french", "es": "spanish", "pt": "portuguese",
    "it": "italian", "ru": "russian", "tr": "turkish", "nl": "dutch", "sv": "swedish", "da": "danish",
    "nb": "norwegian", "no": "norwegian", "fi": "finnish", "hu": "hungarian", "ro": "romanian", "el": "greek",
}  # fmt: skip

Key = tuple[str, ...]


def find_keywords(
    headline: str | None, passages: tuple[Passage, ...], language: str, entities: Sequence[Entity]
) -> tuple[Keyword, ...]:
    """Return the keywords of a story."""
    texts = [*([headline] if headline else []), *[passage.text for passage in passages]]
    scores = _score_phrases(_read(texts, language))
    named = _score_entities(entities, language)
    best = nsmallest(LOOKED_AT, {**scores, **named}.items(), key=lambda scored: (-scored[1][0], scored[0]))
    chosen = list(_without_parts(best, named))
    most = chosen[0][0] if chosen else 1.0
    return _KEYWORDS.validate_python(tuple([{"text": text, "score": round(score / most, 3)} for score, text in chosen]))


Scores = dict[Key, tuple[float, str]]
"""The score and the printed form of each phrase."""


class _Stretch(NamedTuple):
    """Words between two marks: as printed, their keys, and the number of the first in the story."""

    printed: list[str]
    keys: list[str]
    place: int


def _score_phrases(stretches: list[_Stretch]) -> Scores:
    times = Counter([key for stretch in stretches for key in stretch.keys])
    mentions: dict[Key, tuple[int, int, str]] = {}
    for printed, keys, place in stretches:
        for first, last in _runs(keys, times, place):
            key = tuple(keys[first:last])
            known = mentions.get(key)
            if known is None:
                mentions[key] = (1, place + first, " ".join(printed[first:last]))
            else:
                mentions[key] = (known[0] + 1, *known[1:])
    return {
        key: (_weight(key) * count**DAMPING / (1 + log(1 + place)), printed)
        for key, (count, place, printed) in mentions.items()
    }


def _runs(keys: list[str], times: Counter[str], place: int) -> Iterator[tuple[int, int]]:
    """Give the runs of words that may be a phrase: those in the lead, and elsewhere of words that come again."""
    for first, key in enumerate(keys):
        if not key:
            continue
        is_lead = place + first < LEAD_WORDS
        if not is_lead and times[key] == 1:
            continue
        yield first, first + 1
        for last in range(first + 1, min(first + LONGEST_PHRASE, len(keys))):
            if not keys[last] or not (is_lead or times[keys[last]] > 1):
                break
            yield first, last + 1


def _weight(key: Key) -> float:
    weight = WORD_WEIGHT if len(key) == 1 else LONG_PHRASE_WEIGHT if len(key) == LONGEST_PHRASE else 1.0
    is_of_origin = len(key) > 1 and key[-1].startswith("ال") and key[-1].endswith(_ORIGIN)
    return weight * ADJECTIVE_WEIGHT if is_of_origin else weight


def _score_entities(entities: Sequence[Entity], language: str) -> Scores:
    """Score what the story names, each by the mentions of its most frequent form; early ones hardly weigh more."""
    mentions = defaultdict[tuple[str, str], Counter[str]](Counter)
    for entity in entities:
        mentions[entity.kind, entity.name][entity.name if entity.kind == "person" else _shown(entity.text)] += 1
    found: Scores = {}
    for order, ((kind, _), forms) in enumerate(mentions.items()):
        printed = forms.most_common(1)[0][0]
        score = KIND_WEIGHTS[kind] * forms.total() ** DAMPING / (1 + order / MANY)
        found.setdefault(tuple([_key(word, language) or fold(word) for word in printed.split()]), (score, printed))
    return found


def _shown(name: str) -> str:
    """Return a name without the particle that has swallowed the first letter of its article ("للعراق")."""
    return f"ال{name[2:]}" if name.startswith("لل") else name


def _without_parts(best: Iterable[tuple[Key, tuple[float, str]]], named: Scores) -> Iterator[tuple[float, str]]:
    """Give the best, but no phrase that is part of a better one, unless it is one of the `named`."""
    kept = list[str]()
    for key, (score, printed) in best:
        spelled = f" {' '.join(key)} "
        if key not in named and any(spelled in one or one in spelled for one in kept):
            continue
        kept.append(spelled)
        yield score, printed
        if len(kept) == MOST:
            return


# -- words -------------------------------------------------------------------------------------------------------------


def _read(texts: Iterable[str], language: str) -> list[_Stretch]:
    """Return the stretches of the first words; those that may stand in no keyword have no key."""
    found, place = list[_Stretch](), 0
    for text in texts:
        for stretch in _MARKS.split(text):
            printed = stretch.split()
            if printed:
                found.append(_Stretch(printed, [_key(word, language) for word in printed], place))
                place += len(printed)
        if place > MOST_WORDS:
            break
    if language == "ar":
        _take_particles_off(found)
    return found


def _take_particles_off(stretches: list[_Stretch]) -> None:
    """Take the particles off the beginnings of Arabic words, where the story has the words without them too."""
    known = frozenset([key for stretch in stretches for key in stretch.keys])
    for printed, keys, _ in stretches:
        for index, key in enumerate(keys):
            if key and key[0] in "وفبلک" and len(key) > SHORTEST:
                bare = f"ال{key[2:]}" if key.startswith("لل") else key[1:]
                if bare in known:
                    word = printed[index]
                    keys[index], printed[index] = bare, f"ال{word[2:]}" if key.startswith("لل") else word[1:]


def _key(word: str, language: str) -> str:
    """Return what the forms of a word have in common, nothing for one that is no part of a keyword."""
    return _known_key(word, language) if len(word) <= LONGEST_WORD else ""


@lru_cache(maxsize=100_000)
def _known_key(word: str, language: str) -> str:
    key = fold(word).strip("'’-")
    if len(key) < SHORTEST or _NOT_A_WORD.search(key) or key in _stop_words(language):
        return ""
    if language in ("ar", "fa"):
        return key.replace("ة", "ه")
    stem = _stemmer(language)
    return stem(key) if stem else key


@cache
def _stemmer(language: str) -> Callable[[str], str] | None:
    name = _STEMMERS.get(language)
    return snowballstemmer.stemmer(name).stemWord if name else None


@cache
def _stop_words(language: str) -> frozenset[str]:
    code = {"nb": "no"}.get(language, language)
    known = stopwordsiso.stopwords(code) if stopwordsiso.has_lang(code) else ()
    return frozenset(map(fold, known))
