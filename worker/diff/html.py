"""A comparison as one HTML page that needs nothing else: no script, no font, no picture, no network.

In: changes and counts. Out: the page's text. Everything of a record is escaped, characters that nobody sees are written
out, and each text runs in the direction that its first letter has, so that Arabic beside English stays readable.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from worker.diff.model import Change, FieldChange, Status
from worker.diff.wording import Shown, show
from worker.htmlpage import begin, escape_text

PART_CHARACTERS = 2000
"""Shown of each part of a value; a reader who needs all of it has the JSON."""

STYLE = """
.counts { width: auto; table-layout: auto } .counts td { text-align: end }
.field { width: 11rem } .key { color: #6a6a6a; font-size: .85rem }
.status { border-radius: .6rem; padding: 0 .5rem; font-size: .85rem }
.changed { background: #fdf0c4 } .added { background: #d6f2d6 } .removed { background: #fadada }
del { background: #fadada; text-decoration: none } ins { background: #d6f2d6; text-decoration: none }
"""

STATUSES: tuple[Status, ...] = ("same", "changed", "added", "removed")


def render_change(change: Change) -> str:
    """Return the part of the page that shows a change."""
    return "".join(_change(change))


def render(parts: Iterable[str], counts: Mapping[str, Counter[Status]], names: tuple[str, str], left_out: int) -> str:
    """Return the page.

    Args:
        parts: Of the changes that are shown, from `render_change`.
        counts: Of everything, by kind.
        names: What the old and the new folder are called.
        left_out: How many further changes there are.
    """
    return "".join(chain(_head(names), _counts(counts), parts, _foot(left_out)))


def _head(names: tuple[str, str]) -> Iterator[str]:
    old, new = (escape_text(name) for name in names)
    yield begin("What changed", STYLE)
    yield f'<h1>What changed from <bdi dir="auto">{old}</bdi> to <bdi dir="auto">{new}</bdi></h1>\n'


def _counts(counts: Mapping[str, Counter[Status]]) -> Iterator[str]:
    titles = "".join(f"<th>{status}</th>" for status in STATUSES)
    yield f'<table class="counts"><tr><th>records</th>{titles}</tr>\n'
    for kind, of_kind in counts.items():
        cells = "".join(f"<td>{of_kind[status]:,}</td>" for status in STATUSES)
        yield f"<tr><th>{escape_text(kind)}</th>{cells}</tr>\n"
    yield "</table>\n"


def _change(change: Change) -> Iterator[str]:
    title = escape_text(change.title or "without a title")
    status = f'<span class="status {change.status}">{change.status}</span>'
    yield f'<section><h2>{status} {escape_text(change.kind)} <bdi dir="auto">{title}</bdi></h2>\n'
    keys = " → ".join(dict.fromkeys(key for key in (change.old_key, change.new_key) if key))
    yield f'<div class="key"><bdi dir="auto">{escape_text(change.place)}</bdi> {escape_text(keys)}</div>\n'
    if change.fields:
        yield '<table><tr><th class="field">field</th><th>old</th><th>new</th></tr>\n'
        yield from (_field(field) for field in change.fields)
        yield "</table>\n"
    yield "</section>\n"


def _field(change: FieldChange) -> str:
    old, new = show(change.old, change.new, PART_CHARACTERS)
    return f"<tr><th>{escape_text(change.field)}</th>{_cell(old, 'del')}{_cell(new, 'ins')}</tr>\n"


def _cell(shown: Shown, tag: str) -> str:
    own = f"<{tag}>{escape_text(shown.own)}</{tag}>" if shown.own else ""
    return f'<td dir="auto">{escape_text(shown.before)}{own}{escape_text(shown.behind)}</td>'


def _foot(left_out: int) -> Iterator[str]:
    if left_out:
        yield f"<p>{left_out:,} further changes are not shown here; the JSON has all of them.</p>\n"
    yield "</body></html>\n"
