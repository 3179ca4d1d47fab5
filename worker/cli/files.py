"""Verbs that need no broker: pages to records, settings, schemas."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from worker import settings as options
from worker.cli.root import EXIT_FAILED, app
from worker.errors import Fatal, writing_into

MOST_WINDOW_HOURS = 24 * 366 * 10_000
"""The calendar's ten thousand years: with it time takes no part."""


class Export(StrEnum):
    """The values of `--export`."""

    NINJS = "ninjs"
    SCHEMAORG = "schemaorg"


@app.command()
def process(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...", help="Files (.jsonl .txt .html .warc, each also .gz or .zst), folders, or - for stdin."
        ),
    ],
    out: Annotated[Path, typer.Option(help="Folder for the records; made if it is not there.")],
    *,
    export: Annotated[
        list[Export] | None, typer.Option(help="Write every story in these terms too; may be given for each.")
    ] = None,
) -> None:
    """Process files without a broker; the records are those that `run` would publish.

    Writes story.jsonl, headline.jsonl, mention.jsonl, copy.jsonl, page.jsonl and deadletter.jsonl, and ninjs.jsonl
    and schemaorg.jsonl where they are exported. A bad page is a dead letter and the run goes on; exit code 0.
    """
    from worker.process import process_files

    wanted: dict[str, Any] = {f"publish_{name}": True for name in export or ()}
    process_files(inputs, out, options.load(**wanted))


@app.command()
def dedupe(
    headlines: Annotated[
        str, typer.Argument(metavar="INPUT", help="File of headlines (.jsonl, also .gz or .zst), or - for stdin.")
    ],
    out: Annotated[Path, typer.Option(help="File for the answers, a line for each headline.")],
    *,
    window_hours: Annotated[
        float, typer.Option(min=0, max=MOST_WINDOW_HOURS, help="How far apart in time two like headlines may be.")
    ] = 72,
    affixes: Annotated[
        Path | None, typer.Option(help="File for what the feed's sources put behind their headlines.")
    ] = None,
) -> None:
    """Find the headlines that tell the same news in any feed, without a broker.

    A line is {"id", "headline", "language"?, "seen_at"?, "source"?}. Its answer, in the same order, is {"id",
    "headline_id", "canonical_id", "verdict", "match", "score", "reason", "veto"}. Headlines of one group share the
    canonical_id. A line that is no headline is named on standard error and the run goes on; exit code 0.
    """
    from worker.feed import dedupe_file

    dedupe_file(headlines, out, options.load(), window_hours, affixes)


@app.command()
def inspect(
    page: Annotated[
        str, typer.Argument(metavar="PAGE", help="A file as `process` takes it; or - for a page pasted on stdin.")
    ],
    *,
    html: Annotated[
        Path | None, typer.Option(help="Show it in this HTML file instead of the terminal; - prints the HTML.")
    ] = None,
    number: Annotated[int, typer.Option(min=1, help="Which message, of a file that holds many.")] = 1,
) -> None:
    """Show a page with every block coloured by its role, and beside it the records that were made of it.

    Each block tells the rule that decided its role, the story it belongs to and its offsets. What is pasted is HTML if
    it begins with <, raw messages if with { (a line each, or one in many lines), else text. A dead letter is shown with
    its reason and stage; exit code 1.
    """
    from worker.inspect import Wanted
    from worker.inspect import inspect as show

    show(page, Wanted(number, html), options.load())


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="Folder with the records to compare with.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="Folder with the records to look at.")],
    json: Annotated[
        Path | None, typer.Option(help="Write every change into this JSON file; - prints it instead.")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write what changed as one HTML page.")] = None,
) -> None:
    """Show what changed between two output folders, by story and field; exit code 0 if nothing, 1 if something.

    Stories are known again by their id, else by their page and headline or place on it. The table shows the first
    changes, the JSON all of them.
    """
    from worker.diff import Report, report

    if not report(old, new, Report(json, html)):
        raise typer.Exit(EXIT_FAILED)


@app.command()
def config() -> None:
    """Print the settings in force, secrets masked, each with its variable and meaning."""
    for name, value, description in options.describe(options.load()):
        typer.echo(f"# {description}\n{options.ENV_PREFIX}{name.upper()}={value}")


@app.command()
def schema(
    name: Annotated[str | None, typer.Argument(help="One record's name; without it the names are listed.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write every schema into this folder.")] = None,
) -> None:
    """Print the JSON Schema of a record."""
    from schemas import EXPORTS, RECORDS
    from schemas.json_schema import generate, write_all

    models = RECORDS | EXPORTS
    if out is not None:
        with writing_into(out, "cli"):
            paths = write_all(models, out)
        typer.echo("\n".join(map(str, paths)))
    elif name is None:
        typer.echo("\n".join(models))
    elif name in models:
        typer.echo(generate(models[name], name), nl=False)
    else:
        raise Fatal("bad_input", "cli", f"no record named {name!r}; there are: {', '.join(models)}")
