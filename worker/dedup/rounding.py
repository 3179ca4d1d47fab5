"""Whether two figures are one, said in two ways: "more than 50" and 52, a date with and without its year, 2-1 and 1-2.

In: two figures and the headlines in which they stand. Out: yes or no.
"""

from decimal import Decimal

from worker.dedup.reading import Figure, Reading
from worker.dedup.wording import wording

ROUNDING = Decimal("0.2")
"""Share by which a rounded figure may miss the exact one: the next step of numbers like 50 or 400."""

LEAST_DIGITS = 3
SHORTENING = Decimal("0.01")
"""Digits of a figure that may be another one without its last, and by what share that one may be larger."""

LONGEST = 30
"""Characters of a figure that is reckoned with."""

WORDS_BEFORE = 3
"""Words before a figure among which "over" or "nearly" is looked for."""


def are_one_figure(one: Figure, reading: Reading, other: Figure, other_reading: Reading) -> bool:
    """Tell whether two figures say one thing, one roughly, the other exactly; or a date or score in two forms."""
    if one.kind != other.kind:
        return _is_in_month(one, other) or _is_in_month(other, one)
    if one.kind == "date":
        return one.value.endswith(other.value) or other.value.endswith(one.value)
    if one.kind == "score":
        return one.value.split("-") == other.value.split("-")[::-1]
    has_other_unit = one.unit and other.unit and one.unit != other.unit
    if one.kind != "count" or has_other_unit or max(len(one.value), len(other.value)) > LONGEST:
        return False
    return (
        _is_shortened(one.value, other.value)
        or _is_shortened(other.value, one.value)
        or _rounds(one, reading, other)
        or _rounds(other, other_reading, one)
    )


def _is_in_month(date: Figure, month: Figure) -> bool:
    return (date.kind, month.kind) == ("date", "month") and date.value[-5:-3] == month.value


def _is_shortened(rough: str, exact: str) -> bool:
    digits, more = rough.replace(".", "").rstrip("0"), exact.replace(".", "").rstrip("0")
    return LEAST_DIGITS <= len(digits) < len(more) and more.startswith(digits) and _is_close(rough, exact, SHORTENING)


def _rounds(rough: Figure, reading: Reading, exact: Figure) -> bool:
    if not rough.value.endswith("0") or not _is_close(rough.value, exact.value, ROUNDING):
        return False
    before = reading.words[max(0, rough.place - WORDS_BEFORE) : rough.place]
    words = wording(reading.language)
    if not words.over.isdisjoint(before):
        return Decimal(exact.value) >= Decimal(rough.value)
    return not words.about.isdisjoint(before)


def _is_close(rough: str, exact: str, share: Decimal) -> bool:
    value = Decimal(rough)
    return abs(Decimal(exact) - value) <= share * abs(value)
