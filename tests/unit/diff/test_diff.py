"""What changed between two output folders."""

import io
import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from pages import raw

from worker.diff import Report, report
from worker.errors import Fatal
from worker.printable import HARMFUL, escape_controls
from worker.process import KINDS, process_files
from worker.settings import Settings


def process(folder: Path, *messages: bytes) -> Path:
    """Process messages into a folder."""
    folder.mkdir()
    (folder / "pages.jsonl").write_bytes(b"\n".join(messages))
    process_files([str(folder / "pages.jsonl")], folder / "out", Settings())
    return folder / "out"


def compare(old: Path, new: Path) -> dict[str, Any]:
    """Return the comparison as JSON, and check that its result is what it says."""
    path = old.parent.parent / "diff.json"
    is_same = report(old, new, Report(json=path))
    found: dict[str, Any] = json.loads(path.read_bytes())
    assert found["same"] is is_same
    assert is_same == (not found["changes"])
    return found


def changed(found: Mapping[str, Any], kind: str) -> list[tuple[str, list[str]]]:
    """Return status and names of changed fields of a kind."""
    return [
        (change["status"], [field["field"] for field in change["fields"]])
        for change in found["changes"]
        if change["kind"] == kind
    ]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The records of two pages and a dead letter."""
    return process(tmp_path / "old", raw(1), raw(2), b"{")


def test_the_same_folder_has_not_changed(old: Path, tmp_path: Path) -> None:
    """Whatever order its lines have."""
    new = process(tmp_path / "new", raw(2), b"{", raw(1))
    found = compare(old, old)
    assert {status for counts in found["counts"].values() for status in counts} == {"same"}
    assert compare(old, process(tmp_path / "again", raw(1), raw(2), b"{"))["same"]
    # The order of pages decides who mentions a shared headline first; stories and pages are the same.
    assert {change["kind"] for change in compare(old, new)["changes"]} <= {"mention", "headline", "deadletter"}


def test_a_changed_body_is_a_changed_field(old: Path, tmp_path: Path) -> None:
    """And no story taken away and another one added: the page tells that it is the same."""
    page = raw(2).replace(b"is to open in autumn", b"is to open in spring")
    found = compare(old, process(tmp_path / "new", raw(1), page, b"{"))
    ((status, fields),) = changed(found, "story")
    assert status == "changed"
    assert {"body", "story_id", "content_id", "page_id", "paragraphs"} <= set(fields)
    assert not {"headline", "headline_id", "publisher.name", "language.code"} & set(fields)
    assert [status for status, _ in changed(found, "page")] == ["changed"]
    assert [status for status, _ in changed(found, "copy")] == ["changed"]
    assert {status for status, _ in changed(found, "mention")} == {"changed"}
    assert found["counts"]["story"] == {"same": 1, "changed": 1}


def test_a_changed_headline_is_known_by_its_place(old: Path, tmp_path: Path) -> None:
    """The main story of a page is its main story still."""
    page = raw(2).replace(b"votes for the new ferry line", b"rejects the ferry")
    found = compare(old, process(tmp_path / "new", raw(1), page, b"{"))
    ((status, fields),) = changed(found, "story")
    assert (status, "headline" in fields) == ("changed", True)


def test_a_story_more_and_a_story_less(old: Path, tmp_path: Path) -> None:
    """Of other pages: they are added and removed, with their title and place."""
    found = compare(old, process(tmp_path / "new", raw(1), raw(3), b"{"))
    stories = {change["status"]: change for change in found["changes"] if change["kind"] == "story"}
    assert stories.keys() == {"added", "removed"}
    assert stories["added"]["title"].startswith("Harbour council 3")
    assert stories["removed"]["place"] == "https://news.example/harbour/2"
    assert (stories["added"]["old_key"], stories["removed"]["new_key"]) == (None, None)


def test_a_dead_letter_that_became_a_story_is_told(old: Path, tmp_path: Path) -> None:
    """A fix shows as a dead letter less and a story more."""
    found = compare(old, process(tmp_path / "new", raw(1), raw(2), raw(9)))
    assert changed(found, "deadletter") == [("removed", [])]
    assert changed(found, "story") == [("added", [])]


def test_another_reason_of_a_dead_letter_is_told_and_another_version_is_not(old: Path, tmp_path: Path) -> None:
    """The version is why one compares."""
    new = process(tmp_path / "new", raw(1), raw(2), b"{")
    path = new / "deadletter.jsonl"
    path.write_bytes(re.sub(rb'"worker\.version":"[^"]*"', b'"worker.version":"9.9"', path.read_bytes()))
    assert compare(old, new)["same"]
    path.write_bytes(path.read_bytes().replace(b"malformed_json", b"too_deep"))
    assert changed(compare(old, new), "deadletter") == [("changed", ["headers.error.reason"])]


def test_stories_without_a_url_are_known_by_the_scrapers_id(tmp_path: Path) -> None:
    """Feeds without addresses have ids."""
    page = orjson.loads(raw(1))
    before = orjson.dumps({"content": page["content"], "id": "7"})
    after = orjson.dumps({"content": page["content"].replace("autumn", "spring"), "id": "7"})
    found = compare(process(tmp_path / "old", before), process(tmp_path / "new", after))
    assert [status for status, _ in changed(found, "story")] == ["changed"]


def test_pages_may_be_switched_off(old: Path, tmp_path: Path) -> None:
    """The stories tell their places themselves."""
    page = raw(2).replace(b"is to open in autumn", b"is to open in spring")
    new = process(tmp_path / "new", raw(1), page, b"{")
    for folder in (old, new):
        (folder / "page.jsonl").unlink()
    assert [status for status, _ in changed(compare(old, new), "story")] == ["changed"]


@pytest.mark.parametrize("wrong", ["nothing", "empty", "damaged"])
def test_a_folder_that_is_none_is_named(old: Path, tmp_path: Path, wrong: str) -> None:
    """The error says what is wrong with it."""
    folder = tmp_path / wrong
    if wrong != "nothing":
        folder.mkdir()
    if wrong == "damaged":
        (folder / "story.jsonl").write_bytes(b'{"story_id":\n')
    with pytest.raises(Fatal, match=wrong) as caught:
        report(old, folder, Report())
    assert caught.value.reason == "bad_input"


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


HOSTILE = (
    "[red]\x1b[2J\x9b1m<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    '" onmouseover="alert(3) javascript:alert(4) </title></style><!-- ]]> &lt;b&gt; <a href=javascript:alert(5)>'
    "\u202e\u2066\u200f\u2028"
)


def hostile(folder: Path, body: str) -> Path:
    """Return an output folder whose every text is hostile."""
    folder.mkdir()
    texts = dict.fromkeys(("headline", "url", "raw_id", HOSTILE), f"{HOSTILE}{body}")
    ids = {"story_id": HOSTILE, "page_id": HOSTILE, "canonical_id": HOSTILE, "headline_id": HOSTILE, "kind": HOSTILE}
    letter = {"key": HOSTILE, "value": "", "headers": {"error.reason": HOSTILE, HOSTILE: body}}
    for kind in KINDS:
        record = letter if kind == "deadletter" else {**texts, **ids, "body": body + HOSTILE}
        (folder / f"{kind}.jsonl").write_bytes(orjson.dumps(record) + b"\n")
    return folder


def test_nothing_in_a_record_is_html_or_commands_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Tags, attributes, addresses, escapes and what reorders a line are shown as the text that they are."""
    page = tmp_path / "diff.html"
    wanted = Report(html=page)
    assert not report(hostile(tmp_path / "old<b>", "one"), hostile(tmp_path / "new<b>", "two"), wanted)
    parser = _Tags()
    parser.feed(page.read_text())
    shown = escape_controls(HOSTILE)
    assert shown in parser.text
    assert parser.text.count("javascript:alert(4)") == parser.text.count(shown) > 10
    assert not HARMFUL.search(re.sub("[\n\t]", "", page.read_text()))
    allowed = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "bdi", "table", "tr", "th", "td"}
    assert {tag for tag, _ in parser.tags} <= allowed | {"section", "div", "span", "del", "ins"}
    assert {name for _, attributes in parser.tags for name in attributes} <= {
        "lang", "charset", "http-equiv", "content", "dir", "class",
    }  # fmt: skip
    printed = capsys.readouterr().out
    assert not HARMFUL.search(printed.replace("\n", ""))
    assert "[red]" in printed


