"""Verbs that run and set up: the worker, its topics, a broker, the demo, the probe."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from worker import settings as options
from worker.cli.root import EXIT_FAILED, Broker, app, load
from worker.errors import Fatal

topics_app = typer.Typer(help="Create or show the topics.", no_args_is_help=True)


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
    from worker import supervisor, trace

    settings = load(broker)
    trace.require_extra(settings)
    roles = options.ROLES if role == "all" else (role,)
    raise typer.Exit(supervisor.run(settings, roles))


@topics_app.command("apply")
def topics_apply(broker: Broker = None) -> None:
    """Create the topics that are missing and mend settings that differ; a second time changes nothing."""
    import asyncio

    from worker import topics

    changes = asyncio.run(topics.apply(load(broker)))
    for change in changes:
        typer.echo(f"{change.topic}: {change.action}{f' ({change.detail})' if change.detail else ''}")


@topics_app.command("show")
def topics_show(broker: Broker = None) -> None:
    """Show each topic with its partitions, replication and settings, and which are missing."""
    import asyncio

    from worker import topics

    for state in asyncio.run(topics.show(load(broker))):
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

    if port and not kafka:
        raise Fatal("bad_input", "cli", "--port belongs to --kafka: the embedded broker takes a port of its own choice")
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
def probe(kind: Annotated[Literal["live", "ready"], typer.Argument(help="What to ask.")]) -> None:
    """Ask the worker on the web port: exit code 0 if it is live or ready, 1 if not; the answer is printed."""
    from worker import health

    healthy, answer = health.probe(options.load(), kind)
    typer.echo(answer)
    raise typer.Exit(0 if healthy else EXIT_FAILED)
