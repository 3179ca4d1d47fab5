"""Messages out of files."""

import gzip
import io
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import orjson
import pytest
import zstandard

from worker import recording
from worker.errors import Fatal
from worker.incoming import Incoming
from worker.process import KINDS, process_files
from worker.settings import Settings
from worker.sources import Sourced, find, find_pasted, key_of, read, sending_key

LIMIT = 1000


def read_all(*inputs: Path | str, limit: int = LIMIT) -> list[Sourced]:
    """Return the messages of all inputs."""
    return [sourced for source in find([str(one) for one in inputs]) for sourced in read(source, limit)]


def values(*inputs: Path | str) -> list[bytes | None]:
    """Return the messages' bytes."""
    return [sourced.message.value for sourced in read_all(*inputs)]


def test_a_line_is_a_message_byte_for_byte(tmp_path: Path) -> None:
    """Lines end at a line feed alone: a carriage return, U+2028 and U+0085 belong to the message."""
    path = tmp_path / "pages.jsonl"
    lines = [b'{"a": 1}\r', "{\u2028}".encode(), "x\u0085y".encode(), b"\xff\xfe", b"last"]
    path.write_bytes(b"\n".join(lines))
    assert values(path) == lines


def test_blank_lines_hold_no_message_and_keep_their_number(tmp_path: Path) -> None:
    """The offset is the line's number, so that an operator finds it."""
    path = tmp_path / "pages.jsonl"
    path.write_bytes(b"\none\n\r\n\ntwo\n")
    found = [(sourced.message.offset, sourced.message.value, sourced.size) for sourced in read_all(path)]
    assert found == [(1, b"one", 3), (4, b"two", 3)]


def test_a_message_tells_its_place_and_has_no_time_of_its_own(tmp_path: Path) -> None:
    """The file's name is the topic; the timestamp is the epoch on every machine."""
    path = tmp_path / "pages.jsonl"
    path.write_bytes(b"{}\n")
    (sourced,) = read_all(path)
    assert sourced.message == Incoming("pages.jsonl", 0, 0, 0, None, b"{}", ())


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("page.txt", "text/plain"), ("page.html", "text/html"), ("PAGE.HTM", "text/html"), ("page.html.gz", "text/html")],
)
def test_a_page_file_is_one_message_with_its_content_type(tmp_path: Path, name: str, content_type: str) -> None:
    """Text and HTML files are bare pages, as the `content-type` header says."""
    data = b"first line\n\nsecond line\n"
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    (sourced,) = read_all(tmp_path / name)
    assert sourced.message.value == data
    assert sourced.message.header("content-type") == content_type


def test_an_empty_file_of_lines_has_no_message_and_an_empty_page_is_one(tmp_path: Path) -> None:
    """A page of nothing has its outcome too."""
    (tmp_path / "none.jsonl").write_bytes(b"")
    (tmp_path / "page.txt").write_bytes(b"")
    assert values(tmp_path / "none.jsonl") == []
    assert values(tmp_path / "page.txt") == [b""]


@pytest.mark.parametrize(
    ("suffix", "pack"),
    [
        (".gz", gzip.compress),
        (".zst", zstandard.compress),
        (".gz", lambda data: gzip.compress(data[:9]) + gzip.compress(data[9:])),
        (".zst", lambda data: zstandard.compress(data[:9]) + zstandard.compress(data[9:])),
        (".zst", lambda data: zstandard.ZstdCompressor(write_content_size=False).compress(data)),
    ],
)
def test_compressed_lines_are_the_lines(tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]) -> None:
    """Gzip and Zstandard, in one member or several, unpack to the same messages."""
    lines = [b'{"n": %d}' % number for number in range(20_000)]
    path = tmp_path / f"pages.jsonl{suffix}"
    path.write_bytes(pack(b"\n".join(lines)))
    assert values(path) == lines


