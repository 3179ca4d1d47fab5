"""What the elements of an HTML page say of its lines, as numbers: further evidence that `weights` weighs.

In: lines with hints and the elements they lie in, from `html`, through a `View`. Out: columns by name, a number for
each line. What is summed over an element's lines goes up the tree, what lies within an element goes down, each in one
pass over the elements, which stand in the order of the page: so the work is linear, however deep they lie.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from worker.split.lines import NO_ELEMENT
from worker.split.view import View

Column = Sequence[float]
Columns = Mapping[str, Column]

MOSTLY = 0.6
"""Share of a line's characters from which on it is a link."""

OTHER_NAMES = re.compile(
    r"comment|disqus|respond|related|share|social|promo|newsletter|subscri|sidebar|side-|widget|footer|header|nav|menu"
    r"|(?:^|[^a-z])ads?(?:[^a-z]|$)|advert|banner|sponsor|popular|trending|most-?read|recommend|teaser|caption|credit"
    r"|byline|author|meta|tags?(?:[^a-z]|$)|breadcrumb|cookie|gdpr|consent|popup|modal|login|paywall|outbrain|taboola"
    r"|copyright|bio(?:[^a-z]|$)|signup|more|read-?next|also|list|card|item|grid|carousel|gallery|slide|tool|rail|aside"
    r"|date|time|kicker|hidden|print"
)
"""Classes and ids of what is no text of an article, as the makers of pages and of themes name it."""

COMMENT_NAMES = re.compile(r"(?:^|[^a-z])(?:comment|disqus|respond)")

WHOLE_PAGE = 0.6
"""Share of the prose from which on an element is the page: what its class is called says nothing against its lines."""

WRAPPERS = frozenset({"p", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "figcaption", "figure"})
"""Elements that hold a paragraph or a few: what is around them is the container of the text."""

TAG_NUMBERS = {
    tag: float(number)
    for number, tag in enumerate(
        ("p", "li", "h2", "h3", "h4", "blockquote", "figcaption", "td", "div", "h1", "dd", "section"), 1
    )
}

OUTSIDE_NUMBERS = {"html_nav": 1.0, "html_footer": 2.0, "html_header": 3.0, "html_form": 4.0, "html_outside": 5.0}

SHARES_ABOVE = (1.0, 0.6, 0.3)
"""What a paragraph counts for its container, and for the two around that, in the search for the article's."""

MOST_COUNTED = 400
"""Characters for which a paragraph counts at most in it."""


def measure_elements(view: View) -> Columns:
    """Return every column of an HTML page that has lines."""
    return _Tree(view).columns()


@dataclass(slots=True)
class _Node:
    """What is known of an element."""

    prose: float = 0.0
    text: float = 0.0
    linked: float = 0.0
    score: float = 0.0
    kind: int = 0
    others: float = 0.0
    is_in_best: bool = False
    is_in_comment: bool = False
    is_in_figure: bool = False
    article: int = NO_ELEMENT


NOTHING_ABOVE = _Node()


