"""Files to records without a broker."""

import gzip
from base64 import b64decode
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest

from schemas import RECORDS, Copy, DeadLetterHeaders, Headline, Mention, Page, Story
from worker.errors import Fatal
from worker.process import KINDS, Summary, process_files
from worker.settings import Settings

PAGE = """Harbour bridge opens after two years

The council opened the new harbour bridge on Thursday, two years after work began.

Engineers said the last cables were fitted in January and tested through the month.

Read also

• Ferry line stops at the end of March
• Port plans a third quay for container ships
• Ferry line stops at the end of March
• Fishermen ask for a later closing hour
"""

OTHER = """Market hall gets a new roof

The old roof of the market hall is to be replaced before the summer, the council said.

Traders will move to the square while the work goes on, from April to the end of June.

Read also

• FERRY LINE stops at the end of March!
• Harbour bridge opens after two years
"""


def raw(content: str, number: int, fetched_at: str | None = None) -> bytes:
    """Return a raw article as a scraper sends it."""
    article = {"content": content, "url": f"https://example.org/{number}", "id": str(number), "fetched_at": fetched_at}
    return orjson.dumps({name: value for name, value in article.items() if value is not None})


def run(folder: Path, *lines: bytes, settings: Settings | None = None) -> Summary:
    """Process these messages as one file into `folder`/out."""
    (folder / "pages.jsonl").write_bytes(b"\n".join(lines))
    return process_files([str(folder / "pages.jsonl")], folder / "out", settings or Settings())


def lines_of(folder: Path, kind: str) -> list[dict[str, Any]]:
    """Return the lines of an output file; they end at line feeds only."""
    data = (folder / "out" / f"{kind}.jsonl").read_bytes()
    assert not data or data.endswith(b"\n")
    return [orjson.loads(line) for line in data.split(b"\n") if line]


