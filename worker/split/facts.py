"""What a page's HTML says about itself: canonical address, title, site, authors, times, language.

In: the parsed tree, from `html`. Out: `PageFacts`, to the enricher, values as written and best source first. Takes no
value for true: the enricher weighs them against the visible page.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from json import JSONDecoder
from typing import Any

import orjson
from selectolax.lexbor import LexborHTMLParser, LexborNode

from worker.split.model import PageFacts

ARTICLE_TYPES = frozenset(
    {
        *("Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle"),
        *("BackgroundNewsArticle", "ReviewNewsArticle", "LiveBlogPosting", "BlogPosting", "Report", "WebPage"),
        *("TechArticle", "ScholarlyArticle", "SatiricalArticle", "AdvertiserContentArticle", "HowTo", "Recipe"),
        *("SocialMediaPosting", "DiscussionForumPosting"),
    }
)
"""schema.org types that describe the page's article (schema.org 28, subtypes of Article, and WebPage around one)."""

PUBLISHED_NAMES = frozenset(
    {
        *("article:published_time", "article:published", "og:published_time", "pubdate", "publishdate", "publish-date"),
        *("date", "dc.date", "dc.date.issued", "dcterms.created", "dcterms.date", "sailthru.date", "parsely-pub-date"),
        *("cxenseparse:recs:publishtime", "datepublished", "publication_date"),
    }
)
MODIFIED_NAMES = frozenset(
    {
        *("article:modified_time", "og:updated_time", "dcterms.modified", "last-modified", "lastmod", "datemodified"),
        *("article:modified", "revision_date"),
    }
)
AUTHOR_NAMES = frozenset({"author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "byl"})
"""Names of meta elements (Open Graph, Dublin Core, and the makers of analytics software), in lower case."""

_NEXT_VALUE = re.compile(r"[^\s,;]")

MICROFORMATS = {
    "datePublished": ".hentry .published[title], time.dt-published",
    "dateModified": ".hentry .updated[title], time.dt-updated",
}
"""Elements that state a time by hAtom 0.1 and microformats2 h-entry."""

Found = tuple[tuple[str, str], ...]


def read_facts(tree: LexborHTMLParser) -> PageFacts:
    """Return what the page says about itself; what it does not say is None or empty."""
    metas = tuple(_read_metas(tree))
    items = tuple(_read_items(tree))
    return PageFacts(
        canonical_url=_first((_attribute(tree, "link[rel=canonical]", "href"), _meta(metas, "og:url"))),
        title=_first((_item_text(items, "headline"), _meta(metas, "og:title"), _title(tree))),
        site_name=_first((_meta(metas, "og:site_name"), _publisher(items))),
        language=_first((_attribute(tree, "html", "lang"), _item_text(items, "inLanguage"))),
        authors=_read_authors(items, metas),
        published=_times(tree, items, metas, "datePublished", PUBLISHED_NAMES),
        modified=_times(tree, items, metas, "dateModified", MODIFIED_NAMES),
    )


def _first(values: tuple[str | None, ...]) -> str | None:
    return next((value for value in values if value), None)


def _attribute(tree: LexborHTMLParser, selector: str, name: str) -> str | None:
    node = tree.css_first(selector)
    return _clean(node.attributes.get(name)) if node is not None else None


def _clean(value: object) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _title(tree: LexborHTMLParser) -> str | None:
    node = tree.css_first("head title")
    return _clean(node.text()) if node is not None else None


# -- meta elements --------------------------------------------------------------------------------------------------


def _read_metas(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    for node in tree.css("meta"):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = _clean(attributes.get("content"))
        if name and content:
            yield name.lower(), content


def _meta(metas: tuple[tuple[str, str], ...], wanted: str) -> str | None:
    return next((content for name, content in metas if name == wanted), None)


# -- JSON-LD ----------------------------------------------------------------------------------------------------------


def _read_items(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    """Yield the JSON-LD objects that describe an article, those of article types before others."""
    found = [item for node in tree.css('script[type="application/ld+json"]') for item in _items_of(node)]
    yield from sorted(found, key=lambda item: "WebPage" in _types(item))


def _items_of(script: LexborNode) -> Iterator[dict[str, Any]]:
    waiting = [*reversed([*_values(script.text())])]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting.extend(reversed(part))
        elif isinstance(part, dict):
            if ARTICLE_TYPES.intersection(_types(part)):
                yield part
            waiting.extend(part[key] for key in ("mainEntity", "@graph") if key in part)


def _values(text: str) -> Iterator[Any]:
    """Yield the JSON values of a script: one, but some pages print several behind one another, or break off."""
    try:
        yield orjson.loads(text)
    except orjson.JSONDecodeError:
        yield from _values_before_error(text)


def _values_before_error(text: str) -> Iterator[Any]:
    decoder, at = JSONDecoder(strict=False), 0
    # A number of more digits than Python reads is a ValueError too; what holds half a character is no text.
    with suppress(ValueError, TypeError, RecursionError):
        while start := _NEXT_VALUE.search(text, at):
            value, at = decoder.raw_decode(text, start.start())
            orjson.dumps(value)
            yield value


def _types(item: dict[str, Any]) -> tuple[str, ...]:
    types = item.get("@type")
    return tuple(kind for kind in (types if isinstance(types, list) else [types]) if isinstance(kind, str))


def _item_text(items: tuple[dict[str, Any], ...], key: str) -> str | None:
    return _first(tuple(_clean(item.get(key)) for item in items))


def _publisher(items: tuple[dict[str, Any], ...]) -> str | None:
    return next((name for item in items for name in _names(item.get("publisher"))), None)


def _names(value: object) -> Iterator[str]:
    """Yield the names in what may be a name, an object with a name, or a list of these."""
    for part in value if isinstance(value, list) else [value]:
        name = _clean(part.get("name") if isinstance(part, dict) else part)
        if name:
            yield name


# -- authors and times ------------------------------------------------------------------------------------------------


def _read_authors(items: tuple[dict[str, Any], ...], metas: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    names = [name for item in items for name in _names(item.get("author"))]
    names = names or [content for name, content in metas if name in AUTHOR_NAMES]
    return tuple(dict.fromkeys(name for name in names if "://" not in name))


def _times(
    tree: LexborHTMLParser,
    items: tuple[dict[str, Any], ...],
    metas: tuple[tuple[str, str], ...],
    key: str,
    names: frozenset[str],
) -> Found:
    """Return the times under a schema.org key: JSON-LD, meta elements, microdata, microformats, time elements."""
    found = [("jsonld", value) for value in (_clean(item.get(key)) for item in items) if value]
    found += [("opengraph" if ":" in name else "meta", content) for name, content in metas if name in names]
    found += [("microdata", value) for value in _element_times(tree, f'[itemprop="{key}"]')]
    found += [("microformat", value) for value in _element_times(tree, MICROFORMATS[key])]
    if key == "datePublished":
        found += [("time_element", value) for value in _element_times(tree, "article time[datetime], time[pubdate]")]
    return tuple(dict.fromkeys(found))


def _element_times(tree: LexborHTMLParser, selector: str) -> Iterator[str]:
    for node in tree.css(selector):
        attributes = node.attributes
        value = _clean(attributes.get("datetime") or attributes.get("content") or attributes.get("title"))
        if value:
            yield value
