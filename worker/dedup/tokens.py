"""A headline cut into folded words and figures in digits, the latter with the signs that belong to them.

In: a headline without its affixes. Out: its tokens in order. Words are spelled as in `normalise.key`; a token with a
digit keeps currency, percent and the marks between its digits, for `numerals` to read. Text without blanks (Chinese,
Japanese, Thai) is cut where its script changes, and into pairs of characters.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from unicodedata import category, normalize

from worker.dedup.lexicon import Lexicon
from worker.dedup.normalise import LAST_REMEMBERED, fold_point

CURRENCY = "".join(chr(code) for code in range(LAST_REMEMBERED) if category(chr(code)) == "Sc")

MARKS: dict[int, int | str | None] = {
    **{ord(mark): mark for mark in f".,':/-%+?\u2044{CURRENCY}"},
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u05be"), "-"),
    **dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u0060\u00b4\u02b9"), "'"),
    **dict(zip(map(ord, "\u066a\u066b\u066c\u00d7\u061f\u060c"), "%.,x?,", strict=True)),
}
"""Marks that mean something beside or between digits, or within a word, in one spelling each."""

VULGAR = {"½": ".5", "¼": ".25", "¾": ".75"}
"""Fractions that are printed behind a whole number; the compatibility forms would make 11/2 of 1½."""

EAST_SCALES = "十百千万萬億亿兆십백천만억조"
"""Chinese, Japanese and Korean powers of ten, which stand between digits: 3億5千万."""

COUNTED = "人名岁歳年个個次件日度割%円元死"
"""What follows a number in Chinese characters; elsewhere 一 and 三 are parts of words."""

HAN_DIGITS = {ord(digit): str(value) for value, digit in enumerate("〇一二三四五六七八九")} | {ord("两"): "2"}

FOREIGN_SOUNDS = {
    "ヴァ": "バ",
    "ヴィ": "ビ",
    "ヴェ": "ベ",
    "ヴォ": "ボ",
    "ヴュ": "ビュ",
    "ヴ": "ブ",
    "ツィ": "チ",
    "ウォ": "オ",
}
"""Katakana for sounds that Japanese does not have, and how newspapers spell them that avoid those."""

_PAIRED_LETTERS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3400-\u9fff\uf900-\ufaff"
_UNSPACED_LETTERS = f"{_PAIRED_LETTERS}\u3041-\u309f\u30a1-\u30fe"
_EAST_NUMBER = f"\\d[\\d.,]*(?:[{EAST_SCALES}](?:\\d[\\d.,]*)?)*"
_HAN_NUMBER = f"(?!一[个個])[一二三四五六七八九两十][〇一二三四五六七八九{EAST_SCALES}]{{0,8}}(?=[{COUNTED}])"
_HAS_UNSPACED = re.compile(f"[{_UNSPACED_LETTERS}]")
_PIECES = re.compile(
    rf"(?:\d+[年])?\d+月\d+日|{_EAST_NUMBER}(?=[{_UNSPACED_LETTERS}])|{_HAN_NUMBER}"
    "|[\u30a1-\u30fe]+"  # katakana: loan words
    "|[\u3041-\u309f]+"  # hiragana: particles and endings
    f"|[{_PAIRED_LETTERS}]+?(?={_HAN_NUMBER})|[{_PAIRED_LETTERS}]+"
    rf"|[.,:?]+(?=[\d{_UNSPACED_LETTERS}])|[^\s{_UNSPACED_LETTERS}]+"
)
_IS_HAN_NUMBER = re.compile(f"[〇一二三四五六七八九两{EAST_SCALES}]+")
_IS_PAIRED = re.compile(f"[{_PAIRED_LETTERS}]+")
_PARTING = re.compile(f"[-.,:/%+?\u2044{CURRENCY}]+")
_DIGIT = re.compile(r"\d")
_DOTTED = re.compile(r"(?:[^\W\d_]\.){2,}[^\W\d_]?")
_SPACED_PAIR = re.compile(r"(?<![\d.,])(\d{1,3}) ([-:x]) (\d{1,3})(?![\d.,])")
_SPACED_SIGN = re.compile(rf"(?<=\d) (?=[%{CURRENCY}])|(?<=[{CURRENCY}]) (?=\d)")
_GROUPS_BY_BLANK = re.compile(r"(?<![\d.,])(\d{1,3}(?: \d{3})+)(?![\d]| \d)")
_NUMERO = re.compile(r"\bno\. ?(?=\d)")
_KOREAN_DATE = re.compile(r"(\d월) (\d+일)")
_FOREIGN_SOUND = re.compile("|".join(FOREIGN_SOUNDS))
_OUTER = ".,:'/?-+\u2044"


def tokens_of(core: str, lexicon: Lexicon) -> list[str]:
    """Return the words of a headline folded, and its figures with their signs."""
    text = fold_marked(core)
    if _HAS_UNSPACED.search(text):
        text = " ".join(_pieces(text))
    elif _DIGIT.search(text):
        text = _close_up(text, lexicon)
    tokens: list[str] = []
    for chunk in text.split():
        if chunk.isalpha():
            tokens.append(chunk)
        elif _DIGIT.search(chunk):
            tokens.append(_trim(chunk))
        else:
            tokens.extend(_words(chunk, lexicon))
    return tokens


def fold_marked(text: str) -> str:
    """Return the text folded as for its key, with the marks of `MARKS` left in."""
    for fraction, decimals in VULGAR.items():
        if fraction in text:
            text = re.sub(rf"(?<=\d){fraction}", decimals, text)
    return normalize("NFKC", normalize("NFKC", text).translate(_FOLDING).casefold())


def _close_up(text: str, lexicon: Lexicon) -> str:
    """Take out the blanks within scores, Korean dates and, as the language has it, numbers, and those before signs."""
    text = _KOREAN_DATE.sub(r"\1\2", _SPACED_PAIR.sub(r"\1\2\3", _SPACED_SIGN.sub("", text)))
    text = _NUMERO.sub("no", text)
    if lexicon.groups_by_blank:
        return _GROUPS_BY_BLANK.sub(lambda found: found[1].replace(" ", ""), text)
    return text


def _trim(chunk: str) -> str:
    sign = "-" if chunk[0] == "-" and chunk[1].isdigit() else ""
    return sign + chunk.strip(_OUTER)


def _words(chunk: str, lexicon: Lexicon) -> Iterator[str]:
    if _DOTTED.fullmatch(chunk):
        yield chunk.replace(".", "")
        return
    for part in _PARTING.split(chunk):
        yield from filter(None, _parted(part.strip("'"), lexicon))


def _parted(word: str, lexicon: Lexicon) -> tuple[str, ...]:
    head, _, end = word.partition("'")
    end = end.replace("'", "")
    if lexicon.apostrophe == "part":
        return head, end
    if lexicon.apostrophe == "cut" or end in lexicon.possessives:
        return (head,)
    return (head + end,)


def _pieces(text: str) -> Iterator[str]:
    for piece, following in pairwise([*_PIECES.findall(text), ""]):
        if following and following[0] in COUNTED and _IS_HAN_NUMBER.fullmatch(piece):
            yield f"{'1' * piece.startswith('十')}{piece.translate(HAN_DIGITS)}"
        elif len(piece) > 2 and _IS_PAIRED.fullmatch(piece):  # noqa: PLR2004 - a pair is two
            yield from map("".join, pairwise(piece))
        else:
            yield _FOREIGN_SOUND.sub(lambda found: FOREIGN_SOUNDS[found[0]], piece)


class _Folding(dict[int, int | str | None]):
    """`normalise`'s folding with the marks left in; as bounded as that one."""

    def __missing__(self, point: int) -> int | str | None:
        folded = MARKS[point] if point in MARKS else fold_point(point)
        if point <= LAST_REMEMBERED:
            self[point] = folded
        return folded


_FOLDING = _Folding()
