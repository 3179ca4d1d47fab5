"""What the fuzzer tries: bytes that it has made, as a page or as a message, against all that is promised.

In: bytes, from libFuzzer; the first says what the others are. Out: nothing, or the assertion that failed. Counts the
branches of decoding and splitting, and so has to be the first to import them.
"""

import time
from collections.abc import Callable
from functools import partial

import atheris

with atheris.instrument_imports(include=["worker"]):
    from worker.decode import Decoded, Limits, RawMessage
    from worker.split import split

from promises import check_page, check_records, check_rendering, decoded

from worker.pipeline import Context, Processed, process

LIMITS = Limits(max_message_bytes=4000, max_lines=100, max_depth=6)
"""Small, so that the fuzzer meets them."""

LONG_PAGE = 20_000
"""Characters of a page that is one piece over and over: meets what only long pages do, and shows time squared."""

SECONDS = 1.0
SECONDS_A_CHARACTER = 0.0001
"""CPU time that a page may take; lines of one letter take .00002 a character with their branches counted."""


def examine(data: bytes) -> None:
    """Try one input.

    Raises:
        AssertionError: something that is promised does not hold; anything else is as bad.
    """
    FORMS[data[0] % len(FORMS)](data[1:]) if data else None


def _examine_page(data: bytes, content_type: str, *, least_length: int = 0) -> None:
    """Split bytes as text; those that are no UTF-8 are lone surrogates in it."""
    content = data.decode("utf-8", "surrogateescape")
    content *= max(1, least_length // max(1, len(content)))
    started = time.thread_time()
    page = split(content, content_type)
    seconds = time.thread_time() - started
    assert seconds < SECONDS + SECONDS_A_CHARACTER * len(content), f"{seconds} s for {len(content)} characters"
    check_page(page)
    if content_type == "text/html":
        check_rendering(content, page)
    else:
        assert page.text == content
    if not least_length:
        assert split(content, content_type) == page


def _examine_message(data: bytes, content_type: str | None) -> None:
    message = RawMessage(data, content_type, 1_741_083_300_000)
    found = decoded(message, LIMITS)
    if isinstance(found, Decoded):
        result = process(message, Context(LIMITS))
        assert isinstance(result, Processed)
        check_records(found.article.content, result)
        assert process(message, Context(LIMITS)) == result


FORMS: tuple[Callable[[bytes], None], ...] = (
    partial(_examine_page, content_type="text/plain"),
    partial(_examine_page, content_type="text/html"),
    partial(_examine_page, content_type="text/plain", least_length=LONG_PAGE),
    partial(_examine_page, content_type="text/html", least_length=LONG_PAGE),
    partial(_examine_message, content_type=None),
    partial(_examine_message, content_type="text/plain"),
    partial(_examine_message, content_type="text/html"),
    partial(_examine_message, content_type="text/html; charset=windows-1256"),
)
"""What an input is by its first byte."""

TEXT, HTML, LONG_TEXT, LONG_HTML, JSON, BARE_TEXT, BARE_HTML, BARE_ARABIC = range(len(FORMS))
