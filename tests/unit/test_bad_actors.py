"""Hostile input through the whole of `process`: little memory whatever it unpacks to, and no file but the records'."""

import gzip
import json
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import zstandard

from worker import recording
from worker.diff import Report, report
from worker.incoming import Incoming
from worker.process import KINDS, process_files
from worker.settings import Settings

GROWTH_MIB = 280
"""Most that any bomb may take: the largest window of Zstandard that is accepted has 128 MiB, a piece of it 32."""

MEASURED = """
import json, os, pathlib, re, sys
from worker.process import process_files
from worker.settings import Settings

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]) // 1024

folder, *names = map(pathlib.Path, sys.argv[1:])
(folder / "warm.txt").write_text("The ferry runs\\n\\nThe ferry will run in winter, the ministry said on Tuesday.")
process_files([str(folder / "warm.txt")], folder / "out", Settings())
for name in names:
    if os.fork() == 0:
        before = peak()
        summary = process_files([str(name)], folder / "out", Settings())
        print(json.dumps([name.name, peak() - before, summary.messages, summary.reasons]), flush=True)
        os._exit(0)
    assert os.wait()[1] == 0
"""
"""Processes files, each in a process of its own, whose highest memory counts that of C libraries too."""


def zstd_frame(window_log: int, *blocks: bytes) -> bytes:
    """Return a Zstandard frame (RFC 8878) that declares a window of so many bits, and these blocks."""
    return b"\x28\xb5\x2f\xfd\x00" + bytes([(window_log - 10) << 3]) + b"".join(blocks)


def zeros(*, last: bool) -> bytes:
    """Return a block of 128 KiB of zeros, in four bytes."""
    return struct.pack("<I", last | 1 << 1 | (128 * 1024) << 3)[:3] + b"\0"


EMPTY_BLOCK = b"\x01\x00\x00"


def recorded(field: bytes, value: bytes) -> bytes:
    """Return the line of a recording with another value for one of its fields."""
    line = recording.encode(Incoming("t", 0, 0, 5, b"key", b"value"))
    honest = {b"topic": b'"t"', b"key": b'"key"', b"headers": b"[]", b"offset": b"0", b"recorded": b"1"}[field]
    return line.replace(b'"%s":%s' % (field, honest), b'"%s":%s' % (field, value), 1)


def archived(body: bytes, encoding: str, url: str = "https://example.org/1", more: str = "") -> bytes:
    """Return a web archive of one page, with more lines in its record's head."""
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {encoding}\r\n\r\n".encode() + body
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n{more}"
    return f"{head}Content-Length: {len(http)}\r\n\r\n".encode() + http + b"\r\n\r\n"


def bombs() -> dict[str, tuple[Callable[[], bytes], dict[str, int]]]:
    """Return files by their names, and the reasons of the dead letters that they must come to."""
    zero = gzip.compress(bytes(10_000_000))
    bulk = b",".join
    return {
        "members.jsonl.gz": (lambda: zero * 50, {"too_large": 1}),
        "empty-members.jsonl.gz": (lambda: gzip.compress(b"") * 50_000, {}),
        "page.txt.gz": (lambda: zero * 50, {"too_large": 1}),
        "nested.txt.gz": (lambda: gzip.compress(zero), {"invalid_encoding": 1}),
        "window.jsonl.zst": (lambda: zstd_frame(27, zeros(last=False) * 6_000, zeros(last=True)), {"too_large": 1}),
        "declared-4-tib.jsonl.zst": (lambda: zstd_frame(41, EMPTY_BLOCK), {"damaged_input": 1}),
        "declared-256-mib.jsonl.zst": (lambda: zstd_frame(28, EMPTY_BLOCK), {"damaged_input": 1}),
        "frames.jsonl.zst": (lambda: zstd_frame(27, EMPTY_BLOCK) * 20_000, {}),
        "body.warc.zst": (lambda: zstandard.compress(archived(zero * 10, "gzip")), {"too_large": 1}),
        "body-twice.warc.gz": (
            lambda: gzip.compress(archived(gzip.compress(zero), "gzip, gzip")),
            {"unsupported_encoding": 1},
        ),
        "headers.jsonl": (
            lambda: recorded(b"headers", b"[" + bulk([b"0"] * 1_000_000) + b"]"),
            {"damaged_recording": 1},
        ),
        "pairs.jsonl.gz": (
            lambda: gzip.compress(recorded(b"headers", b"[" + bulk([b'["",null]'] * 2_000_000) + b"]"), 1),
            {"damaged_recording": 1},
        ),
        "deep.jsonl": (lambda: recorded(b"key", b"[" * 20_000_000), {"damaged_recording": 1}),
        "digits.jsonl": (lambda: recorded(b"offset", b"9" * 20_000_000), {"damaged_recording": 1}),
        "fields.jsonl": (
            lambda: recorded(b"recorded", bulk([b"1"] + [b'"%x":0' % n for n in range(1_000_000)])),
            {"damaged_recording": 1},
        ),
        "meta.jsonl": (
            lambda: b'{"content":"x","meta":{' + bulk([b'"%x":0' % n for n in range(900_000)]) + b"}}",
            {"invalid_field": 1},
        ),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """What a bomb came to, and by how many MiB memory grew at most."""

    mib: int
    messages: int
    reasons: dict[str, int]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Measured]:
    """Process every bomb."""
    folder = tmp_path_factory.mktemp("bombs")
    for name, (make, _) in bombs().items():
        (folder / name).write_bytes(make())
    command = [sys.executable, "-c", MEASURED, str(folder), *(str(folder / name) for name in bombs())]
    ended = subprocess.run(command, stdout=subprocess.PIPE, timeout=170, check=True)
    return {name: Measured(*rest) for name, *rest in map(json.loads, ended.stdout.splitlines())}


