"""Streams that are made to cost much: what an attacker, or a newspaper's template, may put among the sightings.

In: how many sightings. Out: as many, to `bench.hostile`, which measures what each costs. Words are made up. Who knows
the code can sort what he sends: by falling ids each headline pushes another one out of every key that is full.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from prose import prose

from worker import ids
from worker.dedup.body import RUN_WORDS, as_text, sketch
from worker.dedup.normalise import as_shown
from worker.dedup.reading import key
from worker.dedup.sighting import HeadlineSighting, Sighting, StorySighting
from worker.dedup.signature import MOST_WORDS, STEM_LETTERS

START = datetime(2025, 3, 3, tzinfo=UTC)
PACE_SECONDS = 0.2
"""Between two sightings: a million take 56 hours, less than the window, so that nobody is forgotten meanwhile."""

AWAY_SECONDS = 50 * 365 * 86_400
"""How far off a clock is that is wrong."""

WORDS = tuple(dict.fromkeys(prose(1, 4000).split()))
BLOCK = 4
"""Words in a row, which make three keys: enough for two headlines to meet."""

BLOCKS = 24
"""From which headlines are put together, six of them each: every one meets 31 others in each, nearly all different."""

LONG = 100_000
"""Characters of a long headline."""

BODY = prose(7, 300)
CHANGED = 12
"""Words of a body in which near copies differ."""

Text = Callable[[int], str]
Stream = Iterable[Sighting]


@dataclass(frozen=True, slots=True)
class Attack:
    """A stream, and the share of the sightings asked for that it has: what costs more is shorter."""

    sightings: Callable[[int], Stream]
    one_in: int = 1


def seen(headline: str, page: int, seconds: float) -> HeadlineSighting:
    """Return the sighting of a headline in the list of a page."""
    shown, headline_id = as_shown(headline), ids.headline_id(key(headline))
    return HeadlineSighting(headline_id, shown, "en", _page(page), _url(page), 0, _at(seconds), True, None, None, None)


def told(content_id: str, sketched: str, page: int, url: str, seconds: float) -> StorySighting:
    """Return the sighting of a story."""
    story_id = ids.story_id(content_id, url)
    return StorySighting(story_id, content_id, _page(page), url, _at(seconds), sketch=sketched, script="Latn")


def _page(number: int) -> str:
    return f"{number:016x}{0:016x}"


def _url(number: int) -> str:
    return f"https://news.example/{number}"


def _at(seconds: float) -> str:
    return (START + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def in_turn(headline: Text) -> Callable[[int], Stream]:
    """Return the stream of numbered headlines."""
    return lambda count: (seen(headline(at), at, PACE_SECONDS * at) for at in range(count))


def sorted_against(headline: Text) -> Callable[[int], Stream]:
    """Return the same by falling ids."""

    def stream(count: int) -> Iterator[Sighting]:
        order = sorted(range(count), key=lambda at: ids.headline_id(key(headline(at))), reverse=True)
        return (seen(headline(one), at, PACE_SECONDS * at) for at, one in enumerate(order))

    return stream


def backwards(headline: Text) -> Callable[[int], Stream]:
    """Return a stream in which each was seen before the one that came last."""
    return lambda count: (seen(headline(at), at, -PACE_SECONDS * at) for at in range(count))


def by_wrong_clocks(headline: Text) -> Callable[[int], Stream]:
    """Return a stream of which a quarter is dated fifty years ago, and a quarter fifty years ahead."""
    away = (0, -AWAY_SECONDS, AWAY_SECONDS, 0)
    return lambda count: (seen(headline(at), at, PACE_SECONDS * at + away[at % 4]) for at in range(count))


def one_headline(_: int) -> str:
    """Return always the same."""
    return "Council votes for the new ferry line after a long night"


def in_all_keys(number: int) -> str:
    """Return as many words as make keys, always the same, and what nobody looks at behind them."""
    return f"{' '.join(WORDS[:MOST_WORDS])} x{number}"


def in_all_keys_with_other_words(number: int) -> str:
    """Return words that begin always the same, so that their keys are, and go on each in another way."""
    dice = random.Random(number)
    return " ".join(f"{word[:STEM_LETTERS]}{''.join(dice.choices('abcdeghiklmn', k=6))}" for word in WORDS[:8])


def in_three_keys(number: int) -> str:
    """Return a block that all have, and words of its own."""
    return " ".join((*WORDS[:BLOCK], *(f"{WORDS[100 + place]}{number}{place}" for place in range(3))))


def in_six_blocks(number: int) -> str:
    """Return blocks out of a few."""
    chosen = random.Random(number).sample(range(BLOCKS), MOST_WORDS // BLOCK)
    return " ".join(" ".join(WORDS[BLOCK * one : BLOCK * (one + 1)]) for one in chosen) + f" x{number}"


def numbered(number: int) -> str:
    """Return a template with a number, by which a veto parts each from nearly all others."""
    return f"Ferry number {number} leaves the yard at noon"


def window(words: int) -> Text:
    """Return headlines of so many words, of which each has all but one of the one before it."""
    return lambda number: " ".join(
        f"{WORDS[at % len(WORDS)]}{at // len(WORDS) or ''}" for at in range(number, number + words)
    )


ACUTE = "е\u0301"

ODD: Sequence[Text] = (
    lambda number: "🔥" * (number % 40 + 1),
    lambda number: chr(0x21 + number % 0x9000),
    lambda number: f"Die Fähre парома {number} عبّارة 渡轮 フェリー",
    lambda number: "\u202eferry\u202c\u200b " + "\u200f" * (number % 50) + f"opens \u2066new\u2069 line {number}",
    lambda number: f"a{ACUTE * (number % 3000)} {ACUTE * 200}{number}",
    lambda number: " " * (number % 7),
)
"""What is hardly a headline: emoji, a character, mixed scripts, unseen marks, endless accents, nothing."""

ENDLESS: Sequence[Text] = (
    lambda number: f"{' '.join(WORDS[:MOST_WORDS])} {number} {'word ' * (LONG // 5)}",
    lambda number: f"{' '.join(WORDS[:MOST_WORDS])} {number} {'7 ' * (LONG // 2)}",
    lambda number: f"{number}{'x' * LONG}",
    lambda number: f"{number} {'🔥' * LONG}",
    lambda number: f"{number} {ACUTE * LONG}",
    lambda number: f"{'ferry - ' * (LONG // 8)}{number}",
    lambda number: f"{number} {'渡轮' * (LONG // 2)}",
    lambda number: f"{'BREAKING: ' * (LONG // 10)}{number}",
)
"""A hundred thousand characters, of which the first two kinds share all keys."""


def any_of(kinds: Sequence[Text]) -> Text:
    """Return each kind in turn."""
    return lambda number: kinds[number % len(kinds)](number)


def one_body(sign: int) -> Callable[[int], Stream]:
    """Return the stream of one story on page after page, each later, or earlier, than the one before."""
    content, sketched = ids.content_id("", BODY), as_text(sketch(BODY))
    return lambda count: (told(content, sketched, at, _url(at), sign * PACE_SECONDS * at) for at in range(count))


def bodies(body: Text, url: Text = _url, *, is_sorted: bool = True) -> Callable[[int], Stream]:
    """Return the stream of numbered bodies, each at a place, by falling ids or in turn."""

    def stream(count: int) -> Iterator[Sighting]:
        contents = [ids.content_id("", body(at)) for at in range(count)]
        order = sorted(range(count), key=contents.__getitem__, reverse=True) if is_sorted else range(count)
        return (
            told(contents[one], as_text(sketch(body(one))), at, url(one), PACE_SECONDS * at)
            for at, one in enumerate(order)
        )

    return stream


def near_copy(number: int) -> str:
    """Return the body with some words in it changed."""
    words, dice = BODY.split(), random.Random(number)
    for _ in range(CHANGED):
        words[dice.randrange(len(words))] = f"x{number}"
    return " ".join(words)


def window_of_body(number: int) -> str:
    """Return bodies of which each has most of its neighbours'."""
    return " ".join(f"w{at}" for at in range(10 * number, 10 * number + 150))


