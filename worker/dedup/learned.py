"""What the stream has learned of its sources: the words that each of them puts behind its headlines.

In: sightings with a source. Out: whether a source is known to put words behind its headlines, and, when that becomes
known, which headlines were compared without knowing it. What is learned follows from the set of sightings: headlines
are only ever added, so words stay learned until the source has not printed them for as long as a headline is
remembered; then they are forgotten, and counted anew if they come again. Names that a source bears need no learning
(`tails.is_own_name`).
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from typing import Literal

import orjson
from pydantic import TypeAdapter, ValidationError

from schemas.record import Id, Timestamp
from worker.dedup.expiry import TABLE, Queue, Turn, open_beside
from worker.dedup.links import SHORT_BYTES, short
from worker.dedup.memory import Memory
from worker.dedup.sighting import HeadlineSighting
from worker.dedup.state import bad_state, seconds
from worker.dedup.tails import find_tail, is_own_name

PREFIX = b"a"
QUEUE = b"\0affixes"

LEAST_HEADLINES = 5
"""Headlines of a source that show words behind a bar to be no news. Of 85 such words in the development data one stands
behind as many ("Paid Program"). It also bounds what becoming known costs: so many headlines are compared anew."""

AFFIXES_KEPT = 4096
"""Affixes that are remembered as read: those of a source are asked for with each of its headlines."""


@dataclass(frozen=True, slots=True)
class Affix:
    """Words behind a source's headlines; `headlines` are the ids of those that were seen before it was learned."""

    source: str
    words: str
    is_learned: bool
    headlines: tuple[Id, ...]
    first_seen: Timestamp
    last_seen: Timestamp
    turn: int = 0
    version: Literal[1] = 1


_AFFIX = TypeAdapter(Affix)


def is_learned(memory: Memory, realm: bytes, source: str, words: str) -> bool:
    """Tell whether a source is known to put words behind its headlines."""
    known = _load(memory, _name(realm, source, words))
    return known is not None and known.is_learned


def learn(memory: Memory, queue: Queue, sighting: HeadlineSighting) -> tuple[bytes, ...]:
    """Take in what a sighting shows; return the headlines, by their short ids, for which something is known only now.

    `queue` is that of the realm's headlines.

    Raises:
        Fatal: `bad_state`, when the state is not what this version or an earlier one wrote.
    """
    source = sighting.source
    tail = find_tail(sighting.headline, sighting.language) if source else None
    if not source or tail is None or not tail.is_countable or is_own_name(tail.words, source):
        return ()
    own = open_beside(queue, QUEUE)
    one = _name(queue.realm, source, tail.words)
    known = _load(memory, one)
    before = known or Affix(source, tail.words, False, (), sighting.seen_at, sighting.seen_at, -1)
    after = _add(before, sighting)
    _put(memory, one, replace(after, turn=_turn(own, one, after)))
    for turn in own.up():
        _take(memory, own, turn)
    own.save()
    is_new = after.is_learned and not before.is_learned
    return tuple(sorted(map(short, {*before.headlines, sighting.headline_id}))) if is_new else ()


def _add(affix: Affix, sighting: HeadlineSighting) -> Affix:
    headlines = {*affix.headlines, sighting.headline_id}
    is_known = affix.is_learned or len(headlines) >= LEAST_HEADLINES
    return replace(
        affix,
        is_learned=is_known,
        headlines=() if is_known else tuple(sorted(headlines)),
        first_seen=min(affix.first_seen, sighting.seen_at, key=seconds),
        last_seen=max(affix.last_seen, sighting.seen_at, key=seconds),
    )


def _turn(queue: Queue, one: bytes, affix: Affix) -> int:
    is_waiting = affix.turn >= 0 and queue.is_waiting(affix.turn)
    return affix.turn if is_waiting else queue.add(one, seconds(affix.last_seen))


def _take(memory: Memory, queue: Queue, turn: Turn) -> None:
    """Forget an affix in its time, or let it wait again where its source has printed it since."""
    known = _load(memory, turn.one)
    if known is None or known.turn != turn.number:
        return
    if turn.is_full or (turn.is_due and queue.is_over(seconds(known.last_seen))):
        memory.put(TABLE, PREFIX + turn.one, None)
    else:
        _put(memory, turn.one, replace(known, turn=queue.add(turn.one, seconds(known.last_seen))))


def _name(realm: bytes, source: str, words: str) -> bytes:
    """Return what an affix is kept under, something else in each realm."""
    framed = b"\0".join([realm, source.encode(), words.encode()])
    return blake2b(framed, digest_size=SHORT_BYTES).digest()


def _load(memory: Memory, one: bytes) -> Affix | None:
    value = memory.get(TABLE, PREFIX + one)
    return None if value is None else decode(value)


def _put(memory: Memory, one: bytes, affix: Affix) -> None:
    memory.put(TABLE, PREFIX + one, orjson.dumps(affix))


@lru_cache(AFFIXES_KEPT)
def decode(value: bytes) -> Affix:
    """Return an affix as it is kept; raises `Fatal` `bad_state` for anything else."""
    try:
        return _AFFIX.validate_json(value)
    except ValidationError as error:
        raise bad_state("affix") from error