def test_folders_are_read_recursively_in_the_order_of_their_names(tmp_path: Path) -> None:
    """Files of other kinds are passed over."""
    for name in ("b/2.txt", "b/1.html", "a.jsonl", "c.txt", "notes.md", "b/image.png"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(name.encode())
    assert [sourced.message.topic for sourced in read_all(tmp_path)] == ["a.jsonl", "b/1.html", "b/2.txt", "c.txt"]


def test_the_output_folder_is_not_searched(tmp_path: Path) -> None:
    """Records of an earlier run inside the input folder are no raw articles."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "story.jsonl").write_bytes(b"{}\n")
    (tmp_path / "pages.jsonl").write_bytes(b"{}\n")
    assert [source.name for source in find([str(tmp_path)], leave_out=tmp_path / "out")] == ["pages.jsonl"]


def test_links_lead_neither_out_of_a_folder_nor_round_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They are passed over and told, whatever they are called; a link to a file of the same folder is read."""
    (tmp_path / "secret.txt").write_bytes(b"secret")
    (tmp_path / "beside").mkdir()
    (tmp_path / "beside" / "page.txt").write_bytes(b"beside")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "page.txt").write_bytes(b"page")
    targets = {
        "again.txt": "page.txt",
        "out.txt": "../secret.txt",
        "absolute.jsonl": str(tmp_path / "secret.txt"),
        "folder": "../beside",
        "here": ".",
        "up\x1b[2J": "..",
        "itself.txt": "itself.txt",
        "gone.txt": "nowhere.txt",
        "not-of-a-kind": "../secret.txt",
    }
    for name, target in targets.items():
        (folder / name).symlink_to(target)
    assert values(folder) == [b"page", b"page"]
    told = capsys.readouterr().err
    for name in ("out.txt", "absolute.jsonl", "folder", "here", "up\\u001b[2J"):
        assert f"passed over {folder}/{name}, a link" in told
    assert len(told.splitlines()) == 5
    assert values(folder / "out.txt") == [b"secret"]


def test_standard_input_is_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name `-` reads messages from standard input."""
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"one\ntwo\n")))
    assert [(sourced.message.topic, sourced.message.value) for sourced in read_all("-")] == [
        ("-", b"one"),
        ("-", b"two"),
    ]


@pytest.mark.parametrize(
    ("pasted", "content_type"),
    [
        (b"Harbour bridge opens\n{}\n", "text/plain"),
        (b"\n \n<p>Harbour</p>\n", "text/html"),
        (b"\xef\xbb\xbf<!doctype html>", "text/html"),
        ("<p>Harbour</p>".encode("utf-16"), "text/html"),
        (b"", "text/plain"),
        (b"\n" * (LIMIT + 1), "text/plain"),
    ],
)
def test_a_pasted_page_is_told_by_how_it_begins(
    pasted: bytes, content_type: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HTML or text; its bytes are kept, but for a page past the limit."""
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(pasted)))
    (sourced,) = read(find_pasted("-")[0], LIMIT)
    assert sourced.message.header("content-type") == content_type
    assert (sourced.message.value, sourced.size) == (pasted if len(pasted) <= LIMIT else b"", len(pasted))


def test_pasted_messages_are_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """What begins with a brace is JSON; a name that is a file's is found as elsewhere."""
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b'\n{"content":1}\n{"content":2}\n')))
    messages = [sourced.message for sourced in read(find_pasted("-")[0], LIMIT)]
    assert [message.value for message in messages] == [b'{"content":1}', b'{"content":2}']
    assert messages[0].header("content-type") is None
    with pytest.raises(Fatal, match="no such file"):
        find_pasted("nowhere.txt")


PRETTY = b'{\n  "content": "Harbour bridge opens",\n\n  "url": "https://news.example/1"\n}'
RECORDED = (
    b'{\n"recorded": 1, "topic": "t", "partition": 0, "offset": 7, "timestamp": 0,\n'
    b'"key": null, "value": "v", "headers": []}'
)


