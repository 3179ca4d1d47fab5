"""Number and scale words added up: "two hundred and five", "1.5 million", "خمسة وعشرون ألفا", "half a million".

In: the tokens of a headline and the place of the first. Out: a `Sum`: the value as a canonical decimal string and the
place behind. Which words may follow which is the same for all languages; a lexicon tells only where ones come first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from worker.dedup.lexicon import Lexicon
from worker.dedup.numerals import LONGEST_SUM, plain, shift

TEN, HUNDRED, THOUSAND = 10, 100, 1000
HALF = Decimal("0.5")
JOINS_AT_MOST = 2
"""Joining words before a part: "and a half"."""

VIGESIMAL = (60, 80)
"""French counts on to 79 and 99 from these."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What was added up. `has_scale`: with a thousand or more, so it is neither a year nor a day."""

    value: str
    after: int
    has_scale: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """A number, scale or half word at a place, and what joins it to the one before."""

    word: str
    after: int
    is_joined: bool


@dataclass(slots=True)
class _Running:
    """`total`: what large scales have closed. `group`: what small ones have. `open`: the number before either."""

    total: Decimal = Decimal(0)
    group: Decimal = Decimal(0)
    open: Decimal | None = None
    power: int = 0

    def value(self) -> Decimal:
        return self.total + self.group + (self.open or 0)

    def is_empty(self) -> bool:
        return not self.has_open() and not self.power

    def has_open(self) -> bool:
        return self.open is not None or self.group > 0


def add_words(tokens: Sequence[str], at: int, lexicon: Lexicon) -> Sum | None:
    """Add up the number words from a place on; None where no number begins there."""
    first = _part(tokens, at, lexicon)
    if first is None or first.is_joined:
        return None
    if first.word in lexicon.halves:
        return _half_of_scale(tokens, first, lexicon)
    if first.word in lexicon.vague:
        return None
    return _add(tokens, at, _Running(), lexicon)


def add_to_digits(tokens: Sequence[str], at: int, digits: str, lexicon: Lexicon) -> Sum:
    """Add the scale words, and what follows them, to the digits that stand at a place."""
    if len(digits) <= LONGEST_SUM:
        return _add(tokens, at + 1, _Running(open=Decimal(digits)), lexicon)
    after = at + 1
    while after < len(tokens) and tokens[after] in lexicon.scales:
        digits, after = shift(digits, lexicon.scales[tokens[after]]), after + 1
    return Sum(digits, after, has_scale=after > at + 1)


def _add(tokens: Sequence[str], at: int, running: _Running, lexicon: Lexicon) -> Sum:
    while True:
        if part := _part(tokens, at, lexicon):
            if not _takes(running, tokens, part, lexicon):
                break
            at = part.after
        elif place := _digits_below(tokens, at, running, lexicon):
            running.open, at = Decimal(tokens[place - 1]), place
        else:
            break
    return Sum(plain(running.value()), at, has_scale=running.power > 0)


def _digits_below(tokens: Sequence[str], at: int, running: _Running, lexicon: Lexicon) -> int | None:
    """Return the place behind digits that count a smaller scale than the one before: 14 million and 900 thousand."""
    place = at + (at < len(tokens) and tokens[at] in lexicon.joins)
    if running.has_open() or place + 1 >= len(tokens) or not tokens[place].isdecimal():
        return None
    power = lexicon.scales.get(tokens[place + 1], running.power)
    return place + 1 if power < running.power and len(tokens[place]) <= lexicon.group else None


def _takes(running: _Running, tokens: Sequence[str], part: _Part, lexicon: Lexicon) -> bool:
    if part.word in lexicon.halves:
        return part.is_joined and _take_half(running)
    if part.word in lexicon.scales and not _is_number(running, tokens, part, lexicon):
        return _take_scale(running, part.word, lexicon)
    return _take_number(running, Decimal(lexicon.numbers[part.word]), part, lexicon)