@pytest.mark.parametrize("name", bombs())
def test_no_bomb_takes_much_memory(measured: dict[str, Measured], name: str) -> None:
    """Packed once or twice, in members, frames, bodies, lines or fields: it is put aside by its reason, in a bound."""
    found, (_, reasons) = measured[name], bombs()[name]
    assert found.reasons == reasons
    assert found.messages == sum(reasons.values())
    assert found.mib < GROWTH_MIB


EVIL = "../../../../evil"
PAGE = "Harbour bridge opens\n\nThe council opened the new bridge on Thursday, two years after work began.\n"


def hostile_folder(folder: Path) -> None:
    """Fill a folder with files whose names and contents look like paths."""
    folder.mkdir(parents=True)
    raw = json.dumps({"content": PAGE, "url": EVIL, "id": f"/{EVIL}", "source": EVIL, "meta": {EVIL: EVIL}}).encode()
    message = Incoming(EVIL, 0, 0, 5, EVIL.encode(), raw, ((EVIL, EVIL.encode()),))
    lines = (raw, recording.encode(message), recording.encode(replace(message, value=b"{")))
    (folder / "..\\..\\evil\x1b[2J\n.jsonl").write_bytes(b"\n".join(lines))
    (folder / "%2e%2e%2fevil.txt").write_text(PAGE)
    more = f"WARC-Record-ID: <{EVIL}>\r\nWARC-Filename: {EVIL}\r\n"
    page = f"<h1>{PAGE}</h1><link rel=canonical href='file:///{EVIL}'>".encode()
    urls = (f"http://example.org/{EVIL}", f"http:{EVIL}", f"file:///{EVIL}", EVIL)
    (folder / "crawl.warc").write_bytes(b"".join(archived(page, "identity", url, more) for url in urls))


def files(folder: Path) -> set[str]:
    """Return the files of a folder, those of its folders too."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_nothing_is_written_but_what_was_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """No topic, id, URL, record id or file name of the input leads anywhere, nor does a link in the output's place."""
    folder = tmp_path / "a" / "b" / "in"
    hostile_folder(folder)
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    out = tmp_path / "a" / "b" / "out"
    out.mkdir()
    for kind in KINDS:
        (out / f"{kind}.jsonl").symlink_to(victim)
    before = files(tmp_path)
    summary = process_files([str(folder)], out, Settings())
    assert summary.outcomes["published"] == 5
    assert summary.outcomes["dead_letter"] == 1
    assert victim.read_bytes() == b"precious"
    report(out, out, Report(tmp_path / "changes.json", tmp_path / "changes.html"))
    assert files(tmp_path) - before == {"changes.json", "changes.html"}
    assert not any((out / f"{kind}.jsonl").is_symlink() for kind in KINDS)
    assert "\x1b" not in "".join(capfd.readouterr())
