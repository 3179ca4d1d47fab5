"""Page to blocks, stories and related headlines. Text and HTML meet in one block model; nothing is lost.

In: a page's content and type, from the pipeline. Out: a `SplitPage`, to the enricher and the assembler. Never raises,
reads nothing but its argument and the data loaded at import, and publishes nothing.
"""

from worker.split.classify import decide_roles
from worker.split.correct import correct
from worker.split.facts import read_facts
from worker.split.flags import find_flags
from worker.split.html import render
from worker.split.lines import read_lines
from worker.split.model import NO_FACTS, PageFacts, SplitPage, SplitStory
from worker.split.notes import put_notes_aside
from worker.split.sections import find_sections
from worker.split.stories import gather_related, gather_stories
from worker.split.view import View, view_lines

__all__ = ["split"]


def split(content: str, content_type: str) -> SplitPage:
    """Split a page into blocks, stories and related headlines.

    `content_type` is `text/plain` or `text/html`. For text the page's text is `content` itself; for HTML it is the
    text as rendered, and all offsets count in that.
    """
    text, view, facts = _read_html(content) if content_type == "text/html" else _read_text(content)
    sections = find_sections(view)
    decided = correct(view, sections.stories, decide_roles(view, sections))
    put_notes_aside(view, sections.stories, decided)
    cut, related = gather_related(view, decided)
    stories, blocks = gather_stories(sections.stories, cut)
    layout = name_layout(view, stories, bool(related))
    return SplitPage(text, layout, blocks, stories, tuple(related), facts, find_flags(view.texts))


def _read_text(content: str) -> tuple[str, View, PageFacts]:
    return content, view_lines(read_lines(content), None), NO_FACTS


def _read_html(content: str) -> tuple[str, View, PageFacts]:
    page = render(content)
    facts = read_facts(page.tree)
    return page.text, view_lines(page.lines, facts.title, page.elements), facts


def name_layout(view: View, stories: tuple[SplitStory, ...], has_related: bool) -> str:
    """Return the slug of the page's shape."""
    if not view.lines:
        return "empty"
    if not any(story.paragraphs for story in stories):
        return "headline_only" if stories else "no_story"
    kinds = {story.kind for story in stories}
    if "item" in kinds:
        return "digest"
    if "embedded" in kinds:
        return "aggregator"
    return "article_with_related" if has_related else "article"
