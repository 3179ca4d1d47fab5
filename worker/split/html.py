"""HTML to the same lines a text page has, with what the elements say about each line.

In: a page's HTML, from `split`. Out: the text as rendered and its `Line`s with hints, to `view`; the parsed tree, to
`facts`. Takes any markup without raising and without recursion; runs no script and fetches nothing.
"""

import re
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from worker.split.disarm import disarm
from worker.split.lines import Hint, Line, read_line

DROPPED = frozenset(
    {
        *("head", "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "canvas"),
        *("audio", "video", "select", "datalist", "textarea", "input", "map", "dialog", "-comment", "-undef"),
    }
)
"""Elements whose content is no text of the page."""

INLINE = frozenset(
    {
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i"),
        *("img", "ins", "kbd", "label", "mark", "nobr", "picture", "q", "rp", "rt", "ruby", "s", "samp", "small"),
        *("source", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"),
    }
)
"""Elements that do not break the line (HTML Living Standard, phrasing content); every other one does."""

MEANINGFUL = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "time", "address", "blockquote"})
"""Elements that a line inside them remembers."""

REGIONS = {"nav": "nav", "footer": "footer", "aside": "aside", "form": "form", "button": "form", "figure": "figure"}
ARIA_ROLES = {
    "navigation": "nav",
    "menu": "nav",
    "contentinfo": "footer",
    "complementary": "aside",
    "banner": "header",
    "search": "form",
}
"""Parts of a page by element and by ARIA role."""

TELLING = frozenset({"div", "section", "header", "ul", "main", "p", "article", *REGIONS})
"""Elements whose attributes are read; in others they say nothing about the part of the page."""

SPACES = re.compile(r"[ \t\n\r\f]+")
"""White space that HTML collapses; the no-break space is not among it."""

INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as rendered: its text, whose lines end at a line feed, the lines, and the tree they came from."""

    text: str
    lines: tuple[Line, ...]
    tree: LexborHTMLParser


@dataclass(slots=True)
class Place:
    """Where in the tree a text stands: what its line inherits. Never changed; `model` says why it is not frozen."""

    tag: str = ""
    region: str = ""
    url: str | None = None
    entry: int = 0
    article: int = 0
    is_preformatted: bool = False


def render(html: str) -> Rendered:
    """Return the page's text as a browser would show it, a line for each block of text."""
    tree = LexborHTMLParser(disarm(html))
    writer = _Writer()
    if tree.body is not None:
        _walk(tree.body, writer)
    return Rendered("\n".join(line.text for line in writer.lines), tuple(writer.lines), tree)


def _walk(body: LexborNode, writer: "_Writer") -> None:
    """Visit the tree in order, telling the writer every text and where lines break."""
    places = _Places()
    opened: list[tuple[LexborNode, str, Place]] = []
    node: LexborNode | None = body
    place = Place()
    while node is not None:
        tag = node.tag or ""
        child = _enter(node, tag, place, writer)
        if child is not None:
            opened.append((node, tag, place))
            node, place = child, places.inside(node, tag, place)
            continue
        following = node.next
        while following is None and opened:
            node, tag, place = opened.pop()
            writer.break_at(tag)
            following = node.next if opened else None
        node = following


def _enter(node: LexborNode, tag: str, place: Place, writer: "_Writer") -> LexborNode | None:
    """Write what the node itself shows and return its first child, if its content is shown."""
    if tag == "-text":
        writer.write(node.text_content or "", place)
        return None
    if tag in DROPPED or (tag in TELLING and _is_hidden(node)):
        return None
    writer.break_at(tag)
    return node.first_child


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return bool(attributes) and ("hidden" in attributes or INVISIBLE.search(attributes.get("style") or "") is not None)


class _Places:
    """Derives the place inside an element, numbering articles and list entries."""

    def __init__(self) -> None:
        self.articles = 0
        self.entries = 0

    def inside(self, node: LexborNode, tag: str, place: Place) -> Place:
        if tag == "a":
            url = node.attributes.get("href") or place.url
            return Place(place.tag, place.region, url, place.entry, place.article, place.is_preformatted)
        if tag == "li":
            self.entries += 1
            return Place(place.tag, place.region, place.url, self.entries, place.article, place.is_preformatted)
        if tag in MEANINGFUL:
            return replace(place, tag=tag)
        if tag == "pre":
            return replace(place, is_preformatted=True)
        return self._inside_part(node, tag, place) if tag in TELLING else place

    def _inside_part(self, node: LexborNode, tag: str, place: Place) -> Place:
        if tag in {"article", "main"}:
            self.articles += 1
            return replace(place, article=self.articles)
        region = REGIONS.get(tag) or ARIA_ROLES.get(node.attributes.get("role") or "")
        if tag == "header" and not place.article:
            region = "header"
        return replace(place, region=region) if region else place


class _Writer:
    """Collects the texts between two breaks into a line."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._end = -1
        self._pieces: list[tuple[str, Place]] = []
        self._last_entry = 0

    def write(self, text: str, place: Place) -> None:
        if not place.is_preformatted:
            self._pieces.append((text, place))
            return
        for number, part in enumerate(text.split("\n")):
            if number:
                self.break_at("br")
            self._pieces.append((part, place))

    def break_at(self, tag: str) -> None:
        if not self._pieces or tag in INLINE:
            return
        pieces, self._pieces = self._pieces, []
        text = pieces[0][0] if len(pieces) == 1 else "".join([text for text, _ in pieces])
        shown = SPACES.sub(" ", text).strip()
        if shown:
            start = self._end + 1
            self.lines.append(read_line(start, shown, self._hint(pieces)))
            self._end = start + len(shown)

    def _hint(self, pieces: list[tuple[str, Place]]) -> Hint:
        visible = [place for text, place in pieces if text and not text.isspace()]
        first, last = visible[0], visible[-1]
        is_entry = first.entry > self._last_entry
        self._last_entry = max(self._last_entry, first.entry)
        return Hint(
            first.tag,
            first.region,
            last.url,
            is_link=all(place.url for place in visible),
            is_entry=is_entry,
            is_detail=bool(first.entry) and not is_entry,
            article=first.article,
        )
