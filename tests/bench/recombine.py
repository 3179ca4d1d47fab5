"""Headlines put together anew from real words, as many as wanted, so that what they share by chance is real.

In: sentences of the development data, which belong to their publishers and stay outside the repository. Out: headlines
as read. Words come one by one, or two as they stand together in a sentence, as often as the sentences have them, so
that frequent words and names are as frequent. Most headlines are wordings of another: a word replaced, the end cut off,
a word added. The same seed gives the same headlines.
"""

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count

from eval.composed import DATA, rows

from worker.dedup.reading import Reading, read

SOURCES = ("stream_ar", "wire/articles_dev", "uci_headlines", "aeb")

CHARACTERS = 4000
"""Read of each text."""

RUN = 0.5
"""Share of words that are followed by the one that follows them in their sentence; a third never is."""

WORDINGS = 6
"""Of each headline, beside itself. A headline meets three others by them at most; one of 17,000 real ones meets 3.2."""

RECENT = 200
"""Headlines whose wordings come in turn."""

ARABIC = 0.6
LEAST_WORDS, MOST_WORDS = 4, 12

_END = re.compile(r"[.\n!؟?:،]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as read, and whether the next of the list follows it in its sentence."""

    text: str
    stem: str
    is_stop: bool
    leads_on: bool


def is_there() -> bool:
    """Tell whether there is data to take words from."""
    return all(
        (DATA / f"{name}.jsonl.zst").exists() for name in ("stream_ar", "wire/articles_dev", "uci_headlines", "aeb")
    )


def words() -> dict[str, list[Word]]:
    """Return the words of Arabic and English sentences, in their order."""
    arabic = chain(_texts("stream_ar", "content"), _texts("wire/articles_dev", "title", "body"))
    english = chain(_texts("uci_headlines", "headline"), _texts("aeb", "articleBody"))
    return {"ar": list(_words(arabic, "ar")), "en": list(_words(english, "en"))}


def _texts(name: str, *fields: str) -> Iterator[str]:
    for row in rows(name):
        for field in fields:
            yield from _END.split(row[field][:CHARACTERS])


def _words(sentences: Iterable[str], language: str) -> Iterator[Word]:
    for sentence in sentences:
        reading = read(sentence, language)
        last = len(reading.words) - 1
        for place, word in enumerate(zip(reading.words, reading.stems, reading.stops, strict=True)):
            yield Word(*word, leads_on=place < last)


def headlines(of: dict[str, list[Word]], seed: int) -> Iterator[Reading]:
    """Yield headlines without end."""
    dice = random.Random(seed)
    recent: list[tuple[str, list[Word]]] = []
    for turn in count():
        original, wording = divmod(turn, 1 + WORDINGS)
        if wording:
            language, parts = recent[turn % len(recent)]
            parts = _vary(parts, of[language], dice)
        else:
            language = "ar" if dice.random() < ARABIC else "en"
            parts = _combine(of[language], dice)
            recent[original % RECENT : original % RECENT + 1] = [(language, parts)]
        yield _reading(parts, language)


def _combine(of: Sequence[Word], dice: random.Random) -> list[Word]:
    length = min(MOST_WORDS, max(LEAST_WORDS, round(dice.gauss(8, 1.8))))
    parts: list[Word] = []
    content = 0
    while content < length:
        place = int(dice.random() * len(of))
        run = of[place : place + 2] if of[place].leads_on and dice.random() < RUN else [of[place]]
        parts.extend(run)
        content += sum(not word.is_stop for word in run)
    return parts


def _vary(parts: list[Word], of: Sequence[Word], dice: random.Random) -> list[Word]:
    another, way = of[int(dice.random() * len(of))], dice.randrange(3)
    if way == 0:
        place = int(dice.random() * len(parts))
        return [*parts[:place], another, *parts[place + 1 :]]
    return parts[:-1] if way == 1 else [*parts, another]


def _reading(parts: list[Word], language: str) -> Reading:
    text = " ".join([word.text for word in parts])
    return Reading(
        shown=text,
        key=text,
        script="Arab" if language == "ar" else "Latn",
        language=language,
        words=tuple([word.text for word in parts]),
        stems=tuple([word.stem for word in parts]),
        stops=tuple([word.is_stop for word in parts]),
        figures=(),
        cut="",
        is_question=False,
        negations=0,
        affixes=(),
    )
