"""An inspected page in a real browser: Chromium without a screen.

`looking.html` looks into the pages and tells what a reader has of them. The browser may reach this test's own server
alone, which knows everything that was asked of it.
"""

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from worker.inspect import Wanted, inspect
from worker.settings import Settings

LOOKING = Path(__file__).parent / "looking.html"

SECONDS = 60
"""Longest wait for the browser: it takes 3 s here."""

OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"),
    *("--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"),
    *("--virtual-time-budget=5000", "--dump-dom"),
)

ARABIC = """افتتاح الجسر الجديد في الميناء

2025-03-04@10:15:42 GMT

افتتح المجلس الجسر الجديد يوم الخميس بعد عامين من بدء العمل، وقال المهندسون إن آخر الكابلات ركبت في يناير.

BBC: قال رئيس المجلس إن الجسر سيخفف الزحام في وسط المدينة.

اقرأ أيضا

• توقف خط العبارات في نهاية مارس
• الميناء يخطط لرصيف ثالث
"""

HARM = (
    "<script>window.ran = true; fetch('stolen-by-script')</script>"
    '<img src="stolen.png" onerror="window.ran = true"><link rel="stylesheet" href="stolen.css">'
)

HOSTILE = f"""Harbour bridge opens after two years

The council opened the new harbour bridge on Thursday, two years after work began. </span></div>{HARM}

Engineers said the last cables were fitted in January. " onmouseover="window.ran = true" </title></style>{HARM}

{"Lloooong" * 60}
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of each page, and the paths that the browser asked for."""

    pages: dict[str, Any]
    paths: list[str]


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *args: Any, paths: list[str], **options: Any) -> None:
        self.paths = paths
        super().__init__(*args, **options)

    def log_request(self, *_answer: object) -> None:
        self.paths.append(self.path)

    def log_message(self, *_message: object) -> None:
        pass


@pytest.fixture(scope="module")
def chromium() -> str:
    """Return Chromium; without it the tests are skipped, but not in CI, which has to have it."""
    found = shutil.which("chromium")
    if found is None and os.environ.get("CI") != "true":
        pytest.skip("chromium_missing: there is no chromium on the path (Debian: chromium)")
    assert found, "CI has to have chromium"
    return found


@pytest.fixture(scope="module")
def seen(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """Return what the browser shows of three pages: inspected ones, and one that is as hostile as it can be."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copy(LOOKING, folder)
    for name, text in {"arabic": ARABIC, "hostile": HOSTILE}.items():
        (folder / f"{name}.txt").write_text(text)
        inspect(str(folder / f"{name}.txt"), Wanted(html=folder / f"{name}.html"), Settings())
    (folder / "raw").mkdir()
    (folder / "raw" / "hostile.html").write_text(HARM)
    paths: list[str] = []
    with _serving(folder, paths) as address:
        document = _browse(
            chromium, f"{address}/looking.html?arabic.html,hostile.html,raw/hostile.html", folder / "home"
        )
    (found,) = LexborHTMLParser(document).css("pre")
    return Seen(json.loads(found.text()), paths)


@contextmanager
def _serving(folder: Path, paths: list[str]) -> Iterator[str]:
    handler = partial(_Handler, directory=folder, paths=paths)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def _browse(chromium: str, address: str, home: Path) -> str:
    command = [chromium, *OPTIONS, f"--user-data-dir={home}", address]
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True).stdout


def test_a_reader_has_the_whole_page(seen: Seen) -> None:
    """Every character of it, in its place, at a contrast that can be read, and nothing leaves the window."""
    for name, text in {"arabic.html": ARABIC, "hostile.html": HOSTILE}.items():
        assert seen.pages[name]["text"] == text
        assert seen.pages[name]["leastContrast"] >= 4.5
        assert not seen.pages[name]["isTooWide"]


def test_a_page_from_right_to_left_is_shown_so(seen: Seen) -> None:
    """Its blocks begin at the right, beside what tells of them; a line of Latin letters reads its own way there.

    One Latin word does not turn a line, even where it comes first.
    """
    page = seen.pages["arabic.html"]
    assert page["direction"] == ["rtl"]
    directions = {block["text"]: block["direction"] for block in page["blocks"]}
    assert directions.pop("2025-03-04@10:15:42 GMT") == "ltr"
    assert any(text.startswith("BBC: ") for text in directions)
    assert set(directions.values()) == {"rtl"}
    assert all(block["whyIsRight"] and block["gap"] < 20 for block in page["blocks"])
    assert seen.pages["hostile.html"]["direction"] == ["ltr"]


def test_nothing_of_a_page_runs_or_is_fetched(seen: Seen) -> None:
    """What does run, and is fetched, where the same stands on a page of its own."""
    raw, inspected = seen.pages["raw/hostile.html"], seen.pages["hostile.html"]
    assert (raw["ran"], raw["active"] > 0) == (True, True)
    assert {"/raw/stolen-by-script", "/raw/stolen.png", "/raw/stolen.css"} <= set(seen.paths)
    assert (inspected["ran"], inspected["active"]) == (False, 0)
    asked = {path for path in seen.paths if not path.startswith(("/raw/", "/looking.html"))}
    assert asked - {"/favicon.ico"} == {"/arabic.html", "/hostile.html"}
