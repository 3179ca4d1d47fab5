"""`python -m worker.app split|dedupe`: one role's process, started by the supervisor."""

import os
import sys

from worker.app.child import run
from worker.errors import Fatal
from worker.settings import ROLES

EXIT_USAGE = 2


def main() -> None:
    """Run the role named on the command line."""
    role = next((role for role in ROLES if sys.argv[1:] == [role]), None)
    if role is None:
        sys.exit(f"usage: python -m worker.app {'|'.join(ROLES)}; `newsworker run` starts it")
    try:
        code = run(role)
    except Fatal as error:
        sys.stderr.write(f"newsworker: {error.reason}: {error}\n")
        code = EXIT_USAGE
    # Without the interpreter's own ending, which would wait for every thread that a library has left.
    os._exit(code)


main()
