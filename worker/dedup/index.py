"""Which known headlines may match a headline: under each key a short list of ids, its posting.

In: the keys of a headline (`signature.keys`), the first `ID_BYTES` of its id, and the postings that a table holds under
those keys. Out: the postings to keep, the candidates, and who was pushed out. It holds nothing itself: a dict, a Kafka
table or SQLite can hold the postings. It never compares headlines.

The rule. A key names the headlines with the `MOST_FILED` smallest ids of all that have it. Two headlines are candidates
when at least `LEAST_SHARED` keys name both. Ids are hashes of content, so the named are a random sample; and who has
the smallest ids of a set depends on the set alone, not on the order in which it was read.

An insertion into a full posting names the smaller id and pushes the largest out, or names nobody new. So a pair that
were candidates can stop being so, always a pair of the one pushed out: who keeps links asks `candidates` for it again,
with the postings as they are then, and takes back its links to headlines that are no longer among them. After this the
candidates are those of the rule at any time, whatever the order of insertion (`tests/property/test_index.py`).

*Rejected:* that one of the two be named is enough. A small id that comes late would have to meet everybody who was
refused before it, and no bounded list knows them.

What it costs. A key that a million headlines share names as many as any other, and refuses a newcomer without looking
further; a headline has at most `signature.MOST_KEYS` postings of 8 * `MOST_FILED` bytes, whatever was put in.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from struct import Struct

ID_BYTES = 8
"""Of the id's 16: among 10^7 headlines two share them with a chance of 3 in a million."""

MOST_FILED = 32
"""Headlines that a key names. Of near pairs of wire titles, planted among 10^6 recombined headlines, .967 are still
candidates, of .982 by themselves; with 16 .952, with 64 .973, and a headline sees half or twice as many ids."""

LEAST_SHARED = 3
"""Keys that name both. A key is a pair of words, so three are three words in common or more. With two, .64 of 10^6
recombined headlines meet another by chance, and the more the longer the stream; with three .08."""

_UNPACK = tuple(Struct(f">{length}Q").unpack for length in range(MOST_FILED + 1))
"""How a posting of so many ids is read; made once, because there is one for each key of each headline."""


@dataclass(frozen=True, slots=True)
class Filed:
    """What filing a headline under its keys gave.

    `postings` are to be kept under its keys, in their order. `candidates` are the ids that may match it, the smallest
    first. `pushed_out` holds, for each key by its place among the keys, the id that it names no longer.
    """

    postings: list[bytes]
    candidates: list[bytes]
    pushed_out: list[tuple[int, bytes]]


def file(headline: bytes, postings: Iterable[bytes | None], least_shared: int = LEAST_SHARED) -> Filed:
    """File a headline under its keys, given the posting of each; a second time changes nothing and finds the same.

    Stories are filed so too: one key is enough for two of them, as it is a hash of four words.
    """
    number, kept, pushed_out = int.from_bytes(headline, "big"), [], []
    seen: list[int] = []
    for place, posting in enumerate(postings):
        if not posting:
            kept.append(headline)
            continue
        after, others, out = _insert(posting, headline, number)
        kept.append(after)
        seen += others
        if out is not None:
            pushed_out.append((place, out))
    return Filed(kept, _shared(seen, number, least_shared), pushed_out)


def insert(posting: bytes | None, headline: bytes) -> tuple[bytes, bytes, bytes | None]:
    """Return the posting with the headline, the others that it names with it, and whom it names no longer.

    The others are none where the posting is full of smaller ids: it names the headline not, and nobody is pushed out.
    """
    if not posting:
        return headline, b"", None
    number = int.from_bytes(headline, "big")
    after, others, out = _insert(posting, headline, number)
    return after, b"".join([_bytes(other) for other in others if other != number]), out


def candidates(headline: bytes, postings: Iterable[bytes | None], least_shared: int = LEAST_SHARED) -> list[bytes]:
    """Return the candidates of a filed headline as the postings of its keys are now, the smallest first."""
    number = int.from_bytes(headline, "big")
    naming = [numbers for posting in postings if posting and number in (numbers := _numbers(posting))]
    return _shared([other for numbers in naming for other in numbers], number, least_shared)


def remove(posting: bytes, headline: bytes) -> bytes:
    """Return the posting without a headline."""
    return b"".join([_bytes(number) for number in _numbers(posting) if _bytes(number) != headline])


def _insert(posting: bytes, headline: bytes, number: int) -> tuple[bytes, Sequence[int], bytes | None]:
    """Return the posting after the insertion, whom it names beside the headline (or with it), and whom no longer."""
    numbers = _numbers(posting)
    place = bisect_left(numbers, number)
    if place == MOST_FILED:
        return posting, (), None
    at = ID_BYTES * place
    if posting.startswith(headline, at):
        return posting, numbers, None
    if len(numbers) < MOST_FILED:
        return posting[:at] + headline + posting[at:], numbers, None
    return posting[:at] + headline + posting[at:-ID_BYTES], numbers[:-1], posting[-ID_BYTES:]


def _numbers(posting: bytes) -> tuple[int, ...]:
    return _UNPACK[len(posting) // ID_BYTES](posting)


def _bytes(number: int) -> bytes:
    return number.to_bytes(ID_BYTES, "big")


def _shared(seen: Sequence[int], number: int, least_shared: int) -> list[bytes]:
    """Return who is seen often enough, but for the headline itself."""
    if len(seen) < least_shared:
        return []
    times = Counter(seen)
    if max(times.values()) < least_shared:
        return []  # spares most headlines that are new the next line
    return [_bytes(other) for other in sorted(times) if times[other] >= least_shared and other != number]
