"""A feed of headlines deduplicated, as `newsworker dedupe` does it."""

import gzip
import io
from collections import defaultdict
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
import zstandard
from command import newsworker

from worker.errors import Fatal
from worker.feed import Summary, dedupe_file
from worker.settings import Settings

BRIDGE = "Harbour bridge in Eastmere opens after two years of repairs"
BRIDGE_CUT = "Harbour bridge in Eastmere opens after two years..."
KILLED_52 = "Landslide kills 52 people in mountain village near Eastmere"
KILLED_61 = "Landslide kills 61 people in mountain village near Eastmere"
ROOF = "Market hall of Westmere gets a new roof before winter"

HOUR = "2025-03-{:02}T{:02}:00:00Z"


def line(headline: str, number: int | str = 1, hours: int | None = None, **more: Any) -> bytes:
    """Return a line of a feed; `hours` is when it was seen."""
    times = {} if hours is None else {"seen_at": HOUR.format(1 + hours // 24, hours % 24)}
    return orjson.dumps({"id": number, "headline": headline, **times, **more})


def dedupe(folder: Path, *lines: bytes, window_hours: float = 72, name: str = "feed.jsonl") -> list[dict[str, Any]]:
    """Return the answers to the lines of a file."""
    run(folder, *lines, window_hours=window_hours, name=name)
    return [orjson.loads(answer) for answer in (folder / "out.jsonl").read_bytes().splitlines()]


def run(folder: Path, *lines: bytes, window_hours: float = 72, name: str = "feed.jsonl") -> Summary:
    """Deduplicate a file of lines."""
    content = b"".join(one + b"\n" for one in lines)
    if name.endswith(".gz"):
        content = gzip.compress(content)
    if name.endswith(".zst"):
        content = zstandard.compress(content)
    (folder / name).write_bytes(content)
    return dedupe_file(str(folder / name), folder / "out.jsonl", Settings(), window_hours)


def said(answers: Sequence[dict[str, Any]]) -> list[tuple[str, str | None, str | None]]:
    """Return verdict, match and veto of each."""
    return [(answer["verdict"], answer["match"], answer["veto"]) for answer in answers]


def groups(answers: Sequence[dict[str, Any]]) -> set[str]:
    """Return the groups, each as the ids of its lines in one string."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for answer in answers:
        found[answer["canonical_id"]].append(str(answer["id"]))
    return {"".join(sorted(ids)) for ids in found.values()}


def test_each_line_has_its_answer_in_order(tmp_path: Path) -> None:
    """Exact, normalised and near repeats, what is new, and what a veto keeps apart, each with a reason."""
    answers = dedupe(
        tmp_path,
        line(BRIDGE, "a"),
        line(KILLED_52, "b"),
        line(BRIDGE, "c"),
        line(BRIDGE.upper() + "!", "d"),
        line(BRIDGE_CUT, "e"),
        line(KILLED_61, "f"),
        line(ROOF, 7),
    )
    assert [answer["id"] for answer in answers] == ["a", "b", "c", "d", "e", "f", 7]
    assert list(answers[0]) == ["id", "headline_id", "canonical_id", "verdict", "match", "score", "reason", "veto"]
    assert said(answers) == [
        ("new", None, None),
        ("new", None, None),
        ("repeat", "exact", None),
        ("repeat", "normalised", None),
        ("repeat", "near", None),
        ("new", None, "numbers"),
        ("new", None, None),
    ]
    assert groups(answers) == {"acde", "b", "f", "7"}
    assert all(answer["reason"] for answer in answers)
    assert [answer["score"] for answer in answers[:4]] == [None, None, 1.0, 1.0]
    assert answers[5]["score"] > 0


def test_the_canonical_id_is_the_smallest_of_its_group(tmp_path: Path) -> None:
    """It is the `headline_id` of one of the members."""
    answers = dedupe(tmp_path, line(BRIDGE), line(BRIDGE_CUT), line(BRIDGE + " - Reuters"))
    assert {answer["canonical_id"] for answer in answers} == {min(answer["headline_id"] for answer in answers)}


def test_groups_do_not_depend_on_the_order_of_lines(tmp_path: Path) -> None:
    """Neither do ids; who is new follows the order of events, and that of the lines only within one moment."""
    lines = [line(BRIDGE, 1, 5), line(BRIDGE_CUT, 2, 3), line(KILLED_52, 3, 4), line(KILLED_61, 4, 4)]
    found = set()
    for some in permutations(lines):
        answers = sorted(dedupe(tmp_path, *some), key=lambda answer: int(answer["id"]))
        found.add(orjson.dumps([(one["canonical_id"], one["verdict"]) for one in answers if one["id"] < 3]))
        assert groups(answers) == {"12", "3", "4"}
    assert len(found) == 1


def test_like_headlines_are_one_news_only_within_the_window(tmp_path: Path) -> None:
    """Exactly a window apart is within; a veto does not hold beyond it either."""
    assert said(dedupe(tmp_path, line(BRIDGE, 1, 0), line(BRIDGE_CUT, 2, 72)))[1] == ("repeat", "near", None)
    assert said(dedupe(tmp_path, line(BRIDGE, 1, 0), line(BRIDGE_CUT, 2, 73)))[1] == ("new", None, None)
    assert said(dedupe(tmp_path, line(KILLED_52, 1, 0), line(KILLED_61, 2, 73)))[1] == ("new", None, None)
    assert said(dedupe(tmp_path, line(BRIDGE, 1, 0), line(BRIDGE_CUT, 2, 73), window_hours=73))[1][0] == "repeat"


def test_any_two_sightings_within_the_window_link(tmp_path: Path) -> None:
    """A headline that is seen again and again is met by its later sightings too; word for word it is always one."""
    answers = dedupe(tmp_path, line(BRIDGE, 1, 0), line(BRIDGE, 2, 200), line(BRIDGE_CUT, 3, 220))
    assert groups(answers) == {"123"}
    assert said(answers)[1:] == [("repeat", "exact", None), ("repeat", "near", None)]


def test_the_earlier_headline_is_the_new_one_wherever_it_stands(tmp_path: Path) -> None:
    """Verdicts follow the time of events."""
    assert [verdict for verdict, _, _ in said(dedupe(tmp_path, line(BRIDGE, 1, 9), line(BRIDGE_CUT, 2, 5)))] == [
        "repeat",
        "new",
    ]


def test_lines_without_a_time_were_all_seen_at_once(tmp_path: Path) -> None:
    """They meet each other, and none that has a time."""
    answers = dedupe(tmp_path, line(BRIDGE, 1), line(BRIDGE_CUT, 2), line(BRIDGE + " - Reuters", 3), line(ROOF, 4, 1))
    assert groups(answers) == {"123", "4"}


@pytest.mark.parametrize("name", ["feed.jsonl.gz", "feed.jsonl.zst"])
def test_packed_feeds_are_read(tmp_path: Path, name: str) -> None:
    """As the other commands read them."""
    assert len(dedupe(tmp_path, line(BRIDGE), line(ROOF), name=name)) == 2


BAD_LINES = {
    b"{": "malformed_json",
    b"\xff\xfe": "malformed_json",
    b'"a string"': "not_an_object",
    b'{"id": 1}': "invalid_field",
    b'{"headline": "Bridge opens"}': "invalid_field",
    b'{"id": 1, "headline": null}': "invalid_field",
    b'{"id": true, "headline": "Bridge opens"}': "invalid_field",
    b'{"id": 99999999999999999999, "headline": "Bridge opens"}': "invalid_field",
    b'{"id": 1, "headline": "Bridge opens", "seen_at": "yesterday"}': "invalid_field",
    b'{"id": 1, "headline": "Bridge opens", "seen_at": 1740000000}': "invalid_field",
    b'{"id": 1, "headline": "Bridge opens \\ud800"}': "malformed_json",
    b"x" * 200_000: "too_large",
    b"[" * 5000: "malformed_json",
}


@pytest.mark.parametrize("bad", BAD_LINES, ids=range(len(BAD_LINES)))
def test_a_bad_line_is_named_and_the_run_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], bad: bytes
) -> None:
    """Its number, counted from one, and the reason, on standard error; it has no answer."""
    content = b"\n".join([line(BRIDGE, 1), bad, line(BRIDGE, 2), b"", b"{}", b""])
    (tmp_path / "feed.jsonl").write_bytes(content)
    settings = Settings(max_message_bytes=100_000)
    summary = dedupe_file(str(tmp_path / "feed.jsonl"), tmp_path / "out.jsonl", settings, 72)
    reason = BAD_LINES[bad]
    errors = capsys.readouterr().err
    assert f"line 2: {reason}: " in errors
    assert "line 5: invalid_field: " in errors
    assert summary.lines == 2
    assert sum(summary.refused.values()) == 2
    assert f"refused, {reason}: {summary.refused[reason]}\n" in errors


def test_a_damaged_file_gives_what_it_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And a line that says so."""
    packed = gzip.compress(b"\n".join(line(BRIDGE, number) for number in range(500)))
    (tmp_path / "feed.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    dedupe_file(str(tmp_path / "feed.jsonl.gz"), tmp_path / "out.jsonl", Settings(), 72)
    assert "damaged_input" in capsys.readouterr().err


def test_an_earlier_output_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    """A file that is not there leaves everything as it was, and nothing else remains in the folder."""
    run(tmp_path, line(BRIDGE))
    before = (tmp_path / "out.jsonl").read_bytes()
    for name in ("missing.jsonl", "feed.txt", "."):
        (tmp_path / "feed.txt").write_text("Bridge opens")
        with pytest.raises(Fatal, match="file") as failure:
            dedupe_file(str(tmp_path / name), tmp_path / "out.jsonl", Settings(), 72)
        assert failure.value.reason == "bad_input"
    assert (tmp_path / "out.jsonl").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["feed.jsonl", "feed.txt", "out.jsonl"]


@pytest.mark.parametrize(
    "headline",
    ["", " ", "!", "7", "س", "🔥🔥", "word " * 20_000, "x" * 100_000, "\u202e\u200f", "а́" * 50_000, "é港جسر" * 1000],
    ids=range(11),
)
def test_strange_headlines_are_answered(tmp_path: Path, headline: str) -> None:
    """Empty, of one character, of a hundred thousand, emoji only, of mixed scripts: new once, and then a repeat."""
    answers = dedupe(tmp_path, line(headline, 1), line(BRIDGE, 2), line(headline, 3))
    assert said(answers) == [("new", None, None), ("new", None, None), ("repeat", "exact", None)]


def test_twenty_thousand_identical_headlines_are_one(tmp_path: Path) -> None:
    """And like a million of them they take one place in the index."""
    summary = run(tmp_path, *(line(BRIDGE, number, number % 700) for number in range(20_000)))
    assert (summary.lines, summary.headlines, summary.groups) == (20_000, 1, 1)
    assert summary.verdicts == {"new": 1, "repeat": 19_999}


def test_a_headline_between_two_that_a_veto_parts_stands_with_one(tmp_path: Path) -> None:
    """No group holds both figures, whoever links them."""
    between = "Landslide kills people in mountain village near Eastmere"
    answers = dedupe(tmp_path, line(KILLED_52, 1), line(KILLED_61, 2), line(between, 3))
    canonical = [answer["canonical_id"] for answer in answers]
    assert canonical[0] != canonical[1]


def test_a_feed_is_read_from_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the file is a dash; and the folder of the answers is made."""
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(line(BRIDGE) + b"\n" + line(BRIDGE))))
    assert dedupe_file("-", tmp_path / "new" / "out.jsonl", Settings(), 72).verdicts == {"new": 1, "repeat": 1}
    assert len((tmp_path / "new" / "out.jsonl").read_bytes().splitlines()) == 2


def test_the_command_exits_as_the_others_do(tmp_path: Path) -> None:
    """0 with bad lines too, 2 for a file that is not there, 1 where the answers cannot be written."""
    feed, out = tmp_path / "feed.jsonl", tmp_path / "out.jsonl"
    feed.write_bytes(b"{\n" + line(BRIDGE))
    done = newsworker("dedupe", str(feed), "--out", str(out), "--window-hours", "0")
    assert (done.returncode, done.stderr.splitlines()[0]) == (0, "line 1: malformed_json: the line is not JSON")
    assert newsworker("dedupe", "missing.jsonl", "--out", str(out)).returncode == 2
    assert newsworker("dedupe", str(feed), "--out", str(feed / "out.jsonl")).returncode == 1


QUX = [f"{title} | Qux" for title in (BRIDGE, KILLED_52, ROOF, "Ferry stops at noon today", "Port grows once more")]


def test_words_behind_five_headlines_of_a_source_are_left_out(tmp_path: Path) -> None:
    """Whatever the order of lines; the reason says which words, and whose."""
    lines = [line(one, f"q{number}", source="www.Daily.example") for number, one in enumerate(QUX)]
    lines += [
        line(f"{BRIDGE} | Blorb", "b", source="blorb.example"),
        line(f"{BRIDGE} | Rimley", "r", source="x.example"),
    ]
    for order in (lines, lines[::-1]):
        answers = dedupe(tmp_path, *order)
        assert {"bq0r", "q1", "q2", "q3", "q4"} == groups(answers)
    first = {answer["id"]: answer for answer in dedupe(tmp_path, *lines)}
    assert said([first["b"]]) == [("repeat", "near", None)]
    assert first["b"]["reason"] == "word for word the same; without “blorb” of blorb.example, “qux” of daily.example"


def test_without_sources_or_with_one_headline_less_names_part(tmp_path: Path) -> None:
    """Four headlines are not enough, and who is not named teaches nothing."""
    for source, known in (({"source": "daily.example"}, QUX[:-1]), ({}, QUX)):
        lines = [line(one, f"q{number}", **source) for number, one in enumerate(known)]
        answers = dedupe(tmp_path, *lines, line(f"{BRIDGE} | Vardens", "v", source="x.example"))
        assert said(answers[-1:]) == [("new", None, "replaced")]


def test_what_is_known_of_sources_can_be_shown(tmp_path: Path) -> None:
    """Source, words, how they are known, how many headlines, and when they were seen, in order."""
    lines = [line(one, number, number, source="daily.example") for number, one in enumerate(QUX)]
    lines += [
        line(f"{BRIDGE} - Blorb", "b", source="blorb.example"),
        line(f"{BRIDGE} | Rimley", "r", source="x.example"),
    ]
    (tmp_path / "feed.jsonl").write_bytes(b"\n".join(lines))
    shown = tmp_path / "new" / "affixes.jsonl"
    dedupe_file(str(tmp_path / "feed.jsonl"), tmp_path / "out.jsonl", Settings(), 72, shown)
    found = [orjson.loads(one) for one in shown.read_bytes().splitlines()]
    assert list(found[0]) == ["source", "words", "known_by", "headlines", "first_seen", "last_seen"]
    assert [tuple(one.values()) for one in found] == [
        ("blorb.example", "blorb", "name", 1, None, None),
        ("daily.example", "qux", "count", 5, "2025-03-01T00:00:00Z", "2025-03-01T04:00:00Z"),
    ]
