"""The figures of a headline: digits of all scripts, number words and dates, each with one canonical value.

In: the tokens of a headline and its language's lexicon. Out: its words, each figure as one of them, and the figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from worker.dedup.lexicon import Lexicon
from worker.dedup.numerals import Numeral, date_value, is_day, is_year, read_numeral, split_parts
from worker.dedup.sums import add_to_digits, add_words

TIME_UNITS = frozenset({"year", "month", "week", "day", "hour", "minute"})


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it stands in a headline.

    `value` is a canonical decimal string ("1500000", "3.5"), for scores "3-1", for dates "05-12" or "2024-05-12", for
    times "10:30", for months by themselves "05". `unit` is "%", a currency or measure, or "". `kind` is count, year,
    date, month, time, ordinal, score, range, fraction or decade. `place` is the index of its word.
    """

    value: str
    unit: str
    kind: str
    place: int


@dataclass(frozen=True, slots=True)
class _Walk:
    """The tokens still to be read, and what has been read of them."""

    tokens: list[str]
    lexicon: Lexicon
    words: list[str] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)


def read_figures(tokens: Sequence[str], lexicon: Lexicon) -> tuple[list[str], list[Figure]]:
    """Return the words with every figure as one of them, and the figures."""
    if not _has_number(tokens, lexicon):
        return list(tokens), []
    walk = _Walk(_opened(tokens, lexicon), lexicon)
    at = 0
    while at < len(walk.tokens):
        at = _step(walk, at)
    return walk.words, walk.figures


def _has_number(tokens: Sequence[str], lexicon: Lexicon) -> bool:
    return not (
        lexicon.numeric.isdisjoint(tokens) and lexicon.joined.keys().isdisjoint(tokens) and "".join(tokens).isalpha()
    )


def _opened(tokens: Sequence[str], lexicon: Lexicon) -> list[str]:
    """Return the tokens, those as their parts that are a word and a number, or several numbers."""
    opened: list[str] = []
    for token in tokens:
        if token in lexicon.joined:
            opened += [token.removesuffix(lexicon.joined[token]), lexicon.joined[token]]
        elif token.isalpha() or read_numeral(token, lexicon):
            opened.append(token)
        else:
            opened.extend(_detached(token, lexicon))
    return opened


def _detached(token: str, lexicon: Lexicon) -> list[str]:
    for prefix in lexicon.attached:
        if token.startswith(prefix) and read_numeral(token.removeprefix(prefix), lexicon):
            return [prefix] * (prefix in lexicon.joins) + [token.removeprefix(prefix)]
    return split_parts(token, lexicon)


def _step(walk: _Walk, at: int) -> int:
    """Read what stands at a place, and return the next place."""
    token, lexicon = walk.tokens[at], walk.lexicon
    if not token.isalpha() and (numeral := read_numeral(token, lexicon, _following(walk, at))):
        return _digits(walk, at, numeral)
    if token not in lexicon.numeric:
        walk.words.append(token)
        return at + 1
    if (month := _month(walk, at)) and (after := _month_first(walk, at, *month)):
        return after
    if token in lexicon.ordinals:
        return _day_first(walk, at) or _put(walk, at + 1, Numeral(str(lexicon.ordinals[token]), "", "ordinal"))
    if found := add_words(walk.tokens, at, lexicon):
        return _put(walk, found.after, Numeral(found.value, _unit(walk, found.after)))
    walk.words.append(token)
    return at + 1


def _following(walk: _Walk, at: int) -> str:
    return walk.tokens[at + 1] if at + 1 < len(walk.tokens) else ""


def _digits(walk: _Walk, at: int, numeral: Numeral) -> int:
    """Put down digits with their scale words, as a date with their month, or as part of a name."""
    if numeral.kind in ("ordinal", "count") and not numeral.end and (after := _day_first(walk, at)):
        return after
    if numeral.kind not in ("count", "year") or numeral.end:
        return _put(walk, at + 1, numeral)
    if walk.words and walk.words[-1] in walk.lexicon.names:
        walk.words[-1] += numeral.value
        return at + 1
    sign = "-" * numeral.value.startswith("-")
    found = add_to_digits(walk.tokens, at, numeral.value.removeprefix("-"), walk.lexicon)
    unit = numeral.unit or _unit(walk, found.after)
    if numeral.kind == "year" and not found.has_scale and unit in TIME_UNITS:
        unit = ""  # "2014: Day 3"
    kind = "count" if found.has_scale or unit else numeral.kind
    return _put(walk, found.after, Numeral(sign + found.value, unit, kind))


def _put(walk: _Walk, after: int, numeral: Numeral) -> int:
    walk.figures.append(Figure(numeral.value, numeral.unit, numeral.kind, len(walk.words)))
    walk.words.append(f"{numeral.value}." if numeral.kind == "ordinal" else numeral.value)
    if numeral.end:
        walk.words.append(numeral.end)
    return after


def _unit(walk: _Walk, at: int) -> str:
    at += at < len(walk.tokens) and walk.tokens[at] in walk.lexicon.glue
    units, following = walk.lexicon.units, walk.tokens[at : at + 2]
    return units.get(" ".join(following), "") or units.get(following[0] if following else "", "")


def _day_first(walk: _Walk, at: int) -> int | None:
    place = at + 1
    if place < len(walk.tokens) and walk.tokens[place] in walk.lexicon.glue:
        place += 1
    month = _month(walk, place)
    return _date(walk, at, *month) if month else None


def _month_first(walk: _Walk, at: int, month: int, behind: int) -> int | None:
    """Put down a month with the day behind it, or by itself behind a word that dates: "in May"."""
    if walk.lexicon.month_first and (after := _date(walk, behind, month, behind + 1)):
        return after
    if at == 0 or walk.tokens[at - 1] not in walk.lexicon.dating:
        return None
    return _put(walk, behind, Numeral(f"{month:02}", "", "month"))


def _month(walk: _Walk, at: int) -> tuple[int, int] | None:
    """Return the month whose name stands at a place, and the place behind it; a name may be of two words."""
    months = walk.lexicon.months
    for behind in (at + 2, at + 1):
        if (number := months.get(" ".join(walk.tokens[at:behind]))) is not None and behind <= len(walk.tokens):
            return number, behind
    return None


def _date(walk: _Walk, at: int, month: int, behind: int) -> int | None:
    """Put down the date of a month and the day that stands at a place, with the year that may follow."""
    day = _day(walk, at)
    if day is None:
        return None
    year, after = _year(walk, behind)
    return _put(walk, after, Numeral(date_value(month, day, year), "", "date"))


def _day(walk: _Walk, at: int) -> int | None:
    token = walk.tokens[at] if at < len(walk.tokens) else ""
    if token in walk.lexicon.ordinals:
        return walk.lexicon.ordinals[token]
    numeral = read_numeral(token, walk.lexicon) if token and not token.isalpha() else None
    return int(numeral.value) if numeral and not numeral.unit and is_day(numeral.value) else None


def _year(walk: _Walk, at: int) -> tuple[str, int]:
    place = at + (at < len(walk.tokens) and walk.tokens[at] in walk.lexicon.glue)
    is_found = place < len(walk.tokens) and is_year(walk.tokens[place])
    return (walk.tokens[place], place + 1) if is_found else ("", at)
