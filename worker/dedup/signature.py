"""The keys of a headline: what it is filed under, so that headlines that may match meet.

In: a headline as read. Out: some twenty numbers of 64 bits, each made of two of its content words. They depend on
the words alone: the same in every process, on every machine, in every run.

Which pairs. Neighbours first: a cut headline keeps those of its beginning, a source's name behind it adds one. Then, up
to `MOST_KEYS`, the pairs with the smallest keys: a key is a hash, so two headlines choose the same ones of what they
share (a bottom-k sketch of the pairs). Words are taken by their stems, function words only where there are no others.

Measured on 863 pairs of titles of one wire copy that `compare` calls near, and, for what meets by chance, on 70,000
recombined headlines (`tests/bench/recombine.py`), each with twenty keys:

    keys                                         shared    pairs that meet    met by chance, a headline
    pairs of words, as here                      3         .982               .022
                                                 2         .998               .174
    bands of a minhash signature, two rows       3         .929               .046
                                                 2         .976               .957
    bands of three rows                          1         .935               3.43
"""

from collections.abc import Sequence
from itertools import combinations, pairwise

from rensa import RMinHash

from worker.dedup.reading import Reading

MOST_KEYS = 20
"""Keys of a headline of up to 21 content words. With 16 of the pairs above .959 meet, with 18 .970, with 24 .987; and
twice as many as with 20 by chance."""

MOST_WORDS = 24
"""Content words from the headline's beginning that make keys: more than real headlines have."""

LEAST_WORDS = 3
"""Content words; with fewer the function words make keys too, and each word makes one of its own."""

STEM_LETTERS = 6
"""Of a stem that count: a light stem has endings left, more of them in a language without a stemmer."""

_MASK = (1 << 64) - 1


def keys_of(reading: Reading) -> list[int]:
    """Return the keys, each once, of 64 bits; none for a headline without words."""
    hashes = _hashes(_words(reading))
    keys = {one * other & _MASK for one, other in pairwise(hashes)}
    if len(hashes) <= LEAST_WORDS:
        keys.update(hashes)
    missing = MOST_KEYS - len(keys)
    if missing > 0:
        rest = {one * other & _MASK for one, other in combinations(set(hashes), 2)} - keys
        keys.update(sorted(rest)[:missing])
    return list(keys)


def _words(reading: Reading) -> Sequence[str]:
    content = [stem for stem, is_stop in zip(reading.stems, reading.stops, strict=True) if not is_stop]
    stems = (content if len(content) >= LEAST_WORDS else reading.stems)[:MOST_WORDS]
    return [stem[:STEM_LETTERS] for stem in stems]


def _hashes(words: Sequence[str]) -> list[int]:
    """Return an odd number of 64 bits for each word; products of odd numbers lose nothing modulo 2^64 but that bit."""
    return [number | 1 for number in RMinHash.hash_token_sets([words])[0]]
