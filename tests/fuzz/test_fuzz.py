"""The quick form of `make fuzz`: some thousand inputs, and the proof that its checks notice what is wrong.

The faults that are put in are met by the inputs that it begins with: they prove the checks, and that the run then ends
and keeps the input; not that the fuzzer would come upon a fault that only inputs of its own making meet.
"""

import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"), reason="atheris has wheels for Linux on x86-64 alone"
)

ROOT = Path(__file__).parents[2]
QUICK_RUNS = 2000
LEAST_RUNS = 200
"""On a machine that is busy with other things."""

QUICK_SECONDS = 20

FAULTS = {
    "a block is lost": (
        "split/__init__.py",
        "SplitPage(text, layout, blocks, ",
        "SplitPage(text, layout, blocks[:12], ",
    ),
    "an offset is wrong": ("split/stories.py", "max(line.entry, start)", "max(line.entry, start) + 1"),
    "a word of HTML is lost": (
        "split/disarm.py",
        '    return html if html.count("<")',
        '    return html.replace("The", "") if html.count("<")',
    ),
    "time squared": (
        "split/lines.py",
        "    lines = []\n",
        "    lines = [][: sum(len(sorted(text)) for _ in text[::2])]\n",
    ),
    "an undocumented reason": ("decode.py", '"missing_content", "the field', '"no_content", "the field'),
}
"""What is put in for what in a copy of the worker."""


def fuzz(project: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Fuzz a project's worker for a while, the same inputs each time."""
    command = [sys.executable, "-m", "fuzz", f"--runs={QUICK_RUNS}", f"--seconds={QUICK_SECONDS}", "--seed=1"]
    paths = {"PYTHONPATH": f"{project}:{ROOT / 'tests'}", "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}
    command.append(f"--folder={folder}")
    return subprocess.run(command, cwd=project, env=paths, capture_output=True, text=True, timeout=150, check=False)


def test_nothing_that_is_promised_is_broken_by_what_the_fuzzer_makes(tmp_path: Path) -> None:
    """Every input is refused for a reason or split without loss, twice the same and in time; new branches are found."""
    ended = fuzz(ROOT, tmp_path)
    assert ended.returncode == 0, ended.stderr[-3000:]
    done = re.search(r"#(\d+)\s+DONE\s+cov: (\d+)", ended.stderr)
    begun = re.search(r"INITED cov: (\d+)", ended.stderr)
    assert done
    assert begun
    print(done.group())
    assert int(done[1]) >= LEAST_RUNS
    assert int(done[2]) > int(begun[1]) > 0


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_the_seeds_meet_is_noticed(tmp_path: Path, fault: str) -> None:
    """The same run fails on a worker that breaks a promise for an input of the seeds, and keeps the input."""
    file, right, wrong = FAULTS[fault]
    for part in ("worker", "schemas"):
        shutil.copytree(ROOT / part, tmp_path / "copy" / part, ignore=shutil.ignore_patterns("__pycache__"))
    broken = tmp_path / "copy" / "worker" / file
    source = broken.read_text("utf-8")
    assert source.count(right) == 1
    broken.write_text(source.replace(right, wrong), "utf-8")
    ended = fuzz(tmp_path / "copy", tmp_path / "found")
    assert ended.returncode != 0
    assert list((tmp_path / "found").glob("crash-*")), ended.stderr[-3000:]
