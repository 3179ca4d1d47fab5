"""Takes out of HTML what would cost the parser time squared: endless depth, endless attributes and endless names.

In: markup, from `html`. Out: markup that opens at most `MAX_DEPTH` elements at once and has no element with more than
`MAX_ATTRIBUTES` attributes, be it by one tag or (`MAX_MERGED` times as many) by many, and `MAX_NAMES` names. The parser
looks through all open elements at every tag, through all attributes at every attribute, and for a new name through many
of the old ones; without this a hostile page of 10 MiB holds it for minutes, and no deadline can cut it. Ordinary pages
pass untouched.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import count

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

SPACE = r"\t\n\f\r\x20"
NAME = rf"[^{SPACE}/>][^{SPACE}/>=]*+"
VALUE = rf"""(?:[{SPACE}]*+=[{SPACE}]*+(?:"[^"]*+"|'[^']*+'|[^{SPACE}>"'][^{SPACE}>]*+)?+)?+"""
ATTRIBUTES = rf"(?:[{SPACE}/]++|{NAME}{VALUE})"
RAW_TEXT = r"(?i:script|style|textarea|title|xmp|iframe|noembed|noframes)"

COMMENT = r"<!--(?:-?>|.*?(?:--!?>|\Z))"

ORDINARY = re.compile(
    rf"""[^<]*+
         (?: (?: <(?![a-zA-Z!])
               | <(?!{RAW_TEXT}[{SPACE}/>])[a-zA-Z][^{SPACE}/>]*+{ATTRIBUTES}{{0,{MAX_ATTRIBUTES}}}+(?:>|\Z)
               | {COMMENT}
               | <!
               | <(?={RAW_TEXT}[{SPACE}/>])([a-zA-Z]++){ATTRIBUTES}{{0,{MAX_ATTRIBUTES}}}+>[^<]*+(?:</(?i:\1)|\Z)
             )
             [^<]*+
         )*+""",
    re.VERBOSE | re.DOTALL,
)
"""Markup up to the first tag with too many attributes, or of raw text with what could be a tag, as the tokenizer of the
HTML Living Standard (13.2.5) parts it; possessive throughout, so that it never goes back. The commonest come first."""

RAW = re.compile(
    rf"(?P<tag><(?P<name>{RAW_TEXT})(?=[{SPACE}/>]){ATTRIBUTES}{{0,{MAX_ATTRIBUTES}}}+>)(?P<text>[^<]*+(?:<(?!/(?P=name))[^<]*+)*+)",
    re.IGNORECASE | re.DOTALL,
)
ESCAPES = {"script": "\\u003c"}
"""For `<` in raw text: in JSON; else as a character reference, which titles have too."""

HOSTILE = re.compile(rf"<[a-z][^{SPACE}/>]*+{ATTRIBUTES}{{0,{MAX_ATTRIBUTES}}}+", re.IGNORECASE)
"""As much of a tag with too many attributes as has been looked at: cut out, and the rest is read as text."""

MERGED = re.compile(r"<(?:html|body)(?=[\s/])", re.IGNORECASE)
"""The tags whose attributes are added to those of one element, wherever on the page they stand (13.2.6.4.7)."""

MAX_MERGED = 10
"""Of these tags; pages that say `<html>` anew for each old browser have five. So many full ones take the parser 0.6 s
(lexbor 2), and their number counts squared."""

MAX_NAMES = 50_000
"""Different names of elements and attributes on a page, for which the parser takes 0.3 s (lexbor 2); 200,000 take it
20 s. Real pages have hundreds."""

BEFORE_NAMES = b" \t\n\f\r/\"'<"
"""What a name stands behind, so that a page with few of these, or few of their runs, has few names."""

APART = bytes.maketrans(BEFORE_NAMES, b" " * len(BEFORE_NAMES))

NAMED = re.compile(
    rf"""{COMMENT}
       | <!(?P<doctype>doctype[^>]*+)
       | </?(?P<name>[a-z][^{SPACE}/>]*+)(?P<attributes>{ATTRIBUTES}*+)>?""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
"""What has names, and comments, which have none."""

ATTRIBUTE_NAME = re.compile(rf"({NAME}){VALUE}")


def disarm(html: str) -> str:
    """Return the markup without hostile tags, and with hostile depth turned into line breaks."""
    if len(html) > SHORT_PAGE:
        html = _with_few_names(_without_merged("".join(_ordinary_parts(html))))
    return html if html.count("<") < FEW_TAGS else TAG.sub(_Flattener().replace, html)


def _ordinary_parts(html: str) -> Iterator[str]:
    """Yield the markup between hostile tags, without tags in raw text: within `svg` and `select` they would be some."""
    start = 0
    while start < len(html):
        ordinary = ORDINARY.match(html, start)
        end = ordinary.end() if ordinary else start
        yield html[start:end]
        if raw := RAW.match(html, end):
            yield raw["tag"] + raw["text"].replace("<", ESCAPES.get(raw["name"].lower(), "&lt;"))
            start = raw.end()
        else:
            hostile = HOSTILE.match(html, end)
            start = hostile.end() if hostile else end + 1


def _without_merged(html: str) -> str:
    """Return the markup in which all but the first `html` and `body` tags are of an element that shows nothing."""
    seen = count()
    return MERGED.sub(lambda match: match[0] if next(seen) < MAX_MERGED else "<wbr", html)


def _with_few_names(html: str) -> str:
    """Return the markup without the tags that bring another name when there are too many."""
    if len(html) <= 2 * MAX_NAMES:  # a name and what it stands behind are two characters at least
        return html
    data = html.encode("utf-8", "surrogatepass")
    if (
        len(data) - len(data.translate(None, BEFORE_NAMES)) <= MAX_NAMES
        or len(data.translate(APART).split()) <= MAX_NAMES
    ):
        return html
    kept: set[str] = set()
    names: set[str] = set()

    def keep(match: re.Match[str]) -> str:
        if match[0] not in kept:
            new = _names(match) - names
            if len(names) + len(new) > MAX_NAMES:
                return ""
            names.update(new)
            kept.add(match[0])
        return match[0]

    return NAMED.sub(keep, html)


def _names(match: re.Match[str]) -> set[str]:
    own = match["doctype"] or match["name"]
    return {own, *ATTRIBUTE_NAME.findall(match["attributes"] or "")} if own else set()


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
