"""The verbs of `newsworker`: each parses its options, calls one room, and turns its failure into an exit code.

In: the command line. Out: the rooms' functions. A verb loads only what it needs, so that ``--help`` stays quick. A
module holds a group of verbs; importing it registers them.
"""

from worker.cli import files, letters, service, stream
from worker.cli.root import app, main

__all__ = ["app", "files", "letters", "main", "service", "stream"]

app.add_typer(service.topics_app, name="topics")
app.add_typer(letters.dlq_app, name="dlq")
