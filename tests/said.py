"""Quotations in some paragraphs of a page, for the tests of direct and of reported speech."""

from worker.enrich.passage import passage_of
from worker.enrich.quotes import find_quotes

Found = list[tuple[str | None, str | None, str]]


def said(language: str, *paragraphs: str, kind: str) -> Found:
    """Return the quotations of a kind as (verb, speaker, words), holding the offsets of all against the page."""
    page = "\n\n".join(paragraphs)
    starts = [sum(len(text) + 2 for text in paragraphs[:index]) for index in range(len(paragraphs))]
    quotes = find_quotes(tuple(map(passage_of, paragraphs, starts)), language)
    assert all(page[quote.start : quote.end] == quote.text for quote in quotes)
    return [(quote.verb, quote.speaker, quote.text) for quote in quotes if quote.kind == kind]
