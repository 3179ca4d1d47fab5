"""Identifiers, made of content alone: the same page always gives the same ids, on any worker, at any time."""

from collections.abc import Iterable
from hashlib import blake2b

DIGEST_BYTES = 16
"""128 bits: with 10^10 ids the chance of one collision is about 10^-19 (birthday bound)."""


def page_id(content: str, content_type: str, url: str | None, raw_id: str | None) -> str:
    """Return the id of a page, from what the scraper sent and nothing else."""
    return _digest(("page", content, content_type, url or "", raw_id or ""))


def content_id(headline_key: str, body: str) -> str:
    """Return the id of a story's content: the same wherever the story stands and however it is set in paragraphs."""
    return _digest(("content", headline_key, " ".join(body.split())))


def story_id(content: str, place: str) -> str:
    """Return the id of a story at a place: the page's canonical URL, or its `page_id` without one."""
    return _digest(("story", content, place))


def headline_id(headline_key: str) -> str:
    """Return the id of a headline from its key, which `dedup.reading.key` makes."""
    return _digest(("headline", headline_key))


def _digest(parts: Iterable[str]) -> str:
    # Each part follows its length, so that moving a boundary changes the id. "surrogatepass": a lone surrogate can come
    # from an HTML character reference and must not stop a page.
    framed = "".join([f"{len(part)}:{part}" for part in parts])
    return blake2b(framed.encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).hexdigest()
