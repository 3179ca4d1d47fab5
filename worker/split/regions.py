"""Which line of an HTML page is its title, and which lines lie outside its article: menus, footers, others' teasers.

In: lines with hints, from `html`, whether each is prose, and the title the page gives itself. Out: the title's line and
a reason for each line outside, to `view`. Lists of headlines are read wherever they stand; paragraphs of stories come
from inside alone.
"""

from collections import Counter
from collections.abc import Sequence

from worker.split.fold import fold
from worker.split.lines import Line
from worker.split.shapes import SHORTEST_TITLE

OUTSIDE_REGIONS = {"nav": "html_nav", "footer": "html_footer", "header": "html_header", "form": "html_form"}

ARTICLE_SHARE = 0.5
"""Least share of a page's prose that makes one article element, or one region, the page's own."""

TITLED_SHARE = 0.2
"""The same for the element that holds the title: comments and teasers may be longer than the article."""


def find_title(lines: Sequence[Line], prose: Sequence[bool], title: str | None) -> int | None:
    """Return the line that the HTML marks as the page's headline: by its heading, its own title, or both."""
    headings = [number for number, line in enumerate(lines) if line.hint.tag == "h1"]
    folded = fold(title or "")
    titled = [number for number in headings if _opens(folded, lines[number])]
    if not titled and folded:
        titled = [number for number, line in enumerate(lines) if _opens(folded, line)]
    if not titled and not headings:
        return None
    texts = (number for number in reversed(range(len(lines))) if prose[number] and lines[number].hint.tag != "h1")
    last_prose = next(texts, -1)
    return next((number for number in titled or headings if number < last_prose), None)


def _opens(title: str, line: Line) -> bool:
    """Tell whether the page's own title, which often ends with the site's name, begins with the line."""
    if len(line.text) < SHORTEST_TITLE or len(line.text) > len(title) + SHORTEST_TITLE:
        return False
    return line.hint.region not in {"nav", "footer"} and title.startswith(fold(line.text))


def find_outside(lines: Sequence[Line], prose: Sequence[bool], title: int | None) -> dict[int, str]:
    """Return by number the lines outside the page's article, and why they are."""
    weights = [len(line.text) * is_prose for line, is_prose in zip(lines, prose, strict=True)]
    reasons = _find_reasons(lines, weights)
    article = _find_article(lines, weights, title, reasons)
    head = range(0) if title is None else range(title, _first_of(lines, article))
    found = ((number, _outside(line, article, reasons, is_head=number in head)) for number, line in enumerate(lines))
    return {number: reason for number, reason in found if reason}


def _find_reasons(lines: Sequence[Line], weights: Sequence[int]) -> dict[str, str]:
    """Leave out the region that holds most of the prose: some pages put all their content into a form."""
    prose = Counter[str]()
    for line, weight in zip(lines, weights, strict=True):
        prose[line.hint.region] += weight
    most = ARTICLE_SHARE * prose.total()
    return {region: reason for region, reason in OUTSIDE_REGIONS.items() if not prose[region] > most}


def _find_article(
    lines: Sequence[Line], weights: Sequence[int], title: int | None, reasons: dict[str, str]
) -> int | None:
    prose = Counter[int]()
    for line, weight in zip(lines, weights, strict=True):
        if line.hint.region not in reasons:
            prose[line.hint.article] += weight
    titled = lines[title].hint.article if title is not None else 0
    if titled and prose[titled] >= TITLED_SHARE * prose.total():
        return titled
    best = max(prose, key=prose.__getitem__, default=0)
    return best if best and prose[best] >= ARTICLE_SHARE * prose.total() else None


def _first_of(lines: Sequence[Line], article: int | None) -> int:
    """Return the article's first line: between the title and it, byline, time and subhead often stand."""
    return next((number for number, line in enumerate(lines) if line.hint.article == article), 0)


def _outside(line: Line, article: int | None, reasons: dict[str, str], *, is_head: bool) -> str | None:
    hint = line.hint
    if hint.tag == "h1" or (is_head and hint.region == "header"):
        return None
    if hint.region in reasons:
        return reasons[hint.region]
    return "html_outside" if article is not None and hint.article != article and not is_head else None
