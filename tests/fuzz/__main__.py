"""Fuzzes decoding and splitting, guided by which branches an input takes: `make fuzz`.

In: bounds, and a folder that keeps what was found: inputs that reach new branches, with which the next run goes on, and
an input that failed. Out: libFuzzer's figures on stderr; exit code 0, or its own where an input failed.
"""

import argparse
import sys
from pathlib import Path

import atheris
from fuzz.harness import examine
from fuzz.seeds import write_dictionary, write_seeds

LONGEST_INPUT = 4096
"""Bytes; what longer pages meet is reached by repetition (`harness.LONG_PAGE`)."""

HANGS_SECONDS = 120
"""Of one input, by the clock: less is judged by CPU time."""

MOST_MEBIBYTES = 2048


def main() -> None:
    """Read the bounds and begin; libFuzzer ends the process."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="how long to go on")
    parser.add_argument("--runs", type=int, default=-1, help="most inputs (-1: any number)")
    parser.add_argument("--seed", type=int, default=0, help="of what is random (0: another one each time)")
    parser.add_argument("--folder", type=Path, default=Path("out/fuzz"), help="where to keep what is found")
    parser.add_argument("--case", type=Path, help="an input that failed: try only that")
    bounds = parser.parse_args()
    atheris.Setup([sys.argv[0], *_options(bounds)], examine)
    atheris.Fuzz()


def _options(bounds: argparse.Namespace) -> list[str]:
    if bounds.case:
        return [str(bounds.case)]
    folder: Path = bounds.folder
    write_seeds(folder / "seeds")
    (folder / "corpus").mkdir(exist_ok=True)
    write_dictionary(folder / "words.dict")
    return [
        *(str(folder / "corpus"), str(folder / "seeds")),
        *(f"-max_total_time={bounds.seconds}", f"-runs={bounds.runs}", f"-seed={bounds.seed}"),
        *(f"-dict={folder / 'words.dict'}", f"-artifact_prefix={folder}/", f"-max_len={LONGEST_INPUT}"),
        *(f"-timeout={HANGS_SECONDS}", f"-rss_limit_mb={MOST_MEBIBYTES}", "-print_final_stats=1"),
        "-entropic_scale_per_exec_time=1",
    ]


main()