def with_one_run(number: int) -> str:
    """Return bodies that have nothing in common but the run of four words that is a key of all."""
    return f"{SMALLEST_RUN} {prose(number + 10, 60)}"


def _smallest_run() -> str:
    words = BODY.split()
    return min((" ".join(words[at : at + RUN_WORDS]) for at in range(len(words) - RUN_WORDS + 1)), key=sketch)


SMALLEST_RUN = _smallest_run()


def _one_url(_: int) -> str:
    return "https://news.example/live"


ATTACKS: Mapping[str, Attack] = {
    "one headline": Attack(in_turn(one_headline)),
    "one headline, backwards": Attack(backwards(one_headline)),
    "one headline, wrong clocks": Attack(by_wrong_clocks(one_headline)),
    "all keys": Attack(in_turn(in_all_keys)),
    "all keys, sorted": Attack(sorted_against(in_all_keys), 100),
    "all keys, other words, sorted": Attack(sorted_against(in_all_keys_with_other_words), 100),
    "three keys": Attack(in_turn(in_three_keys)),
    "three keys, sorted": Attack(sorted_against(in_three_keys), 100),
    "blocks": Attack(in_turn(in_six_blocks), 10),
    "blocks, sorted": Attack(sorted_against(in_six_blocks), 100),
    "numbers": Attack(in_turn(numbered)),
    "numbers, sorted": Attack(sorted_against(numbered), 100),
    "numbers, wrong clocks": Attack(by_wrong_clocks(numbered), 10),
    "chain of 6 words": Attack(in_turn(window(6)), 50),
    "chain of 24 words": Attack(in_turn(window(24)), 100),
    "chain of 12 words, backwards": Attack(backwards(window(12)), 100),
    "odd": Attack(in_turn(any_of(ODD)), 10),
    "endless": Attack(in_turn(any_of(ENDLESS)), 500),
    "one body": Attack(one_body(1), 10),
    "one body, backwards": Attack(one_body(-1), 50),
    "near copies": Attack(bodies(near_copy), 100),
    "near copies at one URL": Attack(bodies(near_copy, _one_url), 100),
    "bodies with one run": Attack(bodies(with_one_run), 50),
    "bodies at one URL": Attack(bodies(lambda number: prose(number, 80), _one_url), 50),
    "chain of bodies": Attack(bodies(window_of_body, is_sorted=False), 100),
}
