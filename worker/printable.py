"""Text of strangers on a terminal: one line, bounded, and unable to command it.

In: texts of records, keys and headers, and JSON lines. Out: the same with every control character, and every character
that would reorder the line around it, written as an escape.
"""

import re

CUT = "…"

MOST_OF_FOUR_DIGITS = 0xFFFF

HARMFUL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb]")
"""C0 and C1 controls (ECMA-48 escape sequences begin with them), line ends, the bidirectional controls of Unicode's
UAX #9, lone surrogates, interlinear annotations."""

IGNORABLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""What shows nothing and does no harm: `Default_Ignorable_Code_Point` of Unicode's DerivedCoreProperties, but for
`HARMFUL`."""


def excerpt(text: str, length: int) -> str:
    """Return the beginning of a text in at most `length` characters before escaping."""
    shown = text if len(text) <= length else f"{text[: length - 1]}{CUT}"
    return HARMFUL.sub(escape_character, shown)


def escape_controls(text: str, keep: str = "") -> str:
    """Return a text of any length, its harmful characters but those in `keep` as escapes."""
    return HARMFUL.sub(lambda found: found[0] if found[0] in keep else escape_character(found), text)


def escape_json(line: bytes) -> bytes:
    """Return JSON without line ends that means the same and commands no terminal: JSON itself escapes C0 only."""
    if line.isascii() and b"\x7f" not in line:
        return line
    return HARMFUL.sub(escape_character, line.decode()).encode()


def escape_character(found: re.Match[str]) -> str:
    """Return the one character that was found as an escape, as JSON and Python write it."""
    return f"\\u{code:04x}" if (code := ord(found[0])) <= MOST_OF_FOUR_DIGITS else f"\\U{code:08x}"


def excerpt_bytes(value: bytes, length: int) -> str:
    """Return the beginning of a value; bytes that are no UTF-8 are written as escapes too."""
    # A character has up to four bytes; a cut character at the end is left out.
    head = value[: 4 * length + 4]
    text = head.decode("utf-8", "backslashreplace") if len(head) == len(value) else _decode_head(head)
    return excerpt(text, length)


def _decode_head(head: bytes) -> str:
    return head.decode("utf-8", "backslashreplace")[:-4]
