"""The script and the language of one headline, cheaply.

In: a headline as shown, its folded words, and the language that its page is said to be in. Out: codes, for choosing a
lexicon. A headline is too short for a detector: the script decides, then letters that only one language of it has, then
function words. What stays in doubt has no language.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from worker.dedup.lexicon import languages, lexicon
from worker.enrich.lexicon import read

SAMPLE_CHARACTERS = 400
"""Of a headline looked at: more than any real one has, and a bound for what is none."""

SHORT = 2
"""Letters of words that many languages share ("go", "de", "to"): they weigh half."""

WEIGHT = LEAST_EVIDENCE = 2
"""What a longer word weighs, and what it takes to tell a language: one such word, two short ones, or a letter."""

UNDECIDED = frozenset({"", "und", "mul", "zxx", "mis"})
"""Codes by which a page says that it does not say."""

_LETTERS = re.compile(r"[^\W\d_]+")
_KANA = re.compile("[\u3040-\u30ff]")
_TAG = re.compile(r"[a-z]{2,3}(?=-|$)")


@dataclass(frozen=True, slots=True)
class _Blocks:
    ranges: list[tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class _Scripts:
    blocks: _Blocks
    languages: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class _Headlines:
    letters: list[tuple[str, str, int]]
    scripts: dict[str, list[str]]
    default: dict[str, str]


def find_script(shown: str) -> str:
    """Return the ISO 15924 code of the script of most of the headline's letters, "" where it has none."""
    runs = _LETTERS.findall(shown[:SAMPLE_CHARACTERS])
    if not runs:
        return ""
    scripts = [_script_of(run[0]) for run in runs]
    script = scripts[0] if len(set(scripts)) == 1 else _most(runs, scripts)
    return "Jpan" if script == "Hani" and _KANA.search(shown, 0, SAMPLE_CHARACTERS) else script


def find_language(shown: str, words: Sequence[str], script: str, given: str | None) -> str:
    """Return the headline's language as a BCP 47 primary code: the given one where it may be in the script."""
    wanted = primary(given)
    if wanted not in UNDECIDED and (not script or is_written_in(wanted, script)):
        return wanted
    candidates = _headlines().scripts.get(script)
    if candidates is None:
        listed = _scripts().languages.get(script, ())
        return listed[0] if len(listed) == 1 else ""
    if len(candidates) == 1:
        return candidates[0]
    return _likeliest(shown, words, script, candidates)


@lru_cache(maxsize=1024)
def primary(tag: str | None) -> str:
    """Return the primary code of a BCP 47 tag, "" where there is none."""
    found = _TAG.match(tag.strip().replace("_", "-").lower()[:SAMPLE_CHARACTERS]) if tag else None
    return found[0] if found else ""


@lru_cache(maxsize=1024)
def is_written_in(code: str, script: str) -> bool:
    """Tell whether a language is written in a script; one that is listed for no script may be written in Latin."""
    listed = _scripts().languages.get(script)
    if listed:
        return code in listed
    return script == "Latn" and (code in _latin() or code not in _elsewhere())


def _most(runs: list[str], scripts: list[str]) -> str:
    letters: Counter[str] = Counter()
    for run, script in zip(runs, scripts, strict=True):
        letters[script] += len(run)
    return max(letters, key=lambda script: (letters[script], script))


@lru_cache(maxsize=8192)
def _script_of(letter: str) -> str:
    starts, ends, scripts = _ranges()
    code = ord(letter)
    index = bisect_right(starts, code) - 1
    return scripts[index] if index >= 0 and code <= ends[index] else "Zyyy"


def _likeliest(shown: str, words: Sequence[str], script: str, candidates: Sequence[str]) -> str:
    """Return the candidate with most function words and letters of its own, "" where none has any."""
    scores = _weigh_letters(shown, script)
    known = {code: scores.get(code, 0) + _weigh_words(words, code) for code in candidates}
    best = max(candidates, key=lambda code: known[code])
    return best if known[best] >= LEAST_EVIDENCE else _headlines().default.get(script, "")


def _weigh_words(words: Sequence[str], code: str) -> int:
    return sum([WEIGHT if len(word) > SHORT else 1 for word in lexicon(code).vocabulary.intersection(words)])


def _weigh_letters(shown: str, script: str) -> dict[str, int]:
    peculiar = _peculiar(script)
    if peculiar is None:
        return {}
    pattern, weights = peculiar
    scores: dict[str, int] = {}
    for letter in set(pattern.findall(shown[:SAMPLE_CHARACTERS].lower())):
        code, weight = weights[letter]
        scores[code] = scores.get(code, 0) + weight
    return scores


@cache
def _peculiar(script: str) -> tuple[re.Pattern[str], dict[str, tuple[str, int]]] | None:
    candidates = _headlines().scripts.get(script, ())
    weights = {
        letter: (code, weight)
        for code, letters, weight in _headlines().letters
        if code in candidates
        for letter in letters
    }
    return (re.compile(f"[{''.join(weights)}]"), weights) if weights else None


@cache
def _headlines() -> _Headlines:
    return read("headline_languages", _Headlines)


@cache
def _scripts() -> _Scripts:
    return read("languages", _Scripts)


@cache
def _latin() -> frozenset[str]:
    return languages().intersection(_headlines().scripts["Latn"])


@cache
def _elsewhere() -> frozenset[str]:
    return frozenset(code for codes in _scripts().languages.values() for code in codes)


@cache
def _ranges() -> tuple[list[int], list[int], list[str]]:
    ranges = sorted(_scripts().blocks.ranges)
    return [first for first, _, _ in ranges], [last for _, last, _ in ranges], [script for _, _, script in ranges]
