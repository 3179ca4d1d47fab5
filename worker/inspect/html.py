"""A page and its records as one HTML page that needs nothing else.

In: an inspection. Out: the page's text. Every character of the inspected page is on it: what is markup there is text
here, whitespace stays, and what nobody sees is a mark; so it is in the fields beside it, but for the JSON. Blocks run
in the direction of their story, or of their letters.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from html import escape

import orjson

from schemas import Block, Story
from worker.htmlpage import begin, escape_text
from worker.inspect.model import Inspection, Piece, Sighting
from worker.inspect.roles import LOOKS
from worker.inspect.wording import Row, name_of, place_of, rows_of, rows_of_letter, summary_of
from worker.printable import HARMFUL, IGNORABLE, escape_character

JOINERS = "\u200c\u200d"
"""They stand in every other word of Persian and Hindi and shape the letters around them: they stay, with a tick."""

UNSEEN = re.compile(f"(?![\n\t])(?:{HARMFUL.pattern}|{IGNORABLE.pattern})")
"""What is marked: line ends and tabs are seen by what they do."""

STYLE = """
body { max-width: 110rem; margin: 1rem auto } h1 { margin: 0 0 .2rem; overflow-wrap: anywhere }
main { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 1.5rem; align-items: start }
.facts { color: #555; margin: 0 0 1rem; overflow-wrap: anywhere }
.legend { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: .25rem 1rem; padding: 0;
  margin: 0 0 1.2rem; list-style: none; font-size: .8rem } .legend li { color: #555 }
.legend b { color: var(--ink); background: var(--paper); border-radius: .25rem; padding: .05rem .4rem }
.row { display: grid; grid-template-columns: 11.5rem minmax(0, 1fr); gap: .5rem; margin-bottom: 2px }
.why { font-size: .72rem; line-height: 1.4; color: #555; overflow-wrap: anywhere; text-align: left;
  border: 0 solid var(--ink, transparent); border-right-width: .25rem; padding: 0 .3rem }
.row[dir=rtl] .why { border-width: 0 0 0 .25rem }
.why b { color: var(--ink) } .why a { color: inherit } .why span { white-space: nowrap }
.text { white-space: pre-wrap; overflow-wrap: anywhere }
.row[dir=ltr] .text { text-align: left } .row[dir=rtl] .text { text-align: right }
.own { background: var(--paper); -webkit-box-decoration-break: clone; box-decoration-break: clone;
  padding: .12rem .2rem; border-radius: .2rem }
.headline .own { font-weight: 700; font-size: 1.1rem } .subhead .own { font-weight: 700 }
.mark { font: .7rem/1 ui-monospace, monospace; color: #7a1f1f; background: #fff; border: 1px solid #b98; margin: 0 1px;
  border-radius: .2rem; padding: 0 .15rem; unicode-bidi: isolate; direction: ltr; white-space: nowrap }
.joiner { outline: .5px solid #c66 }
.records { position: sticky; top: 0; max-height: 100vh; overflow: auto; font-size: .85rem }
.records h2 { margin: 1.2rem 0 .3rem } .records section:first-child h2 { margin-top: 0 } .records th { width: 8rem }
.method { color: #595959; font-size: .75rem; font-weight: 400; overflow-wrap: anywhere }
h2 a { color: inherit } :target { scroll-margin-top: 1rem }
:target h2, :target .own { outline: .15rem solid var(--ink, #555) }
summary { cursor: pointer; margin: .3rem 0 } pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .75rem }
@media (max-width: 60rem) { main { display: block } .records { position: static; max-height: none; margin-top: 2rem } }
@media (max-width: 36rem) { .row { display: block } }
"""


def render(inspection: Inspection) -> str:
    """Return the page."""
    return "".join(_page(inspection))


def _page(inspection: Inspection) -> Iterator[str]:
    yield begin(f"{inspection.name} inspected", STYLE + _colours())
    yield f'<h1><bdi dir="auto">{_marked(inspection.name)}</bdi></h1>'
    yield f'<p class="facts">{_marked(summary_of(inspection))}</p>\n'
    if inspection.page:
        yield from _legend(Counter(block.role for block in inspection.page.blocks))
    yield f'<main><article dir="{inspection.direction}">\n'
    yield from map(_piece, inspection.pieces())
    if inspection.letter:
        yield f'<div class="text" dir="auto">{_marked(inspection.text)}</div>\n'
    yield '</article><aside class="records">\n'
    yield from _records(inspection)
    yield "</aside></main></body></html>\n"


def _colours() -> str:
    return "".join(f".{role} {{ --ink: {look.ink}; --paper: {look.paper} }}\n" for role, look in LOOKS.items())


def _legend(counts: Counter[str]) -> Iterator[str]:
    yield '<ul class="legend">'
    for role, look in LOOKS.items():
        yield f'<li class="{role}"><b>{role}</b> {counts[role]:,} · {escape_text(look.meaning)}</li>'
    yield "</ul>\n"


def _piece(piece: Piece) -> str:
    gap = _marked(piece.gap)
    if piece.block is None:
        return f'<div class="row"><div class="why"></div><div class="text">{gap}</div></div>\n'
    return (
        f'<div class="row {piece.block.role}" id="{_place(piece.block)}" dir="{piece.side}">'
        f'<div class="why" dir="ltr">{_why(piece)}</div>'
        f'<div class="text" dir="{piece.direction}"><span class="own">{_marked(piece.text)}</span>{gap}</div></div>\n'
    )


def _why(piece: Piece) -> str:
    block, story = piece.block, piece.story
    if block is None:
        return ""
    link = f'<a href="#{_anchor(story)}">{name_of(story)}</a> ' if story else ""
    return f"<b>{block.role}</b> {link}<br>{escape_text(block.rule)} <span>{place_of(block)}</span>"


def _anchor(story: Story) -> str:
    return f"story-{story.position + 1}"


def _place(block: Block) -> str:
    return f"at-{block.start}"


def _marked(text: str) -> str:
    """Return a text as HTML, every character that shows nothing as a mark."""
    return UNSEEN.sub(_mark, escape(text))


def _mark(found: re.Match[str]) -> str:
    character = found[0]
    if character in JOINERS:
        return f'<span class="joiner">{character}</span>'
    return f'<span class="mark">{escape_character(found)}</span>'


def _records(inspection: Inspection) -> Iterator[str]:
    if inspection.letter:
        yield _section("dead letter", _table(rows_of_letter(inspection.letter)))
    yield from _stories(inspection)
    if inspection.mentions:
        yield _section("headlines in lists", "".join(_sightings(inspection.sightings())))
    yield _section("the records as they are published", "".join(_json(inspection)))


def _stories(inspection: Inspection) -> Iterator[str]:
    blocks = inspection.page.blocks if inspection.page else []
    first = {block.story_id: block for block in reversed(blocks)}
    for story in inspection.stories:
        name, block = name_of(story), first.get(story.story_id)
        link = f'<a href="#{_place(block)}">{name}</a>' if block else name
        yield f'<section id="{_anchor(story)}"><h2>{link}: {story.kind}</h2>{_table(rows_of(story))}</section>\n'


def _section(title: str, content: str) -> str:
    return f"<section><h2>{title}</h2>{content}</section>\n"


def _table(rows: Iterable[Row]) -> str:
    return f"<table>{''.join(map(_row, rows))}</table>"


def _row(row: Row) -> str:
    field, value, method = map(_marked, row)
    how = f'<div class="method">{method}</div>' if method else ""
    return f'<tr><th>{field}{how}</th><td dir="auto">{value}</td></tr>\n'


def _sightings(sightings: Iterable[Sighting]) -> Iterator[str]:
    yield "<table>"
    for sighting in sightings:
        yield f'<tr><th>{sighting.mention.position}<div class="method">{sighting.verdict}</div></th>'
        yield f'<td><div dir="auto">{_marked(sighting.mention.headline)}</div>'
        for more in filter(None, (sighting.url, sighting.reason)):
            yield f'<div class="method">{_marked(more)}</div>'
        yield "</td></tr>\n"
    yield "</table>"


def _json(inspection: Inspection) -> Iterator[str]:
    for kind, lines in inspection.records.items():
        if lines:
            records = orjson.dumps([orjson.loads(line) for line in lines], option=orjson.OPT_INDENT_2).decode()
            yield f"<details><summary>{kind}: {len(lines)}</summary><pre>{escape_text(records)}</pre></details>\n"
