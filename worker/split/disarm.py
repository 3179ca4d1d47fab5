"""Takes out of HTML what would cost the parser time squared: endless depth and endless attributes.

In: markup, from `html`. Out: markup that opens at most `MAX_DEPTH` elements at once and has no tag with more than
`MAX_ATTRIBUTES` attributes. The parser looks through all open elements at every tag, and through all attributes at
every attribute; without this a hostile page of 10 MiB holds it for minutes. Ordinary pages pass untouched.
"""

import re
from collections import Counter
from collections.abc import Iterator

MAX_DEPTH = 512
"""Open elements at once, as in Chrome's parser; real pages stay below 100."""

FEW_TAGS = 5000
"""Tags that cannot cost more than about 30 ms however deep they nest (measured with lexbor 2): not looked at."""

SELF_CLOSING = frozenset(
    {
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"),
        *("p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "option", "optgroup"),
        *("html", "head", "body"),
    }
)
"""Elements that have no content, or that the next of their kind closes: they do not add up."""

TAG = re.compile(rf"<(/?)(?!(?:{'|'.join(sorted(SELF_CLOSING))})[\s/>])([A-Za-z][A-Za-z0-9:-]{{0,40}})(?=[\s/>])")
"""A tag; of those that are passed over most are so here, for less than half of what looking at each costs."""


MAX_ATTRIBUTES = 2000
"""Attributes of one tag; real ones have fewer than 50."""

SHORT_PAGE = 2 * MAX_ATTRIBUTES
"""A page of fewer characters cannot hold a tag of so many attributes."""

ATTRIBUTE = r"""[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+"""
RAW_TEXT = r"(?:script|style|textarea|title|xmp|iframe|noembed|noframes)"

ORDINARY = re.compile(
    rf"""(?: [^<]++
         | <!--.*?(?:--!?>|\Z)
         | <(?={RAW_TEXT}[\s/>])([a-z]++)(?:[\s/]++|{ATTRIBUTE}){{0,{MAX_ATTRIBUTES}}}+>.*?(?:</\1|\Z)
         | <[a-z][^\s/>]*+(?:[\s/]++|{ATTRIBUTE}){{0,{MAX_ATTRIBUTES}}}+(?:>|\Z)
         | <(?![a-z])
         )*+""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
"""Markup up to the first tag with too many attributes, as the tokenizer of the HTML Living Standard (13.2.5) parts it;
possessive throughout, so that it never goes back."""


HOSTILE = re.compile(rf"<[a-z][^\s/>]*+(?:[\s/]++|{ATTRIBUTE}){{0,{MAX_ATTRIBUTES}}}+", re.IGNORECASE)
"""As much of a tag with too many attributes as has been looked at: cut out, and the rest is read as text."""


def disarm(html: str) -> str:
    """Return the markup without hostile tags, and with hostile depth turned into line breaks."""
    if len(html) > SHORT_PAGE:
        html = "".join(_ordinary_parts(html))
    return html if html.count("<") < FEW_TAGS else TAG.sub(_Flattener().replace, html)


def _ordinary_parts(html: str) -> Iterator[str]:
    """Yield the markup between hostile tags."""
    start = 0
    while start < len(html):
        ordinary = ORDINARY.match(html, start)
        end = ordinary.end() if ordinary else start
        yield html[start:end]
        hostile = HOSTILE.match(html, end)
        start = hostile.end() if hostile else end + 1


class _Flattener:
    """Counts the open elements by name, so that end tags without a start do not hide depth."""

    def __init__(self) -> None:
        self.opened: Counter[str] = Counter()
        self.dropped: Counter[str] = Counter()
        self.depth = 0

    def replace(self, match: re.Match[str]) -> str:
        name = match[2].lower()
        if name in SELF_CLOSING:
            return match[0]
        return self._close(match[0], name) if match[1] else self._open(match[0], name)

    def _open(self, tag: str, name: str) -> str:
        if self.depth >= MAX_DEPTH:
            self.dropped[name] += 1
            return "<br"
        self.opened[name] += 1
        self.depth += 1
        return tag

    def _close(self, tag: str, name: str) -> str:
        if self.dropped[name]:
            self.dropped[name] -= 1
            return "<br"
        if self.opened[name]:
            self.opened[name] -= 1
            self.depth -= 1
        return tag
