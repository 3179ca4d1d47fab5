"""Which lines of an HTML page lie outside its article: menus, footers, forms, other articles' teasers.

In: lines with hints, from `html`. Out: a reason for each line outside, None inside, to `view`. Lists of headlines are
read wherever they stand; only paragraphs and headlines of stories come from inside alone.
"""

from collections import Counter
from collections.abc import Sequence

from worker.split.lines import Line
from worker.split.shapes import is_prose

OUTSIDE_REGIONS = {"nav": "html_nav", "footer": "html_footer", "header": "html_header", "form": "html_form"}
ARTICLE_SHARE = 0.5
"""Least share of a page's prose that makes one article element its article; below, elements do not tell."""


def find_outside(lines: Sequence[Line]) -> tuple[str | None, ...]:
    """Return for each line why it is outside the page's article; None for lines inside, and always for text pages."""
    if not any(line.hint.region or line.hint.article for line in lines):
        return (None,) * len(lines)
    article = _find_article(lines)
    head = _find_head(lines, article)
    return tuple(_outside(line, article, is_head=number in head) for number, line in enumerate(lines))


def _find_article(lines: Sequence[Line]) -> int | None:
    prose: Counter[int] = Counter()
    for line in lines:
        if line.hint.region not in OUTSIDE_REGIONS and is_prose(line.text):
            prose[line.hint.article] += len(line.text)
    best = max(prose, key=prose.__getitem__, default=0)
    return best if best and prose[best] >= ARTICLE_SHARE * prose.total() else None


def _find_head(lines: Sequence[Line], article: int | None) -> range:
    """Return the lines from the page's heading to its article: byline, time and subhead often stand between."""
    heading = next((number for number, line in enumerate(lines) if line.hint.tag == "h1"), len(lines))
    body = next((number for number, line in enumerate(lines) if line.hint.article == article), 0)
    return range(heading, body)


def _outside(line: Line, article: int | None, *, is_head: bool) -> str | None:
    hint = line.hint
    if hint.tag == "h1" or (is_head and hint.region == "header"):
        return None
    if hint.region in OUTSIDE_REGIONS:
        return OUTSIDE_REGIONS[hint.region]
    return "html_outside" if article is not None and hint.article != article and not is_head else None
