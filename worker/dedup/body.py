"""Sketches of story bodies: about 1 kB that tells how much two bodies have in common.

In: a story's body, from the pipeline; later two sketches, from `kinship`. Out: bytes; their likeness. A body is the
set of its runs of four words, spellings unified by `normalise.fold`; its sketch holds the smallest of their hashes. As
far as two sketches both reach they are one sample of both bodies, so that shares in it are shares of the bodies (Broder
1997; bottom-k sketches: Cohen and Kaplan 2007). It keeps no text and compares no more than two.
"""

import re
from base64 import b64decode, b64encode
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import islice, pairwise
from struct import Struct, pack, unpack

from worker.dedup.normalise import fold

RUN_WORDS = 4
"""Words of one run. Of unrelated reports of the wire set 99 in 100 share fewer than 5% of such runs."""

MOST_HASHES = 120
"""Hashes of a sketch. A body of up to so many different runs is compared exactly; for longer ones a share of one half
has a standard error of .04."""

HASH_BYTES = 8
LARGEST_HASH = 2**60 - 1
"""Sixty bits: two digits of Python's integers, where 64 would take three."""

MOST_CHARACTERS = 100_000
"""Of a body that are read, some 15,000 words: more than any report has, and the bound of what a sketch can cost."""

MOST_KNOWN = 2**15
"""Words whose hashes are remembered, in 6 MB: 9 in 10 words of a stream of Arabic news are then neither folded nor
hashed, and a sketch takes half the time."""

LONGEST_KNOWN = 24
"""Characters of a word that is remembered; longer ones are rare, and could be endless."""

MOST_SEVERAL = 2**12
"""Of what is no single word, such as "council's", "-" or a sentence of Chinese."""

OTHER = -1
"""In place of a hash: no word stands there, or several, or a long one."""

VERSION = 1
"""Of the sketch: folding, runs, hashes. Sketches of different versions have nothing in common."""

HAN = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Han and kana: blocks of the Unicode Character Database."""

SOUTH_EAST_ASIAN = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1980-\u19df\u1a20-\u1aaf\ua9e0-\ua9ff\uaa60-\uaadf"
"""Thai, Lao, Myanmar, Khmer, Tai Lue, Tai Tham: sentences without blanks, in letters."""

WINDOWS = {"han": 2, "letters": 6}
"""Characters that stand for a word where a script has no blanks; four such words, each one character on, are 5
characters of Chinese and 9 of Thai."""

HEAD = ">BI"
_HEAD = Struct(HEAD)
_WIDE = re.compile(f"[{HAN}{SOUTH_EAST_ASIAN}]")
_PARTS = re.compile(f"(?P<han>[{HAN}]+)|(?P<letters>[{SOUTH_EAST_ASIAN}]+)|[^\\s{HAN}{SOUTH_EAST_ASIAN}]+")


@dataclass(frozen=True, slots=True)
class Sample:
    """A sketch as read: how many `runs` the body has, repeats counted, and its smallest `hashes`, ascending."""

    runs: int
    hashes: tuple[int, ...]
    members: frozenset[int]
    """The hashes, to be looked up."""

    @property
    def reach(self) -> int:
        """The largest hash up to which it holds every run of its body."""
        return LARGEST_HASH if len(self.hashes) < MOST_HASHES else self.hashes[-1]


class _Known(dict[str, int]):
    """The hash of each printed word met lately, `OTHER` for what is none, several or long; anew when it is full."""

    def __missing__(self, printed: str) -> int:
        if len(printed) > LONGEST_KNOWN:
            return OTHER
        if len(self) >= MOST_KNOWN:
            self.clear()
        words = _hash_parts(printed)
        return self.setdefault(printed, words[0] if len(words) == 1 else OTHER)


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two bodies have in common: shares from 0 to 1, estimated unless both bodies are short.

    `jaccard` is of all their runs, `of_one` and `of_other` of the runs of either; `shared` counts the runs of the
    sample that both have, the evidence that the shares rest on.
    """

    jaccard: float
    of_one: float
    of_other: float
    shared: int

    @property
    def containment(self) -> float:
        """The larger of the two shares: of the shorter body, as a rule."""
        return max(self.of_one, self.of_other)


NOTHING = Likeness(0.0, 0.0, 0.0, 0)


