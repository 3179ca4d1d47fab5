"""One token with digits: its value, unit and kind.

In: a token as `tokens` leaves it ("$1.5m", "3-1", "10:30", "f-16"). Out: a `Numeral`, or the token's parts where it is
no figure. Values are strings, so that a number of any length costs no more than its length.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from worker.dedup.lexicon import Lexicon
from worker.dedup.tokens import CURRENCY, EAST_SCALES

FIRST_YEAR, LAST_YEAR = 1900, 2100
DAYS, MONTHS, HOURS, MINUTES, NOON = 31, 12, 24, 59, 12
YEAR_DIGITS, SCORE_DIGITS, GROUP_DIGITS = 4, 2, 3

LONGEST_SUM = 24
"""Digits up to which numbers are added; longer ones stay as they stand. Decimal keeps 28 digits."""

LONGEST_DESIGNATION = 3
"""Letters before a hyphen and a number that make a name with it: F-16, MH-17; "post-2015" is two words."""

SIGNS = dict(zip("$€£¥₽₴₺₹₩₪", ("usd", "eur", "gbp", "jpy", "rub", "uah", "try", "inr", "krw", "ils"), strict=True))
SIGNS |= {"r$": "brl", "c$": "cad", "ca$": "cad", "a$": "aud", "au$": "aud", "hk$": "hkd", "nt$": "twd", "s$": "sgd"}
"""Currency signs, each with the unit of the words for it."""

PERCENT = "%"

EAST_GROUP = 4
EAST_POWERS = dict(zip(EAST_SCALES, (1, 2, 3, 4, 4, 8, 8, 12, 1, 2, 3, 4, 8, 12), strict=True))

_NUMBER = r"\d+(?:[.,']\d+)*"
_LETTERS = rf"[^\d.,:/%+'⁄{CURRENCY}-]"
_PLAIN = re.compile(
    rf"""(?P<sign>-?)(?P<before>%|[a-z]{{0,3}}[{CURRENCY}]|{_LETTERS}{{2,3}})?(?P<number>{_NUMBER})
    (?P<behind>%|[{CURRENCY}])?(?P<hyphen>-?)(?P<end>{_LETTERS}*)""",
    re.VERBOSE,
)
_PAIR = re.compile(r"(\D?)(\d{1,9}(?:[.,]\d{1,3})?)[-:x](\d{1,9}(?:[.,]\d{1,3})?)(\D?)")
_DATE = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})")
_EAST_DATE = re.compile("(?:(\\d{4})[年년])?(\\d{1,2})[月월](\\d{1,2})[日일]")
_TIME = re.compile(r"(\d{1,2})(?:[:h](\d{2}))?(am|pm|h)?")
_FRACTION = re.compile(r"(\d{1,9})[/⁄](\d{1,9})")
_STACK = re.compile(rf"(?P<stack>(?=.*[{EAST_SCALES}])(?:{_NUMBER}|[{EAST_SCALES}])+)(?P<end>{_LETTERS}*)")
_STACKED = re.compile(rf"({_NUMBER})?([{EAST_SCALES}]*)")
_DESIGNATION = re.compile(rf"({_LETTERS}+)(-?)(\w*\d\w*)|\d+[a-z]\w*")
_JOINTS = re.compile("[-/:+'⁄]+")
_PARTS = re.compile(rf"{_NUMBER}|{_LETTERS}+")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A figure in digits; `end` is a word that is written to it ("5km")."""

    value: str
    unit: str = ""
    kind: str = "count"
    end: str = ""


def read_numeral(token: str, lexicon: Lexicon, following: str = "") -> Numeral | None:
    """Return the figure that the token is, None where it is a name ("f-16") or several things.

    The word that follows tells how to read "1.375": beside "percent" or "million" its mark parts decimals.
    """
    if token.isdecimal():
        return Numeral(token.lstrip("0") or "0", "", "year" if is_year(token) else "count")
    return (
        _stack(token, lexicon)
        or _plain(token, lexicon, following)
        or _date(token)
        or _time(token)
        or _pair(token, lexicon)
        or _fraction(token)
    )


