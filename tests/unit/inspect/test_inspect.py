"""A page with its blocks coloured by role, and its records beside it."""

import json
import re
from pathlib import Path
from typing import get_args

import orjson
import pytest
from pages import PAGE, raw
from selectolax.lexbor import LexborHTMLParser, LexborNode

from schemas.page import Role
from worker import recording
from worker.errors import Fatal, Permanent
from worker.incoming import Incoming
from worker.inspect import Wanted, inspect
from worker.printable import HARMFUL, escape_controls
from worker.settings import Settings

ARABIC = """افتتاح الجسر الجديد في الميناء

BBC News

افتتح المجلس الجسر الجديد يوم الخميس بعد عامين من بدء العمل، وقال المهندسون إن آخر الكابلات ركبت في يناير.

BBC: قال رئيس المجلس إن الجسر سيخفف الزحام في وسط المدينة.

اقرأ أيضا

• توقف خط العبارات في نهاية مارس
• الميناء يخطط لرصيف ثالث
"""

LINKED = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Ferry runs through winter</title>
<body><article><h1>Ferry runs through winter</h1>
<p>The ferry will run through the winter for the first time, the harbour council said on Tuesday.</p>
<p>The council expects two thousand passengers a week, and more when the snow comes.</p></article>
<h2>Related stories</h2><ul><li><a href="https://news.example/nets">Fishermen ask for longer nets</a></li>
<li><a href="https://news.example/quay">Port plans a third quay</a></li>
<li><a href="https://news.example/nets">Fishermen ask for longer nets</a></li></ul></body></html>
"""

HOSTILE = (
    "[red]\x1b[2J\x9b1m\x00<script>alert(1)</script>\"'><img src=x onerror=alert(2)></span></div>"
    '" onmouseover="alert(3) javascript:alert(4) </title></style></pre><!-- ]]> &lt;b&gt; <a href=javascript:alert(5)>'
    "\u202e\u2066\u200f\u2028"
)


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what would make rich believe in a terminal, or in one of another width."""
    for name in ("FORCE_COLOR", "NO_COLOR", "COLUMNS", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page of text, with a story and a list."""
    path = tmp_path / "page.txt"
    path.write_text(PAGE.format(n=1))
    return path


def html_of(name: Path, number: int = 1) -> str:
    """Return the HTML page that shows a file."""
    path = name.with_suffix(".shown")
    inspect(str(name), Wanted(number, path), Settings())
    return path.read_text()


def nodes(html: str, selector: str) -> list[LexborNode]:
    """Return what a selector finds."""
    return LexborHTMLParser(html).css(selector)


def text_of(html: str) -> str:
    """Return the inspected page's text as the HTML shows it."""
    return "".join(node.text() for node in nodes(html, "article .text"))


def test_every_block_is_shown_with_what_decided_it(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Role, rule, story and offsets stand above its text; blocks of no story name none."""
    inspect(str(page), Wanted(), Settings())
    shown = capsys.readouterr().out
    assert "headline · first_title · story 1 · 0–46\nHarbour council 1 votes for the new ferry line\n" in shown
    assert re.search(r"\nparagraph · \w+ · story 1 · \d+–\d+\nThe line is to open in autumn", shown)
    assert re.search(r"\nrelated_item · \w+ · \d+–\d+\nFerry number 1 leaves the yard\n", shown)


def test_the_records_stand_below_the_page(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Main fields with how they were found, also where there is no value."""
    page.write_text(page.read_text().replace("\n\n", "\n\nPublished: 4 March 2025\n\n", 1))
    inspect(str(page), Wanted(), Settings())
    shown = capsys.readouterr().out
    assert "page.txt: published · layout" in shown
    story = shown[shown.index("story 1: main") :]
    assert re.search(r"\nheadline +Harbour council 1 votes for the new ferry line  \(first_title\)\n", story)
    assert re.search(r"\npublished_at +2025-03-04 \(day\), printed: 4 March 2025  \(\w+\)\n", story)
    assert re.search(r"\nlanguage +en, Latn, ltr, [01]\.\d\d", story)
    assert re.search(r"\nauthors +–\n", story)
    assert re.search(r"\nquotes +• Ida Holm: We have waited", story)


def test_headlines_of_lists_tell_their_verdict_reason_and_url(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One that comes again is there too, though the story's list has it once."""
    path = tmp_path / "page.html"
    path.write_text(LINKED)
    inspect(str(path), Wanted(), Settings())
    listed = capsys.readouterr().out.partition(" headlines in lists \n")[2]
    first, _, third = re.split(r"^(?=\d )", listed.strip(), flags=re.MULTILINE)[1:]
    assert re.fullmatch(r"0 new · .+\nFishermen ask for longer nets\nhttps://news.example/nets\n", first)
    assert third.startswith("2 repeat_in_page · ")
    shown = [node.text() for node in nodes(html_of(path), "aside td")]
    assert any("Port plans a third quay" in cell and "https://news.example/quay" in cell for cell in shown)


def test_a_url_commands_no_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A list's links are as strange as its text."""
    path = tmp_path / "page.html"
    path.write_text(LINKED.replace("https://news.example/quay", "https://news.example/&#27;[2J&#x202e;"))
    inspect(str(path), Wanted(), Settings())
    assert "\nhttps://news.example/\\u001b[2J\\u202e\n" in capsys.readouterr().out


def test_where_the_output_is_no_terminal_it_is_plain(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No colours, no broken lines, no blanks at their ends."""
    page.write_text("Harbour bridge opens\n\n" + "The council opened the bridge on Thursday. " * 30)
    inspect(str(page), Wanted(), Settings())
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert ("The council opened the bridge on Thursday. " * 30).strip() in shown.splitlines()


def test_a_terminal_has_colours_by_its_own_rules(
    page: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A colour for each role; none where the user wants none."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    inspect(str(page), Wanted(), Settings())
    assert "\x1b[1;32mHarbour council 1 votes for the new ferry line\x1b[0m" in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    inspect(str(page), Wanted(), Settings())
    shown = capsys.readouterr().out
    assert "Harbour council" in shown
    assert not re.search("\x1b\\[[0-9;]*3\\d", shown)


def test_a_terminal_has_what_runs_from_the_right_on_the_right(
    page: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each line ends at the right edge."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "60")
    page.write_text(ARABIC)
    inspect(str(page), Wanted(), Settings())
    lines = re.sub("\x1b\\[[0-9;]*m", "", capsys.readouterr().out).splitlines()
    headline = "افتتاح الجسر الجديد في الميناء"
    assert headline.rjust(60) in lines


def test_html_has_the_whole_page_block_by_block(page: Path) -> None:
    """All its characters in their order, whitespace too; beside each block why it is what it is."""
    page.write_text(f"\n\n {PAGE.format(n=1)}\t\n")
    html = html_of(page)
    assert text_of(html) == page.read_text()
    (headline,) = nodes(html, ".row.headline")
    assert headline.css_first(".why").text().split() == ["headline", "story", "1", "first_title", "3–49"]
    assert headline.css_first(".own").text() == "Harbour council 1 votes for the new ferry line"
    assert nodes(html, headline.css_first("a").attributes["href"] or "")
    assert {node.text() for node in nodes(html, ".legend b")} == set(get_args(Role))


def test_stories_and_their_blocks_lead_to_each_other(tmp_path: Path) -> None:
    """From a block to the fields of its story, and from there to where the story begins."""
    path = tmp_path / "page.html"
    path.write_text(LINKED.replace("<article>", "<nav><a href='/'>Start</a></nav><article>"))
    html = html_of(path)
    to_story, to_block = (nodes(html, selector)[0].attributes["href"] for selector in (".why a", "aside h2 a"))
    assert nodes(html, f"section{to_story}")[0].css_first("h2").text() == "story 1: main"
    assert nodes(html, f".row{to_block}")[0].css_first(".own").text() == "Ferry runs through winter"


def test_html_has_every_record(page: Path) -> None:
    """Folded up, as JSON that can be read back."""
    html = html_of(page)
    records = {
        node.css_first("summary").text(): json.loads(node.css_first("pre").text()) for node in nodes(html, "details")
    }
    assert list(records) == ["story: 1", "headline: 3", "mention: 2", "copy: 1", "page: 1"]
    assert records["page: 1"][0]["stories"] == [records["story: 1"][0]["story_id"]]


def test_html_input_is_shown_as_it_was_rendered(tmp_path: Path) -> None:
    """Offsets count in that text."""
    path = tmp_path / "page.html"
    path.write_text(LINKED)
    html = html_of(path)
    record = json.loads(nodes(html, "details")[-1].css_first("pre").text())[0]
    assert text_of(html) == record["text"]
    assert "Port plans a third quay" in record["text"]


def test_right_to_left_pages_are_shown_so(page: Path) -> None:
    """The page, its blocks and the fields; a line of Latin letters alone keeps its own direction on that side.

    One Latin word does not turn a line, even where it comes first.
    """
    page.write_text(ARABIC)
    html = html_of(page)
    assert nodes(html, "article")[0].attributes["dir"] == "rtl"
    rows = {node.css_first(".text").text().strip(): node for node in nodes(html, ".row")}
    assert {node.attributes["dir"] for node in rows.values()} == {"rtl"}
    directions = {text: node.css_first(".text").attributes["dir"] for text, node in rows.items()}
    assert directions.pop("BBC News") == "ltr"
    assert set(directions.values()) == {"rtl"}
    assert any(text.startswith("BBC: ") for text in directions)
    assert nodes(html, "aside td")[0].attributes["dir"] == "auto"


def test_a_page_of_no_story_has_its_letters_direction(tmp_path: Path) -> None:
    """Also where a record has no language to tell it."""
    path = tmp_path / "page.html"
    path.write_text('<nav><a href="/1">سياسة</a> <a href="/2">رياضة</a> <a href="/3">ABC</a></nav>')
    html = html_of(path)
    assert "no_story" in html
    assert nodes(html, "article")[0].attributes["dir"] == "rtl"


def test_what_nobody_sees_is_marked(page: Path) -> None:
    """Controls, what reorders a line and what has no width; joiners stay between their letters."""
    page.write_text("Harbour\u00ad bridge\ufeff\n\nکتاب\u200cها \u202eopen\u200b \u0085\x00")
    html = html_of(page)
    marks = [node.text() for node in nodes(html, "article .mark")]
    assert marks == ["\\u00ad", "\\ufeff", "\\u202e", "\\u200b", "\\u0085", "\\u0000"]
    assert [node.text() for node in nodes(html, "article .joiner")] == ["\u200c"]


def test_what_nobody_sees_is_marked_beside_the_page(tmp_path: Path) -> None:
    """In names, facts, fields and headlines: two that differ in it alone look different; the JSON has it as it is."""
    path = tmp_path / "page\u200b.jsonl"
    content = PAGE.format(n=1) + "Harbour\u2062 pilots go on strike\nHarbour pilots go on strike\n"
    content = content.replace("Harbour council", "Harbour\u034f council").replace("Ida Holm", "Ida Hol\u200dm")
    path.write_bytes(orjson.dumps({"content": content, "url": "https://news.example/\ufeff"}))
    html = html_of(path)
    assert [nodes(html, f"{place} .mark")[0].text() for place in ("h1", ".facts")] == ["\\u200b", "\\ufeff"]
    listed = [node.text() for node in nodes(html, "aside td > div[dir]")]
    assert listed[-2:] == ["Harbour\\u2062 pilots go on strike", "Harbour pilots go on strike"]
    cells = {node.css_first("th").text(): node.css_first("td") for node in nodes(html, "aside tr")}
    assert cells["headlinefirst_title"].css_first(".mark").text() == "\\u034f"
    assert nodes(html, "aside td .joiner")[0].text() == "\u200d"
    assert "Harbour\u034f council" in nodes(html, "details pre")[0].text()


@pytest.mark.parametrize("name", ["page.txt", "page.html", "page.jsonl"])
def test_nothing_of_a_page_is_html_or_commands_a_terminal(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In text, in names, in a page's own HTML (escaped there) and in a raw message's fields."""
    path = tmp_path / f"<b>\u202e{name}"
    content = PAGE.format(n=HOSTILE) + HOSTILE
    if name == "page.html":
        content = "<p>" + "<p>".join(content.replace("&", "&amp;").replace("<", "&lt;").split("\n\n")) + "&#xd800;"
    path.write_text(orjson.dumps({"content": content, "url": HOSTILE}).decode() if name == "page.jsonl" else content)
    html = html_of(path)
    assert escape_controls(HOSTILE.partition("\x00")[2].partition("\u202e")[0]) in text_of(html)
    assert not HARMFUL.search(re.sub("[\n\t]", "", html))
    tags = nodes(html, "*")
    assert {node.tag for node in tags} <= {
        *("html", "head", "meta", "title", "style", "body", "h1", "h2", "bdi", "p", "ul", "li", "b", "main", "article"),
        *(
            "aside",
            "section",
            "div",
            "span",
            "a",
            "br",
            "table",
            "tbody",
            "tr",
            "th",
            "td",
            "details",
            "summary",
            "pre",
        ),
    }
    names = {(name, value) for node in tags for name, value in node.attributes.items() if name not in {"class", "dir"}}
    assert {name for name, _ in names} == {"lang", "charset", "http-equiv", "content", "href", "id"}
    assert all((value or "").startswith(("#story-", "#at-")) for name, value in names if name == "href")
    inspect(str(path), Wanted(), Settings())
    printed = capsys.readouterr().out
    assert not HARMFUL.search(printed.replace("\n", ""))
    assert "[red]" in printed


def test_html_needs_nothing_and_may_run_nothing(page: Path) -> None:
    """Its policy allows its own style alone."""
    policies = [node.attributes for node in nodes(html_of(page), "meta[http-equiv]")]
    assert [policy["content"] for policy in policies] == ["default-src 'none'; style-src 'unsafe-inline'"]


@pytest.mark.parametrize(
    ("message", "reason"),
    [(b'{"content": "lone \\ud800"}', "malformed_json"), (b'{"content": 7}<b>\x1b', "malformed_json")],
)
def test_a_dead_letter_is_shown_and_said(
    message: bytes, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Reason, stage and the beginning of the message, on the terminal and in HTML."""
    path = tmp_path / "page.jsonl"
    path.write_bytes(message)
    with pytest.raises(Permanent) as caught:
        inspect(str(path), Wanted(), Settings())
    assert (caught.value.reason, caught.value.stage) == (reason, "decode")
    shown = capsys.readouterr().out
    assert re.search(rf"dead_letter \n\nreason +{reason}\nstage +decode\n", shown)
    beginning = message.decode().replace("\x1b", "\\u001b")
    assert beginning in shown
    with pytest.raises(Permanent):
        html_of(path)
    html = path.with_suffix(".shown").read_text()
    assert text_of(html) == beginning
    assert [node.text() for node in nodes(html, "aside td")][:2] == [reason, "decode"]


def test_a_tombstone_holds_no_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is named and no error."""
    path = tmp_path / "recorded.jsonl"
    path.write_bytes(recording.encode(Incoming("news.raw.v1", 0, 7, 0, b"key", None)))
    inspect(str(path), Wanted(), Settings())
    assert capsys.readouterr().out == "\n news.raw.v1: tombstone \n\n"
    assert "tombstone" in html_of(path)


def test_of_many_messages_one_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first, or the one whose number is given; a number that there is not is named."""
    path = tmp_path / "pages.jsonl"
    path.write_bytes(raw(5) + b"\n\n" + raw(6) + b"\n")
    inspect(str(path), Wanted(), Settings())
    assert "Harbour council 5 votes" in capsys.readouterr().out
    inspect(str(path), Wanted(number=2), Settings())
    assert "Harbour council 6 votes" in capsys.readouterr().out
    with pytest.raises(Fatal, match="no message number 3") as caught:
        inspect(str(path), Wanted(number=3), Settings())
    assert caught.value.reason == "bad_input"


def test_records_that_are_not_published_are_shown(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the page record there would be no blocks."""
    inspect(str(page), Wanted(), Settings(publish_pages=False, publish_mentions=False))
    shown = capsys.readouterr().out
    assert "headline · first_title" in shown
    assert "headlines in lists: 2" in shown


def test_a_file_that_cannot_be_written_is_named(page: Path, tmp_path: Path) -> None:
    """As it is elsewhere."""
    with pytest.raises(Fatal, match="cannot be written") as caught:
        inspect(str(page), Wanted(html=tmp_path / "no" / "x"), Settings())
    assert caught.value.reason == "bad_output"


@pytest.mark.parametrize("name", ["page.txt", "./page.txt", "link.html"])
def test_what_is_inspected_is_not_written_over(
    name: str, page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By whatever name it goes, and if it is one file of a folder."""
    monkeypatch.chdir(tmp_path)
    Path("link.html").symlink_to(page)
    for inspected in (str(page), str(tmp_path)):
        with pytest.raises(Fatal, match="written over") as caught:
            inspect(inspected, Wanted(html=Path(name)), Settings())
        assert caught.value.reason == "bad_output"
    assert page.read_text() == PAGE.format(n=1)


def test_html_is_printed_for_a_dash(
    page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The very page that a file would have, and no file of that name."""
    monkeypatch.chdir(tmp_path)
    inspect(str(page), Wanted(html=Path("-")), Settings())
    assert capsys.readouterr().out == html_of(page)
    assert not Path("-").exists()
