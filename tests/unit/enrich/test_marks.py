"""Quotation marks."""

import pytest

from worker.enrich.marks import find_quoted, find_styles


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("He said “yes, now” again", ["yes, now"]),
        ('He said "yes" and "no"', ["yes", "no"]),
        ("Il dit « oui » et «non»", ["oui", "non"]),
        ("Er sagte „ja“ und „nein”", ["ja", "nein"]),
        ("Sie sagte »ja« dazu", ["ja"]),
        ("قال ”نعم الآن“ ثم", ["نعم الآن"]),
        ("彼は「はい」と言った『本』", ["はい", "本"]),
        ("It’s a ‘dog’s life’ for O’Neil", ["dog’s life"]),
        ("so ''called'' art", ["called"]),
        ("« a “b” c »", ["a “b” c"]),
        ("“first “second”", ["second"]),
        ("“The speech goes on", ["The speech goes on"]),
        ("He said: “The speech goes on", ["The speech goes on"]),
        ("a 5” pipe and a 6” pipe", []),
        ("no marks, don't ask", []),
        ('"" “ ” empty', []),
    ],
)
def test_every_style_is_read(text: str, inside: list[str]) -> None:
    """The words between the marks, without the blanks inside them; of nested ones the outer."""
    assert [text[quoted.start : quoted.end] for quoted in find_quoted(text, find_styles(text))] == inside
