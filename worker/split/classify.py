"""Every line's role, with the rule that decided it.

In: a `View` and its `Sections`. Out: `Block`s, one a line, to `stories`. The head of a story (above its first
prose) is judged by place, its body by shape, and what stands below it by phrase.
"""

import re
from collections.abc import Sequence

from schemas.page import Role
from worker.split.fold import are_alike, fold
from worker.split.lines import NO_HINT, SUBHEADING_TAGS, Hint, Line
from worker.split.markers import Kind
from worker.split.model import Block, StoryKind
from worker.split.sections import HEADINGS, HeadedList, Sections, StoryLines
from worker.split.shapes import (
    COLONS,
    FULL_STOPS,
    LONG_DECK,
    ends_sentence,
    has_words,
    is_blank,
    is_dateline,
    is_name,
    is_time,
)
from worker.split.view import View

MARK_ROLES: dict[Kind, tuple[Role, str]] = {
    "credit": ("credit", "credit_phrase"),
    "published": ("timestamp", "published_phrase"),
    "updated": ("timestamp", "updated_phrase"),
    "byline": ("byline", "byline_phrase"),
    "caption": ("caption", "caption_phrase"),
    "promo": ("promo", "promo_phrase"),
    "subscribe": ("promo", "subscribe_phrase"),
    "paywall": ("promo", "paywall_phrase"),
    "share": ("navigation", "share_phrase"),
    "navigation": ("navigation", "navigation_phrase"),
    "comments": ("navigation", "comments_phrase"),
    "cookie": ("other", "cookie_phrase"),
    "copyright": ("other", "copyright_phrase"),
    "tags": ("tags", "tags_phrase"),
    "digest": ("marker", "digest_phrase"),
}

ELEMENT_ROLES: dict[str, tuple[Role, str]] = {
    "figcaption": ("caption", "html_figcaption"),
    "figure": ("caption", "html_figure"),
    "time": ("timestamp", "html_time"),
    "address": ("byline", "html_address"),
    "aside": ("other", "html_aside"),
}
"""What elements and parts of an HTML page say of their lines."""

HEADING_RULES: dict[Kind, str] = {
    "read_also": "read_also_heading",
    "related": "related_heading",
    "most_read": "most_read_heading",
    "latest": "latest_heading",
}
ITEM_RULES: dict[Kind, str] = {
    "read_also": "read_also_item",
    "related": "related_item",
    "most_read": "most_read_item",
    "latest": "latest_item",
}

PAGE_ROLES: frozenset[Role] = frozenset({"navigation", "other"})
"""Roles of lines that belong to the page and to none of its stories."""

NO_WORDS: tuple[Role, str] = ("other", "no_words")
"""What a line is that shows nothing, or only ornaments."""

ABOVE_HEADLINE: tuple[Role, str] = ("navigation", "above_headline")
"""What a line is by its place alone, and sooner than by what it weighs."""

HEADLINE_LABELS: frozenset[Kind] = frozenset({"credit", "byline", "caption"})
"""Kinds of phrases that headlines open with as well."""

LITTLE_PROSE = 3
"""Lines below a long line under the headline from which on it can be a subhead: short reports have none."""

HEAD_LINES = 8
"""Lines above the first paragraph that can be a story's head; in a page without prose the body begins behind them."""

HEADLINE_RULES: dict[StoryKind, str] = {
    "main": "first_title",
    "embedded": "announced_title",
    "item": "digest_title",
}

UNANNOUNCED_TITLE = "unannounced_title"
"""The same of an embedded story that no heading announces."""

HEADLINE_WINDOW = 400
"""Characters of a headline that the lines below it are compared with: a text of one line is its own headline, HTML can
mark a line of megabytes as one, and any number of lines may stand below it."""

_LABEL = re.compile(r"^[^:：]*[:：]\s*")

SOURCE_LENGTH = 40
"""Longest line that names the source of the page."""


def decide_roles(view: View, sections: Sections) -> list[Block]:
    """Return each line as a block, in order."""
    blocks: dict[int, Block] = {}
    last_listed = max((headed.entries[-1] for headed in sections.lists), default=-1)
    for number, story in enumerate(sections.stories):
        if story.marker is not None:
            blocks[story.marker] = _block(view.lines[story.marker], "marker", "embedded_heading", number)
        _StoryReader(view, story, number, last_listed).decide(blocks)
    for headed in sections.lists:
        _decide_list(view.lines, headed, blocks)
    for index in sections.outside:
        blocks[index] = _block(view.lines[index], "navigation", view.outside[index])
    return [blocks[index] for index in range(len(view.lines))]