def test_printed_json_commands_no_terminal_and_means_the_same(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """What JSON itself does not escape, C1 controls and what reorders a line, is escaped too."""
    old, new = hostile(tmp_path / "old", "one"), hostile(tmp_path / "new", "two")
    report(old, new, Report(json=Path("-")))
    printed = capfdbinary.readouterr().out
    assert not HARMFUL.search(printed.decode().replace("\n", ""))
    fields = {field["field"]: field["old"] for field in json.loads(printed)["changes"][0]["fields"]}
    assert fields["body"] == f"one{HOSTILE}"


def test_the_page_needs_nothing_and_shows_right_to_left_text_so(tmp_path: Path) -> None:
    """No address to load from, a policy that forbids it, and a direction for each text by its own letters."""
    page = orjson.loads(raw(1))
    arabic = "افتتاح الجسر الجديد في الميناء\n\nافتتح المجلس الجسر الجديد يوم الخميس بعد عامين من بدء العمل.\n"
    before, after = ({**page, "content": text} for text in (arabic, arabic.replace("عامين", "ثلاثة أعوام")))
    old = process(tmp_path / "old", orjson.dumps(before))
    new = process(tmp_path / "new", orjson.dumps(after))
    path = tmp_path / "diff.html"
    report(old, new, Report(html=path))
    text = path.read_text()
    assert "default-src 'none'" in text
    assert not re.search(r"(src|href)=|url\(|@import", text)
    assert '<bdi dir="auto">افتتاح الجسر الجديد في الميناء</bdi>' in text
    assert re.search(r'<td dir="auto">[^<]*<del>عامين</del> من بدء العمل', text)
    assert re.search(r'<td dir="auto">[^<]*<ins>ثلاثة أعوام</ins> من بدء العمل', text)


def test_json_can_be_printed_instead_of_the_table(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else is on standard output then."""
    buffer = io.BytesIO()
    monkeypatch.setattr("sys.stdout", SimpleNamespace(buffer=buffer))
    assert report(old, old, Report(json=Path("-")))
    assert json.loads(buffer.getvalue())["same"] is True


def test_a_file_that_cannot_be_written_is_named(old: Path, tmp_path: Path) -> None:
    """JSON and HTML alike."""
    for wanted in (Report(json=tmp_path / "no" / "x"), Report(html=tmp_path / "no" / "x")):
        with pytest.raises(Fatal, match="cannot be written") as caught:
            report(old, old, wanted)
        assert caught.value.reason == "bad_output"


def test_many_changes_are_counted_and_shown_in_part(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The JSON has all of them."""
    monkeypatch.setattr("worker.diff.forms.HTML_CHANGES", 3)
    monkeypatch.setattr("worker.diff.forms.TABLE_CHANGES", 2)
    old, new = process(tmp_path / "old", raw(1)), process(tmp_path / "new", *(raw(n) for n in range(1, 9)))
    json_path, html_path = tmp_path / "diff.json", tmp_path / "diff.html"
    report(old, new, Report(json_path, html_path))
    count = len(json.loads(json_path.read_bytes())["changes"])
    assert count > 20
    assert f"{count - 3} further changes" in html_path.read_text()
    assert f"and {count - 2} more" in capsys.readouterr().out
