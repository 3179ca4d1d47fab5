"""Whatever a page holds, an inspection shows all of it."""

from collections.abc import Iterator
from html.parser import HTMLParser

import orjson
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from worker.incoming import Incoming
from worker.inspect.html import render
from worker.inspect.look import look
from worker.inspect.model import Inspection
from worker.settings import Settings
from worker.sources import Sourced

UNSEEN = (
    "\x00\x08\x1b\x7f\x85\r\n\t\u00ad\u034f\u061c\u115f\u200b\u200c\u200d\u200e"
    "\u202e\u2066\u2069\u2028\ufeff\ufffa\U000e0041"
)
MARKUP = ("<", ">", "&", '"', "'", "&lt;", "</div>", "</span>", "<script>", "<!--", "-->", "]]>", "\\u202e", "&#0;")
PROSE = (
    "Harbour bridge opens",
    "Read also",
    "• Ferry line stops",
    "اقرأ أيضا",
    "افتتح المجلس الجسر",
    "כותרת",
    "\n\n",
    " ",
)
texts = st.lists(st.sampled_from((*UNSEEN, *MARKUP, *PROSE)) | st.text(max_size=12), max_size=40).map("".join)


class _Shown(HTMLParser):
    """Reads the inspected page's text off the HTML: what stands in `text`, each mark as the character it stands for."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.pieces: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("div", "span"):
            self.open.append(dict(attrs).get("class") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("div", "span"):
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if "text" in self.open:
            self.pieces.append(_character(data) if self.open[-1] == "mark" else data)


def _character(mark: str) -> str:
    return mark.encode().decode("unicode_escape")


def inspected(content: str, content_type: str) -> Inspection:
    """Return the inspection of a raw article."""
    value = orjson.dumps({"content": content, "content_type": content_type})
    return look(Sourced(Incoming("page", 0, 0, 0, None, value), len(value)), Settings())


def blocks_of(inspection: Inspection) -> Iterator[tuple[int, int]]:
    """Yield where the pieces that are shown as blocks stand."""
    return ((piece.block.start, piece.block.end) for piece in inspection.pieces() if piece.block)


@settings(max_examples=150, deadline=None)
@given(content=texts)
def test_every_character_of_a_text_is_shown_in_its_place(content: str) -> None:
    """Whitespace too; what nobody sees as a mark that can be read back."""
    assume(not content.isspace() and content)
    inspection = inspected(content, "text/plain")
    assert inspection.page is not None
    assert "".join(_Shown(render(inspection)).pieces) == content
    assert list(blocks_of(inspection)) == [(block.start, block.end) for block in inspection.page.blocks]


@settings(max_examples=100, deadline=None)
@given(content=texts)
def test_every_character_of_rendered_html_is_shown(content: str) -> None:
    """As the page record has it."""
    inspection = inspected(f"<p>{content}", "text/html")
    assert inspection.page is not None
    assert "".join(_Shown(render(inspection)).pieces) == inspection.page.text
