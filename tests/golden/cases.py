"""Golden cases: one folder each, with the page and the records that `newsworker process` must give for it.

`page.txt`, `page.html` or `raw.json` is the input; `expected/` holds each record topic as an indented JSON list and
`blocks.txt`, the page line by line with roles and rules, which is what a reviewer reads first.
"""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from worker.process import process_files
from worker.settings import Settings

HERE = Path(__file__).parent
TOPICS = ("story", "headline", "mention", "copy", "page", "deadletter")
INPUTS = ("page.txt", "page.html", "raw.json")
EXCERPT_CHARACTERS = 72


def folders() -> list[Path]:
    """Return the folder of every case, in name order."""
    return sorted(path for path in HERE.iterdir() if path.is_dir() and not path.name.startswith("__"))


def outputs(folder: Path) -> dict[str, str]:
    """Run a case and return the expected files by name, as text."""
    with TemporaryDirectory() as scratch:
        out = Path(scratch) / "out"
        process_files([str(_input(folder, Path(scratch)))], out, Settings())
        records = {topic: _read(out / f"{topic}.jsonl") for topic in TOPICS}
    files = {f"{topic}.json": json.dumps(rows, ensure_ascii=False, indent=1) + "\n" for topic, rows in records.items()}
    files["blocks.txt"] = "".join(_block_lines(_text(folder, records["page"][0]), records["page"][0]))
    return files


def _input(folder: Path, scratch: Path) -> Path:
    """Return the input's path; a `raw.json`, indented to be read, becomes the one line a .jsonl has."""
    path = next(folder / name for name in INPUTS if (folder / name).exists())
    if path.suffix != ".json":
        return path
    line = scratch / "raw.jsonl"
    line.write_text(json.dumps(json.loads(path.read_text("utf-8")), ensure_ascii=False) + "\n", "utf-8")
    return line


def _text(folder: Path, page: dict[str, Any]) -> str:
    if page["text"] is not None:
        return str(page["text"])
    path = next(folder / name for name in INPUTS if (folder / name).exists())
    content = path.read_text("utf-8")
    return str(json.loads(content)["content"]) if path.suffix == ".json" else content


def _block_lines(text: str, page: dict[str, Any]) -> list[str]:
    stories = page["stories"]
    lines = []
    for block in page["blocks"]:
        story = stories.index(block["story_id"]) if block["story_id"] else "-"
        excerpt = " ".join(text[block["start"] : block["end"]].split())[:EXCERPT_CHARACTERS]
        lines.append(f"{story} {block['role']:<12} {block['rule']:<28} {excerpt}\n")
    return lines


def _read(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