def contents(folder: Path) -> dict[str, bytes]:
    """Return all that is in an output folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_line_is_a_record_of_the_contract(tmp_path: Path) -> None:
    """All six files are there, and each line is valid by its model."""
    run(tmp_path, raw(PAGE, 1, "2025-02-27T06:00:00Z"), raw(OTHER, 2, "2025-02-28T06:00:00Z"), b"{")
    assert sorted(contents(tmp_path / "out")) == sorted(f"{kind}.jsonl" for kind in KINDS)
    models = {"story": Story, "headline": Headline, "mention": Mention, "copy": Copy, "page": Page}
    for kind, model in models.items():
        assert lines_of(tmp_path, kind)
        for line in lines_of(tmp_path, kind):
            assert RECORDS[kind] is model
            model.model_validate(line)


def test_exports_have_files_of_their_own(tmp_path: Path) -> None:
    """A line for each story, beside the six files, where they are switched on."""
    run(tmp_path, raw(PAGE, 1), settings=Settings(publish_ninjs=True))
    assert set(contents(tmp_path / "out")) == {f"{kind}.jsonl" for kind in (*KINDS, "ninjs")}
    ids = [story["story_id"] for story in lines_of(tmp_path, "story")]
    assert [line["uri"].rpartition(":")[2] for line in lines_of(tmp_path, "ninjs")] == ids
    run(tmp_path, raw(OTHER, 2))
    assert "ninjs.jsonl" not in contents(tmp_path / "out")


def test_both_halves_run(tmp_path: Path) -> None:
    """Stories, in-page repeats, repeats across pages and the index of headlines come out together."""
    run(tmp_path, raw(PAGE, 1, "2025-02-27T06:00:00Z"), raw(OTHER, 2, "2025-02-28T06:00:00Z"))
    assert [story["headline"] for story in lines_of(tmp_path, "story")] == [
        "Harbour bridge opens after two years",
        "Market hall gets a new roof",
    ]
    verdicts = [(line["verdict"], line["match"]) for line in lines_of(tmp_path, "mention")]
    assert verdicts == [
        ("new", None),
        ("new", None),
        ("repeat_in_page", "exact"),
        ("new", None),
        ("repeat", "normalised"),
        ("repeat", "exact"),
    ]
    assert len(lines_of(tmp_path, "headline")) == 5
    assert [line["status"] for line in lines_of(tmp_path, "copy")] == ["original", "original"]


def test_an_earlier_page_that_comes_late_leaves_one_true_record_a_key(tmp_path: Path) -> None:
    """headline.jsonl and copy.jsonl hold the last record of each key, in the order in which keys first came up."""
    run(tmp_path, raw(PAGE, 2, "2025-02-27T06:00:00Z"), raw(PAGE, 1, "2025-02-26T06:00:00Z"))
    headlines = lines_of(tmp_path, "headline")
    assert {line["first_url"] for line in headlines} == {"https://example.org/1"}
    assert len({line["canonical_id"] for line in headlines}) == len(headlines) == 4
    assert headlines[0]["headline"] == "Harbour bridge opens after two years"
    late, original = lines_of(tmp_path, "copy")
    assert (late["url"], late["status"], late["of"]) == ("https://example.org/2", "duplicate", original["story_id"])
    assert (original["url"], original["status"]) == ("https://example.org/1", "original")


@pytest.mark.parametrize("bad", [b"{", b"\xff\xfe\x00", b'{"content": ""}', b'"a string"', b"[[[[" * 500])
def test_a_bad_message_is_a_dead_letter_with_its_own_bytes(tmp_path: Path, bad: bytes) -> None:
    """The run goes on, and the letter says where the message stood and why it is there."""
    summary = run(tmp_path, raw(PAGE, 1), bad, raw(OTHER, 2))
    assert (summary.messages, summary.outcomes) == (3, {"published": 2, "dead_letter": 1})
    (letter,) = lines_of(tmp_path, "deadletter")
    assert b64decode(letter["value"]) == bad
    headers = DeadLetterHeaders.model_validate(letter["headers"])
    assert (headers.topic, headers.partition, headers.offset, headers.timestamp) == ("pages.jsonl", 0, 1, 0)
    assert summary.reasons == {headers.reason: 1}


def test_a_dead_letter_has_the_key_of_its_message(tmp_path: Path) -> None:
    """Where the message names its URL it is found by it."""
    run(tmp_path, orjson.dumps({"url": "https://example.org/7"}))
    (letter,) = lines_of(tmp_path, "deadletter")
    assert (letter["key"], letter["headers"]["error.reason"]) == ("https://example.org/7", "missing_content")


def test_an_oversized_message_leaves_its_size_and_no_bytes(tmp_path: Path) -> None:
    """What was cut is not passed off as the message."""
    run(tmp_path, b"x" * 5000, settings=Settings(max_message_bytes=1000))
    (letter,) = lines_of(tmp_path, "deadletter")
    assert (letter["value"], letter["headers"]["error.original_size"]) == ("", "5000")
    assert (letter["headers"]["error.reason"], letter["headers"]["error.stage"]) == ("too_large", "decode")


def test_a_damaged_file_is_a_dead_letter_and_the_next_one_is_read(tmp_path: Path) -> None:
    """One broken archive in a folder does not stop a run."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl.gz").write_bytes(gzip.compress(raw(PAGE, 1))[:-8])
    (folder / "b.txt").write_text(OTHER)
    summary = process_files([str(folder)], tmp_path / "out", Settings())
    assert summary.reasons == {"damaged_input": 1}
    assert summary.outcomes["published"] >= 1
    (letter,) = lines_of(tmp_path, "deadletter")
    assert letter["headers"]["origin.topic"] == "a.jsonl.gz"


@pytest.mark.parametrize("name", ["page.txt", "page.html"])
def test_a_page_file_is_processed_as_what_it_is(tmp_path: Path, name: str) -> None:
    """A bare page needs no JSON around it, and without any time its event time is the epoch."""
    html = "<html><body><h1>{}</h1><p>{}</p><p>{}</p></body></html>"
    head, first, second = [line for line in PAGE.split("\n") if line][:3]
    (tmp_path / name).write_text(html.format(head, first, second) if name.endswith("html") else PAGE)
    process_files([str(tmp_path / name)], tmp_path / "out", Settings())
    (story,) = lines_of(tmp_path, "story")
    assert story["headline"] == "Harbour bridge opens after two years"
    assert {line["first_seen"] for line in lines_of(tmp_path, "headline")} == {"1970-01-01T00:00:00Z"}
    assert (lines_of(tmp_path, "page")[0]["text"] is None) == name.endswith("txt")