class _Tree:
    """The elements of a page with the sums of their lines."""

    def __init__(self, view: View) -> None:
        self.lines = view.lines
        self.elements = view.elements
        self.is_prose = view.prose
        self.outside = view.outside
        self.title = view.title
        self.own = [line.hint.element for line in view.lines]
        self.lengths = [float(len(text)) for text in view.texts]
        self.nodes = [_Node() for _ in view.elements]
        self.within_title = self._around(self.own[view.title]) if view.title is not None else frozenset()
        self.containers = self._find_containers()
        self._sum_up()
        self._name_down()
        self.counted = list(map(self._counts, range(len(self.lines))))
        self._place_best()

    def _around(self, number: int) -> frozenset[int]:
        """Return an element and all around it."""
        around = set()
        while number != NO_ELEMENT:
            around.add(number)
            number = self.elements[number].around
        return frozenset(around)

    def _find_containers(self) -> list[int]:
        """Return the container of each element: itself, or the nearest around it that is no wrapper."""
        containers: list[int] = []
        for number, element in enumerate(self.elements):
            is_wrapper = element.tag in WRAPPERS and element.around != NO_ELEMENT
            containers.append(containers[element.around] if is_wrapper else number)
        return containers

    def _sum_up(self) -> None:
        for line, own, length, prose in zip(self.lines, self.own, self.lengths, self.is_prose, strict=True):
            node = self.nodes[own]
            node.text += length
            node.linked += length * line.hint.links
            node.prose += length * prose
        for number in range(len(self.nodes) - 1, 0, -1):
            node, around = self.nodes[number], self.elements[number].around
            if around == NO_ELEMENT:
                continue
            above = self.nodes[around]
            above.text += node.text
            above.linked += node.linked
            above.prose += node.prose

    def _name_down(self) -> None:
        whole = WHOLE_PAGE * (self.nodes[0].prose or 1.0)
        kinds: dict[tuple[str, str], int] = {}
        names: dict[str, tuple[bool, bool]] = {}
        for number, (element, node) in enumerate(zip(self.elements, self.nodes, strict=True)):
            above = self.nodes[element.around] if element.around != NO_ELEMENT else NOTHING_ABOVE
            if element.names not in names:
                names[element.names] = _read_names(element.names)
            is_other, is_comment = names[element.names]
            node.kind = kinds.setdefault((element.tag, element.names), len(kinds))
            node.others = above.others + (is_other and node.prose < whole)
            node.is_in_comment = above.is_in_comment or (is_comment and number not in self.within_title)
            node.is_in_figure = above.is_in_figure or element.tag in {"figure", "figcaption"}
            node.article = number if element.tag == "article" else above.article

    def _counts(self, at: int) -> bool:
        hint = self.lines[at].hint
        return (
            self.is_prose[at]
            and hint.links < MOSTLY
            and hint.region not in {"nav", "footer", "form", "aside"}
            and not self.nodes[self.own[at]].is_in_comment
        )

    def _find_best(self) -> int:
        for at, own in enumerate(self.own):
            if not self.counted[at]:
                continue
            weight = min(self.lengths[at], MOST_COUNTED) * (0.5 if self.title is not None and at < self.title else 1.0)
            number = self.containers[own]
            for share in SHARES_ABOVE:
                if number == NO_ELEMENT:
                    break
                self.nodes[number].score += weight * share
                number = self.elements[number].around
        return max(range(len(self.nodes)), key=lambda number: self.nodes[number].score)

    def _place_best(self) -> None:
        """Tell of each element whether it is in the best one."""
        best = self._find_best()
        for number, (element, node) in enumerate(zip(self.elements, self.nodes, strict=True)):
            is_around = element.around != NO_ELEMENT and self.nodes[element.around].is_in_best
            node.is_in_best = is_around or number == best

    def columns(self) -> Columns:
        own = [self.nodes[number] for number in self.own]
        containers = [self.nodes[self.containers[number]] for number in self.own]
        total = self.nodes[0].prose or 1.0
        in_best = [float(node.is_in_best) for node in own]
        return {
            "outside": [OUTSIDE_NUMBERS.get(self.outside.get(at, ""), 0.0) for at in range(len(self.lines))],
            "others": [node.others for node in own],
            "in_best_before": [0.0, *in_best[:-1]],
            "in_comment": [float(node.is_in_comment) for node in own],
            "in_figure": [float(node.is_in_figure) for node in own],
            "container_links": [node.linked / (node.text or 1.0) for node in containers],
            "container_prose": [node.prose / total for node in containers],
            "same_kind": self._signs(total),
            "tag": [TAG_NUMBERS.get(self.elements[number].tag, 0.0) for number in self.own],
            "article_prose": [
                self.nodes[node.article].prose / total if node.article != NO_ELEMENT else -1.0 for node in own
            ],
            "best_above": self._shares_above(in_best),
        }

    def _signs(self, total: float) -> Column:
        """Return the share of the prose that stands in elements of the same tags and classes."""
        signs = [(*self._kinds(line.hint.element), line.hint.links > MOSTLY) for line in self.lines]
        prose = defaultdict[object, float](float)
        for at, sign in enumerate(signs):
            prose[sign] += self.lengths[at] * self.counted[at]
        return [prose[sign] / total for sign in signs]

    def _kinds(self, number: int) -> tuple[int, int]:
        around = self.elements[number].around
        return self.nodes[number].kind, self.nodes[around if around != NO_ELEMENT else number].kind

    def _shares_above(self, in_best: Column) -> Column:
        prose = [best * is_prose for best, is_prose in zip(in_best, self.is_prose, strict=True)]
        *above, total = accumulate(prose, initial=0.0)
        return [own / (total or 1.0) for own in above]


def _read_names(names: str) -> tuple[bool, bool]:
    return OTHER_NAMES.search(names) is not None, COMMENT_NAMES.search(names) is not None
