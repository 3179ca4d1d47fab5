"""Lines' blocks to what the enricher reads: blocks, stories with their spans, related headlines.

In: a `View` and a block for each line. Out: the parts of a `SplitPage`. Decides nothing: it cuts and gathers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from worker.split.classify import ITEM_RULES
from worker.split.model import Block, RelatedItem, Span, SplitStory
from worker.split.sections import LINKS, StoryLines
from worker.split.view import View

RELATED_RULES = frozenset(ITEM_RULES[kind] for kind in LINKS)
"""Items that are the page's related headlines; the most read and the latest of the site are not about the story."""


def cut_labels(view: View, blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks; a line that labels a title becomes two: the label and the title."""
    for block, line, mark in zip(blocks, view.lines, view.marks, strict=True):
        if block.role == "marker" and mark and mark.form == "label" and mark.kind in LINKS:
            label = line.text[: mark.rest].rstrip()
            yield replace(block, end=line.start + len(label))
            yield Block("related_item", line.start + mark.rest, line.end, ITEM_RULES[mark.kind], block.story)
        else:
            yield block


def gather_related(text: str, view: View, blocks: Sequence[Block]) -> Iterator[RelatedItem]:
    """Yield the headlines of the related lists and in-text links, in page order, bullets left out."""
    lines = {line.end: line for line in view.lines}
    for block in blocks:
        if block.role == "related_item" and block.rule in RELATED_RULES:
            line = lines[block.end]
            start = max(line.entry, block.start)
            yield RelatedItem(text[start : block.end], start, block.end, line.hint.url)


def gather_stories(
    drafts: Sequence[StoryLines], blocks: Sequence[Block]
) -> tuple[tuple[SplitStory, ...], tuple[Block, ...]]:
    """Return the stories that have a headline or a paragraph, and the blocks with the numbers these stories got.

    What stands above the entries of a digest is no story without paragraphs of its own.
    """
    parts = [_Parts() for _ in drafts]
    for block in blocks:
        if block.story is not None:
            parts[block.story].take(block)
    is_digest = any(draft.kind == "item" for draft in drafts)
    kept = [
        number
        for number, part in enumerate(parts)
        if part.paragraphs or (part.headline and not (is_digest and drafts[number].kind == "main"))
    ]
    stories = tuple(_make_story(drafts[number], parts[number]) for number in kept)
    if len(kept) == len(drafts):
        return stories, tuple(blocks)
    return stories, tuple(_renumber(blocks, {old: new for new, old in enumerate(kept)}))


def _renumber(blocks: Sequence[Block], numbers: Mapping[int, int]) -> Iterator[Block]:
    for block in blocks:
        yield block if block.story is None else replace(block, story=numbers.get(block.story))


class _Parts:
    """The spans of one story while they are gathered."""

    def __init__(self) -> None:
        self.headline: Block | None = None
        self.subhead: Span | None = None
        self.paragraphs: list[Span] = []

    def take(self, block: Block) -> None:
        if block.role == "paragraph":
            self.paragraphs.append(Span(block.start, block.end))
        elif block.role == "headline" and self.headline is None:
            self.headline = block
        elif block.role == "subhead" and block.rule == "deck" and self.subhead is None:
            self.subhead = Span(block.start, block.end)


def _make_story(draft: StoryLines, parts: _Parts) -> SplitStory:
    headline = parts.headline
    return SplitStory(
        kind=draft.kind,
        headline=Span(headline.start, headline.end) if headline else None,
        headline_rule=headline.rule if headline else "no_headline",
        subhead=parts.subhead,
        paragraphs=tuple(parts.paragraphs),
    )
