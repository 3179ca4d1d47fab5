"""What is said of each line of a feed.

In: the store and the groups. Out: answers in the order of the lines, one for each. The reason why a headline is like an
earlier one comes from their comparison, made once more.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import orjson

from worker.feed.gather import EXACT, FIRST
from worker.feed.judge import NOBODY, Groups, compare_known
from worker.feed.lines import Answer, Match, Verdict
from worker.feed.store import Store

UNLIKE_ANY = "no earlier headline of the feed is like it"
WORD_FOR_WORD = "word for word an earlier headline of the feed"
RESPELLED = "an earlier headline of the feed, spelled, punctuated or tagged differently"
KEPT_APART = "matches an earlier headline, but their groups hold headlines that a veto keeps apart, or are full: "
BY_WAY_OF = "in one group with an earlier headline by way of others: "


@dataclass(frozen=True, slots=True)
class _Said:
    verdict: Verdict
    match: Match | None
    score: float | None
    reason: str
    veto: str | None = None


NEW = _Said("new", None, None, UNLIKE_ANY)
AGAIN = _Said("repeat", "exact", 1.0, WORD_FOR_WORD)
AGAIN_RESPELLED = _Said("repeat", "normalised", 1.0, RESPELLED)


def answers(store: Store, groups: Groups) -> Iterator[Answer]:
    """Yield the answer to each line."""
    for echo, number, match, headline_id in store.sightings():
        canonical = groups.canonical[number]
        said = _of_first(store, groups, number) if match == FIRST else AGAIN if match == EXACT else AGAIN_RESPELLED
        yield Answer(
            id=orjson.loads(echo),
            headline_id=headline_id.hex(),
            canonical_id=(headline_id if canonical == number else store.headline(canonical).id).hex(),
            verdict=said.verdict,
            match=said.match,
            score=said.score,
            reason=said.reason,
            veto=said.veto,
        )


def _of_first(store: Store, groups: Groups, number: int) -> _Said:
    """Say what a headline is at its first sighting."""
    opener, likest = groups.opener[groups.canonical[number]], groups.likest[number]
    if opener == number:
        return NEW if likest == NOBODY else _of_new(store, number, likest)
    is_grouped = likest != NOBODY and groups.canonical[likest] == groups.canonical[number]
    return _of_repeat(store, number, likest if is_grouped else opener)


def _of_new(store: Store, number: int, likest: int) -> _Said:
    found = compare_known(store, store.headline(number), store.headline(likest))
    reason = KEPT_APART + found.reason if found.match and not found.veto else found.reason
    return _Said("new", None, found.score, reason, found.veto)


def _of_repeat(store: Store, number: int, earlier: int) -> _Said:
    found = compare_known(store, store.headline(number), store.headline(earlier))
    if found.match and not found.veto:
        return _Said("repeat", found.match, found.score, found.reason)
    return _Said("repeat", "near", found.score, BY_WAY_OF + found.reason)
