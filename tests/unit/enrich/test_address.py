"""Addresses: canonical form and registrable domain."""

import socket

import pytest

from worker.enrich.address import _extractor, clean, find_canonical, find_domain


@pytest.mark.parametrize(
    ("url", "cleaned"),
    [
        ("https://example.org/a?utm_source=x&id=5&fbclid=1#top", "https://example.org/a?id=5"),
        ("https://example.org/a?b=2&a=1", "https://example.org/a?a=1&b=2"),
        ("HTTPS://Example.ORG/A", "https://example.org/A"),
        ("https://example.org/خبر", "https://example.org/%D8%AE%D8%A8%D8%B1"),
        ("ftp://example.org/a", None),
        ("not an address", None),
        ("http://[::1", None),
        ("", None),
    ],
)
def test_tracking_and_fragments_go(url: str, cleaned: str | None) -> None:
    """What tells how a reader came goes, what names the page stays; what is no web address is none."""
    assert clean(url) == cleaned


def test_the_declared_address_goes_first() -> None:
    """rel=canonical, resolved against the page's URL, goes before the URL; a broken one does not."""
    assert find_canonical("/story/1", "https://example.org/x?utm_medium=y") == (
        "https://example.org/story/1",
        "rel_canonical",
    )
    assert find_canonical("javascript:void(0)", "https://example.org/x") == ("https://example.org/x", "url")
    assert find_canonical(None, None) == (None, "none")


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://news.example.co.uk/a", "example.co.uk"),
        ("https://www.example.com.sa/", "example.com.sa"),
        ("http://127.0.0.1/a", None),
        ("http://localhost/", None),
        (None, None),
    ],
)
def test_domains_are_registrable(url: str | None, domain: str | None) -> None:
    """The domain ends where the public suffix list says that names are registered."""
    assert find_domain(url) == domain


def test_no_network_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The suffix list is the bundled one: no socket is opened."""

    def refuse(*_: object) -> None:
        pytest.fail("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    _extractor.cache_clear()
    assert find_domain("https://www.example.jp/") == "example.jp"
