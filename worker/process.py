"""Files to records without a broker: `newsworker process`.

In: messages of files, from `sources`, or of a topic, from `replay`. Out: six JSON-lines files in a folder, with the
very bytes that `run` would put on the topics, and a summary on standard error. Both halves of the worker run here one
after the other, the dedup state being a dict; files of an earlier run are replaced only once this one is at its end.

story.jsonl, mention.jsonl and page.jsonl hold every record in the order of its publication, and so do ninjs.jsonl and
schemaorg.jsonl, where those exports are switched on. headline.jsonl and copy.jsonl hold the last record of each key, as
compaction leaves them, in the order in which the keys first came up. A line of deadletter.jsonl is
`{"key": text or null, "value": base64, "headers": {name: text or null}}`.
"""

import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from worker import deadletter, records
from worker.deadline import within
from worker.decode import Limits, RawMessage
from worker.dedup.memory import Memory, Place
from worker.dedup.sighting import Sighting
from worker.dedup.stream import decide
from worker.enrich.model import Wanted
from worker.errors import writing_into
from worker.guard import Failure, attempt, failure_of
from worker.incoming import Incoming
from worker.pipeline import Context, Skipped, process
from worker.printable import excerpt
from worker.publish import Outgoing
from worker.settings import EXPORTS, Settings
from worker.sources import Sourced, find, read, sending_key

KINDS = ("story", "headline", "mention", "copy", "page", "deadletter")
"""The files that always stand in the output folder, `<kind>.jsonl`."""

NAME_CHARACTERS = 200

LAST_ONLY = ("headline", "copy")
"""Kinds that are published again as more is known: only the last record of a key is true."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The books of a run: messages by outcome, dead letters by reason, lines by file; `messages` is all outcomes."""

    messages: int
    outcomes: Mapping[str, int]
    reasons: Mapping[str, int]
    lines: Mapping[str, int]


def kinds_of(settings: Settings) -> tuple[str, ...]:
    """Return the files of a run: `KINDS`, and the exports that are switched on."""
    return (*KINDS, *settings.exports)


def process_files(inputs: Sequence[str], out: Path, settings: Settings) -> Summary:
    """Process all messages of the inputs into `out`, print the summary, and return it.

    A message that cannot be processed is a dead letter and the run goes on. The same inputs give the same files, byte
    for byte, under one version of the worker.

    Raises:
        Fatal: `bad_input`, as `sources.find` says, before anything is written; `bad_output`, when the folder cannot be
            written to.
    """
    sources = find(inputs, leave_out=out)
    with processing(out, settings) as run:
        for source in sources:
            for sourced in read(source, settings.max_message_bytes):
                run.take(sourced)
    return run.summary()


@contextmanager
def processing(out: Path, settings: Settings) -> Iterator["Run"]:
    """Yield what takes messages; on leaving without an error its files stand in `out` and the summary is printed.

    Raises:
        Fatal: `bad_output`, when the folder cannot be written to.
    """
    with _output(out, kinds_of(settings)) as files:
        run = Run(settings, files)
        yield run
        run.finish()
    _show(run.summary(), out)


@contextmanager
def _output(out: Path, kinds: Sequence[str]) -> Iterator[dict[str, BinaryIO]]:
    """Yield a new file for each kind; they take their names in `out` together, after all is written."""
    with writing_into(out, "process"):
        out.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=out, prefix=".process-") as folder:
            with ExitStack() as stack:
                yield {kind: stack.enter_context((Path(folder) / kind).open("wb")) for kind in kinds}
            for kind in set(EXPORTS).difference(kinds):
                (out / f"{kind}.jsonl").unlink(missing_ok=True)  # of an earlier run's stories
            for kind in kinds:
                (Path(folder) / kind).replace(out / f"{kind}.jsonl")


