"""What the weights correct in the roles: what a long story takes in of menus, notices and teasers, and its headline.

In: the blocks as the rules decided them. Out: the same, with lines taken out of long stories and of those below a menu
where `unlikely` says so. Other pages have nothing to correct and cost nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain

from schemas.page import Role
from worker.split.captions import ends_with_credit, ends_with_link, has_credit, is_credit, names_agencies, names_owner
from worker.split.classify import ABOVE_HEADLINE, HEADING_RULES, ITEM_RULES
from worker.split.headline import find_headline
from worker.split.model import BODY_ROLES, Block
from worker.split.sections import StoryLines
from worker.split.shapes import count_letters, ends_sentence
from worker.split.unlikely import OF_HTML, OF_TEXT, Limits, find_apart, find_listed, find_spared, find_unlikely
from worker.split.view import View
from worker.split.weights import UNLIKELY, Evidence, weigh

LONG_STORY = 36
"""Lines from which on a story, or the page if it is HTML, is corrected: an article printed by itself has fewer, or is
certain throughout."""

MENU_LINES = 12
"""Lines above a story's first prose from which on they are a menu: a head has a headline, times, names and a deck."""

NOTICE = 0.25
"""Log-odds up to which a sentence above "See also" may still be a menu's notice; paragraphs have 1 to 5."""

LEAST_LETTERS = 300
"""Letters of likely lines that are a body, however few the lines."""

HEAD_RULES = frozenset({"first_title", "headline_repeated", "name_line", "pictured_name", "place_and_agency"})
"""What lines are above a body by their place alone: where the headline stands lower, they are none of it."""

CREDITED = 2.0
"""Log-odds below which a line of a text that ends with a picture's credit is its caption."""

CREDITED_BELOW = 3.0
"""The same of a line with a credit below it: pictures without a caption stand between paragraphs."""

CAPTION_LENGTH = 260
"""Characters of a caption inside a text, at most; with 160 a tenth of the agencies' ones stayed in bodies."""

ABOVE = 0.1
"""Share of a story's likely letters that may stand above its headline: a menu's long lines read as text does."""

GOES_ON = 4
"""Lines below a picture's credit in which its story's text goes on; a copyright notice has nothing below it."""


