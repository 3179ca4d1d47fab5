"""Stories that were taken down: their records withheld, and their text blacked out where a page holds it.

In: what the pipeline made of a page, or what the dedup decided, and the ids that are refused. Out: the same without
them; records of other stories stay as they were, byte for byte. Pure: who refuses, and since when, is `refusals`' to
know.
"""

import re
from collections.abc import Container
from dataclasses import replace
from typing import TYPE_CHECKING

from schemas import Page
from worker.dedup.decision import Decision
from worker.dedup.sighting import HeadlineSighting, Sighting

if TYPE_CHECKING:
    # The dedupe half withholds too, and does without the pipeline and its lexicons.
    from worker.pipeline import Processed

BLACK = "\u2588"
"""FULL BLOCK, one code point for each that it covers: the offsets of all other blocks stay right."""

PRINTED = re.compile(r"\S")


def withhold(processed: "Processed", refused: Container[str]) -> "Processed":
    """Return a page's records without the refused stories; the page's block map stays whole.

    With a story go its copy sighting and its own headline's; the headlines that its page lists do not.
    """
    if not any(story.story_id in refused for story in processed.stories):
        return processed
    return replace(
        processed,
        stories=tuple(story for story in processed.stories if story.story_id not in refused),
        page=redact(processed.page, refused),
        sightings=tuple(sighting for sighting in processed.sightings if not _is_of(sighting, refused)),
    )


def withhold_copies(decision: Decision, refused: Container[str]) -> Decision:
    """Return a decision without the copy records of refused stories, which an earlier state still knows."""
    if not any(copy.story_id in refused for copy in decision.copies):
        return decision
    return replace(decision, copies=tuple(copy for copy in decision.copies if copy.story_id not in refused))


def redact(page: Page, refused: Container[str]) -> Page:
    """Return a page that lists no refused story, their blocks blacked out in its text where it holds one."""
    stories = [story_id for story_id in page.stories if story_id not in refused]
    outcome = "published" if stories else "no_story"
    return page.model_copy(update={"stories": stories, "outcome": outcome, "text": _black_out(page, refused)})


def _black_out(page: Page, refused: Container[str]) -> str | None:
    if page.text is None:
        return None
    parts, end = [], 0
    for block in sorted(page.blocks, key=lambda block: block.start):
        if block.story_id is not None and block.story_id in refused:
            parts += [page.text[end : block.start], PRINTED.sub(BLACK, page.text[block.start : block.end])]
            end = block.end
    return "".join([*parts, page.text[end:]])


def _is_of(sighting: Sighting, refused: Container[str]) -> bool:
    if isinstance(sighting, HeadlineSighting):
        return not sighting.in_list and sighting.story_id is not None and sighting.story_id in refused
    return sighting.story_id in refused
