"""The keys under which a story is filed, so that copies and versions of it meet.

In: a story sighting. Out: 64-bit keys, the same for two stories where they share one of the smallest hashes of their
bodies' sketches, or their URL. Two stories that share a key need not be alike: `copies` judges.
"""

from hashlib import blake2b

from worker.dedup.body import HASH_BYTES, read
from worker.dedup.sighting import StorySighting

SMALLEST = 8
"""Hashes of a sketch that are keys. Of the wire set's pairs of copies all share one (already with 6); of its bodies cut
to a half .996 share one with the whole, to a third .95 (with 12: .99)."""


def find_keys(sighting: StorySighting) -> tuple[int, ...]:
    """Return the keys of a story, each once; none for a story without a sketch and a URL."""
    sample = read(sighting.sketch)
    places = (_key_of_place(sighting.place),) if sighting.place else ()
    return tuple(dict.fromkeys((*(sample.hashes[:SMALLEST] if sample else ()), *places)))


def _key_of_place(url: str) -> int:
    return int.from_bytes(blake2b(url.encode("utf-8", "surrogatepass"), digest_size=HASH_BYTES).digest(), "big")