def test_the_same_input_gives_the_same_files(tmp_path: Path) -> None:
    """Byte for byte, wherever the input lies, and a second run replaces the first."""
    pages = (raw(PAGE, 1, "2025-02-27T06:00:00Z"), raw(OTHER, 2), b"{", raw(PAGE, 1, "2025-02-27T06:00:00Z"))
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there, here):
        folder.mkdir(exist_ok=True)
        run(folder, *pages)
    assert contents(here / "out") == contents(there / "out")


def test_records_that_are_switched_off_are_not_written(tmp_path: Path) -> None:
    """The audit files stay empty when their topics are off."""
    run(tmp_path, raw(PAGE, 1), settings=Settings(publish_mentions=False, publish_pages=False))
    assert (lines_of(tmp_path, "mention"), lines_of(tmp_path, "page")) == ([], [])
    assert lines_of(tmp_path, "headline")


def test_a_run_that_cannot_begin_leaves_the_last_one_alone(tmp_path: Path) -> None:
    """A missing input is named, and the files of the earlier run are as they were."""
    run(tmp_path, raw(PAGE, 1))
    before = contents(tmp_path / "out")
    with pytest.raises(Fatal, match="no such file") as caught:
        process_files([str(tmp_path / "pages.jsonl"), str(tmp_path / "none.jsonl")], tmp_path / "out", Settings())
    assert caught.value.reason == "bad_input"
    assert contents(tmp_path / "out") == before


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    """A file in the place of the output folder is an error of its own."""
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(Fatal, match="cannot be written to") as caught:
        run(tmp_path, raw(PAGE, 1))
    assert caught.value.reason == "bad_output"


def test_the_summary_balances_and_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Messages are the sum of outcomes, lines are those of the files, and a log can read it."""
    summary = run(tmp_path, raw(PAGE, 1), b"{", b"", raw(OTHER, 2))
    assert summary.messages == sum(summary.outcomes.values()) == 3
    assert summary.lines == {kind: len(lines_of(tmp_path, kind)) for kind in KINDS}
    printed = _printed(capsys.readouterr().err.splitlines())
    assert printed["messages"] == 3
    assert printed["outcome published"] == 2
    assert printed["dead letter, malformed_json"] == 1
    assert printed["story.jsonl"] == summary.lines["story"]


def test_on_a_terminal_the_summary_is_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names the folder and aligns the counts."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    run(tmp_path, raw(PAGE, 1))
    printed = capsys.readouterr().err
    assert "Records in" in printed
    assert "outcome published" in printed
    assert "─" in printed


def _printed(lines: Sequence[str]) -> dict[str, int]:
    return {name: int(count) for name, _, count in (line.rpartition(": ") for line in lines)}


# The first alarm may strike in a callback of the garbage collector (hypothesis has one), which swallows it and warns.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_page_past_its_deadline_is_a_dead_letter_and_the_next_one_is_read(tmp_path: Path) -> None:
    """It would take seconds; the letter names the stage, and has the page."""
    slow = orjson.dumps({"content": "<p>a" * 190_000, "content_type": "text/html"})
    summary = run(tmp_path, raw(PAGE, 1), slow, raw(OTHER, 2), settings=Settings(stage_deadline_seconds=0.4))
    assert summary.outcomes == {"published": 2, "dead_letter": 1}
    (letter,) = lines_of(tmp_path, "deadletter")
    headers = letter["headers"]
    assert (headers["error.reason"], headers["error.stage"]) == ("deadline_exceeded", "split")
    assert headers["error.message"] == "it took more than 0.4 CPU seconds"
    assert b64decode(letter["value"]) == slow