@pytest.mark.parametrize(
    ("pasted", "messages"),
    [
        (b"\n" + PRETTY + b"\n\n", [PRETTY]),
        (b"\xef\xbb\xbf" + PRETTY, [b"\xef\xbb\xbf" + PRETTY]),
        (RECORDED, [b"v"]),
        (b'{"content": 1}\n', [b'{"content": 1}']),
        (b'{"content":\n1}\n{}', [b'{"content":', b"1}", b"{}"]),
        (b'{"content":\n"' + b"a" * LIMIT + b'"}', [b'{"content":', b""]),
        (b"{}\n" + b"\n" * LIMIT + b"{}", [b"{}", b"{}"]),
    ],
)
def test_a_pasted_message_may_stand_in_many_lines(
    pasted: bytes, messages: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """If all that is pasted is one JSON object that is not past the limit; else each line is a message."""
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(pasted)))
    assert [sourced.message.value for sourced in read(find_pasted("-")[0], LIMIT)] == messages


@pytest.mark.parametrize("size", [LIMIT + 1, 200_000])
def test_a_line_past_the_limit_is_dropped_and_the_next_one_read(tmp_path: Path, size: int) -> None:
    """It is `too_large` with its true size and no value; a line at the limit is whole."""
    path = tmp_path / "pages.jsonl"
    path.write_bytes(b"a" * LIMIT + b"\n" + b"b" * size + b"\nlast\n")
    whole, dropped, last = read_all(path)
    assert (whole.size, whole.error, last.message.value) == (LIMIT, None, b"last")
    assert dropped.error is not None
    assert (dropped.error.reason, dropped.size, dropped.message.value) == ("too_large", size, b"")


def test_a_page_past_the_limit_is_dropped(tmp_path: Path) -> None:
    """Page files have the same limit."""
    (tmp_path / "page.txt").write_bytes(b"a" * (LIMIT + 1))
    (sourced,) = read_all(tmp_path / "page.txt")
    assert sourced.error is not None
    assert (sourced.error.reason, sourced.size) == ("too_large", LIMIT + 1)


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".zst", zstandard.compress)])
def test_a_bomb_is_counted_in_little_memory(tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]) -> None:
    """Two hundred million zeros are one message that is too large, and are never held together."""
    size = 200_000_000
    path = tmp_path / f"bomb.jsonl{suffix}"
    path.write_bytes(pack(bytes(size)))
    tracemalloc.start()
    (sourced,) = read_all(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sourced.error is not None
    assert (sourced.error.reason, sourced.size) == ("too_large", size)
    assert peak < size / 2


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
@pytest.mark.parametrize("damage", ["cut", "garbage", "foreign"])
def test_a_damaged_file_gives_what_it_holds_and_an_error(tmp_path: Path, suffix: str, damage: str) -> None:
    """Nothing of it is lost silently: after the messages that could be read there is one `damaged_input`."""
    lines = b"\n".join(b'{"n": %d}' % number for number in range(1000)) + b"\n"
    packed = gzip.compress(lines) if suffix == ".gz" else zstandard.compress(lines)
    path = tmp_path / f"pages.jsonl{suffix}"
    path.write_bytes({"cut": packed[:-6], "garbage": packed + b"no frame at all", "foreign": b"plain text"}[damage])
    *good, last = read_all(path)
    assert last.error is not None
    assert (last.error.reason, last.message.value) == ("damaged_input", b"")
    assert all(sourced.error is None for sourced in good)
    assert len(good) == {"cut": len(good), "garbage": 1000, "foreign": 0}[damage]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda _path: None, "no such file or folder"),
        (lambda path: path.write_bytes(b"a,b"), "not one of .jsonl .txt .html .htm"),
        (lambda path: path.mkdir(), "no file in it is one of"),
    ],
)
def test_an_input_that_cannot_be_used_is_named(tmp_path: Path, make: Callable[[Path], object], message: str) -> None:
    """The error says which, and what to give instead, before anything is read."""
    path = tmp_path / "table.csv"
    make(path)
    with pytest.raises(Fatal, match=message) as caught:
        find([str(path)])
    assert caught.value.reason == "bad_input"
    assert "table.csv" in str(caught.value)


