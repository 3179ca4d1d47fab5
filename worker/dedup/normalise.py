"""Headlines made comparable on two levels.

In: a headline as the splitter cut it out of a page. Out: `as_shown`, what a reader sees, for records and for telling an
exact repeat; `key`, the same for all spellings of one headline, for ids. It never joins headlines that differ in a
letter or digit that carries meaning, and never looks at more than the one headline.
"""

import re
from unicodedata import category, decimal, normalize

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
    """Return the same string for all spellings of one headline; `ids.headline_id` makes the id of it.

    NFKC; case, vowel signs, tatweel, letter variants and digits of all scripts unified; everything but letters, marks
    and numbers to one blank. A headline of signs alone keeps its signs, so that "!!!" and "???" differ; only a headline
    that shows nothing has the empty key. Idempotent; linear in the headline's length.
    """
    return key_of_shown(as_shown(headline))


def key_of_shown(headline: str) -> str:
    """Return the key of a headline that has been through `as_shown`."""
    compatible = normalize("NFKC", headline)
    folded = " ".join(_casefold(compatible.translate(_FOLDING)).split())
    return folded or as_shown(_casefold(compatible))


def _casefold(text: str) -> str:
    # Case folding can undo the normal form, and dropped marks let their neighbours compose.
    return normalize("NFKC", text.casefold())


class _Folding(dict[int, int | str | None]):
    """A table for `str.translate` that works out a character once, from Unicode's own data, and remembers it.

    Without it every letter that stays itself would cost an exception inside `translate`. Only the basic plane is
    remembered, so the table is bounded at 65,536 entries whatever is read.
    """

    def __missing__(self, point: int) -> int | str | None:
        folded = _fold(point)
        if point <= LAST_REMEMBERED:
            self[point] = folded
        return folded


def _fold(point: int) -> int | str | None:
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
