"""`python -m worker`: the same as the command `newsworker`."""

from worker.cli import main

main()