def sketch(body: str) -> bytes:
    """Return the sketch of a body: the same on every machine, for every spelling and setting in paragraphs.

    A version byte, the number of runs (4 bytes), then up to `MOST_HASHES` hashes of 8 bytes, ascending, big-endian. A
    body of signs alone has no runs.
    """
    hashes = _hash_runs(_hash_words(body[:MOST_CHARACTERS].split()))
    kept = sorted({*hashes})[:MOST_HASHES]
    return pack(f"{HEAD}{len(kept)}Q", VERSION, len(hashes), *kept)


def _hash_words(printed: Sequence[str]) -> list[int]:
    hashes = list(map(_KNOWN.__getitem__, printed))
    if OTHER not in hashes:
        return hashes
    return [one for word, known in zip(printed, hashes, strict=True) for one in _hashes(word, known)]


def _hashes(printed: str, known: int) -> tuple[int, ...]:
    if known != OTHER:
        return (known,)
    return _several(printed) if len(printed) <= LONGEST_KNOWN else _hash_parts(printed)


def _hash_parts(printed: str) -> tuple[int, ...]:
    """Return the hashes of the words that make up what stands between blanks."""
    return tuple([_hash(word) for word in find_words(fold(printed)[:MOST_CHARACTERS])])


def _hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=HASH_BYTES).digest(), "big") & LARGEST_HASH


def find_words(folded: str) -> list[str]:
    """Return the words of a folded text; of a script without blanks: windows of a few characters, one character on."""
    if not _WIDE.search(folded):
        return folded.split()
    return [word for part in _PARTS.finditer(folded) for word in _windows(part[0], WINDOWS.get(part.lastgroup or ""))]


def _windows(part: str, size: int | None) -> Sequence[str]:
    if size is None or len(part) <= size:
        return (part,)
    return [part[start : start + size] for start in range(len(part) - size + 1)]


def _hash_runs(words: Sequence[int]) -> list[int]:
    """Return a hash for each four words in a row; for all of them together where there are fewer.

    The words' hashes are as good as random, and so is a weighted sum of them. Sums of different powers of 3 are
    different: no two runs of the same words in another order share one.
    """
    if 0 < len(words) < RUN_WORDS:
        return _hash_runs([*words, 0, 0, 0][:RUN_WORDS])
    twos = [first * 3 + second for first, second in pairwise(words)]
    return [(two * 9 + next_two) & LARGEST_HASH for two, next_two in zip(twos, islice(twos, 2, None), strict=False)]


def as_text(sketched: bytes) -> str:
    """Return a sketch as base64, for JSON."""
    return b64encode(sketched).decode()


def read(text: str | None) -> Sample | None:
    """Return the sketch behind `as_text`; None where there is none that this version can compare."""
    try:
        return read_bytes(b64decode(text, validate=True)) if text else None
    except ValueError:
        return None


def read_bytes(sketched: bytes) -> Sample | None:
    """Return a sketch as it can be compared; None where it is of another version, or damaged."""
    count, rest = divmod(len(sketched) - _HEAD.size, HASH_BYTES)
    if rest or not 0 <= count <= MOST_HASHES:
        return None
    version, runs = _HEAD.unpack_from(sketched)
    hashes = unpack(f">{count}Q", sketched[_HEAD.size :])
    members = frozenset(hashes)
    return Sample(runs, hashes, members) if version == VERSION and hashes == tuple(sorted(members)) else None


def compare(first: bytes, second: bytes) -> Likeness:
    """Return what the bodies of two sketches have in common; nothing, where a sketch cannot be read."""
    one, other = read_bytes(first), read_bytes(second)
    return liken(one, other) if one and other else NOTHING


def liken(one: Sample, other: Sample) -> Likeness:
    """Return what the bodies of two samples have in common."""
    shared = len(one.members & other.members)
    if not shared:
        return NOTHING
    # Up to here both samples are whole; what they share lies within, as it is in both.
    reach = min(one.reach, other.reach)
    return _likeness(shared, bisect_right(one.hashes, reach), bisect_right(other.hashes, reach))


def _likeness(shared: int, of_one: int, of_other: int) -> Likeness:
    return Likeness(shared / (of_one + of_other - shared), shared / of_one, shared / of_other, shared)


_KNOWN = _Known()
_several = lru_cache(MOST_SEVERAL)(_hash_parts)
