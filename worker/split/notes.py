"""Notes on a story's writers below its text: who they are, where to reach them.

In: a `View`, the stories' lines and the blocks as they were decided. Out: the same blocks, with such paragraphs put
aside. A note has the name of the byline, which the text above it has not: who writes a story is seldom a part of it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, takewhile

from worker.split.fold import fold, fold_letters
from worker.split.model import BODY_ROLES, Block
from worker.split.sections import StoryLines
from worker.split.view import View

BYLINE_LENGTH = 80
"""Characters of a byline that writers are read from."""

LAST = 3
"""Lines at the end of a text of which one can be a note: below it stand others', and how to follow them."""

LEAST_ABOVE = 3
"""Lines of text above a note, at least."""

HEAD = 1
"""Lines of text above a byline, at most: a summary."""

SHORTEST = 25
"""Characters of a note, at least; a shorter line is a name."""

NAMED_WITHIN = 120
"""Characters from a note's beginning in which its writer is named."""

HOUSE = re.compile(r"\s[|/•·–—-]\s")
"""What parts the writers from the house that they write for, or from the town."""

PARTED = re.compile(r"[^\w\s'’.-]|\d")
"""What stands between two names, and before a date."""


def put_notes_aside(view: View, stories: Sequence[StoryLines], blocks: list[Block]) -> None:
    """Give the notes on its writers at the end of each story's text a role of their own."""
    for story in stories:
        for index in _find_notes(view, story.lines, blocks):
            block = blocks[index]
            blocks[index] = Block("other", block.start, block.end, "writer_note", None)


def _find_notes(view: View, lines: Sequence[int], blocks: Sequence[Block]) -> Sequence[int]:
    bylines = [index for index in lines if blocks[index].role == "byline"]
    body = [index for index in lines if blocks[index].role in BODY_ROLES] if bylines else []
    if len(body) <= LEAST_ABOVE:
        return ()
    names: dict[str, bool] = {}
    for index in takewhile(lambda index: index < body[HEAD], bylines):  # in the text names are somebody else's
        is_said = blocks[index].rule != "name_line"
        names |= {name: is_said and name.islower() for name in _read_names(view.texts[index][:BYLINE_LENGTH])}
    for place in range(max(len(body) - LAST, LEAST_ABOVE), len(body)):
        if _is_note(view, body, place, names):
            return body[place:]
    return ()


def _is_note(view: View, body: Sequence[int], place: int, names: Mapping[str, bool]) -> bool:
    """Tell whether a line names a writer, whom the text above it does not; some names must begin it.

    These are of lines that nothing but their form makes a byline, and of scripts without capitals.
    """
    text = view.texts[body[place]]
    beginning = fold(text[:NAMED_WITHIN]) if len(text) >= SHORTEST else ""
    named = [name for name, is_sure in names.items() if name in beginning and (is_sure or beginning.startswith(name))]
    above = fold_letters("\n".join(view.texts[index] for index in body[:place])) if named else ""
    return any(name not in above for name in named)


def _read_names(byline: str) -> Iterator[str]:
    """Yield each two words of a byline, folded, that can be of one name: in capitals where the script has them."""
    for part in PARTED.split(HOUSE.split(byline, maxsplit=1)[0]):
        for first, second in pairwise(part.split()):
            if min(len(first), len(second)) > 1 and not first[0].islower() and not second[0].islower():
                yield fold(f"{first} {second}").rstrip(".")
