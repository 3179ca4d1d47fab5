"""Lines' blocks to what the enricher reads: blocks, stories with their spans, related headlines.

In: a `View` and a block for each line. Out: the parts of a `SplitPage`. Decides nothing: it cuts and gathers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from worker.split.classify import ITEM_RULES
from worker.split.lines import Line
from worker.split.model import Block, RelatedItem, Span, SplitStory
from worker.split.sections import LINKS, StoryLines
from worker.split.view import View

RELATED_RULES = frozenset(ITEM_RULES[kind] for kind in LINKS)
"""Items that are the page's related headlines; the most read and the latest of the site are not about the story."""


def gather_related(view: View, blocks: Sequence[Block]) -> tuple[list[Block], list[RelatedItem]]:
    """Return the blocks and the headlines of the related lists and in-text links, in page order, bullets left out.

    A line that labels a title becomes two blocks: the label and the title.
    """
    cut: list[Block] = []
    related: list[RelatedItem] = []
    for block, line, mark in zip(blocks, view.lines, view.marks, strict=True):
        cut.append(block)
        if block.role == "marker" and mark and mark.form == "label" and mark.kind in LINKS:
            block.end = line.start + len(line.text[: mark.rest].rstrip())
            title = Block("related_item", line.start + mark.rest, line.end, ITEM_RULES[mark.kind], block.story)
            cut.append(title)
            related.append(_read_item(line, title.start))
        elif block.role == "related_item" and block.rule in RELATED_RULES:
            related.append(_read_item(line, block.start))
    return cut, related


def _read_item(line: Line, start: int) -> RelatedItem:
    first = max(line.entry, start)
    return RelatedItem(line.text[first - line.start :], first, line.end, line.hint.url)


def gather_stories(
    drafts: Sequence[StoryLines], blocks: Sequence[Block]
) -> tuple[tuple[SplitStory, ...], tuple[Block, ...]]:
    """Return the stories that have a headline or a paragraph, and the blocks with the numbers these stories got.

    What stands above the entries of a digest is no story without paragraphs of its own.
    """
    stories = _fill(drafts, blocks)
    is_digest = any(draft.kind == "item" for draft in drafts)
    kept = [
        number
        for number, story in enumerate(stories)
        if story.paragraphs or (story.headline and not (is_digest and story.kind == "main"))
    ]
    if len(kept) == len(drafts):
        return tuple(stories), tuple(blocks)
    numbers = {old: new for new, old in enumerate(kept)}
    return tuple(stories[number] for number in kept), tuple(_renumber(blocks, numbers))


def _fill(drafts: Sequence[StoryLines], blocks: Sequence[Block]) -> list[SplitStory]:
    """Return a story for each draft; of several headlines or subheads the first is the story's."""
    stories = [SplitStory(draft.kind, None, "no_headline", None, ()) for draft in drafts]
    paragraphs: list[list[Span]] = [[] for _ in drafts]
    for block in blocks:
        if block.story is None:
            continue
        if block.role == "paragraph":
            paragraphs[block.story].append(Span(block.start, block.end))
            continue
        story = stories[block.story]
        if block.role == "headline" and story.headline is None:
            story.headline = Span(block.start, block.end)
            story.headline_rule = block.rule
        elif block.rule == "deck" and story.subhead is None:
            story.subhead = Span(block.start, block.end)
    for story, spans in zip(stories, paragraphs, strict=True):
        story.paragraphs = tuple(spans)
    return stories


def _renumber(blocks: Sequence[Block], numbers: Mapping[int, int]) -> Iterator[Block]:
    for block in blocks:
        yield block if block.story is None else replace(block, story=numbers.get(block.story))
