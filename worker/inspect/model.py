"""What an inspection shows: the text of a page in pieces, and the records that were made of it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from unicodedata import bidirectional

from schemas import Block, DeadLetterHeaders, Mention, Page, Related, Story

Direction = Literal["ltr", "rtl"]

LETTERS: dict[Direction, frozenset[str]] = {"ltr": frozenset({"L"}), "rtl": frozenset({"R", "AL"})}
"""The strong types of Unicode's UAX #9."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A block, its text, and the whitespace behind it; no block for the whitespace that a page begins with.

    `story` is the story that the block belongs to, if any. `side` is the direction of that story, else of the page;
    `direction` is the block's own, by its letters: what holds none of the side's but others runs the other way.
    """

    block: Block | None
    story: Story | None
    side: Direction
    direction: Direction
    text: str
    gap: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """A headline of the page's related lists, with its entry in the main story's list if it has one."""

    mention: Mention
    entry: Related | None

    @property
    def verdict(self) -> str:
        """Return what the page itself tells of the headline."""
        return self.entry.verdict if self.entry else self.mention.verdict

    @property
    def url(self) -> str | None:
        """Return where the headline leads, if the list tells."""
        return self.entry.url if self.entry else None

    @property
    def reason(self) -> str:
        """Return why."""
        return self.entry.reason if self.entry else self.mention.reason


@dataclass(frozen=True, slots=True)
class Inspection:
    """A message and what became of it.

    `page` and `text`, in which its offsets count, are there for what was processed; `letter` for a dead letter, whose
    `text` is the beginning of the message as it can be printed; none of them for a tombstone. `records` are the lines
    that `process` writes, by kind.
    """

    name: str
    outcome: str
    text: str = ""
    page: Page | None = None
    stories: Sequence[Story] = ()
    mentions: Sequence[Mention] = ()
    letter: DeadLetterHeaders | None = None
    records: Mapping[str, Sequence[bytes]] = field(default_factory=dict)

    @property
    def direction(self) -> Direction:
        """Return the direction of the first story, else that of the page's letters."""
        return self.stories[0].language.direction if self.stories else _direction_of(self.text)

    def pieces(self) -> Iterator[Piece]:
        """Yield the text of a page in pieces, from its first character to its last, each in exactly one."""
        if self.page is None:
            return
        blocks = self.page.blocks
        stories = {story.story_id: story for story in self.stories}
        starts = [*(block.start for block in blocks), len(self.text)]
        direction = self.direction
        if starts[0]:
            yield Piece(None, None, direction, direction, "", self.text[: starts[0]])
        for block, end in zip(blocks, starts[1:], strict=True):
            story, text = stories.get(block.story_id or ""), self.text[block.start : block.end]
            side = story.language.direction if story else direction
            yield Piece(block, story, side, _direction_on(side, text), text, self.text[block.end : end])

    def sightings(self) -> Iterator[Sighting]:
        """Yield the headlines of the related lists in page order."""
        entries = {entry.position: entry for story in self.stories for entry in story.related}
        for mention in self.mentions:
            yield Sighting(mention, entries.get(mention.position))


def _direction_of(text: str) -> Direction:
    """Return the direction that most letters have."""
    counts = Counter(map(bidirectional, text))
    return "rtl" if sum(counts[kind] for kind in LETTERS["rtl"]) > counts["L"] else "ltr"


def _direction_on(side: Direction, text: str) -> Direction:
    """Return the side's direction where a letter of it is in the text, or none at all; else the other."""
    kinds = set(map(bidirectional, text))
    other: Direction = "ltr" if side == "rtl" else "rtl"
    return other if kinds & LETTERS[other] and not kinds & LETTERS[side] else side
