"""Boundaries: which lines belong to a story, which stand under a list's heading, and where another story begins.

In: a `View`. Out: `Sections`, to `classify`. A heading's phrase opens a section only with the shape that goes with it:
entries below it (a list), a title and then prose (another story), or a title with the old story going on (a link in
the text). Looks ahead over a run of titles at most once for each heading, so that the work is linear.
"""

from collections import deque
from dataclasses import dataclass, field

from worker.split.digest import find_timed_items, find_titled_items
from worker.split.heads import find_heads
from worker.split.likeness import share_in
from worker.split.lines import SUBHEADING_TAGS
from worker.split.markers import Kind, Mark
from worker.split.model import StoryKind
from worker.split.shapes import is_dateline, is_name, is_time, is_title, is_wide
from worker.split.view import View

HEADINGS: frozenset[Kind] = frozenset({"read_also", "related", "most_read", "latest"})
"""The marks that head lists of other stories' headlines."""

LINKS: frozenset[Kind] = frozenset({"read_also", "related"})
"""The headings that also stand before a single title, on its line or above it."""

LIST_ENDS: frozenset[Kind] = HEADINGS | {"digest", "credit", "copyright", "tags", "comments", "navigation", "cookie"}
"""The marks that no list of titles runs across."""

STORY_ENDS: frozenset[Kind] = frozenset({"credit", "copyright", "tags", "comments"})
"""The marks that stand below a story's last paragraph."""

MOST_HEAD_TITLES = 2
"""Short lines above prose that still are one story's head: its headline and a subhead or caption."""

LOOKED_AT = 3
"""Paragraphs on either side of a title that are compared with it."""

LIKENESS = 0.3
"""Least share of a title's wording in the prose below it that makes it that prose's headline."""


HEADLINE_WORDS = 3
HEADLINE_WIDE = 8
"""Least mean length of a list's entries, in words (characters of Han and kana), that makes them headlines: below are
topics and the terms under an encyclopaedia's "See also"."""


@dataclass(slots=True)
class StoryLines:
    """The lines of one story; `marker` is the line that announced it, if one did."""

    kind: StoryKind
    marker: int | None
    lines: list[int] = field(default_factory=list)


@dataclass(slots=True)
class HeadedList:
    """Titles of other stories below their heading, or one behind it on the same line (`entries` is the heading).

    `details` are further lines of entries: teasers, times. Entries too short for headlines are topics.
    """

    heading: int
    kind: Kind
    entries: tuple[int, ...]
    details: tuple[int, ...] = ()
    are_headlines: bool = True


@dataclass(slots=True)
class Sections:
    """All lines of a page, each in exactly one section; `outside` are those of no story, by the HTML or as comments."""

    stories: list[StoryLines]
    lists: list[HeadedList]
    outside: list[int]


@dataclass(slots=True)
class Run:
    """What follows a heading: entries with bullets or titles without, and the prose line that ends them, if any."""

    entries: tuple[int, ...]
    details: tuple[int, ...]
    has_bullets: bool
    prose: int | None


def find_sections(view: View) -> Sections:
    """Part a page into its stories and the lists of headlines between and below them."""
    scan = _Scan(view)
    done = 0
    for index, mark in enumerate(view.marks):
        if mark and index >= done:
            scan.keep(done, index)
            done = scan.take(index, mark)
    scan.keep(done, len(view.lines))
    return Sections(scan.stories, scan.lists, scan.outside)