def _is_number(running: _Running, tokens: Sequence[str], part: _Part, lexicon: Lexicon) -> bool:
    """Tell whether a word that may be one million or two is two: a dual has its noun behind it, and no "and a half"."""
    if part.word not in lexicon.numbers or not running.is_empty():
        return False
    following = _part(tokens, part.after, lexicon)
    return following is None or not following.is_joined or following.word not in lexicon.halves


def _take_half(running: _Running) -> bool:
    if running.has_open():
        running.open = (running.open or Decimal(0)) + HALF
    elif running.power:
        running.total += HALF.scaleb(running.power)
    return running.has_open() or running.power > 0


def _take_scale(running: _Running, word: str, lexicon: Lexicon) -> bool:
    power = lexicon.scales[word]
    if power < lexicon.group:
        running.group += (Decimal(1) if running.open is None else running.open).scaleb(power)
        running.open = None
        return True
    if running.power and (power >= running.power or not running.has_open()):
        # "A million and a half of the million": the scale's name may be said once more.
        return power == running.power and word in lexicon.vague and not running.has_open()
    running.total += (running.group + (running.open or 0) if running.has_open() else Decimal(1)).scaleb(power)
    running.group, running.open, running.power = Decimal(0), None, power
    return True


def _take_number(running: _Running, value: Decimal, part: _Part, lexicon: Lexicon) -> bool:
    if value >= THOUSAND:
        return _take_thousands(running, value)
    if running.open is not None:
        is_taken = _goes_with(running.open, value, part, lexicon)
    elif running.group:
        is_taken = value < HUNDRED
    else:
        # "Two million and five": five others, but where ones come first, numbers are always joined.
        is_taken = not (running.power and part.is_joined and value < HUNDRED) or lexicon.ones_first
    if is_taken:
        running.open = (running.open or Decimal(0)) + value
    return is_taken


def _take_thousands(running: _Running, value: Decimal) -> bool:
    """Take one word for thousands or millions ("ألفان", "zweitausend"): no scale word can follow it."""
    if not running.is_empty():
        return False
    running.total, running.power = value, value.adjusted()
    return True


def _goes_with(open_: Decimal, value: Decimal, part: _Part, lexicon: Lexicon) -> bool:
    """Tell whether a number word belongs to the one before: five to twenty, five to two hundred (as one word)."""
    below = open_ % HUNDRED
    if below == 0:
        return value < HUNDRED
    if value < TEN and below >= 2 * TEN:
        return below % TEN == 0
    if below in VIGESIMAL:
        return value < 2 * TEN
    is_teen = value == TEN and not part.is_joined
    return lexicon.ones_first and below < TEN and (is_teen or (part.is_joined and TEN < value < HUNDRED))


def _half_of_scale(tokens: Sequence[str], half: _Part, lexicon: Lexicon) -> Sum | None:
    scale = _part(tokens, half.after, lexicon)
    power = lexicon.scales.get(scale.word, 0) if scale else 0
    return Sum(plain(HALF.scaleb(power)), scale.after, has_scale=True) if scale and power >= lexicon.group else None


def _part(tokens: Sequence[str], at: int, lexicon: Lexicon) -> _Part | None:
    """Return the number word at a place, behind at most two joining words."""
    for place in range(at, min(at + JOINS_AT_MOST + 1, len(tokens))):
        token = tokens[place]
        pair = f"{token} {tokens[place + 1]}" if place + 1 < len(tokens) else ""
        if pair in lexicon.numbers:
            return _Part(pair, place + 2, is_joined=place > at)
        if _is_part(token, lexicon):
            return _Part(token, place + 1, is_joined=place > at)
        if token not in lexicon.joins:
            return None
    return None


def _is_part(word: str, lexicon: Lexicon) -> bool:
    return word in lexicon.numbers or word in lexicon.scales or word in lexicon.halves
