"""Headlines made comparable on two levels.

In: a headline as the splitter cut it out of a page. Out: `as_shown`, what a reader sees, for records and for telling an
exact repeat; `key`, the same for all spellings of one headline, for `reading.key` and the lexicons. It never joins
headlines that differ in a letter or digit that carries meaning, and never looks at more than the one headline.
"""

import re
from itertools import groupby, islice
from unicodedata import category, combining, decimal, normalize

LETTERS = str.maketrans(
    {
        **dict.fromkeys("آأإٱٲٳٵ", "ا"),
        **dict.fromkeys("ىیئۍٸ", "ي"),
        **dict.fromkeys("ؤٶ", "و"),
        **dict.fromkeys("ةہۃۂۀەھ", "ه"),
        **dict.fromkeys("کڪ", "ك"),
        **dict.fromkeys("ۓ", "ے"),
        # Turkish: I, İ, ı and i are one letter once a page has been printed in capitals.
        **dict.fromkeys("İı", "i"),
    }
)
"""Letters written for one another: Lucene's ArabicNormalizer and PersianNormalizer, and hamza on its seats."""

DROPPED = {
    ord("ـ"),  # tatweel: stretches a line, says nothing
    0x0674,  # high hamza, left by the compatibility forms of U+0675..U+0678
    0x0307,  # combining dot above: what lower-casing leaves of a Turkish İ
    *range(0x0610, 0x061B),  # Arabic honorific signs
    *range(0x064B, 0x0660),  # vowel signs, shadda, sukun, combining hamza and madda
    0x0670,  # dagger alef
    *range(0x06D6, 0x06DD),  # Quranic signs
    *range(0x06DF, 0x06E5),
    *range(0x06E7, 0x06E9),
    *range(0x06EA, 0x06EE),
    *range(0x08D3, 0x0900),
    *range(0xFE00, 0xFE10),  # variation selectors: the look of an emoji
}
"""Marks that one newspaper prints and the next leaves out (Unicode blocks Arabic, Arabic Extended-A)."""

KEPT_CATEGORIES = frozenset("LMN")
"""Letters, marks (vowels, in Indian scripts) and numbers make the key; formats vanish, all else parts words."""

LAST_REMEMBERED = 0xFFFF
"""The last code point of the basic plane, which holds the letters of nearly all news."""

MOST_MARKS = 30
"""Combining marks in a row that are kept of an endless run, as in Unicode's Stream-Safe Text Format (UAX 15, 13)."""

ENDLESS = 64
"""So many signs in a row are looked at for marks; half of them would do, but what is cut must stay under it."""

_STRIDE = 16
_SIGN = "[\\W\uff9e\uff9f]"  # the two half-width signs are letters that become combining marks
_FEW_SIGNS = re.compile(f"{_SIGN}{{{ENDLESS // _STRIDE}}}")
_MANY_SIGNS = re.compile(f"{_SIGN}{{{ENDLESS},}}")

# Marks that steer direction or line breaks and show nothing. Joiners (U+200C, U+200D) stay: they shape Persian and
# Indian words and emoji, so a reader does see them.
_UNSEEN = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+")
_SURROGATE = re.compile("[\ud800-\udfff]")


def as_shown(headline: str) -> str:
    """Return the headline as a reader sees it: unseen marks out, whitespace to one blank, trimmed.

    A lone surrogate becomes U+FFFD, because no record can hold it. Idempotent.
    """
    return _SURROGATE.sub("\ufffd", " ".join(_UNSEEN.sub("", headline).split()))


def key(headline: str) -> str:
    """Return the same string for all spellings of one headline; `reading.key` leaves out its affixes before.

    NFKC; case, vowel signs, tatweel, letter variants and digits of all scripts unified; everything but letters, marks
    and numbers to one blank. A headline of signs alone keeps its signs, so that "!!!" and "???" differ; only a headline
    that shows nothing has the empty key. Idempotent; linear in the headline's length.
    """
    return key_of_shown(as_shown(headline))


def key_of_shown(headline: str) -> str:
    """Return the key of a headline that has been through `as_shown`."""
    return fold(headline) or as_shown(_casefold(_compose(headline)))


def fold(text: str) -> str:
    """Return the words of a text as `key` has them, parted by single blanks; none for signs alone.

    Words that whitespace parts are folded each by itself.
    """
    return " ".join(_casefold(_compose(text).translate(_FOLDING)).split())


def _casefold(text: str) -> str:
    # Case folding can undo the normal form, and dropped marks let their neighbours compose.
    return _compose(text.casefold())


def _compose(text: str) -> str:
    return normalize("NFKC", _cut_marks(text))


def _cut_marks(text: str) -> str:
    """Return the text without endless runs of combining marks, which Python puts in order in time squared.

    100,000 of them would take 9 s. Every sixteenth character tells whether there can be such a run.
    """
    if not _FEW_SIGNS.search(text[::_STRIDE]):
        return text
    return _MANY_SIGNS.sub(_cut_run, text)


def _cut_run(signs: re.Match[str]) -> str:
    runs = ((is_mark, list(run)) for is_mark, run in groupby(signs[0], key=_is_mark))
    return "".join(["".join(islice(run, MOST_MARKS if is_mark else None)) for is_mark, run in runs])


def _is_mark(character: str) -> bool:
    return combining(normalize("NFKD", character)[0]) > 0


class _Folding(dict[int, int | str | None]):
    """A table for `str.translate` that works out a character once, from Unicode's own data, and remembers it.

    Without it every letter that stays itself would cost an exception inside `translate`. Only the basic plane is
    remembered, so the table is bounded at 65,536 entries whatever is read.
    """

    def __missing__(self, point: int) -> int | str | None:
        folded = fold_point(point)
        if point <= LAST_REMEMBERED:
            self[point] = folded
        return folded


def fold_point(point: int) -> int | str | None:
    """Return what a code point becomes in a key: itself, another spelling, a blank, nothing."""
    if point in DROPPED:
        return None
    character = chr(point)
    kind = category(character)
    if kind == "Nd":
        return str(decimal(character))
    if kind == "Cf":
        return None
    if kind[0] in KEPT_CATEGORIES or kind == "Cn":
        return LETTERS.get(point, point)
    return " "


_FOLDING = _Folding()