class _Scan:
    """The state of the one pass from the first line to the last."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.stories = [StoryLines("main", None)]
        self.lists: list[HeadedList] = []
        self.outside: list[int] = []
        self.items = find_timed_items(view)
        self.heads = frozenset[int]() if self.items else find_heads(view)
        self.last_prose = deque[int](maxlen=LOOKED_AT)
        self.is_closed = False
        self.is_digest = False

    def take(self, index: int, mark: Mark) -> int:
        """Put the line with a phrase into its section and return the next line to look at."""
        if mark.kind in HEADINGS and mark.form == "whole":
            return self._take_heading(index, mark.kind)
        if mark.kind in LINKS and mark.form == "label" and is_title(self.view.texts[index][mark.rest :]):
            self.lists.append(HeadedList(index, mark.kind, (index,)))
        else:
            if mark.kind == "digest" and not self.last_prose and not self.is_digest:
                self.is_digest = True
                self.items |= find_titled_items(self.view, index + 1)
            self._keep_line(index)
        return index + 1

    def _take_heading(self, index: int, kind: Kind) -> int:
        run = read_run(self.view, index + 1)
        if index not in self.view.outside and self._opens_story(kind, run):
            self.stories.append(StoryLines("embedded", index))
            self.is_closed = False
            self.last_prose.clear()
            return index + 1
        if not self._is_list(run):
            self._keep_line(index)
            return index + 1
        self.lists.append(HeadedList(index, kind, run.entries, run.details, are_headlines=self._are_headlines(run)))
        listed = {index, *run.entries, *run.details}
        end = max(*run.entries, *run.details, index) + 1
        for between in range(index, end):
            if between not in listed:
                self._keep_line(between)
        return end

    def keep(self, first: int, end: int) -> None:
        """Put the lines from `first` up to `end`, which open with no phrase, into the story at hand."""
        if self.items or self.heads or self.view.outside:
            for index in range(first, end):
                self._keep_line(index)
            return
        # All at once, as line by line is 3 times slower.
        self.stories[-1].lines.extend(range(first, end))
        prose = [index for index in range(first, end) if self.view.prose[index]]
        if prose:
            self.is_closed = False
            self.last_prose.extend(prose)

    def _keep_line(self, index: int) -> None:
        if index in self.view.outside:
            self.outside.append(index)
            return
        if self.view.prose[index]:
            self.is_closed = False
            self.last_prose.append(index)
        else:
            mark = self.view.marks[index]
            self.is_closed |= mark is not None and mark.kind in STORY_ENDS and bool(self.last_prose)
        if index in self.items:
            self.stories.append(StoryLines("item", None))
        elif index in self.heads:
            self.stories.append(StoryLines("embedded", None))
        self.stories[-1].lines.append(index)

    def _is_list(self, run: Run) -> bool:
        """Entries that are mostly whole sentences are a list of the story's own."""
        return 2 * sum([self.view.prose[entry] for entry in run.entries]) < len(run.entries)

    def _are_headlines(self, run: Run) -> bool:
        texts = [self.view.lines[entry].entry_text for entry in run.entries]
        if is_wide("".join(texts)):
            return sum(map(len, texts)) >= HEADLINE_WIDE * len(texts)
        return sum([len(text.split()) for text in texts]) >= HEADLINE_WORDS * len(texts)

    def _opens_story(self, kind: Kind, run: Run) -> bool:
        """Tell whether the titles below the heading are the head of another story."""
        if kind not in LINKS or run.has_bullets or run.prose is None or not self.last_prose:
            return False
        titles = [entry for entry in run.entries if not self._is_head_line(entry, run)]
        if not 0 < len(titles) <= MOST_HEAD_TITLES:
            return False
        if self.view.title is not None and self.view.lines[titles[0]].hint.tag not in SUBHEADING_TAGS:
            return False
        return self.is_closed or self._heads(titles[0], run.prose)

    def _is_head_line(self, entry: int, run: Run) -> bool:
        text = self.view.texts[entry]
        return is_time(text) or (entry != run.entries[0] and (is_name(text) or is_dateline(text)))

    def _heads(self, title: int, prose: int) -> bool:
        """Tell whether the prose below is about the title, and more so than the prose above it."""
        texts = self.view.texts
        below = " ".join(texts[prose : prose + LOOKED_AT])
        above = " ".join(texts[index] for index in self.last_prose)
        own = share_in(texts[title], below)
        return own >= LIKENESS and own > share_in(texts[title], above)


def read_run(view: View, first: int) -> Run:
    """Return the entries of a list, or the titles without bullets, that begin at line `first`."""
    entries: list[int] = []
    details: list[int] = []
    has_bullets = False
    prose = None
    for index in range(first, len(view.lines)):
        line, mark = view.lines[index], view.marks[index]
        has_bullet = line.has_bullet
        if mark:
            if _ends_list(mark, has_bullet=has_bullet):
                break
            if not has_bullet:
                continue
        if not entries:
            has_bullets = has_bullet
        if has_bullets and line.hint.is_detail:
            details.append(index)
        elif has_bullets != has_bullet:
            break
        elif view.prose[index] and not has_bullets:
            prose = index
            break
        else:
            entries.append(index)
    return Run(tuple(entries), tuple(details), has_bullets, prose)


def _ends_list(mark: Mark, *, has_bullet: bool) -> bool:
    """A heading ends the list above it; as an entry, only a phrase that stands alone is one."""
    return mark.kind in LIST_ENDS and (mark.form == "whole" or not has_bullet)
