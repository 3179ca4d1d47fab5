"""The root of the command line: its own options, and how a failure becomes an exit code.

In: the command line. Out: the verbs, which the other modules here register.

Exit codes: 0 done; 1 it could not be done (the line on stderr says why); 2 wrong use or wrong settings.
"""

import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from worker import settings as options
from worker.errors import MAX_MESSAGE_LENGTH, NewsworkerError
from worker.printable import excerpt

EXIT_FAILED = 1
EXIT_USAGE = 2
USAGE_REASONS = frozenset({"bad_settings", "bad_input"})
"""Reasons that are the caller's to mend: exit code 2."""

app = typer.Typer(
    name="newsworker",
    help="Turn raw article pages on Kafka into structured story records.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
Rate = Annotated[float, typer.Option(min=0, help="Messages a second; 0 is as fast as the broker takes them.")]
Broker = Annotated[str | None, typer.Option("--broker", "-b", help="Bootstrap servers; else NEWSWORKER_BROKER.")]


def load(broker: str | None) -> options.Settings:
    """Read the settings of a command that connects, and see that it can be begun; raises `Fatal` `bad_settings`."""
    from worker import security

    settings = options.load(broker=broker)
    security.check(settings)
    return settings


def main() -> None:
    """Run the command line; a known failure is one line on stderr and an exit code."""
    _escape_unprintable()
    try:
        app(prog_name="newsworker")
    except NewsworkerError as error:
        # Names of files and topics in it may be a stranger's.
        sys.stderr.write(f"newsworker: {error.reason}: {excerpt(str(error), MAX_MESSAGE_LENGTH)}\n")
        sys.exit(EXIT_USAGE if error.reason in USAGE_REASONS else EXIT_FAILED)


def _escape_unprintable() -> None:
    """Have characters that the encoding of an output lacks written as escapes, as Python does on stderr."""
    for stream in (sys.stdout, sys.stderr):
        # Whoever calls `main` may have put something else there, or closed it.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _version(*, wanted: bool) -> None:
    if wanted:
        from worker import __version__

        typer.echo(f"newsworker {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    config: Annotated[
        Path | None, typer.Option("--config", "-c", help="TOML file of settings; environment variables win over it.")
    ] = None,
    version: Annotated[  # noqa: ARG001 - handled by its callback
        bool,
        typer.Option(
            "--version", help="Show the version.", callback=lambda value: _version(wanted=value), is_eager=True
        ),
    ] = False,
) -> None:
    """Turn raw article pages on Kafka into structured story records."""
    if config is not None:
        options.use_file(config)
