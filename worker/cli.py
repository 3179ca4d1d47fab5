"""The verbs of `newsworker`: each parses its options, calls one room, and turns its failure into an exit code.

In: the command line. Out: the rooms' functions. A verb loads only what it needs, so that ``--help`` stays quick.

Exit codes: 0 done; 1 it could not be done (the line on stderr says why); 2 wrong use or wrong settings.
"""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from worker import settings as options
from worker.errors import Fatal, NewsworkerError

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
topics_app = typer.Typer(help="Create or show the topics.", no_args_is_help=True)
app.add_typer(topics_app, name="topics")

Broker = Annotated[str | None, typer.Option("--broker", "-b", help="Bootstrap servers; else NEWSWORKER_BROKER.")]


def main() -> None:
    """Run the command line; a known failure is one line on stderr and an exit code."""
    try:
        app(prog_name="newsworker")
    except NewsworkerError as error:
        sys.stderr.write(f"newsworker: {error.reason}: {error}\n")
        sys.exit(EXIT_USAGE if error.reason in USAGE_REASONS else EXIT_FAILED)


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


@app.command()
def run(
    role: Annotated[
        Literal["split", "dedupe", "all"], typer.Option(help="Which half to run; `all` runs one process of each.")
    ] = "all",
    broker: Broker = None,
) -> None:
    """Run the worker until SIGTERM.

    Serves /metrics, /live and /ready on the web port. Exit code 0 after a clean drain, 1 when a process failed, 2 for
    wrong settings.
    """
    from worker import supervisor

    settings = options.load(broker=broker)
    roles = options.ROLES if role == "all" else (role,)
    raise typer.Exit(supervisor.run(settings, roles))


@app.command()
def process(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="INPUT...", help="Files (.jsonl .gz .zst .txt .html), folders, or - for stdin."),
    ],
    out: Annotated[Path, typer.Option(help="Folder for the records; made if it is not there.")],
) -> None:
    """Process files without a broker; the records are those that `run` would publish.

    Writes story.jsonl, headline.jsonl, mention.jsonl, copy.jsonl, page.jsonl and deadletter.jsonl. A bad page is a
    dead letter and the run goes on; exit code 0.
    """
    from worker.process import process_files

    process_files(inputs, out, options.load())


@app.command()
def replay(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", help="What `process` reads.")],
    topic: Annotated[str | None, typer.Option(help="Topic to play onto; else the raw topic.")] = None,
    rate: Annotated[float, typer.Option(min=0, help="Messages a second; 0 is as fast as the broker takes them.")] = 0,
    broker: Broker = None,
) -> None:
    """Play recorded messages onto a topic, with progress; every acknowledgement is awaited."""
    import asyncio

    from worker.replay import replay_file

    settings = options.load(broker=broker)
    asyncio.run(replay_file(inputs, settings, topic=topic or settings.topics.raw, rate=rate))


@topics_app.command("apply")
def topics_apply(broker: Broker = None) -> None:
    """Create the topics that are missing and mend settings that differ; a second time changes nothing."""
    import asyncio

    from worker import topics

    changes = asyncio.run(topics.apply(options.load(broker=broker)))
    for change in changes:
        typer.echo(f"{change.topic}: {change.action}{f' ({change.detail})' if change.detail else ''}")


@topics_app.command("show")
def topics_show(broker: Broker = None) -> None:
    """Show each topic with its partitions, replication and settings, and which are missing."""
    import asyncio

    from worker import topics

    for state in asyncio.run(topics.show(options.load(broker=broker))):
        config = " ".join(f"{name}={value}" for name, value in sorted(state.config.items()))
        shape = "missing" if state.partitions is None else f"{state.partitions} partitions x {state.replication}"
        typer.echo(f"{state.name}: {shape} {config}".rstrip())


@app.command()
def broker(
    *,
    kafka: Annotated[
        bool, typer.Option("--kafka", help="A real Apache Kafka (Java 17 and Maven, or KAFKA_HOME).")
    ] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the real Kafka; 0 takes a free one.")] = 0,
) -> None:
    """Run a local broker on 127.0.0.1 until SIGTERM or Ctrl-C; prints its address.

    Without --kafka it is librdkafka's mock cluster: for demos and fast tests, with no disk, no compaction and no admin
    calls, on a port of its own choice; all topics are made. Never measure guarantees on it. A real Kafka starts empty:
    `newsworker topics apply` makes its topics.
    """
    from worker import broker as brokers
    from worker import topics

    if kafka:
        brokers.run_kafka(port)
    else:
        brokers.run_embedded(topics.partitions(options.load()))


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Folder for the records.")] = Path("out"),
) -> None:
    """Show everything together: embedded broker, worker, sample pages, their records and the metrics' balance."""
    from worker.demo import run_demo

    raise typer.Exit(run_demo(out))


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
    from schemas import RECORDS
    from schemas.json_schema import generate, write_all

    if out is not None:
        for path in write_all(RECORDS, out):
            typer.echo(str(path))
    elif name is None:
        typer.echo("\n".join(RECORDS))
    elif name in RECORDS:
        typer.echo(generate(RECORDS[name], name), nl=False)
    else:
        raise Fatal("bad_input", "cli", f"no record named {name!r}; there are: {', '.join(RECORDS)}")


@app.command()
def probe(kind: Annotated[Literal["live", "ready"], typer.Argument(help="What to ask.")]) -> None:
    """Ask the worker on the web port: exit code 0 if it is live or ready, 1 if not; the answer is printed."""
    from worker import health

    healthy, answer = health.probe(options.load(), kind)
    typer.echo(answer)
    raise typer.Exit(0 if healthy else EXIT_FAILED)