def _block(line: Line, role: Role, rule: str, story: int | None = None) -> Block:
    return Block(role, line.start, line.end, rule, story)


def _decide_list(lines: Sequence[Line], headed: HeadedList, blocks: dict[int, Block]) -> None:
    role: Role = "related_item" if headed.are_headlines else "navigation"
    rule = ITEM_RULES[headed.kind] if headed.are_headlines else "topic_link"
    for entry in headed.entries:
        blocks[entry] = _block(lines[entry], role, rule)
    for detail in headed.details:
        blocks[detail] = _block(lines[detail], "other", "item_detail")
    # Last, as a title on its heading's own line is one line with two parts, which `stories` cuts.
    blocks[headed.heading] = _block(lines[headed.heading], "marker", HEADING_RULES[headed.kind])


class _StoryReader:
    """Reads the lines of one story from its head to its end."""

    def __init__(self, view: View, story: StoryLines, number: int, last_listed: int) -> None:
        self.view = view
        self.number = number
        self.lines = story.lines
        self.kind = story.kind
        self.is_announced = story.marker is not None
        self.last_listed = last_listed
        self.source = self._find_source()
        self.title = self._find_title()
        self.body = self._find_body()
        self.end = self._find_end()
        self.headline = self.lines[self.title] if self.title is not None else self._find_headline()

    def decide(self, blocks: dict[int, Block]) -> None:
        """Put in the block of each line of the story."""
        lines, prose, marks = self.view.lines, self.view.prose, self.view.marks
        role: Role
        for place, index in enumerate(self.lines):
            line = lines[index]
            # Most lines are nothing but running text: telling these first takes a third off the time.
            is_plain = line.hint is NO_HINT or self._is_plain(index, line.hint)
            if prose[index] and is_plain and not marks[index] and self.body <= place < self.end:
                role, rule = "paragraph", "prose"
            else:
                role, rule = self._decide(place, index)
            blocks[index] = Block(role, line.start, line.end, rule, None if role in PAGE_ROLES else self.number)

    def _is_plain(self, index: int, hint: Hint) -> bool:
        return not hint.tag and not hint.region and index != self.headline

    def _decide(self, place: int, index: int) -> tuple[Role, str]:
        if index == self.headline:
            return "headline", self._headline_rule()
        mark, hint = self.view.marks[index], self.view.lines[index].hint
        found = MARK_ROLES.get(mark.kind) if mark else None
        if not found and hint is not NO_HINT:
            found = ELEMENT_ROLES.get(hint.tag) or ELEMENT_ROLES.get(hint.region)
        if found:
            return found
        if is_blank(self.view.texts[index]):
            return NO_WORDS
        if place < self.body:
            return self._in_head(index)
        if place < self.end:
            return self._in_body(place, index)
        return ("timestamp", "time_line") if is_time(self.view.texts[index]) else ("other", "below_story")

    def _headline_rule(self) -> str:
        if self.title is not None:
            return "html_heading" if self.view.lines[self.lines[self.title]].hint.tag == "h1" else "html_title"
        return HEADLINE_RULES[self.kind] if self.is_announced or self.kind != "embedded" else UNANNOUNCED_TITLE

    # -- boundaries -----------------------------------------------------------------------------------------------

    def _find_title(self) -> int | None:
        title = self.view.title
        return self.lines.index(title) if title is not None and title in self.lines else None

    def _find_body(self) -> int:
        """Return the place of the first line that begins the running text."""
        unmarked = 0
        first = 0 if self.title is None else self.title + 1
        for place, index in enumerate(self.lines[first:], first):
            if self.view.marks[index] and not self.view.prose[index]:
                continue
            unmarked += 1
            if unmarked > HEAD_LINES or self.view.prose[index] or (unmarked > 1 and self._is_sentence(index)):
                return place
        return len(self.lines)

    def _is_sentence(self, index: int) -> bool:
        text = self.view.texts[index]
        return " " in text and ends_sentence(text)

    def _find_end(self) -> int:
        """Return the place behind the last line of prose, or of short paragraphs above the closing marks."""
        end = len(self.lines)
        while end > self.body and not self.view.prose[self.lines[end - 1]]:
            end -= 1
        if end == self.body:
            return len(self.lines)
        while end < len(self.lines) and self._goes_on(self.lines[end]):
            end += 1
        return end

    def _goes_on(self, index: int) -> bool:
        is_below_list = index > self.last_listed >= 0
        return self.view.marks[index] is None and not is_below_list

    # -- the head -------------------------------------------------------------------------------------------------

    def _find_headline(self) -> int | None:
        """Return the line of the headline: the one printed twice, else the first that can be one."""
        marks = self.view.marks
        candidates = [index for index in self.lines[: self.body] if not marks[index] and self._can_be_headline(index)]
        if not candidates:
            return self._find_labelled()
        repeated = self._find_repeated(candidates) if self.kind == "main" and len(candidates) > 1 else None
        return candidates[0] if repeated is None else repeated

    def _can_be_headline(self, index: int) -> bool:
        text = self.view.texts[index]
        return text != self.source and not is_time(text) and has_words(text)

    def _find_repeated(self, candidates: Sequence[int]) -> int | None:
        texts = [self.view.texts[index] for index in candidates]
        if texts[0] == texts[1]:  # as mostly, where it is printed twice; otherwise all are folded
            return candidates[0]
        seen: dict[str, int] = {}
        for index, text in zip(candidates, map(fold, texts), strict=True):
            if text in seen:
                return seen[text]
            seen[text] = index
        return None

    def _find_labelled(self) -> int | None:
        """Return the page's first line if it only looks like a label: headlines begin with "Report:" too."""
        first = self.lines[0] if self.lines and self.body else None
        mark = self.view.marks[first] if first is not None else None
        return first if mark and mark.form == "label" and mark.kind in HEADLINE_LABELS else None

    def _find_source(self) -> str | None:
        """Return the page's first line if it is short and ends with a colon or is credited below: whose page it is."""
        first = self.view.texts[self.lines[0]] if self.lines and self.kind == "main" else ""
        if not 0 < len(first) <= SOURCE_LENGTH:
            return None
        return first if first.endswith(COLONS) or self._is_credited(first) else None

    def _is_credited(self, name: str) -> bool:
        """Tell whether a line of the story credits the name: "Source: Name"."""
        texts, marks = self.view.texts, self.view.marks
        credited = [texts[index] for index in self.lines if (mark := marks[index]) and mark.kind == "credit"]
        return any(_LABEL.sub("", line, count=1) == name for line in credited)

    def _in_head(self, index: int) -> tuple[Role, str]:
        text = self.view.texts[index]
        if is_time(text):
            return "timestamp", "time_line"
        if text == self.source:
            is_label = text.endswith(COLONS)
            if not is_label:
                return "source_line", "credited_name"
            return "source_line", "opening_label" if index == self.lines[0] else "label_repeated"
        if self.headline is None and not has_words(text):
            return NO_WORDS
        if self.headline is None or index < self.headline:
            return ABOVE_HEADLINE
        return self._below_headline(index, self.headline)

    def _below_headline(self, index: int, headline: int) -> tuple[Role, str]:
        text = self.view.texts[index]
        printed = self.view.texts[headline][:HEADLINE_WINDOW]
        if are_alike(text[:HEADLINE_WINDOW], printed):
            return "headline", "headline_repeated"
        if is_dateline(text):
            return "dateline", "place_and_agency"
        if is_name(text):
            return self._name(fold(text), fold(printed))
        return ("paragraph", "first_paragraph") if self._is_first_paragraph(text) else ("subhead", "deck")

    def _is_first_paragraph(self, text: str) -> bool:
        """A long line without a full stop is a paragraph where the prose has none either, or where there is little."""
        if len(text) < LONG_DECK:
            return False
        below = self.lines[self.body : self.body + LITTLE_PROSE]
        return len(below) < LITTLE_PROSE or not ends_sentence(self.view.texts[below[0]])

    def _name(self, name: str, headline: str) -> tuple[Role, str]:
        """A name inside the headline is who the picture shows, unless the headline begins "Name: ", as columns do."""
        if name in headline and not headline.startswith(f"{name}:"):
            return "caption", "pictured_name"
        return "byline", "name_line"

    # -- the body and below ---------------------------------------------------------------------------------------

    def _in_body(self, place: int, index: int) -> tuple[Role, str]:
        line = self.view.lines[index]
        if line.hint.tag in SUBHEADING_TAGS:
            return "subhead", "html_subheading"
        if self.view.prose[index]:
            return "paragraph", "prose"
        if line.has_bullet:
            return "paragraph", "body_list"
        if self._is_crosshead(place, line.text):
            return "subhead", "crosshead"
        mark = self.view.marks[index]
        if mark and mark.kind in HEADINGS and mark.form == "whole":
            return "marker", "heading_without_list"
        return "paragraph", "short_paragraph"

    def _is_crosshead(self, place: int, text: str) -> bool:
        return (
            place + 1 < self.end
            and self.view.prose[self.lines[place + 1]]
            and not text.endswith((*FULL_STOPS, ":", "،", ","))
        )