@pytest.mark.parametrize(
    ("record", "key"),
    [
        ({"url": "https://example.org/جسر", "id": "7"}, "https://example.org/جسر"),
        ({"id": "7", "content": "x"}, "7"),
        ({"url": "", "id": "7"}, "7"),
        ({"url": 3, "id": None}, None),
        ([1], None),
    ],
)
def test_the_key_of_a_message_is_its_url_or_id(record: object, key: str | None) -> None:
    """As a scraper keys what it produces."""
    message = Incoming("pages.jsonl", 0, 0, 0, None, orjson.dumps(record))
    assert key_of(message) == (key.encode() if key else None)


def test_what_is_no_json_has_no_key() -> None:
    """Damaged messages and bare pages go to any partition."""
    assert key_of(Incoming("pages.jsonl", 0, 0, 0, None, b"{")) is None
    assert key_of(Incoming("page.txt", 0, 0, 0, None, b'{"id":"7"}', (("content-type", b"text/plain"),))) is None


def test_a_recorded_line_is_its_message(tmp_path: Path) -> None:
    """With its own topic, place, key, headers and timestamp, among raw messages of the same file."""
    recorded = Incoming("news.raw.v1", 3, 17, 1_740_000_000_000, None, b"\xff", (("a", b"1"),))
    path = tmp_path / "pages.jsonl"
    path.write_bytes(b'{"id":"1"}\n' + recording.encode(recorded) + b"\n")
    raw, sourced = read_all(path)
    assert (raw.is_recorded, sourced.is_recorded) == (False, True)
    assert (sourced.message, sourced.number, sending_key(sourced)) == (recorded, 1, None)
    assert sending_key(raw) == b"1"


def test_a_damaged_recorded_line_is_told_and_the_next_one_read(tmp_path: Path) -> None:
    """It is no raw message: nobody's article begins so."""
    line = recording.encode(Incoming("t", 0, 5, 5, b"key", b"value"))
    path = tmp_path / "pages.jsonl"
    path.write_bytes(line[:-5] + b"\n" + line + b"\n")
    damaged, whole = read_all(path)
    assert damaged.error is not None
    assert damaged.error.reason == "damaged_recording"
    assert (damaged.number, whole.number, whole.message.value) == (0, 1, b"value")


def test_the_limit_is_for_the_recorded_value(tmp_path: Path) -> None:
    """Not for its line, which has more around it; one past it keeps its place and key."""
    path = tmp_path / "pages.jsonl"
    messages = [Incoming("t", 0, n, 5, b"key", b"\xff" * size) for n, size in enumerate((LIMIT, LIMIT + 1, 3_000_000))]
    path.write_bytes(b"".join(recording.encode(message) + b"\n" for message in messages))
    whole, large, huge = read_all(path)
    assert (whole.message, whole.error) == (messages[0], None)
    for sourced in (large, huge):
        assert sourced.error is not None
        assert (sourced.error.reason, sourced.message.value) == ("too_large", b"")
    assert (large.size, large.message.key) == (LIMIT + 1, b"key")


def test_names_inside_a_file_lead_nowhere(tmp_path: Path) -> None:
    """Topics, URLs and keys that look like paths are only words: nothing but the output's files is written."""
    evil = "../../../evil"
    folder = tmp_path / "a" / "b" / "c"
    folder.mkdir(parents=True)
    record = Incoming(evil, 0, 0, 5, evil.encode(), orjson.dumps({"content": "A\n\nB c d.", "url": evil, "id": evil}))
    (folder / "evil.jsonl").write_bytes(
        recording.encode(record) + b"\n" + recording.encode(replace(record, value=b"{"))
    )
    process_files([str(folder)], folder / "out", Settings())
    found = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {"a/b/c/evil.jsonl", *(f"a/b/c/out/{kind}.jsonl" for kind in KINDS)}
