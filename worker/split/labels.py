"""Labels of links in a text that no lexicon knows: the same words and a bar stand before one title after another.

In: the texts of a page's lines, which are prose, and the phrases they open with. Out: a mark for each such line, as if
"Read also" stood there, to `view`. One alone is a headline with its section before it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import repeat
from operator import contains

from worker.split.fold import fold
from worker.split.markers import Mark
from worker.split.shapes import is_title

BAR = " | "

LONGEST_LABEL = 40
LEAST_WORDS = 2
"""Of a label; a single word before a bar is a section's name, or a place."""

LEAST_LINKS = 2


def find_labels(texts: Sequence[str], prose: Sequence[bool], marks: Sequence[Mark | None]) -> dict[int, Mark]:
    """Return marks for the lines between paragraphs that open with a label which other such lines have too."""
    if sum(map(contains, texts, repeat(BAR))) < LEAST_LINKS:
        return {}  # as of most pages
    labels = {index: texts[index].partition(BAR)[0] for index in _find_links(texts, prose, marks)}
    times = Counter(map(fold, labels.values()))
    return {
        index: Mark("read_also", "label", len(label) + len(BAR))
        for index, label in labels.items()
        if times[fold(label)] >= LEAST_LINKS
    }


def _find_links(texts: Sequence[str], prose: Sequence[bool], marks: Sequence[Mark | None]) -> Iterator[int]:
    for index, (text, is_prose, mark) in enumerate(zip(texts, prose, marks, strict=True)):
        if is_prose or mark or BAR not in text or not 0 < index < len(texts) - 1:
            continue
        label, _, title = text.partition(BAR)
        is_label = len(label) <= LONGEST_LABEL and len(label.split()) >= LEAST_WORDS
        if is_label and is_title(title.lstrip()) and prose[index - 1] and prose[index + 1]:
            yield index
