"""What decoding, splitting and processing promise of any input whatever.

In: a message, a page or its records, from the property tests, the tests of bad input and the fuzzer. Out: nothing, or
the assertion that failed.
"""

import re
from collections.abc import Iterable, Iterator
from typing import get_args

from selectolax.lexbor import LexborHTMLParser, LexborNode

from schemas.page import Block, Role
from schemas.story import Story
from worker.decode import Decoded, Limits, RawMessage, decode
from worker.errors import Permanent
from worker.pipeline import Processed
from worker.split.disarm import disarm
from worker.split.model import Block as SplitBlock
from worker.split.model import SplitPage

REASONS = frozenset(
    {
        *("empty_message", "too_large", "too_deep", "invalid_encoding", "malformed_json", "not_an_object"),
        *("missing_content", "invalid_field", "empty_content", "invalid_content_type"),
    }
)
"""The reasons for which decoding may refuse a message, as its docstring has them."""

ROLES = frozenset(get_args(Role))


def decoded(message: RawMessage, limits: Limits) -> Decoded | str:
    """Return the article, or the reason, one of `REASONS`, for which the message is refused; twice the same."""
    outcome = _outcome(message, limits)
    assert outcome == _outcome(message, limits)
    assert isinstance(outcome, Decoded) or outcome in REASONS
    return outcome


def _outcome(message: RawMessage, limits: Limits) -> Decoded | str:
    try:
        return decode(message, limits)
    except Permanent as refused:
        return refused.reason if refused.stage == "decode" else f"{refused.stage} {refused.reason}"


def check_page(page: SplitPage) -> None:
    """Every character that is no white space is in one block, in order, with a role and a rule; all spans fit."""
    _check_blocks(page)
    for number, story in enumerate(page.stories):
        own = [block for block in page.blocks if block.story == number]
        assert story.headline or story.paragraphs
        assert [(span.start, span.end) for span in story.paragraphs] == [
            (block.start, block.end) for block in own if block.role == "paragraph"
        ]
        places = {(block.start, block.end) for block in own}
        assert {(span.start, span.end) for span in (story.headline, story.subhead) if span} <= places
    items = {block.end: block for block in page.blocks if block.role == "related_item"}
    for item in page.related:
        assert item.headline == page.text[item.start : item.end] == item.headline.strip() != ""
        bullet = page.text[items[item.end].start : item.start]
        assert not any(map(str.isalpha, bullet))


def _check_blocks(page: SplitPage) -> None:
    _check_cover(page.text, page.blocks)
    for block in page.blocks:
        shown = page.text[block.start : block.end]
        assert shown == shown.strip()
        assert block.role in ROLES
        assert block.rule
        assert block.story is None or 0 <= block.story < len(page.stories)


HARMLESS = 4000
"""Characters of markup that cannot cost the parser much, and so is to be rendered as it came."""

NO_TEXT = frozenset(
    {
        *("audio", "canvas", "datalist", "dialog", "embed", "head", "iframe", "input", "map", "math", "noscript"),
        *("object", "script", "select", "style", "svg", "template", "textarea", "title", "video"),
    }
)
"""Elements whose content is no text of the page."""

PARTS = frozenset(
    {
        *("article", "aside", "button", "div", "figure", "footer", "form", "header", "main", "nav", "p", "section"),
        "ul",
    }
)
"""Elements that are left out where they are hidden."""

UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def check_rendering(html: str, page: SplitPage) -> None:
    """The rendered text is what the parser itself says that the body holds, but for what is hidden or no text."""
    body = LexborHTMLParser(html if len(html) <= HARMLESS else disarm(html)).body
    shown = "".join(_texts(body)) if body else ""
    assert "".join(page.text.split()) == "".join(shown.split())


def _texts(body: LexborNode) -> Iterator[str]:
    """Yield the texts below an element, in order, however deep they lie."""
    found = [body]
    while found:
        node = found.pop()
        if node.is_text_node:
            yield node.text_content or ""
        elif not _is_left_out(node):
            found += reversed([*node.iter(include_text=True)])


def _is_left_out(node: LexborNode) -> bool:
    style = node.attributes.get("style") or ""
    is_hidden = "hidden" in node.attributes or UNSEEN.search(style) is not None
    return node.tag in NO_TEXT or (node.tag in PARTS and is_hidden)


FLAGS = frozenset(re.findall(r"`(\w+)`", Story.model_fields["flags"].description or ""))
"""The flags that readers of stories are told of."""


def check_records(content: str, result: Processed) -> None:
    """The page record covers the page as its blocks do; what has offsets equals the slice at them; flags are known."""
    text = content if result.page.text is None else result.page.text
    assert result.page.length == len(text)
    _check_cover(text, result.page.blocks)
    for story in result.stories:
        assert set(story.flags) <= FLAGS
        for part in (*story.paragraphs, *story.quotes, *story.dates, *story.entities):
            assert text[part.start : part.end].split() == part.text.split()


def _check_cover(text: str, blocks: Iterable[SplitBlock | Block]) -> None:
    end = 0
    for block in blocks:
        assert end <= block.start < block.end <= len(text)
        assert not text[end : block.start].strip()
        end = block.end
    assert not text[end:].strip()
