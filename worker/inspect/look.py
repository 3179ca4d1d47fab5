"""From a message to what is shown of it.

In: the name of a file, or `-`, and which message of it. Out: the inspection on the terminal, or as HTML in a file or on
standard output; a dead letter is shown, and then raised. What is inspected is never written over. The page takes the
very way that it takes in `process`, its files being in memory.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import chain, islice
from pathlib import Path

import orjson

from schemas import DeadLetterHeaders, Mention, Page, Story
from worker import htmlpage
from worker.decode import RawMessage, decode
from worker.errors import Fatal, Permanent, writing_into
from worker.inspect import html, terminal
from worker.inspect.model import Inspection
from worker.printable import excerpt_bytes
from worker.process import KINDS, Run, context_of
from worker.settings import Settings
from worker.sources import STANDARD_INPUT, Source, Sourced, find_pasted, read

STAGE = "inspect"

PASTED_NAME = "standard input"

STANDARD_INPUT_DESCRIPTOR = 0

STANDARD_OUTPUT = Path("-")

LETTER_CHARACTERS = 2000
"""Shown of a message that is no page."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which message of the file is shown, from 1; and the HTML file to show it in, instead of the terminal.

    `html` is `-` for HTML on standard output.
    """

    number: int = 1
    html: Path | None = None


def inspect(name: str, wanted: Wanted, settings: Settings) -> None:
    """Process one message of a file and show what became of it.

    Raises:
        Fatal: `bad_input`, as `sources.find` says and where there is no such message; `bad_output`, also where the HTML
            file is one that is read.
        Permanent: The message is a dead letter, which has been shown.
    """
    sources = find_pasted(name)
    if wanted.html is not None:
        _refuse_input(wanted.html, sources)
    inspection = look(_choose(sources, name, wanted.number, settings), settings)
    _show(inspection, wanted.html)
    if (letter := inspection.letter) is not None:
        raise Permanent(letter.reason, letter.stage, letter.message)


def look(sourced: Sourced, settings: Settings) -> Inspection:
    """Process a message and return what became of it."""
    files = {kind: BytesIO() for kind in KINDS}
    run = Run(settings.model_copy(update={"publish_pages": True, "publish_mentions": True}), files)
    run.take(sourced)
    run.finish()
    records = {kind: file.getvalue().splitlines() for kind, file in files.items()}
    (outcome,) = run.outcomes
    name = PASTED_NAME if sourced.message.topic == STANDARD_INPUT else sourced.message.topic
    if records["deadletter"]:
        letter = DeadLetterHeaders.model_validate(orjson.loads(records["deadletter"][0])["headers"])
        shown = excerpt_bytes(sourced.message.value or b"", LETTER_CHARACTERS)
        return Inspection(name, outcome, shown, letter=letter, records=records)
    return _page(name, outcome, sourced, records, settings) if records["page"] else Inspection(name, outcome)


def _refuse_input(path: Path, sources: Sequence[Source]) -> None:
    with writing_into(path, STAGE):
        is_input = path.is_file() and any(os.path.samestat(path.stat(), _status(source)) for source in sources)
    if is_input:
        raise Fatal("bad_output", STAGE, f"{path}: is what is inspected, and would be written over")


def _status(source: Source) -> os.stat_result:
    return source.path.stat() if source.path else os.fstat(STANDARD_INPUT_DESCRIPTOR)


def _show(inspection: Inspection, path: Path | None) -> None:
    if path is None:
        terminal.show(inspection)
    elif path == STANDARD_OUTPUT:
        sys.stdout.buffer.write(html.render(inspection).encode())
        sys.stdout.buffer.flush()
    else:
        htmlpage.save(path, html.render(inspection), STAGE)


def _choose(sources: Sequence[Source], name: str, number: int, settings: Settings) -> Sourced:
    messages = chain.from_iterable(read(source, settings.max_message_bytes) for source in sources)
    if (sourced := next(islice(messages, number - 1, None), None)) is None:
        raise Fatal("bad_input", STAGE, f"{name}: there is no message number {number} in it")
    return sourced


def _page(
    name: str, outcome: str, sourced: Sourced, records: Mapping[str, Sequence[bytes]], settings: Settings
) -> Inspection:
    page = Page.model_validate_json(records["page"][0])
    return Inspection(
        name,
        outcome,
        page.text if page.text is not None else _content(sourced, settings),
        page,
        [Story.model_validate_json(line) for line in records["story"]],
        [Mention.model_validate_json(line) for line in records["mention"]],
        records=records,
    )


def _content(sourced: Sourced, settings: Settings) -> str:
    """Return the text of a text page, which no record repeats."""
    return decode(RawMessage.of(sourced.message), context_of(settings).limits).article.content