@dataclass(slots=True)
class Run:
    """What a run has so far: the dedup state, the last records of `LAST_ONLY`, and the counts."""

    settings: Settings
    files: Mapping[str, BinaryIO]
    states: dict[Place, bytes] = field(default_factory=dict)
    last: dict[str, dict[bytes | None, bytes]] = field(default_factory=lambda: {kind: {} for kind in LAST_ONLY})
    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    lines: Counter[str] = field(default_factory=Counter)

    def take(self, sourced: Sourced) -> None:
        """Process one message to its end."""
        result = failure_of(sourced.error) if sourced.error else attempt(partial(self._process, sourced.message))
        if isinstance(result, Failure):
            self._bury(sourced, result)
            return
        outcome, published = result
        self.outcomes[outcome] += 1
        for record in published:
            self._keep(record)

    def finish(self) -> None:
        """Write what could change until now."""
        for kind, records_by_key in self.last.items():
            for value in records_by_key.values():
                self._write(kind, value)

    def summary(self) -> Summary:
        """Return the books."""
        lines = {kind: self.lines[kind] for kind in self.files}
        return Summary(self.outcomes.total(), dict(self.outcomes), dict(self.reasons), lines)

    def _process(self, message: Incoming) -> tuple[str, list[Outgoing]]:
        processed = process(RawMessage.of(message), context_of(self.settings))
        if isinstance(processed, Skipped):
            return processed.outcome, []
        published = records.of_page(processed, message, self.settings)
        decided = (record for sighting in processed.sightings for record in self._decide(sighting, message))
        return processed.outcome, [record for record in (*published, *decided) if record.kind in self.files]

    def _decide(self, sighting: Sighting, message: Incoming) -> list[Outgoing]:
        memory = Memory(self._read)
        with within(self.settings.stage_deadline_seconds)("decide"):
            decision = decide(sighting, memory, self.settings.dedup_rules)
        published = records.of_decision(decision, sighting, message, self.settings)
        # Kept only once its records are known to fit: a sighting that is refused leaves no state, as in the worker.
        for place, value in memory.writes.items():
            if value is None:
                self.states.pop(place, None)
            else:
                self.states[place] = value
        return published

    def _read(self, table: str, key: bytes) -> bytes | None:
        return self.states.get((table, key))

    def _keep(self, record: Outgoing) -> None:
        if record.kind not in LAST_ONLY:
            self._write(record.kind, record.value or b"")
        elif record.value is None:
            self.last[record.kind].pop(record.key, None)
        else:
            self.last[record.kind][record.key] = record.value

    def _bury(self, sourced: Sourced, failure: Failure) -> None:
        message = replace(sourced.message, key=sending_key(sourced))
        letter = deadletter.encode(message, failure, self.settings.topics.deadletter)
        if sourced.size > len(letter.value or b""):
            size = (deadletter.ORIGINAL_SIZE, str(sourced.size).encode())
            letter = replace(letter, headers=(*letter.headers, size))
        self.outcomes["dead_letter"] += 1
        self.reasons[failure.reason] += 1
        self._write("deadletter", dead_letter_line(letter))

    def _write(self, kind: str, value: bytes) -> None:
        self.files[kind].write(value + b"\n")
        self.lines[kind] += 1


def dead_letter_line(letter: Outgoing) -> bytes:
    """Return a dead letter as one line of JSON: the value's bytes in base64, key and headers as text.

    Keys and headers of files are UTF-8; bytes of a foreign key that are not are escaped with a backslash.
    """
    return orjson.dumps(
        {
            "key": None if letter.key is None else _text(letter.key),
            "value": b64encode(letter.value or b"").decode(),
            "headers": {name: None if value is None else _text(value) for name, value in letter.headers},
        }
    )


def _text(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace")


def context_of(settings: Settings) -> Context:
    """Return the limits and deadlines of the settings, as the pipeline takes them."""
    limits = Limits.of(settings)
    return Context(limits, within(settings.stage_deadline_seconds), Wanted.of(settings))


def _show(summary: Summary, out: Path) -> None:
    console = Console(stderr=True)
    if console.is_terminal:
        console.print(_table(summary, out))
    else:
        sys.stderr.write("".join(f"{name}: {count}\n" for name, count in _rows(summary)))


def _table(summary: Summary, out: Path) -> Table:
    table = Table(title=Text(f"Records in {excerpt(str(out), NAME_CHARACTERS)}"), show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, count in _rows(summary):
        table.add_row(name, f"{count:,}")
    return table


def _rows(summary: Summary) -> Iterator[tuple[str, int]]:
    yield "messages", summary.messages
    for outcome, count in sorted(summary.outcomes.items()):
        yield f"outcome {outcome}", count
    for reason, count in sorted(summary.reasons.items()):
        yield f"dead letter, {reason}", count
    for kind, count in summary.lines.items():
        yield f"{kind}.jsonl", count