def correct(view: View, stories: Sequence[StoryLines], blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks, one a line, with the long stories corrected; `stories` follow where two turn out to be one."""
    corrected = list(blocks)
    long = [number for number, story in enumerate(stories) if _is_long(view, story)]
    if not long:
        return corrected
    evidence = weigh(view)
    limits = _limits_of(view)
    if 0 in long:
        _join(view, stories, evidence, corrected)
    for number in long:
        lines = stories[number].lines
        likely = [index for index in lines if evidence.odds[index] > 0]
        letters = sum(count_letters(view.texts[index]) for index in likely)
        if len(likely) >= limits.least or letters >= LEAST_LETTERS:
            tried = list(corrected)
            _correct_story(view, number, stories[number], evidence, tried)
            if any(tried[index].role == "paragraph" for index in lines):  # else all of it is odd
                corrected = tried
    return corrected


def _limits_of(view: View) -> Limits:
    return OF_HTML if view.elements else OF_TEXT


def _is_long(view: View, story: StoryLines) -> bool:
    """Tell whether a story is corrected: a digest's entry is short by nature, but for the last, which ends the page."""
    if story.kind == "item":
        return len(story.lines) >= LONG_STORY
    return len(view.lines if view.elements else story.lines) >= LONG_STORY or _opens_with_menu(view, story)


def _opens_with_menu(view: View, story: StoryLines) -> bool:
    """Tell whether more lines stand above a story's prose than a head has."""
    first = next((place for place, index in enumerate(story.lines) if view.prose[index]), 0)
    return first >= MENU_LINES


def _join(view: View, stories: Sequence[StoryLines], evidence: Evidence, blocks: list[Block]) -> None:
    """Give the page's own story the text of an embedded one where it is a menu: then "See also" was only a link."""
    main, *others = stories
    embedded = next((story for story in others if story.kind == "embedded"), None)
    if embedded is None or embedded.marker is None or not _opens_with_menu(view, main):
        return
    likely = {index for index, odds in enumerate(evidence.odds) if odds > NOTICE and view.prose[index]}
    if not likely.isdisjoint(main.lines) or likely.isdisjoint(embedded.lines):
        return
    mark = view.marks[embedded.marker]
    assert mark is not None
    blocks[embedded.marker] = _with_role(blocks[embedded.marker], "marker", HEADING_RULES[mark.kind])
    for index in embedded.lines:
        if blocks[index].role == "headline":
            blocks[index] = _with_role(blocks[index], "related_item", ITEM_RULES[mark.kind])
        elif blocks[index].story is not None:
            blocks[index] = replace(blocks[index], story=0)
    main.lines += embedded.lines
    embedded.lines = []


def _correct_story(view: View, number: int, story: StoryLines, evidence: Evidence, blocks: list[Block]) -> None:
    unlikely = find_unlikely(story.lines, evidence, _limits_of(view))
    aside = {index: blocks[index] for index in unlikely if blocks[index].role in BODY_ROLES}
    for index, block in aside.items():
        blocks[index] = _with_role(block, "other", UNLIKELY)
    if not view.elements:
        _correct_text(view, number, story, evidence, blocks, aside=aside)
    for index in aside:
        if blocks[index].rule == UNLIKELY:
            blocks[index].rule = evidence.reasons(index)


def _correct_text(
    view: View,
    number: int,
    story: StoryLines,
    evidence: Evidence,
    blocks: list[Block],
    *,
    aside: Mapping[int, Block],
) -> None:
    """Correct in a text what HTML says by its elements: captions, the headline, lines put aside."""
    for index, rule in _find_captions(view, story.lines, evidence, blocks).items():
        blocks[index] = replace(blocks[index], role="caption", rule=rule)
    moved = None
    if story.kind == "main" or (story.kind == "embedded" and story.marker is None):
        moved = _move_headline(view, number, story.lines, evidence, blocks)
    taken = [index for index in aside if blocks[index].rule == UNLIKELY and index not in evidence.furniture]
    headline = next((index for index in story.lines if blocks[index].role == "headline"), None)
    body = _body_of(story, blocks)
    spared = chain(find_spared(view, evidence, body, taken, headline), find_listed(view, evidence, body, taken))
    for index in spared:
        blocks[index] = aside[index]
    for index in find_apart(view, evidence, _body_of(story, blocks), headline):
        blocks[index] = _with_role(blocks[index], "other", "apart")
    if moved is None:
        return
    for index in aside:
        if index < moved and blocks[index].rule == UNLIKELY:
            blocks[index].role, blocks[index].rule = ABOVE_HEADLINE


def _body_of(story: StoryLines, blocks: Sequence[Block]) -> list[int]:
    return [index for index in story.lines if blocks[index].role in BODY_ROLES]


def _find_captions(view: View, lines: Sequence[int], evidence: Evidence, blocks: Sequence[Block]) -> dict[int, str]:
    """Return the captions inside a text and their rules: a picture's credit ends them or stands right below them."""
    captions: dict[int, str] = {}
    for place, index in enumerate(lines):
        text = view.texts[index]
        if blocks[index].role not in BODY_ROLES or len(text) > CAPTION_LENGTH:
            continue
        is_unlikely = evidence.odds[index] < CREDITED
        if (
            ends_with_credit(text)
            or is_credit(text)
            or names_owner(text)
            or (is_unlikely and has_credit(text) and not ends_with_link(text))
        ):
            captions[index] = "credit_named"
            continue
        below = lines[place + 1 : place + 2 + GOES_ON]
        if (
            below
            and evidence.odds[index] < CREDITED_BELOW
            and _is_credit(view, below[0])
            and not (ends_sentence(text) and names_agencies(view.texts[below[0]]))  # the text is from them
            and any(view.prose[one] and evidence.odds[one] > 0 for one in below[1:])
        ):
            captions[index] = "credit_below"
    return captions


def _is_credit(view: View, index: int) -> bool:
    mark, text = view.marks[index], view.texts[index]
    if mark is not None:
        return mark.kind == "copyright" and len(text) <= CAPTION_LENGTH
    return is_credit(text)


def _move_headline(
    view: View, number: int, lines: Sequence[int], evidence: Evidence, blocks: list[Block]
) -> int | None:
    """Look for a headline where the rules have taken the page's first line for it: mostly it is one of the menu's.

    Returns the number of the line that is the headline instead, if one is.
    """
    likely = [index for index in lines if evidence.odds[index] > 0 and view.prose[index] and not view.marks[index]]
    first = next((index for index in lines if blocks[index].role == "headline"), None)
    headline = find_headline(view, likely, lines, first)
    if headline is None or headline == first:
        return None
    above = [index for index in lines if index < headline]
    body = [index for index in lines if blocks[index].role in BODY_ROLES and evidence.odds[index] > 0]
    letters = {index: count_letters(view.texts[index]) for index in body}
    if sum(letters.get(index, 0) for index in above) > ABOVE * sum(letters.values()):
        return None  # no text stands above its headline
    for index in above:
        if blocks[index].role in BODY_ROLES or blocks[index].rule in HEAD_RULES:
            blocks[index] = _with_role(blocks[index], *ABOVE_HEADLINE)
    blocks[headline] = replace(blocks[headline], role="headline", rule="likeliest_title", story=number)
    return headline


def _with_role(block: Block, role: Role, rule: str) -> Block:
    """Return the block with a role that belongs to the page."""
    return Block(role, block.start, block.end, rule, None)
