"""What stands on the topics after a run, and how it differs from what an undisturbed run has left there.

In: the topics, read to their ends. Out: counts of what is lost, different, or of an id that should not be. Repeats of
the same bytes are allowed; so is another verdict of a mention, which tells what was known at the time.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

import orjson
from kafka_client import KafkaClient, Received

from worker.settings import Topics

BY_PAIR = ("story", "page")
BY_LAST = ("headline", "copy")
"""Published again as more is known: the last record of a key is true."""

COUNTED = ("story", "page", "sighting", "mention")
"""Topics on which, delivered exactly once, every message leaves the same number of records in every run."""

OF_THE_MOMENT = ("verdict", "canonical_id", "reason", "match", "score", "veto")
"""What a mention says of what was known when it was decided."""

Pair = tuple[Hashable, Hashable]


@dataclass(frozen=True, slots=True)
class Books:
    """The distinct (id, content) pairs of each kind of topic, and how many records each id has on some of them."""

    pairs: Mapping[str, AbstractSet[Pair]]
    times: Mapping[str, Counter[Hashable]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """Ids that are missing, or have other content, or should not be; dead letters that are missing."""

    lost: int = 0
    differing: int = 0
    extra_ids: int = 0
    dead_letters_missing: int = 0


def read(client: KafkaClient, topics: Topics) -> Books:
    """Read what a run has left on its topics."""
    found: dict[str, AbstractSet[Pair]] = {}
    for kind in BY_PAIR:
        found[kind] = {(record.key, record.value) for record in client.consume(getattr(topics, kind))}
    for kind in BY_LAST:
        last = {record.key: record.value for record in client.consume(getattr(topics, kind))}
        found[kind] = {(key, value) for key, value in last.items() if value is not None}
    found["mention"] = {_mention(record) for record in client.consume(topics.mention)}
    letters = [(record.key, record.value) for record in client.consume(topics.deadletter)]
    found["deadletter"] = {(letter, None) for letter in letters}
    times = {kind: _times(client, getattr(topics, kind)) for kind in COUNTED}
    return Books(found, {**times, "deadletter": Counter(letters)})


def _times(client: KafkaClient, topic: str) -> Counter[Hashable]:
    return Counter(record.key for record in client.consume(topic))


def repeated(expected: Books, found: Books) -> int:
    """Return how many records a reader of committed records has seen more often than in the undisturbed run."""
    return sum((found.times[kind] - times).total() for kind, times in expected.times.items())


def compare(expected: Books, found: Books) -> Difference:
    """Return how a run's books differ from those of an undisturbed one."""
    kinds = [kind for kind in expected.pairs if kind != "deadletter"]
    letters = _ids(expected.pairs["deadletter"]), _ids(found.pairs["deadletter"])
    return Difference(
        lost=sum(len(_ids(expected.pairs[kind]) - _ids(found.pairs[kind])) for kind in kinds),
        differing=sum(len(_differing(expected.pairs[kind], found.pairs[kind])) for kind in kinds),
        extra_ids=sum(len(_ids(found.pairs[kind]) - _ids(expected.pairs[kind])) for kind in expected.pairs),
        dead_letters_missing=len(letters[0] - letters[1]),
    )


def examples(expected: Books, found: Books) -> list[str]:
    """Name one id of each kind of topic that is wrong, without any text."""
    wrong = ((kind, _ids(pairs ^ found.pairs[kind])) for kind, pairs in expected.pairs.items())
    return [f"{kind}: {len(ids)} ids, such as {next(iter(ids))!r}" for kind, ids in wrong if ids]


def _ids(pairs: Iterable[Pair]) -> set[Hashable]:
    return {name for name, _ in pairs}


def _differing(expected: AbstractSet[Pair], found: AbstractSet[Pair]) -> set[Hashable]:
    return _ids(expected ^ found) & _ids(expected) & _ids(found)


def _mention(record: Received) -> Pair:
    mention = orjson.loads(record.value or b"{}")
    kept = {name: value for name, value in mention.items() if name not in OF_THE_MOMENT}
    name = (record.key, mention["page_id"], mention["position"])
    return name, orjson.dumps(kept, option=orjson.OPT_SORT_KEYS)
