"""A page's address: its canonical form and its registrable domain.

The public suffix list is the one bundled with tldextract: no network, no cache folder.
"""

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from tldextract import TLDExtract
from w3lib.url import canonicalize_url

from worker.enrich.lexicon import read

_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Lexicon:
    prefixes: list[str]
    names: list[str]


def find_canonical(declared: str | None, url: str | None) -> tuple[str | None, str]:
    """Return the page's canonical URL and the method slug: `rel_canonical`, `url` or `none`.

    `declared` is the page's rel=canonical, relative to `url` or absolute. What is no web address is passed over.
    """
    if declared and (cleaned := clean(_joined(url, declared))):
        return cleaned, "rel_canonical"
    if url and (cleaned := clean(url)):
        return cleaned, "url"
    return None, "none"


def clean(url: str) -> str | None:
    """Return the web address without tracking parameters and fragment, its parameters in order; None if it is none."""
    url = url.strip()
    if not _WEB.match(url):
        return None
    try:
        parts = urlsplit(url)
        query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _is_tracking(pair[0])]
        kept = urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))
        return str(canonicalize_url(kept))
    except ValueError:
        return None


def find_domain(url: str | None) -> str | None:
    """Return the registrable domain of a URL (`example.co.uk`), None for addresses without one."""
    if not url:
        return None
    try:
        return _extractor()(url).top_domain_under_public_suffix or None
    except ValueError:
        return None


def _joined(url: str | None, declared: str) -> str:
    try:
        return urljoin(url or "", declared)
    except ValueError:
        return ""


def _is_tracking(name: str) -> bool:
    names, prefixes = _tracking()
    return name.lower() in names or name.lower().startswith(prefixes)


@cache
def _tracking() -> tuple[frozenset[str], tuple[str, ...]]:
    words = read("tracking", _Lexicon)
    return frozenset(words.names), tuple(words.prefixes)


@cache
def _extractor() -> TLDExtract:
    return TLDExtract(suffix_list_urls=(), cache_dir=None)
