"""Write the expected files of every golden case anew and show what changed (`make golden-update`)."""

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from golden.cases import HERE, folders, outputs


def main() -> None:
    """Regenerate, then print the difference to what is committed."""
    for folder in folders():
        expected = folder / "expected"
        expected.mkdir(exist_ok=True)
        for name, content in outputs(folder).items():
            (expected / name).write_text(content, "utf-8")
    subprocess.run(["git", "--no-pager", "diff", "--stat", "--", str(HERE)], check=False)
    subprocess.run(["git", "--no-pager", "diff", "--", f"{HERE}/*/expected/blocks.txt"], check=False)


if __name__ == "__main__":
    main()