def split_parts(token: str, lexicon: Lexicon) -> list[str]:
    """Return a token that is no figure as the words and numbers in it; a name with its number is one word."""
    found = _DESIGNATION.fullmatch(token)
    if found and (not found[1] or _is_designation(found, lexicon)):
        return [token.replace("-", "")]
    parts = [part for part in _JOINTS.split(token) if part]
    if len(parts) == 1:
        return _PARTS.findall(token)
    return [word for part in parts for word in ([part] if _is_whole(part, lexicon) else split_parts(part, lexicon))]


def _is_whole(part: str, lexicon: Lexicon) -> bool:
    return part.isalpha() or read_numeral(part, lexicon) is not None


def _is_designation(found: re.Match[str], lexicon: Lexicon) -> bool:
    letters, hyphen, number = found.groups()
    if letters in lexicon.names:
        return True
    if hyphen and is_year(number):
        return False
    return len(letters) <= LONGEST_DESIGNATION or (not hyphen and letters.isascii())


def canonical(number: str, lexicon: Lexicon, *, is_exact: bool = False) -> str:
    """Return a number's digits without grouping, "." before its decimals, without needless zeros.

    A single mark before three digits groups thousands, whichever it is; `is_exact` says that percent or a scale word
    follows ("1.375 %"), beside which the language's own decimal mark is believed.
    """
    mark = _decimal_mark(number, lexicon.decimal, is_exact=is_exact)
    whole, _, rest = number.rpartition(mark) if mark else (number, "", "")
    digits = "".join(filter(str.isdigit, whole)).lstrip("0") or "0"
    rest = rest.rstrip("0")
    return f"{digits}.{rest}" if rest else digits


def _decimal_mark(number: str, usual: str, *, is_exact: bool) -> str:
    marks = [character for character in number if not character.isdigit()]
    if not marks or marks[-1] == "'" or (len(marks) > 1 and marks[-1] == marks[-2]):
        return ""
    last = marks[-1]
    has_group = len(number) - number.rindex(last) - 1 == GROUP_DIGITS and not number.startswith("0")
    return "" if len(marks) == 1 and has_group and not (is_exact and last == usual) else last


def shift(value: str, zeros: int) -> str:
    """Return a canonical value times a power of ten."""
    whole, _, rest = value.partition(".")
    rest = rest.ljust(zeros, "0")
    whole, rest = (whole + rest[:zeros]).lstrip("0") or "0", rest[zeros:].rstrip("0")
    return f"{whole}.{rest}" if rest else whole


