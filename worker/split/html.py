"""HTML to the same lines a text page has, with what the elements say about each line.

In: a page's HTML, from `split`. Out: the text as rendered and its `Line`s with hints, to `view`; the parsed tree, to
`facts`. Takes any markup without raising and without recursion; runs no script and fetches nothing.
"""

import re
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from worker.split.disarm import disarm
from worker.split.lines import NO_ELEMENT, Element, Hint, Line, read_line

DROPPED = frozenset(
    {
        *("head", "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "canvas"),
        *("audio", "video", "select", "datalist", "textarea", "input", "map", "dialog", "title", "-comment", "-undef"),
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

NAMES_LENGTH = 1000
"""Characters of an element's class and id that are read; real ones are far below."""

INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as rendered: its text, whose lines end at a line feed, the lines, and the tree they came from.

    `elements` are those that hold text, each after the one that it lies in.
    """

    text: str
    lines: tuple[Line, ...]
    elements: tuple[Element, ...]
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
    path = _Path()
    writer = _Writer(path)
    if tree.body is not None:
        _walk(tree.body, writer, path)
    text = "\n".join(line.text for line in writer.lines)
    return Rendered(text, tuple(writer.lines), tuple(path.elements), tree)


def _walk(body: LexborNode, writer: "_Writer", path: "_Path") -> None:
    """Visit the tree in order, telling the writer every text and where lines break."""
    places = _Places()
    opened: list[tuple[LexborNode, str, Place]] = []
    node: LexborNode | None = body
    place = Place()
    while node is not None:
        tag = node.tag or ""
        if tag == "-text":
            writer.write(node.text_content or "", place)
        elif tag not in DROPPED and not (tag in TELLING and _is_hidden(node)):
            breaks = tag not in INLINE
            if breaks:
                writer.end_line()
            child = node.first_child
            if child is not None:
                opened.append((node, tag, place))
                if breaks:
                    path.enter(node, tag)
                node, place = child, places.inside(node, tag, place)
                continue
        following = node.next
        while following is None and opened:
            node, tag, place = opened.pop()
            if tag not in INLINE:
                path.leave()
                writer.end_line()
            following = node.next if opened else None
        node = following


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return "hidden" in attributes or ("style" in attributes and bool(INVISIBLE.search(attributes["style"] or "")))


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


class _Path:
    """The elements that are open, of those that break the line. They are numbered when a text is found in them."""

    def __init__(self) -> None:
        self.elements: list[Element] = []
        self._open: list[tuple[LexborNode, str]] = []
        self._numbers: list[int] = []

    def enter(self, node: LexborNode, tag: str) -> None:
        self._open.append((node, tag))

    def leave(self) -> None:
        if len(self._numbers) == len(self._open):
            self._numbers.pop()
        self._open.pop()

    def innermost(self) -> int:
        for node, tag in self._open[len(self._numbers) :]:
            around = self._numbers[-1] if self._numbers else NO_ELEMENT
            self._numbers.append(len(self.elements))
            self.elements.append(Element(around, tag, _names(node)))
        return self._numbers[-1]


def _names(node: LexborNode) -> str:
    attributes = node.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}" if attributes else ""
    return names[:NAMES_LENGTH].lower()


class _Writer:
    """Collects the texts between two breaks into a line."""

    def __init__(self, path: _Path) -> None:
        self.lines: list[Line] = []
        self._path = path
        self._element = NO_ELEMENT
        self._end = -1
        self._texts: list[str] = []
        self._places: list[Place] = []
        self._linked = 0
        self._last_entry = 0

    def write(self, text: str, place: Place) -> None:
        if place.is_preformatted:
            *lines, text = text.split("\n")
            for line in lines:
                self._add(line, place)
                self.end_line()
        self._add(text, place)

    def _add(self, text: str, place: Place) -> None:
        if text and not text.isspace():
            if not self._places:
                self._element = self._path.innermost()
            self._places.append(place)
            self._texts.append(text)
            if place.url:
                self._linked += len(text)
        elif self._texts:  # blanks before the line's first visible text show nothing
            self._texts.append(text)

    def end_line(self) -> None:
        if not self._texts:
            return
        shown = "".join(self._texts).strip()
        if "  " in shown or not shown.isprintable():  # most texts are as shown
            shown = SPACES.sub(" ", shown)
        start = self._end + 1
        self.lines.append(read_line(start, shown, self._hint()))
        self._end = start + len(shown)
        self._texts, self._places, self._linked = [], [], 0

    def _hint(self) -> Hint:
        first, last = self._places[0], self._places[-1]
        is_entry = first.entry > self._last_entry
        self._last_entry = max(self._last_entry, first.entry)
        return Hint(
            first.tag,
            first.region,
            last.url,
            is_link=all(place.url for place in self._places),
            is_entry=is_entry,
            is_detail=bool(first.entry) and not is_entry,
            article=first.article,
            element=self._element,
            links=self._linked / sum(map(len, self._texts)) if self._linked else 0.0,
        )
