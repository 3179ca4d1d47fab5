"""`python -m worker.app split|dedupe`: one role's process, started by the supervisor."""

import os
import sys

from worker.app.child import run
from worker.settings import ROLES


def main() -> None:
    """Run the role named on the command line."""
    role = next((role for role in ROLES if sys.argv[1:] == [role]), None)
    if role is None:
        sys.exit(f"usage: python -m worker.app {'|'.join(ROLES)}; `newsworker run` starts it")
    # Without the interpreter's own ending, which would wait for every thread that a library has left.
    os._exit(run(role))


main()
