"""What the weights correct in the roles: in pages of many lines a story takes in menus, notices, comments and teasers.

In: the blocks as the rules decided them. Out: the same, with unlikely lines taken out of long stories. A page of few
lines has nothing to correct and costs nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from schemas.page import Role
from worker.split.model import Block
from worker.split.sections import StoryLines
from worker.split.view import View
from worker.split.weights import Evidence, weigh

LONG_STORY = 36
"""Lines from which on a story, or the page if it is HTML, is corrected: an article printed by itself has fewer, or is
certain throughout."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Log-odds below which a line is unlikely to be of a story's body.

    `run` is the number of unlikely lines in a row that are none: a crosshead of a text is unlikely by itself. `least`
    lines must be likely: in a text that is a poem, or an interview of short lines, there may be none.
    """

    unlikely: float
    run: int
    least: int


OF_TEXT = Limits(unlikely=-0.3, run=3, least=3)
OF_HTML = Limits(unlikely=-0.3, run=1, least=1)

BODY_ROLES: frozenset[Role] = frozenset({"paragraph", "subhead"})


def correct(view: View, stories: Sequence[StoryLines], blocks: list[Block]) -> list[Block]:
    """Return the blocks, one a line, with the long stories' bodies corrected."""
    long = [story.lines for story in stories if _is_long(view, story)]
    if not long:
        return blocks
    evidence = weigh(view)
    limits = OF_HTML if view.elements else OF_TEXT
    corrected = list(blocks)
    for lines in long:
        for index in find_unlikely(lines, evidence, limits):
            block = blocks[index]
            if block.role in BODY_ROLES:
                rule = f"unlikely:{evidence.reasons(index)}"
                corrected[index] = Block("other", block.start, block.end, rule, None)
    return corrected


def _is_long(view: View, story: StoryLines) -> bool:
    """Tell whether a story is corrected: entries of a digest are short by nature."""
    count = len(view.lines) if view.elements else len(story.lines)
    return story.kind != "item" and count >= LONG_STORY


def find_unlikely(lines: Sequence[int], evidence: Evidence, limits: Limits) -> list[int]:
    """Return the lines of runs that are too long to be an oddity of the text; none where all of it is odd."""
    odds = evidence.odds
    if sum([odds[index] > 0 for index in lines]) < limits.least:
        return []
    runs = [list(run) for is_low, run in groupby(lines, lambda index: odds[index] < limits.unlikely) if is_low]
    return [index for run in runs if len(run) >= limits.run for index in run]