def plain(value: Decimal) -> str:
    """Return a number as a canonical value."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_year(value: str) -> bool:
    """Tell whether a canonical value looks like a year."""
    return len(value) == YEAR_DIGITS and value.isdecimal() and FIRST_YEAR <= int(value) <= LAST_YEAR


def is_day(value: str) -> bool:
    """Tell whether a canonical value can be the day of a month."""
    return len(value) <= SCORE_DIGITS and value.isdecimal() and 0 < int(value) <= DAYS


def date_value(month: int, day: int, year: str = "") -> str:
    """Return a date as `Figure.value` spells it: "05-12", with its year "2024-05-12"."""
    return f"{year}{'-' if year else ''}{month:02}-{day:02}"


def _plain(token: str, lexicon: Lexicon, following: str) -> Numeral | None:
    found = _PLAIN.fullmatch(token)
    unit = _unit_of(found["before"] or found["behind"] or "", lexicon) if found else None
    if not found or unit is None:
        return None
    end, sign = found["end"], found["sign"]
    zeros = lexicon.scales.get(end)
    is_exact = zeros is not None or PERCENT in (unit, lexicon.units.get(following)) or following in lexicon.scales
    value = canonical(found["number"], lexicon, is_exact=is_exact)
    if found["hyphen"]:
        return _ended(sign + value, end, unit, lexicon) if end in lexicon.ordinal_ends | lexicon.decade_ends else None
    if zeros is not None:
        return Numeral(sign + shift(value, zeros), unit)
    if not end:
        return Numeral(sign + value, unit)
    return _ended(sign + value, end, unit, lexicon)


def _ended(value: str, end: str, unit: str, lexicon: Lexicon) -> Numeral | None:
    if end in lexicon.ordinal_ends:
        return Numeral(value, unit, "ordinal")
    if end in lexicon.decade_ends:
        return Numeral(value, unit, "decade")
    unit = unit or lexicon.units.get(end, "")
    return Numeral(value, unit, end=end) if unit or not end.isascii() else None


def _unit_of(mark: str, lexicon: Lexicon) -> str | None:
    """Return the unit of a sign or of letters beside digits, None where they are neither."""
    if mark.isalpha():
        return lexicon.units.get(mark)
    return SIGNS.get(mark) or SIGNS.get(mark[-1:], mark)


def _stack(token: str, lexicon: Lexicon) -> Numeral | None:
    found = _STACK.fullmatch(token) if not token.isascii() else None
    if not found:
        return None
    total = held = "0"
    for digits, scales in _STACKED.findall(found["stack"]):
        powers = [EAST_POWERS[scale] for scale in scales]
        value = canonical(digits or "1", lexicon, is_exact=True) if digits or powers else "0"
        small = sum(power for power in powers if power < EAST_GROUP)
        held = _plus(held, shift(value, small))
        if large := sum(power for power in powers if power >= EAST_GROUP):
            total, held = _plus(total, shift(held, large)), "0"
    return Numeral(_plus(total, held), lexicon.units.get(found["end"], ""), end=found["end"])


def _plus(one: str, other: str) -> str:
    if "0" in (one, other):
        return other if one == "0" else one
    return one if max(len(one), len(other)) > LONGEST_SUM else plain(Decimal(one) + Decimal(other))


def _date(token: str) -> Numeral | None:
    if east := _EAST_DATE.fullmatch(token):
        year, month, day = east[1] or "", east[2], east[3]
    elif found := _DATE.fullmatch(token):
        is_year_first = len(found[1]) == YEAR_DIGITS
        year, month, day = (found[1], found[3], found[4]) if is_year_first else (found[4], found[3], found[1])
        year = year if len(year) == YEAR_DIGITS else f"20{year:0>2}"
    else:
        return None
    month, day = (month, day) if int(month) <= MONTHS else (day, month)
    is_date = 0 < int(month) <= MONTHS and 0 < int(day) <= DAYS
    return Numeral(date_value(int(month), int(day), year), "", "date") if is_date else None


def _time(token: str) -> Numeral | None:
    found = _TIME.fullmatch(token)
    if not found or not (found[2] or found[3]) or int(found[1]) > HOURS or int(found[2] or 0) > MINUTES:
        return None
    is_half_day = found[3] in ("am", "pm")
    hour = int(found[1]) % NOON + NOON * (found[3] == "pm") if is_half_day else int(found[1])
    return Numeral(f"{hour:02}:{found[2] or '00'}", "", "time")


def _pair(token: str, lexicon: Lexicon) -> Numeral | None:
    found = _PAIR.fullmatch(token)
    unit = _unit_of(found[1] or found[4], lexicon) if found else None
    if not found or unit is None:
        return None
    first, second = canonical(found[2], lexicon), canonical(found[3], lexicon)
    is_score = not unit and max(len(first), len(second)) <= SCORE_DIGITS
    return Numeral(f"{first}-{second}", unit, "score" if is_score else "range")


def _fraction(token: str) -> Numeral | None:
    found = _FRACTION.fullmatch(token)
    return Numeral(f"{int(found[1])}/{int(found[2])}", "", "fraction") if found else None
