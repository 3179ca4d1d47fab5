"""What is wrong with a page's characters: a wrong decoding before it came here, control characters, forced direction.

In: the texts of a page's lines, from `split`. Out: flag slugs, which every story of the page carries. Mends nothing:
the page stays as it came, and who reads its records can tell.
"""

import codecs
import re
from collections.abc import Iterator, Sequence
from itertools import filterfalse

REPLACEMENT = "\ufffd"
"""What decoders put in the place of bytes that they cannot read."""

CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
"""Control characters that are no white space: of binary files, and of texts that went through terminals."""

OVERRIDE = re.compile("[\u202d\u202e]")
"""The bidi controls that force a direction: what is shown is not what is read (Unicode Technical Report 36). Marks,
embeddings and isolates are ordinary in right-to-left pages."""

SURROGATE = re.compile("[\ud800-\udfff]")
"""Half a character: what remains of bytes that were no text."""

HOLES = frozenset({0x81, 0x8D, 0x8F, 0x90, 0x9D})
WESTERN = {ord(bytes([byte]).decode("cp1252")): byte for byte in range(0x80, 0xA0) if byte not in HOLES}
"""The signs of Windows-1252 that ISO 8859-1 lacks, to their bytes; browsers let its five holes be themselves."""

CUT = re.compile(rb"[\x80-\xbf]{0,3}")
"""What a line may begin with of a character whose first byte is on the line above, as U+0085 ends lines."""

BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")

SAMPLE = 8
"""Lines beyond ASCII that are tried: a page is misread as a whole."""

LEAST_MISREAD = 3
"""Characters beyond ASCII that must come out of them: two letters can make one by chance."""


def find_flags(texts: Sequence[str]) -> tuple[str, ...]:
    """Return `mojibake`, `control_characters` and `bidi_override`, those of them that hold."""
    wide = [*filterfalse(str.isascii, texts)]
    odd = [*filterfalse(str.isprintable, texts)]  # what the patterns look for is not printable
    found = {
        "mojibake": REPLACEMENT in "".join(wide) or _has(SURROGATE, odd) or _is_misread(wide[:SAMPLE]),
        "control_characters": _has(CONTROL, odd),
        "bidi_override": _has(OVERRIDE, odd),
    }
    return tuple(flag for flag, holds in found.items() if holds)


def _has(pattern: re.Pattern[str], texts: Sequence[str]) -> bool:
    return any(map(pattern.search, texts))


def _is_misread(texts: Sequence[str]) -> bool:
    """Tell whether most lines, written in the encoding that they seem to be read in, are UTF-8 after all."""
    runs = [run.group() for run in map(BEYOND_ASCII.search, texts) if run]
    for encoding, character in MISREAD.items():
        # One character by itself tells most pages, for a tenth of what writing and reading them costs.
        if 2 * sum(character.match(run) is not None for run in runs) > len(runs):
            read = list(_read_again(texts, encoding))
            if 2 * len(read) > len(texts) and sum(map(_count_beyond_ascii, read)) >= LEAST_MISREAD:
                return True
    return False


def _read_again(texts: Sequence[str], encoding: str) -> Iterator[str]:
    """Yield the texts that are UTF-8; first and last character may be cut, as a byte can look like a line's end."""
    for text in texts:
        written = text.translate(WESTERN) if encoding == "latin-1" else text
        try:
            yield codecs.utf_8_decode(CUT.sub(b"", written.encode(encoding), 1), "strict", False)[0]
        except UnicodeError:
            continue


def _count_beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _misread_character(encoding: str) -> re.Pattern[str]:
    """Return a pattern of the first two bytes of a character in UTF-8 (RFC 3629), as they look in another encoding.

    The end of another one may stand before them.
    """
    lead, follow = (
        re.escape(bytes(codes).decode(encoding, "ignore")) for codes in (range(0xC2, 0xF5), range(0x80, 0xC0))
    )
    signs = "".join(map(chr, WESTERN)) if encoding == "latin-1" else ""
    return re.compile(f"[{follow}{signs}]{{0,3}}[{lead}][{follow}{signs}]")


MISREAD = {encoding: _misread_character(encoding) for encoding in ("latin-1", "cp1256", "cp1251")}
"""Encodings that UTF-8 is read in by mistake, Windows-1252 under the first."""
