"""Text to lines: where each line stands in the page and whether it opens with a bullet.

In: the page's text, from `split`. Out: `Line`s in order, to every other module of this room. Whitespace-only lines
are left out; nothing else is. Knows nothing of what a line means.
"""

import re
from dataclasses import dataclass

OTHER_LINE_ENDS = ("\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")
"""Where lines end besides the line feed: where Unicode line breaking must break (UAX #14, classes BK, CR, LF, NL). The
information separators U+001C-1E are whitespace, as everything is that `str.isspace` calls so."""

BULLET_SIGNS = "•◦‣⁃∙●○◉▪▫■□◆◇►▶▸▷➤➢→»›·・※✓✔*★☆–—+-"
BULLET = re.compile(
    rf"(?:[{BULLET_SIGNS}]|(?:\d{{1,3}}|[٠-٩]{{1,3}}|[۰-۹]{{1,3}})[.)-])"
    r"(?:\s+|(?<=[•●▪■◆►▶➤・※]))(?=\S)"
)
"""A list mark before an entry: a sign, or a number of up to three digits, then a blank. Signs that are nothing but
bullets need no blank."""

BULLET_OPENINGS = frozenset(BULLET_SIGNS + "0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")
"""What a bullet can begin with: other lines are not looked at."""


NO_ELEMENT = -1


@dataclass(slots=True)
class Element:
    """An HTML element that breaks the line: the number of the one around it, its tag, class and id in lower case."""

    around: int
    tag: str
    names: str


@dataclass(slots=True)
class Hint:
    """What the HTML says about a line; empty for text pages.

    `tag` is the heading, caption or time element it stands in, `region` the part of the page (nav, aside, figure...),
    `url` the link it ends with, `is_link` whether it is all link, `is_entry` whether it opens an entry of a list,
    `is_detail` whether it is a further line of one, `article` the number of its article element, `element` that of the
    innermost one that its text begins in, `links` the share of its characters that are part of a link.
    """

    tag: str = ""
    region: str = ""
    url: str | None = None
    is_link: bool = False
    is_entry: bool = False
    is_detail: bool = False
    article: int = 0
    element: int = NO_ELEMENT
    links: float = 0.0


NO_HINT = Hint()

SUBHEADING_TAGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
"""Elements of headings below the page's own."""


@dataclass(slots=True)
class Line:
    """A line of the page, trimmed: `text` is `[start, end)`; `entry` is where its words start behind a bullet."""

    start: int
    end: int
    entry: int
    text: str
    hint: Hint

    @property
    def has_bullet(self) -> bool:
        """Whether the line is an entry of a list."""
        return self.entry > self.start or self.hint.is_entry

    @property
    def entry_text(self) -> str:
        """The line without its bullet."""
        return self.text[self.entry - self.start :]


def read_lines(text: str) -> list[Line]:
    """Return the lines that hold something visible, in order."""
    for end in OTHER_LINE_ENDS:  # all of one character, so that no line moves
        text = text.replace(end, "\n")
    lines = []
    start = 0
    for line in text.split("\n"):
        shown = line.strip()
        if shown:
            first = start if shown is line else start + len(line) - len(line.lstrip())
            lines.append(read_line(first, shown, NO_HINT))
        start += len(line) + 1
    return lines


def read_line(start: int, shown: str, hint: Hint) -> Line:
    """Return the line of the trimmed, non-empty text `shown` that stands at `start`."""
    bullet = BULLET.match(shown) if shown[0] in BULLET_OPENINGS else None
    return Line(start, start + len(shown), start + bullet.end() if bullet else start, shown, hint)
