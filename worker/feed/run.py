"""A feed of headlines deduplicated: `newsworker dedupe`.

In: one file of lines. Out: a file with an answer for each line, in their order, and a summary on standard error, with a
line for each one that was no headline. What the run knows lies on disk beside the output while it runs; memory holds 24
bytes a headline, and what is of a fixed size. An output of an earlier run is replaced only once this one is at its end.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, TypeVar

from worker import ids
from worker.dedup.normalise import as_shown
from worker.dedup.reading import key
from worker.errors import MAX_MESSAGE_LENGTH, Fatal, Permanent, writing_into
from worker.feed.answers import answers
from worker.feed.gather import gather
from worker.feed.judge import compare_pairs, group
from worker.feed.learn import learn, show
from worker.feed.lines import Line, encode, parse
from worker.feed.store import Seen, Store, open_store
from worker.printable import excerpt
from worker.progress import show_progress
from worker.settings import Settings
from worker.sources import Source, find, read

STAGE = "feed"

MS_PER_HOUR = 3_600_000

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Summary:
    """The books of a run: lines that were headlines, lines that were not by reason, headlines, groups, verdicts."""

    lines: int
    refused: Mapping[str, int]
    headlines: int
    groups: int
    verdicts: Mapping[str, int]


def dedupe_file(name: str, out: Path, settings: Settings, window_hours: float, affixes: Path | None = None) -> Summary:
    """Write an answer for each line of the file into `out`, print the summary, and return it.

    What the feed's sources are known to put behind their headlines goes into the file `affixes`, if there is one.

    A line that is no headline is a line on standard error, and the run goes on. The same lines make the same groups,
    whatever their order, under one version of the worker.

    Raises:
        Fatal: `bad_input`, when there is no such file of lines; `bad_output`, when `out` cannot be written.
    """
    source = _find(name)
    with writing_into(out, STAGE):
        out.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=out.parent, prefix=".dedupe-") as folder:
            answered = Path(folder) / "answers"
            with open_store(Path(folder)) as store, answered.open("wb") as file:
                summary = _run(source, store, file, settings.max_message_bytes, round(MS_PER_HOUR * window_hours))
                if affixes is not None:
                    _write_affixes(store, affixes)
            answered.replace(out)
    _show(summary)
    return summary


def _run(source: Source, store: Store, file: BinaryIO, max_bytes: int, window: int) -> Summary:
    refused: Counter[str] = Counter()
    verdicts: Counter[str] = Counter()
    store.add_lines(_counted("lines read", map(_seen, _parse(source, max_bytes, refused))))
    learn(store)
    headlines = gather(store, window)
    store.add_pairs(_counted("pairs compared", compare_pairs(store, window)))
    groups = group(store, headlines)
    for answer in _counted("lines answered", answers(store, groups)):
        file.write(encode(answer))
        verdicts[answer.verdict] += 1
    return Summary(verdicts.total(), refused, headlines, len(set(groups.canonical)), verdicts)


def _write_affixes(store: Store, out: Path) -> None:
    with writing_into(out, STAGE):
        out.parent.mkdir(parents=True, exist_ok=True)
        with out.open("wb") as file:
            file.writelines(map(encode, show(store.affixes())))


def _find(name: str) -> Source:
    found = find([name])
    if len(found) != 1 or found[0].form != "lines":
        raise Fatal("bad_input", STAGE, f"{name}: not one file of lines: .jsonl, also with .gz or .zst behind it, or -")
    return found[0]


def _parse(source: Source, max_bytes: int, refused: Counter[str]) -> Iterator[Line]:
    for sourced in read(source, max_bytes):
        try:
            yield parse(sourced)
        except Permanent as error:
            refused[error.reason] += 1
            sys.stderr.write(f"line {sourced.number + 1}: {error.reason}: {excerpt(str(error), MAX_MESSAGE_LENGTH)}\n")


def _seen(line: Line) -> Seen:
    shown = as_shown(line.headline)
    headline_id = bytes.fromhex(ids.headline_id(key(shown)))
    source = as_shown(line.source or "").casefold().removeprefix("www.") or None
    return Seen(line.number, headline_id, line.time, shown, line.language, source, line.id)


def _counted(what: str, items: Iterable[Item]) -> Iterator[Item]:
    with show_progress(what) as show:
        for count, item in enumerate(items, 1):
            show(count)
            yield item


def _show(summary: Summary) -> None:
    rows = [("lines", summary.lines), ("headlines", summary.headlines), ("groups", summary.groups)]
    rows += [(f"verdict {verdict}", count) for verdict, count in sorted(summary.verdicts.items())]
    rows += [(f"refused, {reason}", count) for reason, count in sorted(summary.refused.items())]
    sys.stderr.write("".join(f"{name}: {count}\n" for name, count in rows))
